import { describe, expect, test } from 'vitest';
import { INSTANCE_TYPES } from '../../src/adapters/instance-types.ts';
import { nextSmaller, sizeOf } from '../../src/cost/instance-sizes.ts';
import { adviceWords, isToldByItself } from '../../src/cost/recommendation-words.ts';
import type { Prices } from '../../src/cost/prices.ts';
import type { ServiceAdvice } from '../../src/cost/recommendations.ts';
import { type Advice, fewestOf, percentile, rightSize, type SizeFacts } from '../../src/cost/right-size.ts';
import type { UsageSeen } from '../../src/ports/usage.ts';
import type { Strategy } from '../../src/rollout/strategy.ts';
import { canary } from '../support/guarded.ts';

const PERIODS_A_DAY = 288;
const PRICES: Prices = { currency: 'USD', perInstanceHour: { 'ml.m5.large': 0.115, 'ml.m5.xlarge': 0.23 } };

/** A load that is `usual` but for a hundredth of the time, in which it is `peak`. Percent of one core. */
function load(usual: number, peak: number, days = 14): number[] {
  const periods = Math.round(days * PERIODS_A_DAY);
  return Array.from({ length: periods }, (_, n) => (n % 100 === 0 ? peak : usual));
}

const always = (value: number, days = 14): number[] => load(value, value, days);

function usage(over: Partial<UsageSeen> = {}): UsageSeen {
  const cpuPercent = over.cpuPercent ?? always(20);
  return {
    periodSeconds: 300,
    cpuPercent,
    memoryPercent: cpuPercent.map(() => 30),
    p95Ms: [20],
    requests: cpuPercent.map(() => 100),
    perInstanceMinute: [10, 60],
    ...over,
  };
}

const on = (instanceType: string, count: number): SizeFacts['runs'] => ({ kind: 'instances', instanceType, count });

function advised(over: Partial<SizeFacts> = {}) {
  return rightSize({
    environment: 'prod',
    runs: on('ml.m5.large', 4),
    bound: true,
    maxP95Ms: 300,
    usage: usage(),
    prices: PRICES,
    offered: INSTANCE_TYPES,
    ...over,
  });
}

const strategy = (traffic: Strategy['traffic']): Strategy => ({ ...canary, traffic });

describe('what an endpoint would do with', () => {
  // An ml.m5.large has two cores, so 160 % are four fifths of it, and that is as full as it may be.
  const cases: readonly (readonly [says: string, facts: Partial<SizeFacts>, advice: Advice])[] = [
    [
      'two instances where their load fits into two',
      { usage: usage({ cpuPercent: always(40) }) },
      { kind: 'fewer', count: 2 },
    ],
    ['three where it needs three', { usage: usage({ cpuPercent: load(10, 100) }) }, { kind: 'fewer', count: 3 }],
    [
      'as many as it has where its peaks need them, and fewer at most times: an autoscaler',
      { usage: usage({ cpuPercent: load(10, 150) }) },
      { kind: 'autoscaling', min: 2, max: 4, target: 40 },
    ],
    ['what it has where it is always busy', { usage: usage({ cpuPercent: always(150) }) }, { kind: 'leave' }],
    [
      'what it has, though its mean is low, where it is busy half of the time',
      {
        usage: usage({ cpuPercent: always(10).map((value, n) => (n % 2 === 0 ? 150 : value)) }),
        runs: on('ml.m5.large', 2),
      },
      { kind: 'leave' },
    ],
    [
      'a smaller type where it has as few as it may',
      { runs: on('ml.m5.xlarge', 2), usage: usage({ cpuPercent: always(100) }) },
      { kind: 'smaller', instanceType: 'ml.m5.large' },
    ],
    [
      'not a smaller one whose memory would not do',
      { runs: on('ml.m5.xlarge', 2), usage: usage({ memoryPercent: always(45) }) },
      { kind: 'leave' },
    ],
    [
      'not one step that would be two: the next smaller one of m5.12xlarge is a third of it',
      { runs: on('ml.m5.12xlarge', 2), usage: usage({ cpuPercent: always(48 * 30) }) },
      { kind: 'leave' },
    ],
    ['what it has where there is no smaller type', { runs: on('ml.m5.large', 2) }, { kind: 'leave' }],
    [
      'one instance of staging',
      { environment: 'staging', runs: on('ml.m5.large', 2), usage: usage({ cpuPercent: always(10) }) },
      { kind: 'fewer', count: 1 },
    ],
    [
      'what it has where its answers are near their limit, however idle its CPU is',
      { usage: usage({ cpuPercent: always(10), p95Ms: always(250) }) },
      { kind: 'leave' },
    ],
    [
      'serverless where hardly anybody asks, and nothing binds it to instances',
      { bound: false, usage: usage({ requests: load(0, 3) }) },
      { kind: 'serverless', memoryMb: 3072 },
    ],
    [
      'no serverless for what is guarded or in a VPC',
      { usage: usage({ requests: load(0, 3) }) },
      { kind: 'fewer', count: 2 },
    ],
    [
      'no serverless for what does not fit into it',
      { bound: false, runs: on('ml.m5.4xlarge', 2), usage: usage({ requests: load(0, 3), memoryPercent: always(60) }) },
      { kind: 'leave' },
    ],
    ['nothing while a week is not over', { usage: usage({ cpuPercent: always(1, 6.9) }) }, { kind: 'not-enough-data' }],
    [
      'nothing while its memory was not seen for a week',
      { usage: usage({ cpuPercent: always(1), memoryPercent: always(1, 3) }) },
      { kind: 'not-enough-data' },
    ],
    ['nothing for accelerators', { runs: on('ml.g5.xlarge', 4) }, { kind: 'not-judged' }],
    ['nothing for what has CPU credits', { runs: on('ml.t2.large', 4) }, { kind: 'not-judged' }],
    ['nothing for serverless', { runs: { kind: 'serverless' } }, { kind: 'leave' }],
  ];
  test.each(cases)('is %s', (_, facts, advice) => {
    expect(advised(facts).advice).toEqual(advice);
  });

  test.each([
    ['canary of 10 %', strategy({ kind: 'canary', percent: 10, bakeSeconds: 600 }), 12, 10],
    ['linear of 25 %', strategy({ kind: 'linear', percent: 25, intervalSeconds: 60 }), 12, 4],
    ['rolling of 50 %', strategy({ kind: 'rolling', percent: 50, intervalSeconds: 60 }), 12, 2],
    ['all-at-once', strategy({ kind: 'all-at-once' }), 12, 2],
    ['none', undefined, 12, 2],
  ])('is never less than the strategy %s needs', (_, chosen, count, fewest) => {
    const facts = { runs: on('ml.m5.large', count), usage: usage({ cpuPercent: always(1) }) };
    const over = chosen === undefined ? facts : { ...facts, strategy: chosen };
    expect(advised(over).advice).toEqual({ kind: 'fewer', count: fewest });
    // What has no more than that stays, or gets smaller.
    expect(advised({ ...over, runs: on('ml.m5.large', fewest) }).advice).toEqual({ kind: 'leave' });
    expect(fewestOf('staging', chosen).count).toBe(1);
  });

  test('saves what is paid less, where both prices are known', () => {
    expect(advised({ usage: usage({ cpuPercent: always(40) }) }).saves).toEqual({ perHour: 0.23, how: 'exactly' });
    const smaller = { runs: on('ml.m5.xlarge', 2), usage: usage({ cpuPercent: always(100) }) };
    expect(advised(smaller).saves).toEqual({ perHour: expect.closeTo(0.23, 9), how: 'exactly' });
    const half = { currency: 'USD', perInstanceHour: { 'ml.m5.xlarge': 0.23 } };
    expect(advised({ ...smaller, prices: half }).saves).toBeNull();
    expect(advised({ prices: null }).saves).toBeNull();
    expect(advised({ usage: usage({ cpuPercent: load(10, 150) }) }).saves).toEqual({
      // 99 hundredths of the time two of four.
      perHour: expect.closeTo(0.115 * 2 * 0.9898, 3),
      how: 'about',
    });
    expect(advised({ bound: false, usage: usage({ requests: load(0, 3) }) }).saves).toMatchObject({ how: 'at most' });
  });
});

describe('a peak', () => {
  test.each([
    [[], 0.995, 0],
    [[5], 0.995, 5],
    [[3, 1, 2], 0.5, 2],
    [Array.from({ length: 1_000 }, (_, n) => n + 1), 0.995, 995],
    [Array.from({ length: 20 }, (_, n) => n + 1), 0.95, 19],
  ])('of %j at %d is %d', (series, share, value) => {
    expect(percentile(series, share)).toBe(value);
  });
});

describe('the name of an instance type', () => {
  test.each([
    ['ml.m5.large', { family: 'ml.m5', cores: 2, memoryGiB: 8 }],
    ['ml.m5.xlarge', { family: 'ml.m5', cores: 4, memoryGiB: 16 }],
    ['ml.c5.18xlarge', { family: 'ml.c5', cores: 72, memoryGiB: 144 }],
    ['ml.r5d.24xlarge', { family: 'ml.r5d', cores: 96, memoryGiB: 768 }],
    ['ml.m8g.medium', null],
    ['ml.c4.8xlarge', null],
    ['ml.g4dn.xlarge', null],
    ['ml.inf1.xlarge', null],
    ['ml.t2.medium', null],
    ['ml.p3.2xlarge', null],
    ['m5.large', null],
    ['ml.m5.metal', null],
  ])('%s says %j', (type, size) => {
    expect(sizeOf(type)).toEqual(size);
  });

  test.each([
    ['ml.m5.xlarge', 'ml.m5.large'],
    ['ml.m5.12xlarge', 'ml.m5.4xlarge'],
    ['ml.c5.9xlarge', 'ml.c5.4xlarge'],
    ['ml.m4.xlarge', null],
    ['ml.m5.large', null],
    ['ml.g5.2xlarge', null],
  ])('%s is one step above %s', (type, smaller) => {
    expect(nextSmaller(type, INSTANCE_TYPES)).toBe(smaller);
  });
});

describe('what is said', () => {
  function words(over: Partial<SizeFacts> = {}, prices: Prices | null = PRICES) {
    const { runs = on('ml.m5.large', 4) } = over;
    const one = { kind: 'judged', environment: 'prod', runs, recommendation: advised({ ...over, prices }) } as const;
    const advice: ServiceAdvice = { service: 'survival', environments: [one], prices };
    const { advice: says, lines } = adviceWords(one, advice);
    return { says, lines, isTold: isToldByItself(advice) };
  }

  test('is how many, why, with which numbers, where to write it, and by which prices', () => {
    expect(words({ usage: usage({ cpuPercent: always(40) }) })).toEqual({
      says: '2 instances instead of 4; saves 0.23 USD an hour, 167.90 USD a month',
      lines: [
        'CPU peaks at 20 % of an instance; with 2 it would be 40 %, and with fewer than two a failed one would be prod.',
        'Seen in 14 days: 403200 requests, at most 60 an instance and minute, p95 at most 20 ms. Peaks are p99.5 of the highest of each 5 minutes.',
        'titanic.yml, survival, prod: instanceCount: 2',
        'Prices: titanic.yml.',
      ],
      isTold: true,
    });
  });

  test('is that nothing is to be changed, or cannot be said, and nobody is told that by itself', () => {
    expect(words({ usage: usage({ cpuPercent: always(150) }) })).toMatchObject({
      says: 'leave it as it is',
      isTold: false,
      lines: [
        'CPU peaks at 75 % and memory at 30 % of an instance. Fewer: with 3 CPU would be 100 %. Smaller: there is no smaller type of ml.m5 that is judged.',
        expect.anything(),
      ],
    });
    expect(words({ usage: usage({ cpuPercent: always(1, 2.5) }) })).toMatchObject({
      says: 'not enough data',
      lines: [
        expect.stringMatching(/^CloudWatch has 2\.5 days of its CPU and memory since this version came; 7 are needed/),
      ],
      isTold: false,
    });
    expect(words({ runs: on('ml.g5.xlarge', 4) })).toMatchObject({ says: 'not judged', isTold: false });
  });

  test('names what has no price', () => {
    const { says, lines } = words({ usage: usage({ cpuPercent: always(40) }) }, null);
    expect(says).toBe('2 instances instead of 4');
    expect(lines.at(-1)).toBe(
      'What that saves is not known: titanic.yml, prices.perInstanceHour has no price of ml.m5.large.',
    );
  });

  test('has the target of an autoscaler, which is half of what an instance can take', () => {
    // 60 requests a minute were three quarters of it.
    expect(words({ usage: usage({ cpuPercent: load(10, 150) }) }).says).toMatch(
      /^autoscaling between 2 and 4 instances, at 40 requests an instance and minute; saves about /,
    );
  });
});
