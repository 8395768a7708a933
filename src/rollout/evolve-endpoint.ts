import type { Environment, Target } from './candidate.ts';
import type { Baseline, CallOutcome, Entry, EventOf } from './events.ts';
import type { Deployment, EnvironmentState, Hold, Rollback, ServiceState, SmokeClaim } from './state.ts';
import { ENDED_KEPT, STACK_KEPT } from './state.ts';

/** What is recorded about one environment's endpoint alone. */
type EndpointEvent = EventOf<
  | 'EndpointAdopted'
  | 'DeploymentPrepared'
  | 'CallIntended'
  | 'CallDecided'
  | 'ProgressSeen'
  | 'DeploymentAbortMarked'
  | 'DeploymentOverdue'
  | 'SmokeStarted'
  | 'RollbackStarted'
  | 'RollbackEnded'
  | 'HoldPlaced'
  | 'HoldReleased'
>;

/** The fold of what is recorded about an endpoint: its deployment, calls, rollback, smoke run and holds. */
export function aboutEndpoint(state: ServiceState, event: EndpointEvent, entry: Entry): ServiceState {
  switch (event.type) {
    case 'EndpointAdopted':
      return inEnvironment(state, event.environment, (e) => ({
        ...e,
        known: true,
        settled: true,
        stopped: null,
        stack: push(e, event.target, entry),
      }));
    case 'DeploymentPrepared':
      return inDeployment(state, event, (d) => ({ ...d, prepared: true, refusals: 0, notBefore: null }));
    case 'CallIntended':
      return inEnvironment(state, event.environment, (e) => ({
        ...e,
        settled: false,
        intent: {
          seq: entry.seq,
          at: entry.at,
          deployment: event.deployment,
          call: event.call,
          baseline: event.baseline,
          settledBefore: e.settled,
        },
      }));
    case 'CallDecided':
      return inEnvironment(state, event.environment, (e) => callDecided(e, event, entry));
    case 'ProgressSeen':
      return inDeployment(state, event, (d) => ({ ...d, words: event.words, wordsAt: entry.at }));
    case 'DeploymentAbortMarked':
      return inDeployment(state, event, (d) => ({ ...d, abort: d.abort ?? event.why }));
    case 'DeploymentOverdue':
      return inDeployment(state, event, (d) => ({ ...d, overdue: true }));
    case 'SmokeStarted':
      return smokeStarted(state, event, entry);
    case 'RollbackStarted':
      return rollbackStarted(state, event, entry);
    case 'RollbackEnded':
      return rollbackEnded(state, event, entry);
    case 'HoldPlaced':
      return held(state, event, entry);
    case 'HoldReleased':
      return released(state, event);
    default: {
      const never: never = event;
      throw new Error(`An event of an unknown type: ${JSON.stringify(never)}`);
    }
  }
}

/** The state with one environment changed. */
export function inEnvironment(
  state: ServiceState,
  environment: Environment,
  change: (e: EnvironmentState) => EnvironmentState,
): ServiceState {
  return { ...state, environments: { ...state.environments, [environment]: change(state.environments[environment]) } };
}

export function inDeployment(
  state: ServiceState,
  event: { readonly environment: Environment; readonly deployment: number },
  change: (d: Deployment) => Deployment,
): ServiceState {
  return inEnvironment(state, event.environment, (e) =>
    e.deployment?.id === event.deployment ? { ...e, deployment: change(e.deployment) } : e,
  );
}

/** A deployment as it begins. */
export function deploymentOf(event: EventOf<'DeploymentStarted'>, entry: Entry): Deployment {
  return {
    id: entry.seq,
    kind: event.kind,
    owner: event.owner,
    target: event.target,
    startedAt: entry.at,
    deadlineAt: event.deadlineAt,
    // What a rollback goes back to exists already; it is used as it was.
    prepared: event.kind !== 'rollout',
    followed: null,
    refusals: 0,
    notBefore: null,
    abort: null,
    overdue: false,
    words: null,
    wordsAt: null,
  };
}

/** Back-off before a refused call is intended again: 2 s, 4 s … 64 s. */
const BACK_OFF_MS = 2_000;

function callDecided(e: EnvironmentState, event: EventOf<'CallDecided'>, entry: Entry): EnvironmentState {
  if (e.intent === null || e.intent.seq !== event.intent) return e;
  const { call, baseline } = e.intent;
  const { outcome } = event;
  const happened = outcome.kind === 'accepted' || outcome.kind === 'landed';
  const known = call.kind === 'create' && happened ? true : e.known;
  const endpointFailed = happened ? false : e.endpointFailed;
  const settled = settledAfter(e, e.intent.settledBefore, outcome);
  const stopped = call.kind === 'create' && happened ? null : e.stopped;
  const closed = { ...e, intent: null, lastOutcomeSeq: entry.seq, known, endpointFailed, settled, stopped };
  if (e.deployment === null || e.deployment.id !== e.intent.deployment) return closed;
  if (happened) {
    return {
      ...closed,
      deployment: {
        ...e.deployment,
        followed: { call, baseline, outcomeSeq: entry.seq, since: e.intent.at },
        notBefore: null,
      },
    };
  }
  if (outcome.kind !== 'refused') return closed;
  const refusals = e.deployment.refusals + 1;
  const pauseMs = BACK_OFF_MS * 2 ** Math.min(refusals - 1, 5);
  const notBefore = new Date(Date.parse(entry.at) + pauseMs).toISOString();
  return { ...closed, deployment: { ...e.deployment, refusals, notBefore } };
}

/** What was never sent, or refused, changed nothing; what lapsed left what was seen. */
function settledAfter(e: EnvironmentState, before: boolean, outcome: CallOutcome): boolean {
  switch (outcome.kind) {
    case 'withdrawn':
    case 'refused':
      return before;
    case 'lapsed':
      return runsTop(e, outcome.seen);
    case 'accepted':
    case 'landed':
      return false;
    default: {
      const never: never = outcome;
      throw new Error(`Unknown outcome ${JSON.stringify(never)}`);
    }
  }
}

function runsTop(e: EnvironmentState, seen: Baseline): boolean {
  // What is stopped is as it should be as long as nothing is there.
  if (!seen.present && e.stopped !== null) return true;
  if (!seen.present || seen.pendingConfigName !== null || seen.status !== 'InService') return false;
  return seen.configName === e.stack.at(-1)?.configName;
}

/** What the environment is after a deployment that ended without success, by what was seen then. */
export function deploymentFailed(e: EnvironmentState, event: EventOf<'DeploymentFailed'>): EnvironmentState {
  const { seen } = event;
  if (seen === null) return { ...e, deployment: null };
  const endpointFailed = seen.present && seen.pendingConfigName === null && seen.status === 'Failed';
  return { ...e, deployment: null, settled: runsTop(e, seen), endpointFailed };
}

/** What succeeded last is on top; a rollback brought back what is there already. */
export function stackAfter(e: EnvironmentState, deployment: Deployment, entry: Entry): EnvironmentState['stack'] {
  switch (deployment.kind) {
    case 'rollout':
      return push(e, deployment.target, entry);
    case 'rollback':
    case 'stop':
      return e.stack; // What was brought back is on it already; what is stopped comes back.
    case 'removal':
      return [];
    default: {
      const never: never = deployment.kind;
      throw new Error(`Unknown deployment kind ${String(never)}`);
    }
  }
}

function push(e: EnvironmentState, target: Target, entry: Entry): EnvironmentState['stack'] {
  const others = e.stack.filter((t) => t.configName !== target.configName);
  return [...others, { ...target, since: entry.seq, at: entry.at }].slice(-STACK_KEPT);
}

function held(state: ServiceState, event: EventOf<'HoldPlaced'>, entry: Entry): ServiceState {
  const { kind, by, reason, until } = event;
  return inEnvironment(state, event.environment, (e) => ({
    ...e,
    holds: [...e.holds.filter((h) => !longOver(h, entry)), { id: entry.seq, kind, by, reason, until, at: entry.at }],
  }));
}

function released(state: ServiceState, event: EventOf<'HoldReleased'>): ServiceState {
  return inEnvironment(state, event.environment, (e) => {
    const holds = e.holds.filter((h) => !event.holds.includes(h.id));
    return { ...e, holds, returned: holds.some((h) => h.kind === 'after-rollback') ? e.returned : null };
  });
}

/** How long a lock that is over is kept, because clocks of two machines differ. */
const OVER_KEPT_MS = 3_600_000;

function longOver(hold: Hold, entry: Entry): boolean {
  return hold.until !== null && Date.parse(hold.until) + OVER_KEPT_MS < Date.parse(entry.at);
}

function smokeStarted(state: ServiceState, event: EventOf<'SmokeStarted'>, entry: Entry): ServiceState {
  const { purpose, rolloutId, configName, lastModified, longestMs } = event;
  const smoke: SmokeClaim = { claim: entry.seq, at: entry.at, purpose, rolloutId, configName, lastModified, longestMs };
  return inEnvironment(state, event.environment, (e) => ({ ...e, smoke }));
}

function rollbackStarted(state: ServiceState, event: EventOf<'RollbackStarted'>, entry: Entry): ServiceState {
  const { rollbackId, environment, cause, target, leaving, by, reason, recreate } = event;
  const rollback: Rollback = {
    id: rollbackId,
    environment,
    cause,
    target,
    leaving,
    by,
    reason,
    recreate,
    at: entry.at,
    ended: null,
  };
  return inEnvironment(state, environment, (e) => {
    const index = e.stack.findIndex((t) => t.configName === target.configName);
    // What lies above the target was rolled back from: off the stack for good.
    const stack = index < 0 ? e.stack : e.stack.slice(0, index + 1);
    return {
      ...e,
      rollback,
      stack,
      settled: false,
      returned: environment === 'prod' ? { rollbackId, by, target } : null,
    };
  });
}

function rollbackEnded(state: ServiceState, event: EventOf<'RollbackEnded'>, entry: Entry): ServiceState {
  const active = state.environments[event.environment].rollback;
  if (active === null || active.id !== event.rollbackId) return state;
  const over: Rollback = { ...active, ended: { at: entry.at, reached: event.reached, reason: event.reason } };
  return {
    ...inEnvironment(state, event.environment, (e) => ({ ...e, rollback: null })),
    endedRollbacks: [over, ...state.endedRollbacks].slice(0, ENDED_KEPT),
  };
}
