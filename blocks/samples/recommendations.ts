import type { EnvironmentAdvice, ServiceAdvice } from '../../src/cost/recommendations.ts';
import type { Recommendation, SizeFacts, SizeNumbers } from '../../src/cost/right-size.ts';
import type { Environment } from '../../src/rollout/candidate.ts';
import { recommendation } from '../recommendation.ts';
import { PRICES } from './costs.ts';

const numbers: SizeNumbers = {
  days: 14,
  cpuPeak: 0.2,
  memoryPeak: 0.31,
  p95Peak: 41,
  requests: 403_200,
  busiestMinute: 60,
};

function judged(
  environment: Environment,
  [instanceType, count]: readonly [string, number],
  advice: Recommendation['advice'],
  reason: string,
  more: Partial<Recommendation> = {},
): EnvironmentAdvice {
  const runs: SizeFacts['runs'] = { kind: 'instances', instanceType, count };
  return { kind: 'judged', environment, runs, recommendation: { advice, reason, numbers, saves: null, ...more } };
}

const advice = (...environments: readonly EnvironmentAdvice[]): ServiceAdvice => ({
  service: 'survival',
  environments,
  prices: PRICES,
});

const less = advice(
  judged(
    'staging',
    ['ml.m5.large', 1],
    { kind: 'serverless', memoryMb: 3072 },
    'In 1 % of the time it had requests at all. Serverless costs nothing meanwhile, and the first answer after a pause takes seconds. SageMaker makes no endpoint of instances serverless, so it needs another staging.endpointName.',
    { saves: { perHour: 0.115, how: 'at most' } },
  ),
  judged(
    'prod',
    ['ml.m5.large', 4],
    { kind: 'fewer', count: 2 },
    'CPU peaks at 20 % of an instance; with 2 it would be 40 %, and with fewer than two a failed one would be prod.',
    { saves: { perHour: 0.23, how: 'exactly' } },
  ),
);
const none = advice(
  judged(
    'staging',
    ['ml.m5.large', 1],
    { kind: 'not-enough-data' },
    'CloudWatch has 2.5 days of its CPU and memory since this version came; 7 are needed, so that each day of the week is in it.',
    { numbers: null },
  ),
  judged(
    'prod',
    ['ml.m5.xlarge', 6],
    { kind: 'autoscaling', min: 2, max: 6, target: 40 },
    'CPU peaks at 75 % of an instance, for which 6 are needed; half of the time 2 would do.',
  ),
);
const unseen = advice(
  { kind: 'not-now', environment: 'staging', why: 'nothing runs' },
  { kind: 'unknown', environment: 'prod', why: 'ThrottlingException' },
);

export const RECOMMENDATIONS = [
  ['recommend', recommendation(less)],
  ['recommend, without data or a price', recommendation(none)],
  ['recommend, CloudWatch does not answer', recommendation(unseen)],
  ['the monthly note', recommendation(less, true)],
] as const;
