import type { Entry, Event, EventOf } from './events.ts';
import { aboutAutoStage } from './evolve-auto-stage.ts';
import { cleanedUp, removalOver } from './evolve-cleanup.ts';
import { aboutEndpoint, deploymentFailed, deploymentOf, inEnvironment, stackAfter } from './evolve-endpoint.ts';
import { aboutGuard } from './evolve-guard.ts';
import { aboutIdle, noteUse, stoppedBy } from './evolve-idle.ts';
import { aboutModel, leftRejected } from './evolve-model.ts';
import { aboutRollout, base, inRollout, NOT_WAITING } from './evolve-rollout.ts';
import { prodBefore } from './prod-before.ts';
import { COMMAND_KEY_HOURS, type Deployment, type ServiceState } from './state.ts';
import { reachedNow } from './step-times.ts';
import { tookAfter } from './usual-time.ts';

/**
 * The fold: what the record says after one more entry. Pure, and total over every event ever written, so that old
 * logs stay readable. It never judges: an event that was recorded has happened.
 */
export function evolve(state: ServiceState, entry: Entry): ServiceState {
  let next: ServiceState = { ...state, seq: entry.seq, hash: entry.hash };
  for (const event of entry.events) next = noteUse(apply(next, event, entry), event, entry);
  return rememberCommand(timed(state, next, entry), entry);
}

/** Notes when rollouts came to another status. */
function timed(before: ServiceState, { rollouts, ...next }: ServiceState, { at }: Entry): ServiceState {
  const statuses = new Map(before.rollouts.map((r) => [r.id, r.status]));
  return {
    ...next,
    rollouts: rollouts.map((r) =>
      statuses.get(r.id) === r.status ? r : { ...r, reached: reachedNow(r.reached, r.status, at) },
    ),
  };
}

function rememberCommand(state: ServiceState, entry: Entry): ServiceState {
  if (entry.commandKey === null) return state;
  // Texts of one form and length are ordered as the times are.
  const oldest = new Date(Date.parse(entry.at) - COMMAND_KEY_HOURS * 3_600_000).toISOString();
  const kept = state.commandKeys.filter((k) => k.at >= oldest);
  return { ...state, commandKeys: [...kept, { key: entry.commandKey, at: entry.at, reason: entry.reason }] };
}

function apply(state: ServiceState, event: Event, entry: Entry): ServiceState {
  switch (event.type) {
    case 'DeploymentStarted':
      return toProdStage(
        inEnvironment(state, event.environment, (e) => ({
          ...e,
          deployment: deploymentOf(event, entry),
        })),
        event,
      );
    case 'DeploymentSucceeded':
      return leftRejected(removalOver(state, succeeded(state, event, entry), event.environment, 'removed'));
    case 'DeploymentFailed':
      return removalOver(
        state,
        inEnvironment(state, event.environment, (e) => deploymentFailed(e, event)),
        event.environment,
        event.reason,
      );
    case 'SmokeFinished':
      return smokeFinished(state, event, entry);
    case 'SmokeVoided':
      return smokeVoided(state, event);
    case 'RolloutStarted':
    case 'SmokeRepeatAsked':
    case 'GateOpened':
    case 'GateReminded':
    case 'ApprovalGiven':
    case 'PromotionApproved':
    case 'ApprovalsVoided':
    case 'ApprovalWithdrawn':
    case 'PromotionScheduled':
    case 'GlassBroken':
    case 'GlassReviewed':
    case 'WaitNoted':
    case 'RolloutHeld':
    case 'RolloutEnded':
      return aboutRollout(state, event, entry);
    case 'EndpointAdopted':
    case 'DeploymentPrepared':
    case 'CallIntended':
    case 'CallDecided':
    case 'ProgressSeen':
    case 'DeploymentAbortMarked':
    case 'DeploymentOverdue':
    case 'SmokeStarted':
    case 'RollbackStarted':
    case 'RollbackEnded':
    case 'HoldPlaced':
    case 'HoldReleased':
      return aboutEndpoint(state, event, entry);
    case 'AlarmsSeen':
    case 'FleetServing':
    case 'FleetsCompared':
    case 'AutoRollbackScheduled':
    case 'AutoRollbackSnoozed':
    case 'KillSwitchIntended':
    case 'KillSwitchDecided':
      return aboutGuard(state, event, entry);
    case 'IdleStopDecided':
      return aboutIdle(state, event);
    case 'AutoStageWaits':
    case 'AutoStageDropped':
      return aboutAutoStage(state, event, entry);
    case 'ModelApprovalAsked':
    case 'ModelReminded':
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

function toProdStage(state: ServiceState, event: EventOf<'DeploymentStarted'>): ServiceState {
  if (event.kind !== 'rollout' || event.environment !== 'prod') return state;
  return inRollout(state, event.owner, (r) =>
    r.status === 'approved' ? { ...r, before: prodBefore(state), status: 'prod', ...NOT_WAITING } : r,
  );
}

function succeeded(state: ServiceState, event: EventOf<'DeploymentSucceeded'>, entry: Entry): ServiceState {
  const deployment = state.environments[event.environment].deployment;
  if (deployment === null) return state;
  const { environment } = event;
  const moved = inEnvironment(state, environment, (e) => ({
    ...e,
    deployment: null,
    known: !isDeletion(deployment),
    stopped: deployment.kind === 'stop' ? stoppedBy(deployment, entry.at) : null,
    settled: true,
    endpointFailed: false,
    stack: stackAfter(e, deployment, entry),
    took: tookAfter(e.took, deployment, entry.at),
    // What was measured on an endpoint that is gone says nothing about the next one.
    baseline: isDeletion(deployment) ? null : e.baseline,
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

/** There is no endpoint any more. */
function isDeletion({ kind }: Pick<Deployment, 'kind'>): boolean {
  return kind === 'removal' || kind === 'stop';
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
