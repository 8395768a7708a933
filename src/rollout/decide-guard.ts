import type { Environment } from './candidate.ts';
import type { Event } from './events.ts';
import type { AlarmState } from './guard-events.ts';
import { GUARDRAIL_OFF, type Guardrail, guardrailOf } from './guardrail.ts';
import type { Settings } from './input.ts';
import { guardOfCall, tripOf } from './kill-switch.ts';
import { without } from './mutations.ts';
import type { AlarmSeen, EndpointLook, EndpointSeen, Observation } from './observation.ts';
import type { Guarded } from './promotion-guards.ts';
import { reason } from './reasons.ts';
import type { Deployment, LiveRollout } from './state.ts';
import { record, type Step, wake } from './step.ts';
import { alarmsOf, killSwitchOf, type Strategy } from './strategy.ts';

/** Set again after this where nobody recorded an outcome, or where it did not stay set. Milliseconds. */
const TRIP_AGAIN_MS = 10_000;
/** Refused or undone this often, it is left to the slower way: the update ends and prod is brought back. */
const TRIPS_MOST = 8;

/** Whether SageMaker will guard the next change of prod; off for staging, whose plan has no strategy. */
export function guardrailFor(environment: Environment, rollout: LiveRollout, endpoint: EndpointSeen | null): Guardrail {
  const { plans, marketplace = false } = rollout.candidate;
  return guardrailOf(plans[environment], {
    runs: endpoint !== null && endpoint.status !== 'Failed',
    variantNames: endpoint?.variants.map(({ name }) => name) ?? [],
    marketplace,
  });
}

/** Nothing goes to prod unguarded where that is demanded; the very first deployment has nothing to go back to. */
export function demandedGuard(guardrail: Guardrail, strategy: Strategy | undefined): Guarded {
  if (guardrail.on || strategy?.required !== true || guardrail.because === 'first-deployment') return { kind: 'go' };
  return { kind: 'void', reason: reason('guardrail-missing', { why: GUARDRAIL_OFF[guardrail.because] }) };
}

/**
 * The alarms right before a guarded change: one that is missing or already in ALARM would keep it from being guarded,
 * or take it back for what was wrong before. What cannot be read is waited for.
 */
export function alarmsGuard(
  look: EndpointLook,
  configName: string,
  { alarms: plan }: Strategy,
  { mutations }: Settings,
): Guarded {
  if (look.alarms === undefined) return { kind: 'unseen' };
  if (look.alarms.kind === 'unknown')
    return { kind: 'wait', reason: reason('alarms-unreadable', { why: look.alarms.why }) };
  if (without(mutations, 'alarms-not-asked')) return { kind: 'go' };
  const seen = look.alarms.value;
  for (const name of alarmsOf(configName, plan)) {
    const alarm = seen.find((a) => a.name === name);
    if (alarm === undefined || alarm.state === 'missing')
      return { kind: 'wait', reason: reason('alarm-missing', { alarm: name }) };
    if (alarm.state === 'ALARM')
      return { kind: 'wait', reason: reason('alarm-on', { alarm: name, why: alarm.why ?? 'no reason given' }) };
    const waits = alarm.state !== 'OK' && plan.named.includes(name) && plan.namedWithoutData === 'wait';
    if (waits) return { kind: 'wait', reason: reason('alarm-without-data', { alarm: name }) };
  }
  return { kind: 'go' };
}

/** What a look at a guarded change under way adds to the record. */
export function guardSeen(
  environment: Environment,
  deployment: Deployment,
  endpoint: EndpointSeen,
  look: EndpointLook,
): readonly Event[] {
  const strategy = guardOfCall(deployment);
  if (strategy === undefined) return [];
  const events: Event[] = [];
  const alarms = look.alarms?.kind === 'known' ? look.alarms.value.map(stateOf) : null;
  if (alarms !== null && !sameStates(alarms, deployment.alarms))
    events.push({ type: 'AlarmsSeen', environment, deployment: deployment.id, alarms });
  if (endpoint.keptSince !== undefined && deployment.serving === undefined) {
    const until = new Date(Date.parse(endpoint.keptSince) + strategy.keepPreviousSeconds * 1_000).toISOString();
    events.push({ type: 'FleetServing', environment, deployment: deployment.id, until });
  }
  return events;
}

function stateOf({ name, state, why }: AlarmSeen): AlarmState {
  return { name, state, why };
}

function sameStates(seen: readonly AlarmState[], before: readonly AlarmState[] | undefined): boolean {
  if (before?.length !== seen.length) return false;
  return seen.every(({ name, state }, at) => before[at]?.name === name && before[at].state === state);
}

/** Alarms that were on at any time, the kill switch aside: what took the traffic back. */
export function alarmsThatWentOff(deployment: Deployment, look: EndpointLook): readonly string[] {
  const seen = look.alarms?.kind === 'known' ? look.alarms.value : [];
  const on = seen.filter(({ state }) => state === 'ALARM').map(({ name }) => name);
  const own = killSwitchOf(deployment.target.configName);
  return [...new Set([...(deployment.wentOff ?? []), ...on])].filter((name) => name !== own);
}

/**
 * A guarded change that was stopped is undone by SageMaker itself once its kill switch is on. Setting it is repeated
 * until it is seen on, or until that was refused too often: then the change ends by itself, and prod is brought back.
 * `seq` is the next entry's.
 */
export function tripStep(
  environment: Environment,
  deployment: Deployment,
  look: EndpointLook,
  { agesMs }: Observation,
  { mutations }: Settings,
  seq: number,
): Step | null {
  const { trip, abort } = deployment;
  const stoppable = abort !== null && look.endpoint?.status === 'Updating' && guardOfCall(deployment) !== undefined;
  if (!stoppable || without(mutations, 'kill-switch-never-set')) return null;
  const again = () => record([tripOf(environment, deployment)], [{ kind: 'trip', environment, intent: seq }]);
  if (trip === undefined) return again();
  if (trip.tries >= TRIPS_MOST) return null;
  const ageMs = agesMs[trip.decided?.seq ?? trip.seq] ?? 0;
  const on = trip.decided?.kind === 'accepted' && isOn(deployment, look);
  if (on) return null;
  return ageMs < TRIP_AGAIN_MS ? wake(TRIP_AGAIN_MS - ageMs) : again();
}

/** Accepted and not seen to be off again: what cannot be read is no sign that it did not stay. */
function isOn(deployment: Deployment, look: EndpointLook): boolean {
  if (look.alarms?.kind !== 'known') return true;
  const own = killSwitchOf(deployment.target.configName);
  return look.alarms.value.some(({ name, state }) => name === own && state === 'ALARM');
}
