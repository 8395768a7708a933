import type { VNode } from 'preact';
import type { PagePerson } from '../../wire.ts';
import { html } from '../html.ts';
import { usePage } from '../model/page-context.ts';
import { Icon } from './icon.ts';

/** Who it is, at a glance: an initial on a colour that stays the same. */
export function Avatar({
  person,
  size = 'normal',
}: {
  readonly person: PagePerson | undefined;
  readonly size?: 'small' | 'normal';
}): VNode {
  const { slack } = usePage().state;
  const place = slack?.people.findIndex(({ id }) => id === person?.id) ?? 0;
  const tint = person?.isBot === true ? 'tint-bot' : `tint-${Math.max(0, place) % 7}`;
  return html`<span class=${`avatar is-${size} ${tint}`} aria-hidden="true">
    ${person?.isBot === true ? html`<${Icon} name="anchor" />` : (person?.name.slice(0, 1).toUpperCase() ?? '?')}
  </span>`;
}
