import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { html } from '../html.ts';
import { usePage } from '../model/page-context.ts';
import type { PanelTab } from '../model/page-state.ts';
import { AskTab } from './ask-tab.ts';
import { FaultsTab } from './faults-tab.ts';
import { RecordTab } from './record-tab.ts';
import { SageMakerTab } from './sagemaker-tab.ts';

const TABS: readonly (readonly [PanelTab, string])[] = [
  ['sagemaker', 'SageMaker'],
  ['record', 'Record'],
  ['faults', 'Faults'],
  ['ask', 'Ask'],
];

/** What is behind the channel: the endpoints, the record, what can go wrong, and the model itself. */
export function Panel(): VNode {
  const { state, deeds } = usePage();
  const { panelTab, panel, record } = state;
  const list = useRef<HTMLDivElement>(null);
  const faults = panel?.switches.filter(({ on }) => on).length ?? 0;
  const counts: Partial<Record<PanelTab, number>> = { record: record.length, faults };

  function onKeyDown(event: KeyboardEvent): void {
    const at = TABS.findIndex(([tab]) => tab === panelTab);
    const step = { ArrowRight: at + 1, ArrowLeft: at - 1 + TABS.length, Home: 0, End: TABS.length - 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = step % TABS.length;
    deeds.showTab(TABS[next]?.[0] ?? 'sagemaker');
    list.current?.querySelectorAll('button')[next]?.focus();
  }

  return html`<aside class="panel" aria-label="Backstage">
    <div class="tabs" role="tablist" aria-label="Backstage" ref=${list} onKeyDown=${onKeyDown}>
      ${TABS.map(
        ([tab, words]) => html`<button
          type="button"
          role="tab"
          id=${`tab-${tab}`}
          aria-controls="tab-panel"
          aria-selected=${tab === panelTab}
          tabindex=${tab === panelTab ? 0 : -1}
          onClick=${() => deeds.showTab(tab)}
        >
          ${words}${(counts[tab] ?? 0) > 0 && html` <span class="tab-count">${counts[tab]}</span>`}
        </button>`,
      )}
    </div>
    <div class="tab-panel" id="tab-panel" role="tabpanel" aria-labelledby=${`tab-${panelTab}`} tabindex="0">
      ${panel === null ? html`<p class="empty">Looking…</p>` : html`<${Tab} tab=${panelTab} />`}
    </div>
  </aside>`;
}

function Tab({ tab }: { readonly tab: PanelTab }): VNode {
  switch (tab) {
    case 'sagemaker':
      return html`<${SageMakerTab} />`;
    case 'record':
      return html`<${RecordTab} />`;
    case 'faults':
      return html`<${FaultsTab} />`;
    case 'ask':
      return html`<${AskTab} />`;
  }
}
