import type { Series, UsageSeen } from '../ports/usage.ts';
import type { Environment } from '../rollout/candidate.ts';
import type { Strategy } from '../rollout/strategy.ts';
import { type InstanceSize, nextSmaller, sizeOf } from './instance-sizes.ts';
import { type Prices, priceOf } from './prices.ts';

/*
 * Whether an endpoint would do with less. Thresholds are those by which AWS Compute Optimizer sizes instances unless it
 * is told otherwise: the 99.5th percentile of the load of 14 days, and 20 % of CPU and memory left free (API reference,
 * UtilizationPreference). Of a load that changes, its peaks count and never its mean.
 */

/** How far back is looked at most. */
export const LOOK_BACK_DAYS = 14;
/** Less says nothing: each day of the week is to be in it. Ours. */
export const FEWEST_DAYS = 7;
const PEAK = 0.995;
/** Of all there is, after the change. */
const MOST_USED = 0.8;
/** An answer that is nearer to its limit than this leaves no room for instances that have more to do. Ours. */
const MOST_OF_LATENCY = 0.8;
/** In a smaller share of the periods there are requests: an endpoint that waits most of the time. Ours. */
const SELDOM = 0.05;
/** What an instance can take is halved for the target of autoscaling (SageMaker Developer Guide, SAFETY_FACTOR). */
const SAFETY_FACTOR = 0.5;
const SERVERLESS_STEP_MB = 1024;
const SERVERLESS_MOST_MB = 6144;

export interface SizeFacts {
  readonly environment: Environment;
  readonly runs:
    | { readonly kind: 'serverless' }
    | { readonly kind: 'instances'; readonly instanceType: string; readonly count: number };
  /** How prod is changed; absent: all at once. */
  readonly strategy?: Strategy;
  /** What serverless cannot have: VPC, guardrails, a key for its volume. */
  readonly bound: boolean;
  /** What its smoke tests allow. Milliseconds. */
  readonly maxP95Ms: number;
  readonly usage: UsageSeen;
  readonly prices: Prices | null;
  /** All types that SageMaker has. */
  readonly offered: readonly string[];
}

export type Advice =
  | { readonly kind: 'fewer'; readonly count: number }
  | { readonly kind: 'smaller'; readonly instanceType: string }
  /** `target`: requests per instance and minute; null: it had none. */
  | { readonly kind: 'autoscaling'; readonly min: number; readonly max: number; readonly target: number | null }
  | { readonly kind: 'serverless'; readonly memoryMb: number }
  | { readonly kind: 'leave' }
  | { readonly kind: 'not-enough-data' }
  /** An instance of which more counts than is read here. */
  | { readonly kind: 'not-judged' };

/** What the judgement rests on. Shares are of one instance, 0 to 1. */
export interface SizeNumbers {
  readonly days: number;
  readonly cpuPeak: number;
  readonly memoryPeak: number;
  /** Milliseconds; null: no request was answered. */
  readonly p95Peak: number | null;
  readonly requests: number;
  readonly busiestMinute: number;
}

export interface Recommendation {
  readonly advice: Advice;
  /** A sentence. */
  readonly reason: string;
  readonly numbers: SizeNumbers | null;
  /** An hour; null: nothing, or no price is known. */
  readonly saves: { readonly perHour: number; readonly how: 'exactly' | 'about' | 'at most' } | null;
}

type OnInstances = SizeFacts & { readonly runs: Extract<SizeFacts['runs'], { kind: 'instances' }> };

/** What to run an endpoint on, one step away from what it runs on now. Pure. */
export function rightSize(facts: SizeFacts): Recommendation {
  const { runs, usage } = facts;
  if (runs.kind === 'serverless') return plain('leave', 'Serverless is billed by use, so there is nothing to size.');
  const size = sizeOf(runs.instanceType);
  if (size === null) {
    const why = 'of accelerators, credits and unusual sizes more counts than CPU and memory, which is all that is read';
    return plain('not-judged', `${runs.instanceType} is not judged: ${why}.`);
  }
  const days = Math.min(daysOf(usage.cpuPercent, usage), daysOf(usage.memoryPercent, usage));
  if (days < FEWEST_DAYS) {
    const has = `CloudWatch has ${rounded(days)} days of its CPU and memory since this version came`;
    return plain('not-enough-data', `${has}; ${FEWEST_DAYS} are needed, so that each day of the week is in it.`);
  }
  return judged({ ...facts, runs }, size, numbersOf(usage, size, days));
}

/** The fewest instances that an environment needs whatever its load, and why. */
export function fewestOf(environment: Environment, strategy: Strategy | undefined): { count: number; because: string } {
  if (environment === 'staging') return { count: 1, because: 'staging needs one' };
  const traffic = strategy?.traffic;
  const whole = traffic === undefined || traffic.kind === 'all-at-once' ? 0 : Math.ceil(100 / traffic.percent);
  if (traffic === undefined || whole < 2)
    return { count: 2, because: 'with fewer than two a failed one would be prod' };
  const share = traffic.kind === 'all-at-once' ? '' : ` of ${traffic.percent} %`;
  return {
    count: whole,
    because: `${traffic.kind}${share} needs ${whole}, so that there is a whole one to begin with`,
  };
}

function judged(facts: OnInstances, size: InstanceSize, numbers: SizeNumbers): Recommendation {
  const slow = tooSlow(facts, numbers);
  if (slow !== null) return { advice: { kind: 'leave' }, reason: slow, numbers, saves: null };
  return (
    serverless(facts, size, numbers) ??
    fewer(facts, numbers) ??
    smaller(facts, size, numbers) ??
    autoscaling(facts, size, numbers) ?? {
      advice: { kind: 'leave' },
      reason: fits(facts, size, numbers),
      numbers,
      saves: null,
    }
  );
}

function tooSlow({ maxP95Ms }: SizeFacts, { p95Peak }: SizeNumbers): string | null {
  if (p95Peak === null || p95Peak <= maxP95Ms * MOST_OF_LATENCY) return null;
  return `Its p95 peaks at ${Math.round(p95Peak)} ms, close to the ${maxP95Ms} ms that its smoke tests allow: with less it would be slower.`;
}

/** An endpoint that nearly nobody asks. SageMaker has no serverless in a VPC, and guards no change of one. */
function serverless(facts: OnInstances, size: InstanceSize, numbers: SizeNumbers): Recommendation | null {
  const { runs, usage, bound, environment } = facts;
  const busy = usage.requests.filter((count) => count > 0).length;
  const share = busy / usage.cpuPercent.length;
  const neededMb = (numbers.memoryPeak * size.memoryGiB * 1024) / MOST_USED;
  const memoryMb = Math.ceil(neededMb / SERVERLESS_STEP_MB) * SERVERLESS_STEP_MB;
  if (bound || share >= SELDOM || memoryMb > SERVERLESS_MOST_MB) return null;
  const asked = `In ${percent(share)} of the time it had requests at all`;
  const how = `SageMaker makes no endpoint of instances serverless, so it needs another ${environment}.endpointName`;
  return {
    advice: { kind: 'serverless', memoryMb },
    reason: `${asked}. Serverless costs nothing meanwhile, and the first answer after a pause takes seconds. ${how}.`,
    numbers,
    saves: saving(priceOfAll(facts, runs.instanceType, runs.count), 'at most'),
  };
}

function fewer(facts: OnInstances, numbers: SizeNumbers): Recommendation | null {
  const { runs, environment, strategy } = facts;
  const fewest = fewestOf(environment, strategy);
  const count = Math.max(fewest.count, needed(runs.count, numbers.cpuPeak));
  if (count >= runs.count) return null;
  const then = percent((numbers.cpuPeak * runs.count) / count);
  const bounded = count === fewest.count ? `, and ${fewest.because}` : '';
  return {
    advice: { kind: 'fewer', count },
    reason: `CPU peaks at ${percent(numbers.cpuPeak)} of an instance; with ${count} it would be ${then}${bounded}.`,
    numbers,
    saves: saving(priceOfAll(facts, runs.instanceType, runs.count - count), 'exactly'),
  };
}

function smaller(facts: OnInstances, size: InstanceSize, numbers: SizeNumbers): Recommendation | null {
  const { runs, offered } = facts;
  const type = nextSmaller(runs.instanceType, offered);
  const cores = type === null ? null : (sizeOf(type)?.cores ?? null);
  if (type === null || cores === null) return null;
  const ratio = cores / size.cores;
  const [cpu, memory] = [numbers.cpuPeak / ratio, numbers.memoryPeak / ratio];
  if (cpu > MOST_USED || memory > MOST_USED) return null;
  const [now, then] = [priceOfAll(facts, runs.instanceType, runs.count), priceOfAll(facts, type, runs.count)];
  const peaks = `CPU peaks at ${percent(numbers.cpuPeak)} and memory at ${percent(numbers.memoryPeak)} of an instance`;
  return {
    advice: { kind: 'smaller', instanceType: type },
    reason: `${peaks}; of ${type} it would be ${percent(cpu)} and ${percent(memory)}.`,
    numbers,
    saves: now === null || then === null ? null : saving(now - then, 'exactly'),
  };
}

/** Its peak needs them all, and at most times half of them would do. */
function autoscaling(facts: OnInstances, size: InstanceSize, numbers: SizeNumbers): Recommendation | null {
  const { runs, usage, environment, strategy } = facts;
  const shares = usage.cpuPercent.map((value) => value / 100 / size.cores);
  const min = fewestOf(environment, strategy).count;
  const atMost = (share: number) => Math.min(runs.count, Math.max(min, needed(runs.count, share)));
  const usual = atMost(percentile(shares, 0.5));
  if (runs.count <= min || usual > runs.count / 2) return null;
  const mean = shares.reduce((sum, share) => sum + atMost(share), 0) / shares.length;
  const most = (numbers.busiestMinute / Math.max(numbers.cpuPeak, Number.EPSILON)) * SAFETY_FACTOR;
  return {
    advice: { kind: 'autoscaling', min, max: runs.count, target: numbers.busiestMinute > 0 ? Math.round(most) : null },
    reason: `CPU peaks at ${percent(numbers.cpuPeak)} of an instance, for which ${runs.count} are needed; half of the time ${usual} would do.`,
    numbers,
    saves: saving(priceOfAll(facts, runs.instanceType, runs.count - mean), 'about'),
  };
}

/** Why neither fewer nor a smaller type would do. */
function fits({ runs, environment, strategy, offered }: OnInstances, size: InstanceSize, numbers: SizeNumbers): string {
  const { cpuPeak, memoryPeak } = numbers;
  const fewest = fewestOf(environment, strategy);
  const fewerWould =
    runs.count <= fewest.count
      ? fewest.because
      : `with ${runs.count - 1} CPU would be ${percent((cpuPeak * runs.count) / (runs.count - 1))}`;
  const type = nextSmaller(runs.instanceType, offered);
  const ratio = type === null ? 1 : (sizeOf(type)?.cores ?? size.cores) / size.cores;
  const smallerWould =
    type === null
      ? `there is no smaller type of ${size.family} that is judged`
      : `of ${type} it would be ${percent(cpuPeak / ratio)} and ${percent(memoryPeak / ratio)}`;
  return `CPU peaks at ${percent(cpuPeak)} and memory at ${percent(memoryPeak)} of an instance. Fewer: ${fewerWould}. Smaller: ${smallerWould}.`;
}

/** How many carry what so many carry now, with a fifth of each left free. */
function needed(count: number, share: number): number {
  // Shares do not multiply exactly: 0.8 of an instance is to be one.
  return Math.max(1, Math.ceil((count * share) / MOST_USED - 1e-9));
}

function numbersOf(usage: UsageSeen, { cores }: InstanceSize, days: number): SizeNumbers {
  return {
    days,
    cpuPeak: percentile(usage.cpuPercent, PEAK) / 100 / cores,
    memoryPeak: percentile(usage.memoryPercent, PEAK) / 100,
    p95Peak: usage.p95Ms.length === 0 ? null : percentile(usage.p95Ms, PEAK),
    requests: usage.requests.reduce((sum, count) => sum + count, 0),
    busiestMinute: percentile(usage.perInstanceMinute, 1),
  };
}

/** The smallest value that at least that share of the values do not exceed; 0 of none. */
export function percentile(series: Series, share: number): number {
  const sorted = series.slice().sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length - 1e-9) - 1)] ?? 0;
}

function daysOf(series: Series, { periodSeconds }: UsageSeen): number {
  return (series.length * periodSeconds) / 86_400;
}

function priceOfAll({ prices }: SizeFacts, instanceType: string, count: number): number | null {
  const price = prices === null ? null : priceOf(instanceType, prices);
  return price === null ? null : price * count;
}

function saving(perHour: number | null, how: NonNullable<Recommendation['saves']>['how']): Recommendation['saves'] {
  return perHour === null || perHour <= 0 ? null : { perHour, how };
}

function plain(kind: 'leave' | 'not-enough-data' | 'not-judged', reason: string): Recommendation {
  return { advice: { kind }, reason, numbers: null, saves: null };
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function rounded(days: number): string {
  return days.toFixed(1).replace(/\.0$/, '');
}
