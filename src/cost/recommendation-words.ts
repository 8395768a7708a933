import { amount, monthly, type Prices, sourcesOf } from './prices.ts';
import type { EnvironmentAdvice, ServiceAdvice } from './recommendations.ts';
import type { Advice, Recommendation, SizeFacts, SizeNumbers } from './right-size.ts';

/** What is said of one environment: the recommendation, why, and the numbers behind it. */
export interface AdviceWords {
  readonly environment: string;
  /** `ml.m5.large × 4`; null: it is not known. */
  readonly runs: string | null;
  readonly advice: string;
  readonly lines: readonly string[];
}

/** Nothing that is said here is done by titanic. */
export const NEVER_BY_ITSELF =
  'Nothing of this is done by itself: change titanic.yml, and the next rollout brings it through staging and its gate.';

export function adviceWords(one: EnvironmentAdvice, { service, prices }: ServiceAdvice): AdviceWords {
  const { environment } = one;
  if (one.kind !== 'judged') {
    const advice = one.kind === 'unknown' ? `cannot be read: ${one.why}` : `no recommendation: ${one.why}`;
    return { environment, runs: null, advice, lines: [] };
  }
  const { runs, recommendation } = one;
  const { advice, reason, numbers, saves } = recommendation;
  return {
    environment,
    runs: runsWords(runs),
    advice: `${adviceText(advice, runs)}${savesWords(saves, prices)}`,
    lines: [
      reason,
      ...(numbers === null ? [] : [numberWords(numbers)]),
      ...howTo(service, environment, advice),
      ...priceLine(recommendation, runs, prices),
    ],
  };
}

/** Something would do with less. */
export function isToldByItself({ environments }: ServiceAdvice): boolean {
  return environments.some((one) => one.kind === 'judged' && isChange(one.recommendation.advice));
}

function isChange({ kind }: Advice): boolean {
  return kind === 'fewer' || kind === 'smaller' || kind === 'autoscaling' || kind === 'serverless';
}

function runsWords(runs: SizeFacts['runs']): string {
  return runs.kind === 'serverless' ? 'serverless' : `${runs.instanceType} × ${runs.count}`;
}

function adviceText(advice: Advice, runs: SizeFacts['runs']): string {
  const [type, count] = runs.kind === 'serverless' ? ['serverless', 0] : [runs.instanceType, runs.count];
  switch (advice.kind) {
    case 'fewer':
      return `${advice.count} ${advice.count === 1 ? 'instance' : 'instances'} instead of ${count}`;
    case 'smaller':
      return `${advice.instanceType} instead of ${type}`;
    case 'autoscaling': {
      const { min, max, target } = advice;
      const by = target === null ? '' : `, at ${target} requests an instance and minute`;
      return `autoscaling between ${min} and ${max} instances${by}`;
    }
    case 'serverless':
      return `serverless with ${advice.memoryMb} MB`;
    case 'leave':
      return 'leave it as it is';
    case 'not-enough-data':
      return 'not enough data';
    case 'not-judged':
      return 'not judged';
    default:
      return advice satisfies never;
  }
}

function savesWords(saves: Recommendation['saves'], prices: Prices | null): string {
  if (saves === null || prices === null) return '';
  const { perHour, how } = saves;
  const { currency } = prices;
  const words = `${amount(perHour)} ${currency} an hour, ${monthly(perHour)} ${currency} a month`;
  return `; saves ${how === 'exactly' ? '' : `${how} `}${words}`;
}

function numberWords({ days, requests, busiestMinute, p95Peak }: SizeNumbers): string {
  const p95 = p95Peak === null ? '' : `, p95 at most ${Math.round(p95Peak)} ms`;
  const asked = `${Math.round(requests)} requests, at most ${busiestMinute.toFixed(1).replace(/\.0$/, '')} an instance and minute`;
  return `Seen in ${days.toFixed(1).replace(/\.0$/, '')} days: ${asked}${p95}. Peaks are p99.5 of the highest of each 5 minutes.`;
}

/** Where it would be written. */
function howTo(service: string, environment: string, advice: Advice): readonly string[] {
  const where = `titanic.yml, ${service}, ${environment}`;
  switch (advice.kind) {
    case 'fewer':
      return [`${where}: instanceCount: ${advice.count}`];
    case 'smaller':
      return [`${where}: instanceType: ${advice.instanceType}`];
    case 'serverless':
      return [`${where}: serverless: { memoryMb: ${advice.memoryMb}, maxConcurrency: … }`];
    case 'autoscaling':
    case 'leave':
    case 'not-enough-data':
    case 'not-judged':
      return [];
    default:
      return advice satisfies never;
  }
}

function priceLine(recommendation: Recommendation, runs: SizeFacts['runs'], prices: Prices | null): readonly string[] {
  const { advice, saves } = recommendation;
  if (runs.kind === 'serverless' || !isChange(advice)) return [];
  const types = [runs.instanceType, ...(advice.kind === 'smaller' ? [advice.instanceType] : [])];
  if (saves !== null && prices !== null) return [`Prices: ${sourcesOf(types, prices).join('; ')}.`];
  return [`What that saves is not known: titanic.yml, prices.perInstanceHour has no price of ${types.join(' and ')}.`];
}
