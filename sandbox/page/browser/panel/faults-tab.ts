import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { PageSwitch } from '../../wire.ts';
import { html } from '../html.ts';
import { usePage } from '../model/page-context.ts';
import { sandbox } from '../model/server.ts';

const BOT_WORDS = {
  ready: 'is running and ready',
  'not ready': 'runs, and is not ready',
  gone: 'is gone',
} as const;

/** What can be made to go wrong. */
export function FaultsTab(): VNode | null {
  const { panel } = usePage().state;
  if (panel === null) return null;
  const groups = [...new Set(panel.switches.map(({ group }) => group))];
  return html`<div class="stack">
    <p class="lead">Switch something on and see what titanic does about it. Nothing here can hurt anything.</p>
    <${BotCard} />
    ${groups.map(
      (group) => html`<section key=${group}>
        <h3>${group}</h3>
        ${panel.switches.filter((one) => one.group === group).map((one) => html`<${Switch} key=${one.id} given=${one} />`)}
      </section>`,
    )}
  </div>`;
}

function Switch({ given }: { readonly given: PageSwitch }): VNode {
  const { state, deeds } = usePage();
  const { id, label, explains, on, struck } = given;
  return html`<div class="switch">
    <button
      type="button"
      role="switch"
      aria-checked=${on}
      aria-busy=${state.busy.has(`switch/${id}`)}
      aria-describedby=${`explains-${id}`}
      onClick=${() => void deeds.turn(id, !on)}
    >
      <span class="switch-track" aria-hidden="true"></span>
      <span>${label}</span>
    </button>
    <p id=${`explains-${id}`}>${explains}${on && struck !== null && html` <strong class="switch-struck">Struck ${struck} ${struck === 1 ? 'time' : 'times'}.</strong>`}</p>
  </div>`;
}

function BotCard(): VNode | null {
  const { state, deeds } = usePage();
  const [lines, setLines] = useState<readonly string[] | null>(null);
  const { panel, busy } = state;
  if (panel === null) return null;
  const { bot } = panel;
  const isGone = bot.state === 'gone';
  const showLog = async () => setLines(lines === null ? await sandbox.botLog().catch(() => []) : null);
  return html`<section class="endpoint" aria-label="The bot">
    <header>
      <h3>The bot</h3>
      <span class=${`status is-${bot.state === 'ready' ? 'good' : isGone ? 'bad' : 'moving'}`}>${bot.state}</span>
    </header>
    <p>Process ${bot.pid} ${BOT_WORDS[bot.state]}; Slack reaches it by ${bot.transport === 'socket' ? 'Socket Mode' : 'signed HTTP'}.</p>
    <div class="button-row">
      ${
        isGone
          ? html`<button type="button" class="button is-primary" aria-busy=${busy.has('bot')} onClick=${() => void deeds.startBot()}>Start another one</button>`
          : html`<button type="button" class="button is-danger" aria-busy=${busy.has('bot')} onClick=${() => void deeds.killBot()}>Kill it</button>`
      }
      <button type="button" class="button is-plain" aria-expanded=${lines !== null} onClick=${() => void showLog()}>Its log</button>
    </div>
    ${lines !== null && html`<pre class="log" tabindex="0">${lines.join('\n') || '(nothing)'}</pre>`}
  </section>`;
}
