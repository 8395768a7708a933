import type { VNode } from 'preact';
import { html } from '../html.ts';
import { usePage } from '../model/page-context.ts';
import { formatSlackDate } from '../text/slack-date.ts';

/** A person, group or channel by its id. An id that nobody has is shown as it is. */
export function Mention(props: {
  readonly kind: 'person' | 'group' | 'channel';
  readonly id: string;
  readonly label?: string | null;
}): VNode {
  const { state } = usePage();
  const { kind, id } = props;
  if (kind === 'channel') {
    const name = state.slack?.channels.find((one) => one.id === id)?.name ?? props.label ?? id;
    return html`<span class="mention">#${name}</span>`;
  }
  const group = state.slack?.groups.find((one) => one.id === id);
  const person = state.slack?.people.find((one) => one.id === id);
  const name = (kind === 'group' ? group?.handle : person?.name) ?? props.label ?? id;
  const isMine = kind === 'group' ? group?.members.includes(state.me) === true : id === state.me;
  return html`<span class=${isMine ? 'mention is-mine' : 'mention'}>@${name}</span>`;
}

/** `@channel` and the like: everybody is called, so everybody is marked. */
export function Broadcast({ range }: { readonly range: string }): VNode {
  return html`<span class="mention is-mine">@${range.split('|')[0]}</span>`;
}

/** A link goes elsewhere in a tab of its own; an address that is no web address is shown and leads nowhere. */
export function Link({ url, text }: { readonly url: string; readonly text: string }): VNode {
  if (!/^(https?:\/\/|mailto:)/i.test(url))
    return html`<span class="dead-link" title="This address leads nowhere">${text} (${url})</span>`;
  return html`<a href=${url} target="_blank" rel="noopener noreferrer" title=${url}>${text}</a>`;
}

/** A moment in the reader's own time. */
export function Moment(props: {
  readonly seconds: number;
  readonly format: string;
  readonly fallback: string;
  readonly url?: string;
}): VNode {
  const { seconds, format, fallback, url } = props;
  const words = formatSlackDate(seconds, format, Date.now());
  const time = html`<time class="moment" datetime=${isoOf(seconds)} title=${fallback}>${words}</time>`;
  return url !== undefined && /^https?:\/\//i.test(url)
    ? html`<a href=${url} target="_blank" rel="noopener noreferrer">${time}</a>`
    : time;
}

function isoOf(seconds: number): string {
  const moment = new Date(seconds * 1000);
  return Number.isNaN(moment.getTime()) ? '' : moment.toISOString();
}
