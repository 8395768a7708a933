import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { html } from '../html.ts';
import { usePage } from '../model/page-context.ts';
import { type ChainedEntry, chain, eventsOf } from '../model/record-chain.ts';
import { sandbox } from '../model/server.ts';

const SHORT_HASH = 10;

/** The log as it grows, each hash computed in this browser. */
export function RecordTab(): VNode {
  const { record } = usePage().state;
  const [checked, setChecked] = useState<string | null>(null);
  const broken = record.find((entry) => entry.broken !== null);

  /** Reads everything from the table again: what was checked on its way in may have been changed since. */
  async function checkAgain(): Promise<void> {
    const entries = await chain(await sandbox.record(), undefined);
    const wrong = entries.find((entry) => entry.broken !== null);
    setChecked(
      wrong === undefined
        ? `Read again: ${entries.length} entries, whole.`
        : `Read again: entry ${wrong.seq} is wrong, ${wrong.broken}.`,
    );
  }

  return html`<div class="stack">
    <div class=${`chain-state is-${broken === undefined ? 'good' : 'bad'}`} role="status">
      <p>
        <strong>${broken === undefined ? 'The chain is whole' : `Broken at entry ${broken.seq}`}</strong>
        ${broken === undefined ? `, ${record.length} ${record.length === 1 ? 'entry' : 'entries'}` : `: ${broken.broken}`}
      </p>
      <p>Each hash is computed in this browser, over the entry as it is stored and the hash before it.</p>
      ${checked !== null && html`<p>${checked}</p>`}
      <button type="button" class="button is-plain" onClick=${() => void checkAgain()}>Read all of it again</button>
    </div>
    ${
      record.length === 0
        ? html`<p class="empty">The record begins with the first command.</p>`
        : html`<ol class="record" reversed>${[...record].reverse().map((entry) => html`<${EntryRow} key=${entry.seq} entry=${entry} />`)}</ol>`
    }
  </div>`;
}

function EntryRow({ entry }: { readonly entry: ChainedEntry }): VNode {
  const { slack } = usePage().state;
  const [isOpen, setOpen] = useState(false);
  const who = slack?.people.find(({ id }) => id === entry.actor)?.name ?? entry.actor;
  const onToggle = ({ currentTarget }: { readonly currentTarget: HTMLDetailsElement }) => setOpen(currentTarget.open);
  return html`<li class=${entry.broken === null ? 'entry' : 'entry is-broken'}>
    <details onToggle=${onToggle}>
      <summary>
        <span class="entry-seq">${entry.seq}</span>
        <span class="entry-what">${entry.types.join(', ')}</span>
        <span class="entry-who">${who}${entry.rolloutId !== null && `, ${entry.rolloutId}`}, ${entry.at.slice(11, 19)} UTC</span>
        <span class="entry-hash" title=${entry.hash}>
          <span aria-hidden="true">${entry.broken === null ? '✓' : '✕'}</span>
          <span class="unseen">${entry.broken === null ? 'hash fits' : entry.broken}</span> ${entry.hash.slice(0, SHORT_HASH)}
        </span>
      </summary>
      ${isOpen && html`<pre tabindex="0">${JSON.stringify(eventsOf(entry), null, 2)}</pre>`}
    </details>
  </li>`;
}
