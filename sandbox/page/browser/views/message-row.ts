import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { PageMessage, PagePerson } from '../../wire.ts';
import { Blocks } from '../blocks/blocks.ts';
import { Mrkdwn } from '../blocks/mrkdwn-view.ts';
import { SurfaceContext, type SurfaceModel } from '../blocks/surface-context.ts';
import { html } from '../html.ts';
import { usePage } from '../model/page-context.ts';
import { emojiOf } from '../text/emoji.ts';
import { clockTime } from '../text/slack-date.ts';
import { Avatar } from './avatar.ts';
import { Icon } from './icon.ts';
import { MenuButton } from './menu-button.ts';
import { MessageFiles } from './message-files.ts';

/** The moment in a message's timestamp. */
export const momentOf = (ts: string) => new Date(Number(ts) * 1000);

/** One message: who, when, what. `children` stand below it, such as the way into its thread. */
export function MessageRow(props: { readonly message: PageMessage; readonly children?: VNode | false | null }): VNode {
  const { message, children } = props;
  const { state, deeds } = usePage();
  const author = state.slack?.people.find(({ id }) => id === message.user);
  const row = useRef<HTMLElement>(null);
  useFlash(row.current, message.updates);
  const shortcuts = state.setup.shortcuts.filter(({ type }) => type === 'message');
  return html`<article
    ref=${row}
    class=${message.ephemeral ? 'message is-ephemeral' : 'message'}
    data-ts=${message.ts}
    aria-label=${`${author?.name ?? message.user} at ${clockTime(momentOf(message.ts))}`}
  >
    ${message.ephemeral && html`<p class="only-you"><${Icon} name="eye" /> Only visible to you</p>`}
    <${Avatar} person=${author} />
    <div class="message-body">
      <${MessageHead} author=${author} message=${message} />
      <${MessageContent} message=${message} />
      <${MessageFiles} files=${message.files} />
      <${Reactions} message=${message} />
      ${children}
    </div>
    ${
      !message.ephemeral &&
      html`<span class="message-menu">
        <${MenuButton}
          label="Message shortcuts"
          icon="dots"
          items=${shortcuts.map(({ callbackId, name }) => ({ value: callbackId, words: name }))}
          isBusy=${state.busy.has('shortcut')}
          choose=${(id: string) => void deeds.useShortcut(id, { channel: message.channel, ts: message.ts })}
        />
      </span>`
    }
  </article>`;
}

/** A card whose content was replaced lights up for a moment, so that the eye finds what changed. */
function useFlash(row: HTMLElement | null, updates: number): void {
  const seen = useRef(updates);
  useEffect(() => {
    if (seen.current === updates) return;
    seen.current = updates;
    if (row === null || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    const colour = getComputedStyle(row).getPropertyValue('--flash');
    row.animate([{ backgroundColor: colour }, { backgroundColor: 'transparent' }], {
      duration: 900,
      easing: 'ease-out',
    });
  }, [row, updates]);
}

function MessageHead({
  author,
  message,
}: {
  readonly author: PagePerson | undefined;
  readonly message: PageMessage;
}): VNode {
  const moment = momentOf(message.ts);
  return html`<p class="message-head">
    <span class="author">${author?.name ?? message.user}</span>
    ${author?.isBot === true && html`<span class="app-mark">APP</span>`}
    <time datetime=${moment.toISOString()} title=${moment.toLocaleString()}>${clockTime(moment)}</time>
  </p>`;
}

function MessageContent({ message }: { readonly message: PageMessage }): VNode {
  const { channel, ts, blocks, text, edited } = message;
  const model: SurfaceModel = {
    surface: { kind: 'message', channel, ts },
    values: {},
    errors: {},
    enter: () => undefined,
  };
  return html`<${SurfaceContext.Provider} value=${model}>
    ${blocks.length > 0 ? html`<${Blocks} blocks=${blocks} />` : text !== '' && html`<p class="message-text"><${Mrkdwn} text=${text} /></p>`}
    ${edited && html`<small class="edited">(edited)</small>`}
  <//>`;
}

function Reactions({ message }: { readonly message: PageMessage }): VNode | null {
  const { state } = usePage();
  if (message.reactions.length === 0) return null;
  const nameOf = (id: string) => state.slack?.people.find((person) => person.id === id)?.name ?? id;
  return html`<ul class="reactions" aria-label="Reactions">
    ${message.reactions.map(
      ({ name, users }) => html`<li title=${users.map(nameOf).join(', ')}>
        ${emojiOf(name)} <span>${users.length}</span><span class="unseen"> by ${users.map(nameOf).join(', ')}</span>
      </li>`,
    )}
  </ul>`;
}
