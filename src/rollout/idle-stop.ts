import { VARIANT } from './candidate.ts';
import { activeHolds } from './gates.ts';
import type { Settings } from './input.ts';
import { without } from './mutations.ts';
import type { EndpointSeen } from './observation.ts';
import type { Deployment, LiveRollout, ServiceState, StackedTarget } from './state.ts';

/** How often CloudWatch is asked about an endpoint that the record would stop, at most. */
const ASKED_EVERY_MS = 10 * 60_000;
/** Under this name is remembered when it was asked last. */
export const IDLE_KEY = 'requests of staging';
/** A stop whose call was not sent by then is not carried out: whether anybody uses it is to be asked anew. */
export const STOP_WITHIN_MS = 15 * 60_000;

/** Whether staging may be stopped, as far as the record says. `since`: from when on there must be no request (ISO 8601). */
export type IdleDue =
  | { readonly kind: 'no' }
  | { readonly kind: 'later'; readonly inMs: number }
  | { readonly kind: 'ask'; readonly since: string; readonly usedAt: string };

type Rules = Pick<Settings, 'idleStop' | 'mutations'>;

/** How soon CloudWatch is asked again, where that did not lead on. */
export function askedAgainMs({ idleStop }: Rules): number {
  return Math.min(ASKED_EVERY_MS, idleStop?.afterMs ?? ASKED_EVERY_MS);
}

/** Asks nothing of the outside: what is under way, held or depended on is not stopped, and is not looked at either. */
export function idleDue(state: ServiceState, { idleStop, mutations }: Rules, nowMs: number): IdleDue {
  if (idleStop === undefined || !atRest(state) || dependedOn(state, mutations)) return { kind: 'no' };
  const { usedAt, stack } = state.environments.staging;
  const runs = stack.at(-1);
  if (runs === undefined) return { kind: 'no' };
  const last = usedAt ?? runs.at;
  const idleAtMs = Date.parse(last) + idleStop.afterMs;
  const waitMs = Math.max(idleAtMs, ...holdsEndMs(state, nowMs)) - nowMs;
  if (waitMs === Number.POSITIVE_INFINITY) return { kind: 'no' };
  if (waitMs > 0) return { kind: 'later', inMs: waitMs };
  return { kind: 'ask', since: new Date(nowMs - idleStop.afterMs).toISOString(), usedAt: last };
}

/** It serves what the record says, and nothing changes, measures or cleans up anything of the service. */
function atRest({ environments: { staging, prod }, cleanup }: ServiceState): boolean {
  const still = [staging, prod].every((e) => e.deployment === null && e.intent === null && e.rollback === null);
  const serves = staging.known && staging.settled && staging.stopped === null && !staging.endpointFailed;
  return still && serves && staging.smoke === null && cleanup === null;
}

/** A lock says that nothing is to change, whoever it is that would change it. */
function holdsEndMs(state: ServiceState, nowMs: number): readonly number[] {
  return activeHolds(state, 'staging', nowMs).map(({ until }) =>
    until === null ? Number.POSITIVE_INFINITY : Date.parse(until),
  );
}

/** Whether a rollout that is not over still needs staging as it was tested. */
export function dependedOn({ rollouts }: ServiceState, mutations: Settings['mutations']): boolean {
  if (without(mutations, 'stopped-at-any-gate')) return rollouts.some((r) => r.status !== 'gate');
  return rollouts.some((r) => !maySpare(r));
}

/** Its gate has said that staging may be stopped meanwhile. */
function maySpare(rollout: LiveRollout): boolean {
  return rollout.status === 'gate' && rollout.gate.idleStopHours !== undefined;
}

/**
 * The endpoint is what the record says and at rest: what somebody else made of it is not titanic's to stop. Nor is one
 * with a variant of another name, whose requests nobody counts here.
 */
export function servesThat(seen: EndpointSeen | null, { configName }: Pick<StackedTarget, 'configName'>): boolean {
  if (seen === null || seen.variants.some(({ name }) => name !== VARIANT)) return false;
  return seen.status === 'InService' && seen.pendingConfigName === null && seen.configName === configName;
}

/** Why a stop that was decided is not carried out any more, as a clause; null: it is. */
export function stopOvertaken(
  state: ServiceState,
  { target, startedAt }: Deployment,
  seen: EndpointSeen | null,
  { mutations }: Pick<Settings, 'mutations'>,
  nowMs: number,
): string | null {
  if (nowMs - Date.parse(startedAt) > STOP_WITHIN_MS)
    return 'that took too long, so it is asked again whether anybody uses it';
  if (activeHolds(state, 'staging', nowMs).length > 0) return 'it is held by now';
  if (dependedOn(state, mutations)) return 'a rollout needs it by now';
  return servesThat(seen, target) ? null : 'somebody else has changed it';
}

/** Whether staging, which is gone, is what was tested: titanic stopped it, and it was not changed up to then. */
export function stoppedAsTested({ environments: { staging } }: ServiceState, lastModified: string): boolean {
  return staging.stopped !== null && staging.stopped.lastModified === lastModified;
}
