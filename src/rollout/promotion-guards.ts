import type { Environment } from './candidate.ts';
import { countApprovals, freezeFor, freezeReason, glassOf, holdReason, holdsFor, quorumOf } from './gates.ts';
import { stoppedAsTested } from './idle-stop.ts';
import type { Settings } from './input.ts';
import { without } from './mutations.ts';
import type { EndpointLook, Observation, Reading } from './observation.ts';
import { type Reason, reason } from './reasons.ts';
import type { Approval, LiveRollout, ServiceState } from './state.ts';
import { RETRY_READ_MS, type Step, waitNoted, wake } from './step.ts';

/**
 * `wait`: not now, but perhaps later. `unseen`: not looked at in this pass. `ask-people`: it depends on who may approve
 * now. `void`: never; the rollout ends.
 */
export type Guarded =
  | { readonly kind: 'go' }
  | { readonly kind: 'wait'; readonly reason: Reason; readonly inMs?: number }
  | { readonly kind: 'unseen' | 'ask-people' }
  | { readonly kind: 'void'; readonly reason: Reason };

const GO: Guarded = { kind: 'go' };

/** How soon people are asked for again, and a hold is looked at again whose release would be an entry. Milliseconds. */
const PATIENCE_MS = 30_000;

/** The step that a guard's answer leads to; null: go on. */
export function unlessGo(
  guarded: Guarded,
  rollout: LiveRollout,
  nowMs: number,
  voided: (why: Reason) => Step,
): Step | null {
  switch (guarded.kind) {
    case 'go':
      return null;
    case 'unseen':
      return wake(RETRY_READ_MS);
    case 'ask-people':
      return { ...wake(PATIENCE_MS), asksPeople: true };
    case 'wait':
      return waitNoted(rollout, guarded.reason, guarded.inMs ?? RETRY_READ_MS, nowMs);
    case 'void':
      return voided(guarded.reason);
    default: {
      const never: never = guarded;
      throw new Error(`Unknown guard ${JSON.stringify(never)}`);
    }
  }
}

/** The seal as it is now. What cannot be read is waited for, never taken as equal. */
export function sealGuard(
  rollout: LiveRollout,
  observation: Observation,
  { mutations, times }: Settings,
  nowMs: number,
): Guarded {
  const read = observation.seals[rollout.id];
  if (read === undefined) return { kind: 'unseen' };
  if (read.kind === 'unknown') return { kind: 'wait', reason: reason('seal-unreadable', { why: read.why }) };
  const { differences, approval } = read.value;
  if (differences.length > 0)
    return { kind: 'void', reason: reason('seal-changed', { field: differences.join(', ') }) };
  // It was approved when the rollout started: right after that a look may be of the moment before.
  const pending = approval === 'PendingManualApproval';
  if (pending && nowMs - Date.parse(rollout.startedAt) < times.noTraceMs)
    return { kind: 'wait', reason: reason('waits-for-approval-to-show', { version: rollout.candidate.version }) };
  if (approval !== 'Approved' && !without(mutations, 'rejection-outside-ignored')) {
    const { version } = rollout.candidate;
    return { kind: 'void', reason: reason('package-no-longer-approved', { version, status: approval ?? 'unknown' }) };
  }
  return GO;
}

/** Everything that must hold in the moment before prod is touched; asked again for each call that touches it. */
export function prodGuards(
  state: ServiceState,
  rollout: LiveRollout,
  observation: Observation,
  settings: Settings,
  nowMs: number,
): Guarded {
  for (const guard of [
    // First what is known without looking: nothing is read while it stands.
    without(settings.mutations, 'glass-past-every-lock') && glassOf(rollout) !== null
      ? GO
      : holdGuard(state, 'prod', nowMs, rollout),
    freezeGuard(rollout, settings, nowMs),
    without(settings.mutations, 'seal-not-read-again') ? GO : sealGuard(rollout, observation, settings, nowMs),
    stagingGuard(state, rollout, observation, settings),
    // Last, because Slack lets groups be read only so often.
    without(settings.mutations, 'approval-not-checked-again') ? GO : quorumGuard(rollout, observation, settings),
  ]) {
    if (guard.kind !== 'go') return guard;
  }
  return GO;
}

/** What must hold before staging is touched: it was approved by being asked for. */
export function stagingGuards(
  state: ServiceState,
  rollout: LiveRollout,
  observation: Observation,
  settings: Settings,
  nowMs: number,
): Guarded {
  const held = holdGuard(state, 'staging', nowMs, rollout);
  return held.kind === 'go' ? sealGuard(rollout, observation, settings, nowMs) : held;
}

/** A lock or a hold of the environment is waited for. */
function holdGuard(state: ServiceState, environment: Environment, nowMs: number, rollout: LiveRollout): Guarded {
  const [hold] = holdsFor(state, environment, rollout, nowMs);
  if (hold === undefined) return GO;
  const leftMs = hold.until === null ? PATIENCE_MS : Date.parse(hold.until) - nowMs;
  const inMs = Math.min(PATIENCE_MS, leftMs);
  return { kind: 'wait', reason: holdReason('waits-for-lock', environment, hold), inMs };
}

/** A freeze that began after the approval is waited for as well. */
function freezeGuard(rollout: LiveRollout, settings: Settings, nowMs: number): Guarded {
  const freeze = freezeFor(rollout, settings, nowMs);
  if (freeze === null) return GO;
  return {
    kind: 'wait',
    reason: freezeReason('waits-for-freeze', freeze),
    inMs: Math.min(PATIENCE_MS, Math.max(1, freeze.untilMs - nowMs)),
  };
}

function quorumGuard(rollout: LiveRollout, observation: Observation, settings: Settings): Guarded {
  const { approvers } = observation;
  if (approvers === null) return { kind: 'ask-people' };
  if (approvers.kind === 'unknown')
    return { kind: 'wait', reason: reason('waits-for-group', { why: approvers.why }), inMs: PATIENCE_MS };
  const glass = glassOf(rollout);
  if (glass !== null) {
    const still = approvers.value.includes(glass.by) || without(settings.mutations, 'glass-not-checked-again');
    if (still) return GO;
    return { kind: 'wait', reason: reason('quorum-lost', { have: 0, need: 1 }), inMs: PATIENCE_MS };
  }
  const approvals = 'gate' in rollout ? rollout.gate.approvals : [];
  const have = countApprovals(approvals, rollout.requester, (id) => approvers.value.includes(id), settings.mutations);
  const need = quorumOf(rollout, settings);
  if (have < need) return { kind: 'wait', reason: reason('quorum-lost', { have, need }), inMs: PATIENCE_MS };
  return mandatoryGuard(rollout, approvals, approvers.value, observation, settings);
}

/** One of the approvals is of somebody who is in the mandatory group now. */
function mandatoryGuard(
  { requester }: LiveRollout,
  approvals: readonly Approval[],
  approvers: readonly string[],
  { mandatory }: Observation,
  settings: Settings,
): Guarded {
  if (settings.mandatoryGroup !== true) return GO;
  const wait = (why: Reason): Guarded => ({ kind: 'wait', reason: why, inMs: PATIENCE_MS });
  if (mandatory === undefined || mandatory.kind === 'unknown')
    return wait(reason('waits-for-group', { why: mandatory?.why ?? 'not asked' }));
  const counts = (id: string) => id !== requester && approvers.includes(id) && mandatory.value.includes(id);
  return approvals.some((a) => counts(a.by)) ? GO : wait(reason('mandatory-lost'));
}

/** Staging is what was tested: looked at once more, some time after the last probe. */
function stagingGuard(
  state: ServiceState,
  rollout: LiveRollout,
  observation: Observation,
  settings: Settings,
): Guarded {
  const { smoke } = rollout;
  if (smoke === null)
    return { kind: 'void', reason: reason('smoke-not-passed', { rollout: rollout.id, doing: 'no report' }) };
  const ageMs = observation.agesMs[smoke.finishedSeq] ?? 0;
  if (ageMs < settings.times.describeLagMs)
    return { kind: 'wait', reason: reason('waits-for-staging-look'), inMs: settings.times.describeLagMs - ageMs };
  if (state.environments.staging.deployment?.kind === 'stop')
    return { kind: 'wait', reason: reason('waits-for-sagemaker', { doing: 'staging is being stopped' }) };
  const look = observation.endpoints.staging;
  if (look === null) return { kind: 'unseen' };
  if (look.kind === 'unknown') {
    const endpoint = settings.endpointNames.staging;
    return { kind: 'wait', reason: reason('waits-for-endpoint-reading', { endpoint, why: look.why }) };
  }
  // Its gate said that it may be stopped, and then it is as it was tested as long as nothing is there.
  if (look.value.endpoint === null && stoppedAsTested(state, smoke.lastModified)) return GO;
  const field = stagingDifference(look, smoke.lastModified);
  return field === null ? GO : { kind: 'void', reason: reason('staging-changed', { field }) };
}

function stagingDifference(look: Reading<EndpointLook> & { kind: 'known' }, lastModified: string): string | null {
  const seen = look.value.endpoint;
  if (seen === null) return 'the endpoint is gone';
  if (seen.pendingConfigName !== null) return 'an update is under way';
  if (seen.lastModified !== lastModified) return 'LastModifiedTime';
  return seen.status === 'InService' ? null : 'EndpointStatus';
}
