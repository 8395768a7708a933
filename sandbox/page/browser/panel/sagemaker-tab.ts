import type { VNode } from 'preact';
import type { PageEndpoint } from '../../wire.ts';
import { html } from '../html.ts';
import { usePage } from '../model/page-context.ts';
import { clockTime } from '../text/slack-date.ts';

const SPEEDS = [1, 10, 60, 240, 1000] as const;

/** What SageMaker itself says: endpoints, packages, and its diary. */
export function SageMakerTab(): VNode | null {
  const { state, deeds } = usePage();
  const { panel } = state;
  if (panel === null) return null;
  const speeds = [...new Set([...SPEEDS, panel.speed])].sort((a, b) => a - b);
  return html`<div class="stack">
    <label class="speed">
      <span>Speed</span>
      <select
        aria-busy=${state.busy.has('speed')}
        onChange=${({ currentTarget }: { readonly currentTarget: HTMLSelectElement }) => void deeds.setSpeed(Number(currentTarget.value))}
      >
        ${speeds.map((speed) => html`<option value=${speed} selected=${speed === panel.speed}>${speed === 1 ? 'as at AWS' : `${speed} times faster`}</option>`)}
      </select>
    </label>
    ${panel.endpoints.map((endpoint) => html`<${EndpointCard} key=${endpoint.name} endpoint=${endpoint} nowMs=${panel.nowMs} />`)}
    <section>
      <h3>Model Registry</h3>
      <table class="slim">
        <thead><tr><th scope="col">Version</th><th scope="col">Approval</th><th scope="col">What it is</th></tr></thead>
        <tbody>
          ${panel.packages.map(
            ({ version, approval, description }) => html`<tr>
              <th scope="row">${version}</th>
              <td>${approval === 'PendingManualApproval' ? 'pending' : approval.toLowerCase()}</td>
              <td>${description}</td>
            </tr>`,
          )}
        </tbody>
      </table>
    </section>
    <section>
      <h3>What happened, newest first</h3>
      ${
        panel.diary.length === 0
          ? html`<p class="empty">Nothing yet.</p>`
          : html`<ol class="diary" reversed>
              ${panel.diary.map(
                ({ seq, atMs, tone, words }) => html`<li key=${seq} class=${`is-${tone}`}>
                  <time>${clockTime(new Date(atMs))}:${String(new Date(atMs).getSeconds()).padStart(2, '0')}</time> <span>${words}</span>
                </li>`,
              )}
            </ol>`
      }
    </section>
  </div>`;
}

function EndpointCard({ endpoint, nowMs }: { readonly endpoint: PageEndpoint; readonly nowMs: number }): VNode {
  const { environment, name, status, version, config, pending, failureReason, answered } = endpoint;
  return html`<section class="endpoint" aria-label=${`Endpoint of ${environment}`}>
    <header>
      <h3>${environment}</h3>
      <span class=${`status is-${toneOf(status)}`}>${status ?? 'not there yet'}</span>
    </header>
    <p class="serves">${version === null ? 'serves nothing' : html`serves <strong>version ${version}</strong>`}</p>
    <dl>
      <dt>Endpoint</dt>
      <dd>${name}</dd>
      ${config !== null && html`<dt>Config</dt><dd>${config}</dd>`}
      ${status !== null && html`<dt>Answered</dt><dd>${answered} requests</dd>`}
      ${failureReason !== null && html`<dt>Reason</dt><dd>${failureReason}</dd>`}
    </dl>
    ${
      pending !== null &&
      html`<div class="pending">
        <p><strong>${version === null ? 'Being created' : 'Update in progress'}</strong>${pending.version !== null && ` to version ${pending.version}`}, ${Math.max(0, Math.round((nowMs - pending.sinceMs) / 1000))} s</p>
        <p>${pending.words}${pending.stepEndsMs !== null && ` ${Math.max(0, Math.ceil((pending.stepEndsMs - nowMs) / 1000))} s left here.`}</p>
        ${pending.fleets.length > 0 && html`<p>${pending.fleets.map(({ version: by, percent }) => `version ${by ?? '?'} answers ${percent} %`).join(', ')}</p>`}
        ${pending.alarms.length > 0 && html`<ul class="alarms" aria-label="Alarms">${pending.alarms.map(({ name: alarm, state }) => html`<li key=${alarm} class=${`status is-${state === 'ALARM' ? 'bad' : state === 'OK' ? 'good' : 'plain'}`}>${alarm}: ${state}</li>`)}</ul>`}
        <div class="progress" role="progressbar" aria-label=${`${environment} is changing`}></div>
      </div>`
    }
  </section>`;
}

function toneOf(status: string | null): string {
  if (status === 'InService') return 'good';
  if (status === null) return 'plain';
  return status === 'Failed' || status === 'UpdateRollbackFailed' ? 'bad' : 'moving';
}
