import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { html } from '../html.ts';
import { usePage } from '../model/page-context.ts';
import { Composer } from './composer.ts';
import { Icon } from './icon.ts';
import { useStickyEnd } from './message-list.ts';
import { MessageRow } from './message-row.ts';

/** One message with everything that was said about it. */
export function ThreadPane({ channel, ts }: { readonly channel: string; readonly ts: string }): VNode {
  const { state, deeds } = usePage();
  const messages = (state.slack?.messages ?? []).filter((one) => one.channel === channel);
  const root = messages.find((one) => one.ts === ts);
  const replies = messages.filter((one) => one.threadTs === ts);
  const person = state.slack?.people.find((one) => one.id === state.me);
  const list = useRef<HTMLDivElement>(null);
  useStickyEnd(list, ts, `${replies.length} ${state.slack?.revision ?? 0}`);
  return html`<section class="thread" aria-label="Thread">
    <header class="pane-head">
      <h2>Thread</h2>
      <button type="button" class="quiet" aria-label="Close the thread" onClick=${() => deeds.closeThread()}><${Icon} name="cross" /></button>
    </header>
    <div class="messages" ref=${list} role="log" aria-label="Messages of the thread" tabindex="0">
      ${root === undefined ? html`<p class="empty">This message is gone.</p>` : html`<${MessageRow} key=${ts} message=${root} />`}
      ${replies.length > 0 && html`<p class="day is-replies"><span>${replies.length} ${replies.length === 1 ? 'reply' : 'replies'}</span></p>`}
      ${replies.map((reply) => html`<${MessageRow} key=${reply.ts} message=${reply} />`)}
    </div>
    ${root !== undefined && html`<${Composer} channel=${channel} threadTs=${ts} label=${`Reply as ${person?.name ?? state.me}`} />`}
  </section>`;
}
