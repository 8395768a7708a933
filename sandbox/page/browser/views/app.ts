import type { VNode } from 'preact';
import { html } from '../html.ts';
import { usePage } from '../model/page-context.ts';
import type { NarrowView } from '../model/page-state.ts';
import { Panel } from '../panel/panel.ts';
import { ChannelPane } from './channel-pane.ts';
import { ConfirmDialog } from './confirm-dialog.ts';
import { HomePane } from './home-pane.ts';
import { Icon } from './icon.ts';
import { ModalStack } from './modal-stack.ts';
import { Sidebar } from './sidebar.ts';
import { ThreadPane } from './thread-pane.ts';

/** The whole page. */
export function App(): VNode {
  const { state, deeds } = usePage();
  const { place, thread, narrow, slack, toast, isConnected } = state;
  return html`<div class=${`page is-narrow-${narrow}${thread === null ? '' : ' has-thread'}`}>
    ${!isConnected && html`<p class="banner" role="alert">The sandbox is not answering. The page goes on as soon as it is back.</p>`}
    ${isConnected && slack?.away === true && html`<p class="banner" role="alert">Slack is away. Nobody can press anything; switch it back on under Faults.</p>`}
    <${Sidebar} />
    ${place.kind === 'home' ? html`<${HomePane} />` : html`<${ChannelPane} key=${place.id} id=${place.id} />`}
    ${thread !== null && html`<${ThreadPane} key=${thread.ts} channel=${thread.channel} ts=${thread.ts} />`}
    <${Panel} />
    <${NarrowBar} />
    <${ModalStack} />
    <${ConfirmDialog} />
    <div class="toasts" role="status">
      ${toast !== null && html`<p class="toast">${toast} <button type="button" class="quiet" aria-label="Dismiss" onClick=${() => deeds.dismissToast()}><${Icon} name="cross" /></button></p>`}
    </div>
  </div>`;
}

const NARROW: readonly (readonly [NarrowView, string])[] = [
  ['channel', 'Slack'],
  ['panel', 'Backstage'],
  ['menu', 'Act as'],
];

/** A phone's width shows one thing at a time. */
function NarrowBar(): VNode {
  const { state, deeds } = usePage();
  const person = state.slack?.people.find(({ id }) => id === state.me);
  return html`<nav class="narrow-bar" aria-label="Parts of the page">
    ${NARROW.map(
      ([
        view,
        words,
      ]) => html`<button type="button" aria-current=${state.narrow === view ? 'page' : undefined} onClick=${() => deeds.showNarrow(view)}>
        ${view === 'menu' ? `${words}: ${person?.name ?? ''}` : words}
      </button>`,
    )}
  </nav>`;
}
