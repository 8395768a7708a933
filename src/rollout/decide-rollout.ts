import { remindOfGate } from './decide-reminder.ts';
import { startSmoke } from './decide-smoke.ts';
import { prodBusyWith, quorumOf } from './gates.ts';
import type { Settings } from './input.ts';
import { without } from './mutations.ts';
import { targetOf } from './names.ts';
import type { Observation } from './observation.ts';
import { prodGuards, sealGuard, unlessGo } from './promotion-guards.ts';
import { type Reason, reason } from './reasons.ts';
import type { Gate, LiveRollout, ServiceState } from './state.ts';
import { NOTHING, RETRY_READ_MS, record, type Step, sooner, waitNoted, wake } from './step.ts';

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
      return startSmoke(state, rollout, 'staging', observation, settings, nowMs);
    case 'tested':
      return openGate(state, rollout, observation, settings, nowMs);
    case 'held':
      return NOTHING;
    case 'gate':
      return askAtGate(state, rollout, settings, nowMs);
    case 'approved':
      return startProd(state, rollout, observation, settings, nowMs);
    case 'verifying':
      return startSmoke(state, rollout, 'prod', observation, settings, nowMs);
    default: {
      const never: never = rollout;
      throw new Error(`Unknown status ${JSON.stringify(never)}`);
    }
  }
}

function openGate(
  state: ServiceState,
  rollout: LiveRollout,
  observation: Observation,
  settings: Settings,
  nowMs: number,
): Step {
  const busy = prodBusyWith(state, rollout.id);
  if (busy !== null) return waitNoted(rollout, reason('waits-for-prod', { what: busy }), RETRY_READ_MS, nowMs);
  const guarded = unlessGo(sealGuard(rollout, observation, settings, nowMs), rollout, nowMs, voided(rollout));
  if (guarded !== null) return guarded;
  const expiresAt = new Date(nowMs + rollout.approvalExpiresAfterHours * 3_600_000).toISOString();
  const quorum = quorumOf(rollout, settings);
  const more = quorum > rollout.quorum ? { quorum } : {};
  const { idleStop } = settings;
  const spared = idleStop?.whileGateOpen === true ? { idleStopHours: idleStop.afterMs / 3_600_000 } : {};
  return record([{ type: 'GateOpened', rolloutId: rollout.id, expiresAt, ...more, ...spared }]);
}

function voided(rollout: LiveRollout): (why: Reason) => Step {
  return (why) => record([{ type: 'RolloutEnded', rolloutId: rollout.id, outcome: 'voided', reason: why, by: null }]);
}

/** Its expiry comes first; until then approvers are called again, as often as configured. */
function askAtGate(
  state: ServiceState,
  rollout: Extract<LiveRollout, { gate: Gate }>,
  settings: Settings,
  nowMs: number,
): Step {
  const expiry = waitForApproval(rollout, nowMs);
  if (expiry.events.length > 0) return expiry;
  return sooner(remindOfGate(state, rollout, settings, nowMs), expiry);
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
  if (without(settings.mutations, 'reminded-after-the-decision')) {
    const reminder = remindOfGate(state, rollout, settings, nowMs);
    if (reminder.events.length > 0) return reminder;
  }
  // Whatever it waits for, it waits no longer than the approval counts.
  return sooner(startUnlessGuarded(state, rollout, observation, settings, nowMs), expiry);
}

function startUnlessGuarded(
  state: ServiceState,
  rollout: Extract<LiveRollout, { status: 'approved' }>,
  observation: Observation,
  settings: Settings,
  nowMs: number,
): Step {
  const { notBefore } = rollout.gate;
  const leftMs = notBefore === null ? 0 : Date.parse(notBefore) - nowMs;
  if (leftMs > 0 && !without(settings.mutations, 'planned-time-ignored'))
    return waitNoted(rollout, reason('waits-for-time', { at: notBefore ?? '' }), leftMs, nowMs);
  const busy = prodBusyWith(state, rollout.id) ?? (state.environments.prod.smoke === null ? null : 'a smoke run');
  if (busy !== null) return waitNoted(rollout, reason('waits-for-prod', { what: busy }), RETRY_READ_MS, nowMs);
  const guards = prodGuards(state, rollout, observation, settings, nowMs);
  const guarded = unlessGo(guards, rollout, nowMs, voided(rollout));
  if (guarded !== null) return guarded;
  const target = targetOf(settings.service, settings.prefix, 'prod', rollout.candidate, rollout.id);
  const deadlineAt = new Date(nowMs + settings.deadlineMinutes.prod * 60_000).toISOString();
  return record([
    { type: 'DeploymentStarted', environment: 'prod', kind: 'rollout', owner: rollout.id, target, deadlineAt },
  ]);
}
