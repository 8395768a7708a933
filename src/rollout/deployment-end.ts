import type { DeploymentContext } from './decide-deployment.ts';
import type { Baseline, Event, RolloutOutcome } from './events.ts';
import { startGoingBack } from './going-back.ts';
import { clause, type Reason } from './reasons.ts';

/** The deployment really serves. A rollback is recorded as reached in the same entry as what reached it. */
export function deploymentSucceeded(
  c: DeploymentContext,
  endpointArn: string,
  images: readonly string[],
  why: Reason,
): readonly Event[] {
  const { deployment, environment, e } = c;
  const events: Event[] = [
    { type: 'DeploymentSucceeded', environment, deployment: deployment.id, endpointArn, images, reason: why },
  ];
  if (deployment.kind === 'rollback' && e.rollback?.id === deployment.owner) {
    events.push({ type: 'RollbackEnded', rollbackId: e.rollback.id, environment, reached: true, reason: why });
  }
  return events;
}

/**
 * The deployment ends without success, and what follows from that: its rollout ends, its rollback ends unreached, and
 * where something else than the last good config is live, the endpoint goes back by itself.
 */
export function deploymentFailed(
  c: DeploymentContext,
  why: Reason,
  seen: Baseline | null,
  outcome: Extract<RolloutOutcome, 'failed' | 'voided' | 'expired'>,
): readonly Event[] {
  const { deployment, environment, e, rollout, state } = c;
  const events: Event[] = [{ type: 'DeploymentFailed', environment, deployment: deployment.id, reason: why, seen }];
  if (deployment.kind === 'rollback') {
    if (e.rollback?.id === deployment.owner) {
      events.push({ type: 'RollbackEnded', rollbackId: e.rollback.id, environment, reached: false, reason: why });
    }
    return events;
  }
  if (rollout !== undefined)
    events.push({ type: 'RolloutEnded', rolloutId: rollout.id, outcome, reason: why, by: null });
  const target = e.stack.at(-1);
  // A rollback asked for meanwhile is under way already, and only deletion helps a Failed prod endpoint.
  if (deployment.kind !== 'rollout' || target === undefined || e.rollback !== null || seen === null) return events;
  const failedProd = environment === 'prod' && seen.present && seen.status === 'Failed';
  const already = seen.present
    ? seen.configName === target.configName && seen.pendingConfigName === null
    : // Nothing came of bringing it back: it is as stopped as before.
      e.stopped !== null;
  if (failedProd || already) return events;
  return [
    ...events,
    ...startGoingBack(state, { environment, target, cause: 'deployment-failed', by: null, reason: clause(why) }),
  ];
}
