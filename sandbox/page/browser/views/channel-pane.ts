import type { VNode } from 'preact';
import { html } from '../html.ts';
import { usePage } from '../model/page-context.ts';
import { Composer } from './composer.ts';
import { MessageList } from './message-list.ts';
import { Tour } from './tour.ts';

/** The open channel. */
export function ChannelPane({ id }: { readonly id: string }): VNode {
  const { state } = usePage();
  const { slack, me, setup } = state;
  const channel = slack?.channels.find((one) => one.id === id);
  const person = slack?.people.find((one) => one.id === me);
  const title = channel === undefined ? '' : channel.kind === 'direct' ? 'titanic' : `#${channel.name}`;
  return html`<main class="channel" aria-label=${title}>
    <header class="pane-head">
      <h1>${title}</h1>
      <p>${channel?.kind === 'direct' ? 'Direct messages with the app' : `${channel?.members.length ?? 0} members`}${channel?.shared === true ? ', shared with another workspace' : ''}</p>
    </header>
    ${id === setup.channel && html`<${Tour} />`}
    <${MessageList} channel=${id} label=${`Messages in ${title}`} />
    <${Composer} key=${id} channel=${id} label=${`Message ${title} as ${person?.name ?? me}`} />
  </main>`;
}
