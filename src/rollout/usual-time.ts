import type { EndpointCall } from './events.ts';
import type { Deployment, EndedRollout, EnvironmentState, ServiceState } from './state.ts';
import { type StepName, stepTimes } from './step-times.ts';
import type { Strategy } from './strategy.ts';

/** How an endpoint was changed: what two changes must have in common to take about as long. */
export interface ChangeKind {
  readonly call: 'create' | 'update';
  /** How the traffic was shifted; null: at once, and nothing guarded it. */
  readonly shift: Pick<Strategy, 'traffic' | 'keepPreviousSeconds'> | null;
}

/** One change that succeeded, and how long it took from its call. Milliseconds. */
export interface Took extends ChangeKind {
  readonly ms: number;
}

/** What is usual: the median of the last ones, and of how many. */
export interface Usual {
  readonly ms: number;
  readonly of: number;
}

/** Changes remembered of each environment. */
const TOOK_KEPT = 12;
/** What is usual is told from at most so many of the last. */
const LAST = 5;

export function changeKind(call: EndpointCall): ChangeKind | null {
  switch (call.kind) {
    case 'create':
      return { call: 'create', shift: null };
    case 'update':
      return { call: 'update', shift: call.strategy === undefined ? null : shiftOf(call.strategy) };
    case 'delete':
      return null;
    default:
      return call satisfies never;
  }
}

export function shiftOf({ traffic, keepPreviousSeconds }: Strategy): NonNullable<ChangeKind['shift']> {
  return { traffic, keepPreviousSeconds };
}

/** The changes remembered after one more succeeded, newest first. What two clocks make nonsense of is left out. */
export function tookAfter(took: readonly Took[], { followed }: Deployment, at: string): readonly Took[] {
  const kind = followed === null ? null : changeKind(followed.call);
  if (followed === null || kind === null) return took;
  const ms = Date.parse(at) - Date.parse(followed.since);
  return ms > 0 ? [{ ...kind, ms }, ...took].slice(0, TOOK_KEPT) : took;
}

/** How long a change of this kind usually takes here; null: there was none yet. */
export function usualChange({ took }: Pick<EnvironmentState, 'took'>, kind: ChangeKind): Usual | null {
  return usualOf(took.filter((one) => sameKind(one, kind)).map(({ ms }) => ms));
}

function sameKind(one: ChangeKind, other: ChangeKind): boolean {
  return one.call === other.call && shiftKey(one.shift) === shiftKey(other.shift);
}

function shiftKey(shift: ChangeKind['shift']): string {
  if (shift === null) return 'at once';
  const { traffic, keepPreviousSeconds } = shift;
  const wait =
    traffic.kind === 'canary' ? traffic.bakeSeconds : 'intervalSeconds' in traffic ? traffic.intervalSeconds : 0;
  const percent = 'percent' in traffic ? traffic.percent : 100;
  return [traffic.kind, percent, wait, keepPreviousSeconds].join(' ');
}

/** How long a step usually took in earlier rollouts of the service that finished it; null: none has. */
export function usualStep({ ended }: Pick<ServiceState, 'ended'>, step: StepName): Usual | null {
  return usualOf(ended.flatMap((rollout) => stepMs(rollout, step)));
}

function stepMs(rollout: EndedRollout, step: StepName): readonly number[] {
  const found = stepTimes(rollout).find((one) => one.step === step);
  if (found === undefined || found.from === null || found.to === null || found.broken) return [];
  const ms = Date.parse(found.to) - Date.parse(found.from);
  return ms > 0 ? [ms] : [];
}

function usualOf(newestFirst: readonly number[]): Usual | null {
  const last = newestFirst.slice(0, LAST).toSorted((a, b) => a - b);
  const middle = Math.floor(last.length / 2);
  const [high, low] = [last[middle], last.length % 2 === 0 ? last[middle - 1] : last[middle]];
  if (high === undefined || low === undefined) return null;
  return { ms: Math.round((low + high) / 2), of: last.length };
}
