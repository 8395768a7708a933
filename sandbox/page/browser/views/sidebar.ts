import type { VNode } from 'preact';
import type { PageChannel } from '../../wire.ts';
import { html } from '../html.ts';
import { usePage } from '../model/page-context.ts';
import type { Theme } from '../model/page-state.ts';
import { unreadIn } from '../model/read-marks.ts';
import { Icon } from './icon.ts';
import { PersonPicker } from './person-picker.ts';

const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

/** Where one can go, and as whom. */
export function Sidebar(): VNode {
  const { state, deeds } = usePage();
  const { slack, place, tourStep } = state;
  const channels = slack?.channels ?? [];
  return html`<aside class="sidebar" aria-label="Workspace">
    <div class="brand"><${Icon} name="anchor" /><span>titanic <small>sandbox</small></span></div>
    <nav aria-label="Channels">
      <h2>Channels</h2>
      <ul>
        ${channels.filter(({ kind }) => kind === 'channel').map((one) => html`<${ChannelLink} key=${one.id} channel=${one} />`)}
      </ul>
      <h2>App</h2>
      <ul>
        <li>
          <button
            type="button"
            class="place"
            aria-current=${place.kind === 'home' ? 'page' : undefined}
            onClick=${() => void deeds.go({ kind: 'home' })}
          >
            <${Icon} name="home" /> titanic Home
          </button>
        </li>
        ${channels.filter(({ kind }) => kind === 'direct').map((one) => html`<${ChannelLink} key=${one.id} channel=${one} />`)}
      </ul>
    </nav>
    <${PersonPicker} />
    <div class="sidebar-foot">
      <label class="theme">
        <span>Theme</span>
        <select onChange=${({ currentTarget }: { readonly currentTarget: HTMLSelectElement }) => deeds.setTheme(THEMES[currentTarget.selectedIndex] ?? 'system')}>
          ${THEMES.map((theme) => html`<option value=${theme} selected=${theme === state.theme}>${theme}</option>`)}
        </select>
      </label>
      ${tourStep === null && html`<button type="button" class="quiet" onClick=${() => deeds.setTour(0)}>Show the first steps</button>`}
    </div>
  </aside>`;
}

function ChannelLink({ channel }: { readonly channel: PageChannel }): VNode {
  const { state, deeds } = usePage();
  const { slack, place, marks, me } = state;
  const isOpen = place.kind === 'channel' && place.id === channel.id;
  const unread = slack === null || isOpen ? { any: false, mentions: 0 } : unreadIn(slack, marks, me, channel.id);
  return html`<li>
    <button
      type="button"
      class=${unread.any ? 'place is-unread' : 'place'}
      aria-current=${isOpen ? 'page' : undefined}
      onClick=${() => void deeds.go({ kind: 'channel', id: channel.id })}
    >
      <${Icon} name=${channel.kind === 'direct' ? 'letter' : channel.shared ? 'shared' : 'hash'} />
      <span class="place-name">${channel.kind === 'direct' ? 'Messages' : channel.name}</span>
      ${unread.any && html`<span class="unseen">, unread</span>`}
      ${unread.mentions > 0 && html`<span class="badge">${unread.mentions}<span class="unseen"> mentions</span></span>`}
    </button>
  </li>`;
}
