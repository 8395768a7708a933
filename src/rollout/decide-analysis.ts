import { compareFleets, type FleetFinding, findingWords } from './analysis.ts';
import type { Environment } from './candidate.ts';
import type { Event } from './events.ts';
import { rollbackTarget, startGoingBack } from './going-back.ts';
import type { Settings } from './input.ts';
import { guardOfCall, killSwitch } from './kill-switch.ts';
import { without } from './mutations.ts';
import type { EndpointLook } from './observation.ts';
import { type Reason, reason } from './reasons.ts';
import type { Deployment, EnvironmentState, ServiceState } from './state.ts';
import { endpointPollMs, NOTHING, record, type Step, wake } from './step.ts';

/** How often the fleets of a change are compared: the metrics come once a minute. Milliseconds, 30 s by default. */
export function compareEveryMs(settings: Settings): number {
  return 6 * endpointPollMs(settings);
}

/** How often the numbers are recorded while the verdict stays what it is. Milliseconds, 5 minutes by default. */
function recordEveryMs(settings: Settings): number {
  return 10 * compareEveryMs(settings);
}

/** By this name it is remembered when the fleets of a deployment were compared last. */
export function fleetsKey(deployment: number): string {
  return `fleets ${deployment}`;
}

/** What a look at both fleets adds to the record: the verdict, and the countdown that a worse one begins. */
export function fleetsCompared(
  environment: Environment,
  deployment: Deployment,
  look: EndpointLook,
  settings: Settings,
  nowMs: number,
): readonly Event[] {
  const strategy = guardOfCall(deployment);
  const plan = strategy?.analysis;
  if (strategy === undefined || plan === undefined || look.fleets === undefined || deployment.abort !== null) return [];
  const about = { environment, deployment: deployment.id } as const;
  const before = deployment.analysis;
  const { fleets } = look;
  if (fleets.kind === 'unknown') {
    // Unknown is not fine, and takes nothing back either: a verdict that stands, stands.
    if (before !== undefined) return [];
    const nothing = { verdict: 'inconclusive', findings: [], fleets: null, why: fleets.why } as const;
    return [{ type: 'FleetsCompared', ...about, ...nothing }];
  }
  const { verdict, findings } = compareFleets(fleets.value, strategy);
  const again = before?.verdict === verdict && before.fleets !== null;
  if (again && nowMs - Date.parse(before.at) < recordEveryMs(settings)) return [];
  const compared: Event = { type: 'FleetsCompared', ...about, verdict, findings, fleets: fleets.value, why: null };
  const seconds = plan.autoRollbackSeconds;
  if (verdict !== 'worse' || seconds === null || (before?.dueAt ?? null) !== null) return [compared];
  const dueAt = new Date(nowMs + seconds * 1_000).toISOString();
  return [compared, { type: 'AutoRollbackScheduled', ...about, dueAt, reason: worseReason({ findings }) }];
}

/** prod goes back by itself when nobody said otherwise in time. Needs no look: the kill switch can be set blindly. */
export function autoRollback(
  state: ServiceState,
  environment: Environment,
  { mutations }: Settings,
  nowMs: number,
): Step {
  const e = state.environments[environment];
  const dueAt = dueIn(e);
  if (dueAt === null || without(mutations, 'countdown-ends-in-nothing')) return NOTHING;
  const leftMs = Date.parse(dueAt) - nowMs;
  if (leftMs > 0) return wake(leftMs);
  return goBack(state, environment, e, killSwitch(environment, e, mutations)) ?? NOTHING;
}

/** A change that ends while the countdown runs goes back all the same, unless somebody answered for waiting. */
export function overtakenByItsEnd(state: ServiceState, environment: Environment, { mutations }: Settings): Step | null {
  const e = state.environments[environment];
  if (dueIn(e) === null || e.deployment?.analysis?.snoozed != null) return null;
  // SageMaker is done with it: no switch makes it go back any more.
  return without(mutations, 'countdown-ends-in-nothing') ? null : goBack(state, environment, e, []);
}

/** null: nothing counts down, or it is being stopped already. */
function dueIn({ deployment, rollback }: EnvironmentState): string | null {
  if (deployment === null || deployment.abort !== null || rollback !== null) return null;
  return deployment.analysis?.dueAt ?? null;
}

/** null: there is nothing to go back to. */
function goBack(
  state: ServiceState,
  environment: Environment,
  e: EnvironmentState,
  switched: readonly Event[],
): Step | null {
  const { deployment } = e;
  const target = rollbackTarget(e);
  if (deployment?.analysis === undefined || target === null) return null;
  const why = worseReason(deployment.analysis);
  const rollout = state.rollouts.find((r) => r.id === deployment.owner);
  const asked = {
    environment,
    target,
    cause: 'analysis-failed',
    by: null,
    reason: 'its new fleet is worse than the old one',
  } as const;
  const trip = { kind: 'trip', environment, intent: state.seq + 1 } as const;
  const ended: readonly Event[] =
    rollout === undefined
      ? []
      : [{ type: 'RolloutEnded', rolloutId: rollout.id, outcome: 'failed', reason: why, by: null }];
  return record(
    [
      { type: 'DeploymentAbortMarked', environment, deployment: deployment.id, why },
      ...ended,
      ...startGoingBack(state, asked),
      ...switched,
    ],
    switched.length > 0 ? [trip] : [],
  );
}

function worseReason({ findings }: { readonly findings: readonly FleetFinding[] }): Reason {
  const worse = findings.filter(({ verdict }) => verdict === 'worse').map(findingWords);
  return reason('fleet-worse', { findings: worse.join('; ') || 'worse than before' });
}
