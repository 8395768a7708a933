import type { Environment } from './candidate.ts';
import { activeHolds, freezeFor, holdsFor, prodBusyWith } from './gates.ts';
import type { Settings } from './input.ts';
import { fleetsKey } from './decide-analysis.ts';
import { IDLE_KEY, idleDue } from './idle-stop.ts';
import { guardOfCall } from './kill-switch.ts';
import type { ObservationNeeds } from './observation.ts';
import type { Gate, LiveRollout, ServiceState } from './state.ts';
import { alarmsOf } from './strategy.ts';

type EndpointNeed = ObservationNeeds['endpoints'][Environment];

/**
 * What a decision on this state has to know of the outside. Nothing at rest: an open gate costs no call, and what a
 * lock keeps waiting is not looked at. Asked anew in every pass, because nothing observed is kept from an earlier one.
 * `later` are questions about models that were looked at a moment ago and wait for people, and fleets that were compared.
 */
export function needsOf(
  state: ServiceState,
  nowMs: number,
  later: ReadonlySet<string> = new Set(),
  settings: NeedsSettings = {},
): ObservationNeeds {
  const next = nextToProd(state, settings, nowMs);
  const asked = state.approvals.filter((a) => !later.has(a.id));
  // A deploy goes on once its package is approved.
  const toDeploy = asked.some((a) => a.deploys);
  return {
    endpoints: {
      staging: withRequests(
        endpointNeed(state, 'staging', next !== undefined, toDeploy, nowMs),
        state,
        later,
        settings,
        nowMs,
      ),
      prod: withFleets(endpointNeed(state, 'prod', false, false, nowMs), state, later),
    },
    seals: state.rollouts.filter((r) => r === next || sealCounts(state, r, nowMs)).map((r) => r.id),
    models: Object.fromEntries(asked.map((a) => [a.id, a.packageArn])),
  };
}

type NeedsSettings = Pick<Settings, 'frozen' | 'idleStop' | 'mutations'> & {
  readonly endpointNames?: Settings['endpointNames'];
};

/** Where the record would stop staging: whether anybody uses it, unless that was asked a moment ago. */
function withRequests(
  need: EndpointNeed,
  state: ServiceState,
  later: ReadonlySet<string>,
  settings: NeedsSettings,
  nowMs: number,
): EndpointNeed {
  const due = idleDue(state, settings, nowMs);
  if (due.kind !== 'ask' || later.has(IDLE_KEY) || settings.endpointNames === undefined) return need;
  const requests = { endpointName: settings.endpointNames.staging, since: due.since };
  return { ...(need ?? { chain: false, tags: false, targetConfig: null }), requests };
}

/** Whether nothing is under way that the outside could have a say in. */
export function atRest({ rollouts, approvals, cleanup, environments }: ServiceState): boolean {
  const { staging, prod } = environments;
  const still = [staging, prod].every((e) => e.deployment === null && e.intent === null);
  return still && rollouts.length === 0 && approvals.length === 0 && cleanup === null;
}

/** The rollout whose next step is a call to prod, if nothing that is known without looking stands in its way. */
function nextToProd(state: ServiceState, settings: Pick<Settings, 'frozen'>, nowMs: number): LiveRollout | undefined {
  return state.rollouts.find((r) => {
    if (holdsFor(state, 'prod', r, nowMs).length > 0 || freezeFor(r, settings, nowMs) !== null) return false;
    if (r.status === 'prod') return nextIsCall(state, 'prod', nowMs);
    return (
      r.status === 'approved' &&
      due(r.gate, nowMs) &&
      state.environments.prod.smoke === null &&
      prodBusyWith(state, r.id) === null
    );
  });
}

/** Approved for later: not yet. */
function due({ notBefore }: Gate, nowMs: number): boolean {
  return notBefore === null || Date.parse(notBefore) <= nowMs;
}

/** Whether the seal decides about what this rollout does next, prod aside. */
function sealCounts(state: ServiceState, rollout: LiveRollout, nowMs: number): boolean {
  if (rollout.status === 'tested') return prodBusyWith(state, rollout.id) === null;
  const held = activeHolds(state, 'staging', nowMs).length > 0;
  return rollout.status === 'staging' && !held && nextIsCall(state, 'staging', nowMs);
}

/** The deployment is prepared, nothing of it is under way, and it does not pause after a refusal. */
function nextIsCall(state: ServiceState, environment: Environment, nowMs: number): boolean {
  const { deployment } = state.environments[environment];
  if (deployment === null || !deployment.prepared || !notSent(state, environment)) return false;
  return deployment.notBefore === null || Date.parse(deployment.notBefore) <= nowMs;
}

function notSent(state: ServiceState, environment: Environment): boolean {
  const { deployment, intent } = state.environments[environment];
  if (deployment === null || intent !== null) return false;
  // A deletion is only the way to a creation, which is guarded like any call.
  return deployment.followed === null || deployment.followed.call.kind === 'delete';
}

function endpointNeed(
  state: ServiceState,
  environment: Environment,
  beforeProd: boolean,
  toDeploy: boolean,
  nowMs: number,
): EndpointNeed {
  const e = state.environments[environment];
  const active = e.deployment !== null || e.intent !== null;
  const tested = environment === 'staging' ? 'testing' : 'verifying';
  const toTest = e.smoke === null && state.rollouts.some((r) => r.status === tested);
  // Staging is looked at once more right before prod.
  if (!active && !toTest && !toDeploy && !beforeProd) return null;
  const back = e.deployment?.kind === 'rollback' && notSent(state, environment);
  return {
    chain: e.deployment !== null,
    tags: (e.deployment !== null || toDeploy) && !e.known,
    targetConfig: back ? (e.deployment?.target.configName ?? null) : null,
    ...alarmsNeed(state, environment, nowMs),
  };
}

/** Before a guarded change begins, and while SageMaker carries it out. */
function alarmsNeed(state: ServiceState, environment: Environment, nowMs: number): { alarms?: readonly string[] } {
  const { deployment } = state.environments[environment];
  if (deployment?.kind !== 'rollout') return {};
  const rollout = state.rollouts.find((r) => r.id === deployment.owner);
  const toCome = nextIsCall(state, environment, nowMs) ? rollout?.candidate.plans[environment].strategy : undefined;
  const strategy = guardOfCall(deployment) ?? toCome;
  return strategy === undefined ? {} : { alarms: alarmsOf(deployment.target.configName, strategy.alarms) };
}

/** While a guarded change that is compared is under way, but for when that was done a moment ago. */
function withFleets(need: EndpointNeed, state: ServiceState, later: ReadonlySet<string>): EndpointNeed {
  const { deployment } = state.environments.prod;
  if (need === null || deployment === null || deployment.abort !== null || later.has(fleetsKey(deployment.id)))
    return need;
  const strategy = guardOfCall(deployment);
  const { followed } = deployment;
  if (strategy?.analysis === undefined || followed?.call.kind !== 'update') return need;
  const { endpointName, configName } = followed.call;
  const { since } = followed;
  const oldConfigName = followed.baseline.present ? followed.baseline.configName : null;
  return { ...need, fleets: { endpointName, configName, oldConfigName, since, slowMs: strategy.alarms.p95Ms } };
}

/** Entries that waits count from: their age is needed. */
export function agesNeeded(state: ServiceState): readonly number[] {
  const seqs: number[] = [];
  for (const e of [state.environments.staging, state.environments.prod]) {
    if (e.intent !== null) seqs.push(e.intent.seq);
    if (e.lastOutcomeSeq !== null) seqs.push(e.lastOutcomeSeq);
    if (e.deployment?.followed != null) seqs.push(e.deployment.followed.outcomeSeq);
    if (e.smoke !== null) seqs.push(e.smoke.claim);
    if (e.deployment?.trip !== undefined) seqs.push(e.deployment.trip.decided?.seq ?? e.deployment.trip.seq);
  }
  if (state.cleanup?.round != null) seqs.push(state.cleanup.round.seq);
  for (const a of state.approvals) if (a.intent !== null) seqs.push(a.intent.seq);
  for (const r of state.rollouts) if (r.smoke !== null) seqs.push(r.smoke.finishedSeq);
  return seqs;
}
