import type { Environment } from './candidate.ts';
import { activeHolds, countApprovals, holdReason } from './gates.ts';
import type { Settings } from './input.ts';
import type { EndpointLook, Observation, Reading } from './observation.ts';
import { type Reason, reason } from './reasons.ts';
import type { LiveRollout, ServiceState } from './state.ts';

/** `wait`: not now, but perhaps later. `void`: never; the rollout ends. */
export type Guarded =
  | { readonly kind: 'go' }
  | { readonly kind: 'wait'; readonly reason: Reason; readonly inMs?: number }
  | { readonly kind: 'void'; readonly reason: Reason };

const GO: Guarded = { kind: 'go' };

/** The seal as it is now. What cannot be read is waited for, never taken as equal. */
export function sealGuard(rollout: LiveRollout, observation: Observation): Guarded {
  const { seal, approval } = observation;
  if (seal === null) return { kind: 'wait', reason: reason('seal-unreadable', { why: 'not read yet' }) };
  if (seal.kind === 'unknown') return { kind: 'wait', reason: reason('seal-unreadable', { why: seal.why }) };
  if (seal.value.length > 0) return { kind: 'void', reason: reason('seal-changed', { field: seal.value.join(', ') }) };
  if (approval !== 'Approved') {
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
    sealGuard(rollout, observation),
    holdGuard(state, 'prod', nowMs),
    quorumGuard(rollout, observation),
    stagingGuard(rollout, observation, settings),
  ]) {
    if (guard.kind !== 'go') return guard;
  }
  return GO;
}

/** A lock or a hold of the environment is waited for. */
export function holdGuard(state: ServiceState, environment: Environment, nowMs: number): Guarded {
  const [hold] = activeHolds(state, environment, nowMs);
  return hold === undefined ? GO : { kind: 'wait', reason: holdReason('waits-for-lock', environment, hold) };
}

function quorumGuard(rollout: LiveRollout, observation: Observation): Guarded {
  const { approvers } = observation;
  if (approvers === null) return { kind: 'wait', reason: reason('waits-for-group', { why: 'not read yet' }) };
  if (approvers.kind === 'unknown') return { kind: 'wait', reason: reason('waits-for-group', { why: approvers.why }) };
  const approvals = 'gate' in rollout ? rollout.gate.approvals : [];
  const have = countApprovals(approvals, rollout.requester, (id) => approvers.value.includes(id));
  const need = rollout.quorum;
  return have >= need ? GO : { kind: 'wait', reason: reason('quorum-lost', { have, need }) };
}

/** Staging is what was tested: looked at once more, some time after the last probe. */
function stagingGuard(rollout: LiveRollout, observation: Observation, settings: Settings): Guarded {
  const { smoke } = rollout;
  if (smoke === null)
    return { kind: 'void', reason: reason('smoke-not-passed', { rollout: rollout.id, doing: 'no report' }) };
  const ageMs = observation.agesMs[smoke.finishedSeq] ?? 0;
  if (ageMs < settings.times.describeLagMs)
    return { kind: 'wait', reason: reason('waits-for-staging-look'), inMs: settings.times.describeLagMs - ageMs };
  const look = observation.endpoints.staging;
  if (look === null || look.kind === 'unknown') {
    const why = look === null ? 'not read yet' : look.why;
    const endpoint = settings.endpointNames.staging;
    return { kind: 'wait', reason: reason('waits-for-endpoint-reading', { endpoint, why }) };
  }
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
