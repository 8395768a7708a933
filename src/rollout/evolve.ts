import type { Environment, Target } from './candidate.ts';
import type { Baseline, CallOutcome, Entry, Event, EventOf } from './events.ts';
import { cleanedUp, removalOver } from './evolve-cleanup.ts';
import { aboutModel, leftRejected } from './evolve-model.ts';
import type {
  Deployment,
  EndedRollout,
  EnvironmentState,
  Hold,
  LiveRollout,
  Rollback,
  ServiceState,
  SmokeClaim,
} from './state.ts';
import { COMMAND_KEY_HOURS, ENDED_KEPT, STACK_KEPT } from './state.ts';

/**
 * The fold: what the record says after one more entry. Pure, and total over every event ever written, so that old
 * logs stay readable. It never judges: an event that was recorded has happened.
 */
export function evolve(state: ServiceState, entry: Entry): ServiceState {
  let next: ServiceState = { ...state, seq: entry.seq, hash: entry.hash };
  for (const event of entry.events) next = apply(next, event, entry);
  return rememberCommand(next, entry);
}

function rememberCommand(state: ServiceState, entry: Entry): ServiceState {
  if (entry.commandKey === null) return state;
  // Texts of one form and length are ordered as the times are.
  const oldest = new Date(Date.parse(entry.at) - COMMAND_KEY_HOURS * 3_600_000).toISOString();
  const kept = state.commandKeys.filter((k) => k.at >= oldest);
  return { ...state, commandKeys: [...kept, { key: entry.commandKey, at: entry.at, reason: entry.reason }] };
}

/** A new stage waits for nothing yet. */
const NOT_WAITING = { waiting: null, waitNotes: null };

function apply(state: ServiceState, event: Event, entry: Entry): ServiceState {
  switch (event.type) {
    case 'RolloutStarted':
      return { ...state, rollouts: [...state.rollouts, started(state, event, entry)] };
    case 'EndpointAdopted':
      return inEnvironment(state, event.environment, (e) => ({
        ...e,
        known: true,
        settled: true,
        stack: push(e, event.target, entry),
      }));
    case 'DeploymentStarted':
      return toProdStage(
        inEnvironment(state, event.environment, (e) => ({
          ...e,
          deployment: deploymentOf(event, entry),
        })),
        event,
      );
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
      return inDeployment(state, event, (d) => ({ ...d, words: event.words }));
    case 'DeploymentAbortMarked':
      return inDeployment(state, event, (d) => ({ ...d, abort: d.abort ?? event.why }));
    case 'DeploymentOverdue':
      return inDeployment(state, event, (d) => ({ ...d, overdue: true }));
    case 'DeploymentSucceeded':
      return leftRejected(removalOver(state, succeeded(state, event, entry), event.environment, 'removed'));
    case 'DeploymentFailed':
      return removalOver(
        state,
        inEnvironment(state, event.environment, (e) => deploymentFailed(e, event)),
        event.environment,
        event.reason,
      );
    case 'SmokeStarted':
      return smokeStarted(state, event, entry);
    case 'SmokeFinished':
      return smokeFinished(state, event, entry);
    case 'SmokeVoided':
      return smokeVoided(state, event);
    case 'SmokeRepeatAsked':
      return inRollout(state, event.rolloutId, (r) => ({ ...base(r), status: 'testing', voidRuns: 0, ...NOT_WAITING }));
    case 'GateOpened':
      return inRollout(state, event.rolloutId, (r) => ({
        ...base(r),
        status: 'gate',
        ...NOT_WAITING,
        gate: { openedAt: entry.at, expiresAt: event.expiresAt, approvals: [] },
      }));
    case 'ApprovalGiven':
      return inRollout(state, event.rolloutId, (r) =>
        r.status === 'gate'
          ? { ...r, gate: { ...r.gate, approvals: [...r.gate.approvals, { by: event.by, at: entry.at }] } }
          : r,
      );
    case 'PromotionApproved':
      return inRollout(state, event.rolloutId, (r) =>
        r.status === 'gate'
          ? { ...r, status: 'approved', ...NOT_WAITING, approvedAt: entry.at, approvedBy: event.by }
          : r,
      );
    case 'ApprovalsVoided':
      return inRollout(state, event.rolloutId, (r) =>
        r.status === 'gate' || r.status === 'approved'
          ? { ...base(r), ...NOT_WAITING, status: 'gate', gate: { ...r.gate, approvals: [] } }
          : r,
      );
    case 'WaitNoted':
      return inRollout(state, event.rolloutId, (r) => ({
        ...r,
        waiting: event.reason,
        waitNotes: { count: (r.waitNotes?.count ?? 0) + 1, at: entry.at },
      }));
    case 'RolloutHeld':
      return inRollout(state, event.rolloutId, (r) => ({
        ...base(r),
        status: 'held',
        ...NOT_WAITING,
        heldBecause: event.reason,
      }));
    case 'RolloutEnded':
      return ended(state, event, entry);
    case 'RollbackStarted':
      return rollbackStarted(state, event, entry);
    case 'RollbackEnded':
      return rollbackEnded(state, event, entry);
    case 'HoldPlaced':
      return inEnvironment(state, event.environment, (e) => ({
        ...e,
        holds: [
          ...e.holds.filter((h) => !longOver(h, entry)),
          { id: entry.seq, kind: event.kind, by: event.by, reason: event.reason, until: event.until, at: entry.at },
        ],
      }));
    case 'HoldReleased':
      return inEnvironment(state, event.environment, (e) => {
        const holds = e.holds.filter((h) => !event.holds.includes(h.id));
        return { ...e, holds, returned: holds.some((h) => h.kind === 'after-rollback') ? e.returned : null };
      });
    case 'ModelApprovalAsked':
    case 'ModelDecided':
    case 'RegistryCallIntended':
    case 'RegistryCallDecided':
    case 'ModelApprovalEnded':
    case 'ModelRejectionSeen':
      return aboutModel(state, event, entry);
    case 'CleanupProposed':
    case 'CleanupConfirmed':
    case 'CleanupRoundIntended':
    case 'CleanupRoundDone':
    case 'CleanupStopAsked':
    case 'CleanupEnded':
      return cleanedUp(state, event, entry);
    case 'CommandRefused':
    case 'RefusalsCounted':
    case 'BreakAcknowledged':
      return state;
    default: {
      const never: never = event;
      throw new Error(`An event of an unknown type: ${JSON.stringify(never)}`);
    }
  }
}

/** How long a lock that is over is kept, because clocks of two machines differ. */
const OVER_KEPT_MS = 3_600_000;

function longOver(hold: Hold, entry: Entry): boolean {
  return hold.until !== null && Date.parse(hold.until) + OVER_KEPT_MS < Date.parse(entry.at);
}

function started(state: ServiceState, event: EventOf<'RolloutStarted'>, entry: Entry): LiveRollout {
  const approved = state.approvedPackages.find((p) => p.packageArn === event.candidate.packageArn);
  return {
    id: event.rolloutId,
    status: 'staging',
    candidate: event.candidate,
    requester: event.requester,
    modelApprovedBy: approved?.by ?? null,
    note: event.note,
    quorum: event.quorum,
    approvalExpiresAfterHours: event.approvalExpiresAfterHours,
    startedAt: entry.at,
    ...NOT_WAITING,
    voidRuns: 0,
    smoke: null,
    prodCheck: null,
    endpointArns: {},
  };
}

function deploymentOf(event: EventOf<'DeploymentStarted'>, entry: Entry): Deployment {
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
  };
}

function toProdStage(state: ServiceState, event: EventOf<'DeploymentStarted'>): ServiceState {
  if (event.kind !== 'rollout' || event.environment !== 'prod') return state;
  return inRollout(state, event.owner, (r) => (r.status === 'approved' ? { ...r, status: 'prod', ...NOT_WAITING } : r));
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
  const closed = { ...e, intent: null, lastOutcomeSeq: entry.seq, known, endpointFailed, settled };
  if (e.deployment === null || e.deployment.id !== e.intent.deployment) return closed;
  if (happened) {
    return {
      ...closed,
      deployment: { ...e.deployment, followed: { call, baseline, outcomeSeq: entry.seq }, notBefore: null },
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
  if (!seen.present || seen.pendingConfigName !== null || seen.status !== 'InService') return false;
  return seen.configName === e.stack.at(-1)?.configName;
}

function deploymentFailed(e: EnvironmentState, event: EventOf<'DeploymentFailed'>): EnvironmentState {
  const { seen } = event;
  if (seen === null) return { ...e, deployment: null };
  const endpointFailed = seen.present && seen.pendingConfigName === null && seen.status === 'Failed';
  return { ...e, deployment: null, settled: runsTop(e, seen), endpointFailed };
}

function succeeded(state: ServiceState, event: EventOf<'DeploymentSucceeded'>, entry: Entry): ServiceState {
  const deployment = state.environments[event.environment].deployment;
  if (deployment === null) return state;
  const { environment } = event;
  const moved = inEnvironment(state, environment, (e) => ({
    ...e,
    deployment: null,
    known: deployment.kind !== 'removal',
    settled: true,
    endpointFailed: false,
    stack: stackAfter(e, deployment, entry),
    // What was measured on an endpoint that is gone says nothing about the next one.
    baseline: deployment.kind === 'removal' ? null : e.baseline,
  }));
  if (deployment.kind !== 'rollout') return moved;
  return inRollout(moved, deployment.owner, (r) => {
    const endpointArns = { ...r.endpointArns, [environment]: event.endpointArn };
    if (environment === 'staging' && r.status === 'staging') {
      return { ...base(r), endpointArns, status: 'testing', voidRuns: 0, ...NOT_WAITING };
    }
    if (environment === 'prod' && r.status === 'prod') {
      return { ...r, endpointArns, status: 'verifying', voidRuns: 0, ...NOT_WAITING };
    }
    return r;
  });
}

function stackAfter(e: EnvironmentState, deployment: Deployment, entry: Entry): EnvironmentState['stack'] {
  switch (deployment.kind) {
    case 'rollout':
      return push(e, deployment.target, entry);
    case 'rollback':
      return e.stack; // What was brought back is on it already.
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

function smokeStarted(state: ServiceState, event: EventOf<'SmokeStarted'>, entry: Entry): ServiceState {
  const { purpose, rolloutId, configName, lastModified, longestMs } = event;
  const smoke: SmokeClaim = { claim: entry.seq, at: entry.at, purpose, rolloutId, configName, lastModified, longestMs };
  return inEnvironment(state, event.environment, (e) => ({ ...e, smoke }));
}

function smokeFinished(state: ServiceState, event: EventOf<'SmokeFinished'>, entry: Entry): ServiceState {
  const claim = state.environments[event.environment].smoke;
  if (claim === null || claim.claim !== event.claim) return state;
  // The encoded histogram stays in the log; the state is read often and kept small.
  const result = { ...event.result, histogram: '' };
  const baseline = result.verdict === 'passed';
  const closed = inEnvironment(state, event.environment, (e) => ({
    ...e,
    smoke: null,
    baseline: baseline ? result : e.baseline,
  }));
  if (claim.purpose === 'alone' || claim.rolloutId === null) return closed;
  return inRollout(closed, claim.rolloutId, (r) => {
    const voidRuns = result.verdict === 'inconclusive' ? r.voidRuns + 1 : r.voidRuns;
    if (claim.purpose === 'check') return { ...r, voidRuns, prodCheck: result };
    const smoke = { ...result, lastModified: claim.lastModified, finishedAt: entry.at, finishedSeq: entry.seq };
    return result.verdict === 'passed' && r.status === 'testing'
      ? { ...base(r), voidRuns, smoke, status: 'tested', ...NOT_WAITING }
      : { ...r, voidRuns, smoke };
  });
}

function smokeVoided(state: ServiceState, event: EventOf<'SmokeVoided'>): ServiceState {
  const claim = state.environments[event.environment].smoke;
  if (claim === null || claim.claim !== event.claim) return state;
  const closed = inEnvironment(state, event.environment, (e) => ({ ...e, smoke: null }));
  if (claim.rolloutId === null) return closed;
  return inRollout(closed, claim.rolloutId, (r) => ({ ...r, voidRuns: r.voidRuns + 1 }));
}

function ended(state: ServiceState, event: EventOf<'RolloutEnded'>, entry: Entry): ServiceState {
  const rollout = state.rollouts.find((r) => r.id === event.rolloutId);
  if (rollout === undefined) return state;
  const gate = 'gate' in rollout ? rollout.gate : null;
  const approvedBy = 'approvedBy' in rollout ? rollout.approvedBy : [];
  const { outcome, reason, by } = event;
  const over: EndedRollout = {
    ...base(rollout),
    status: 'ended',
    outcome,
    reason,
    by,
    endedAt: entry.at,
    gate,
    approvedBy,
    ...NOT_WAITING,
  };
  return {
    ...state,
    rollouts: state.rollouts.filter((r) => r.id !== rollout.id),
    ended: [over, ...state.ended].slice(0, ENDED_KEPT),
  };
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

function inEnvironment(
  state: ServiceState,
  environment: Environment,
  change: (e: EnvironmentState) => EnvironmentState,
): ServiceState {
  return { ...state, environments: { ...state.environments, [environment]: change(state.environments[environment]) } };
}

function inDeployment(
  state: ServiceState,
  event: { readonly environment: Environment; readonly deployment: number },
  change: (d: Deployment) => Deployment,
): ServiceState {
  return inEnvironment(state, event.environment, (e) =>
    e.deployment?.id === event.deployment ? { ...e, deployment: change(e.deployment) } : e,
  );
}

function inRollout(state: ServiceState, id: string, change: (r: LiveRollout) => LiveRollout): ServiceState {
  return { ...state, rollouts: state.rollouts.map((r) => (r.id === id ? change(r) : r)) };
}

/** The fields that every status has; what belonged to the old status falls away. */
function base(r: LiveRollout) {
  const {
    id,
    candidate,
    requester,
    modelApprovedBy,
    note,
    quorum,
    approvalExpiresAfterHours,
    startedAt,
    waiting,
    waitNotes,
    voidRuns,
    smoke,
    prodCheck,
    endpointArns,
  } = r;
  return {
    id,
    candidate,
    requester,
    modelApprovedBy,
    note,
    quorum,
    approvalExpiresAfterHours,
    startedAt,
    waiting,
    waitNotes,
    voidRuns,
    smoke,
    prodCheck,
    endpointArns,
  };
}
