import { startSmoke } from './decide-smoke.ts';
import type { Settings } from './input.ts';
import { targetOf } from './names.ts';
import type { Observation } from './observation.ts';
import { prodGuards, sealGuard } from './promotion-guards.ts';
import { reason } from './reasons.ts';
import type { Gate, LiveRollout, ServiceState } from './state.ts';
import { NOTHING, RETRY_READ_MS, record, type Step, waitNoted, wake } from './step.ts';

/** What comes next for one live rollout, its endpoint's deployment and smoke claim aside. */
export function decideRollout(
  state: ServiceState,
  rollout: LiveRollout,
  observation: Observation,
  settings: Settings,
  nowMs: number,
): Step {
  switch (rollout.status) {
    case 'staging':
    case 'prod':
      return NOTHING; // Its deployment is what moves.
    case 'testing':
      return startSmoke(state, rollout, 'staging', observation, settings);
    case 'tested':
      return openGate(state, rollout, observation, nowMs);
    case 'held':
      return NOTHING;
    case 'gate':
      return waitForApproval(rollout, nowMs);
    case 'approved':
      return startProd(state, rollout, observation, settings, nowMs);
    case 'verifying':
      return startSmoke(state, rollout, 'prod', observation, settings);
    default: {
      const never: never = rollout;
      throw new Error(`Unknown status ${JSON.stringify(never)}`);
    }
  }
}

/** What changes or checks prod now, in words; null: nothing. */
function prodBusyWith(state: ServiceState, except: string): string | null {
  const { deployment, rollback, intent } = state.environments.prod;
  if (deployment !== null) return deployment.owner;
  if (rollback !== null) return rollback.id;
  if (intent !== null) return 'an open call';
  const other = state.rollouts.find((r) => r.id !== except && ['approved', 'prod', 'verifying'].includes(r.status));
  return other?.id ?? null;
}

function openGate(state: ServiceState, rollout: LiveRollout, observation: Observation, nowMs: number): Step {
  const busy = prodBusyWith(state, rollout.id);
  if (busy !== null) return waitNoted(rollout, reason('waits-for-prod', { what: busy }), RETRY_READ_MS);
  const guarded = sealGuard(rollout, observation);
  if (guarded.kind === 'wait') return waitNoted(rollout, guarded.reason, guarded.inMs ?? RETRY_READ_MS);
  if (guarded.kind === 'void') {
    return record([
      { type: 'RolloutEnded', rolloutId: rollout.id, outcome: 'voided', reason: guarded.reason, by: null },
    ]);
  }
  const expiresAt = new Date(nowMs + rollout.approvalExpiresAfterHours * 3_600_000).toISOString();
  return record([{ type: 'GateOpened', rolloutId: rollout.id, expiresAt }]);
}

function waitForApproval(rollout: Extract<LiveRollout, { gate: Gate }>, nowMs: number): Step {
  const { expiresAt } = rollout.gate;
  const leftMs = Date.parse(expiresAt) - nowMs;
  if (leftMs > 0) return wake(leftMs);
  const why = reason('approval-expired', { at: expiresAt });
  return record([{ type: 'RolloutEnded', rolloutId: rollout.id, outcome: 'expired', reason: why, by: null }]);
}

function startProd(
  state: ServiceState,
  rollout: Extract<LiveRollout, { status: 'approved' }>,
  observation: Observation,
  settings: Settings,
  nowMs: number,
): Step {
  const expiry = waitForApproval(rollout, nowMs);
  if (expiry.events.length > 0) return expiry;
  const busy = prodBusyWith(state, rollout.id) ?? (state.environments.prod.smoke === null ? null : 'a smoke run');
  if (busy !== null) return waitNoted(rollout, reason('waits-for-prod', { what: busy }), RETRY_READ_MS);
  const guarded = prodGuards(state, rollout, observation, settings, nowMs);
  if (guarded.kind === 'wait') return waitNoted(rollout, guarded.reason, guarded.inMs ?? RETRY_READ_MS);
  if (guarded.kind === 'void') {
    return record([
      { type: 'RolloutEnded', rolloutId: rollout.id, outcome: 'voided', reason: guarded.reason, by: null },
    ]);
  }
  const target = targetOf(settings.service, settings.prefix, 'prod', rollout.candidate, rollout.id);
  const deadlineAt = new Date(nowMs + settings.deadlineMinutes.prod * 60_000).toISOString();
  return record([
    { type: 'DeploymentStarted', environment: 'prod', kind: 'rollout', owner: rollout.id, target, deadlineAt },
  ]);
}
