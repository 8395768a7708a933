import type { StoredEntry, StoredSnapshot } from '../../src/ports/log-store.ts';
import { cardOf } from '../../src/rollout/card.ts';
import { evolve } from '../../src/rollout/evolve.ts';
import { initialState, type ServiceState } from '../../src/rollout/state.ts';
import { card } from './bot.ts';
import type { Facts } from './facts.ts';
import { plain } from './plain.ts';
import { parseEntry } from './record-index.ts';
import type { SimForm } from './sim-form.ts';
import type { LogTable } from './sim-log-store.ts';
import { endpointNameOf } from './world.ts';

export function foldFrom(state: ServiceState, entries: readonly StoredEntry[]): ServiceState {
  return entries.reduce((s, stored) => evolve(s, parseEntry(stored)), state);
}

/** The chain is gapless and linked, and every snapshot that was ever saved equals the fold up to its entry. */
export function checkLog(
  facts: Facts,
  table: LogTable,
  service: string,
  snapshots: readonly StoredSnapshot[],
  form: SimForm,
): ServiceState {
  const entries = table.entries(service);
  const wanted = new Map(snapshots.map((s) => [s.seq, s]));
  let state = initialState(service);
  let prevHash = '';
  for (const [i, stored] of entries.entries()) {
    const hash = form.hashOf(stored.body);
    if (stored.seq !== i + 1) facts.violations.add('gap-in-the-log', `${service}: ${stored.seq} at place ${i + 1}`);
    if (stored.hash !== hash) facts.violations.add('hash-wrong', `${service} entry ${stored.seq}`);
    if (stored.prevHash !== prevHash) facts.violations.add('chain-broken', `${service} entry ${stored.seq}`);
    prevHash = stored.hash;
    state = evolve(state, parseEntry(stored));
    const snapshot = wanted.get(stored.seq);
    if (snapshot !== undefined && !sameAs(snapshot, state)) {
      facts.violations.add('snapshot-differs', `${service} at ${stored.seq}`);
    }
  }
  return state;
}

/** Mostly even the order of keys is the same. */
function sameAs(snapshot: StoredSnapshot, state: ServiceState): boolean {
  return snapshot.state === JSON.stringify(state) || plain(JSON.parse(snapshot.state)) === plain(state);
}

/** What is not over although everything has been calm for long; empty: at rest. */
export function stillOpen(state: ServiceState): readonly string[] {
  const open = state.rollouts.map((r) => `${r.id} is ${r.status} (${r.waiting?.code ?? 'not waiting'})`);
  if (state.cleanup !== null) open.push(`clean-up ${state.cleanup.id} is open`);
  for (const a of state.approvals) open.push(`${a.id} waits for a decision about version ${a.version}`);
  for (const environment of ['staging', 'prod'] as const) {
    const e = state.environments[environment];
    if (e.intent !== null) open.push(`${environment}: intent #${e.intent.seq} is open`);
    if (e.deployment !== null)
      open.push(`${environment}: deployment ${e.deployment.id} is open (${e.deployment.kind})`);
    if (e.rollback !== null) open.push(`${environment}: rollback ${e.rollback.id} is under way`);
    if (e.smoke !== null) open.push(`${environment}: smoke claim ${e.smoke.claim} is open`);
  }
  return open;
}

/** In the end the channel shows what the log says. */
export function checkChannel(facts: Facts, table: LogTable, state: ServiceState): void {
  const { service } = state;
  const cards = table.cursors.get(service)?.cards ?? {};
  const questions = [...state.approvals, ...state.endedApprovals];
  const alarms = state.rejectedInProd === null ? [] : [state.rejectedInProd];
  const others = [...questions, ...alarms, ...state.endedCleanups];
  const ids = [...state.rollouts, ...state.ended, ...state.endedRollbacks, ...others].map((r) => r.id);
  for (const id of ids) {
    const wanted = cardOf(state, id);
    const posted = cards[id];
    if (wanted === null) continue;
    if (posted === undefined) {
      facts.violations.add('card-missing', `${id} of ${service}`);
      continue;
    }
    const shown = facts.slack.messages.get(posted.ts)?.text;
    if (shown !== card(wanted).text) {
      facts.violations.add('card-differs', `${id}: shows ${shown}, the log says ${card(wanted).text}`);
    }
  }
}

/** Where the record says that an endpoint is known to run the top of its stack, it does, unless somebody else came. */
export function checkSettled(facts: Facts, state: ServiceState): void {
  for (const environment of ['staging', 'prod'] as const) {
    const { settled, stack, stopped } = state.environments[environment];
    const top = stack.at(-1);
    if (!settled || top === undefined) continue;
    const endpoint = facts.sagemaker.endpoint(endpointNameOf(state.service, environment));
    const lastCall = endpoint.history.findLast((t) => t.cause === 'call');
    if (lastCall === undefined || endpoint.lastForeignMs() > Number.NEGATIVE_INFINITY) continue;
    const { seen } = endpoint.now;
    const asSaid =
      stopped === null ? seen?.configName === top.configName && seen.pendingConfigName === null : seen === null;
    if (asSaid) continue;
    const really = `${seen?.status} ${seen?.configName} pending ${seen?.pendingConfigName}`;
    facts.violations.add(
      'settled-on-something-else',
      `${state.service} ${environment}: ${top.configName}, really ${really}`,
    );
  }
}

export function sameState(a: ServiceState, b: ServiceState): boolean {
  return JSON.stringify(a) === JSON.stringify(b) || plain(a) === plain(b);
}
