import { describe, expect, test } from 'vitest';
import type { EnvironmentPlan } from '../../../src/rollout/candidate.ts';
import {
  fromMarketplace,
  GUARDRAIL_OFF,
  type GuardrailFacts,
  type GuardrailOff,
  guardrailOf,
} from '../../../src/rollout/guardrail.ts';
import { type Strategy, type TrafficShift, waitsOf } from '../../../src/rollout/strategy.ts';
import { candidate } from '../../support/rollout-facts.ts';

const STRATEGY: Strategy = {
  traffic: { kind: 'canary', percent: 50, bakeSeconds: 600 },
  keepPreviousSeconds: 3600,
  maximumSeconds: 7200,
  alarms: { errorPercent: 1, p95Ms: 200, named: [], namedWithoutData: 'wait' },
  required: false,
};
const UNGUARDED: EnvironmentPlan = candidate(1).plans.prod;
const PLAN: EnvironmentPlan = { ...UNGUARDED, strategy: STRATEGY };
const FACTS: GuardrailFacts = { runs: true, variantNames: ['AllTraffic'], marketplace: false };
const inf1: Partial<EnvironmentPlan> = {
  capacity: { kind: 'instances', instanceType: 'ml.inf1.xlarge', instanceCount: 2 },
};

describe('SageMaker guards a change of prod', () => {
  test('that has a strategy, where nothing speaks against it', () => {
    expect(guardrailOf(PLAN, FACTS)).toEqual({ on: true, strategy: STRATEGY });
  });

  test.each<[string, Partial<EnvironmentPlan>]>([
    ['ml.inf2.xlarge', { capacity: { kind: 'instances', instanceType: 'ml.inf2.xlarge', instanceCount: 1 } }],
    ['ml.m5.large', { capacity: { kind: 'instances', instanceType: 'ml.m5.large', instanceCount: 1 } }],
  ])('on %s', (_, over) => {
    expect(guardrailOf({ ...PLAN, ...over }, FACTS)).toMatchObject({ on: true });
  });

  test.each<[GuardrailOff, EnvironmentPlan, Partial<GuardrailFacts>]>([
    ['not-configured', UNGUARDED, {}],
    ['serverless', { ...PLAN, capacity: { kind: 'serverless', memoryMb: 2048, maxConcurrency: 5 } }, {}],
    ['first-deployment', PLAN, { runs: false, variantNames: [] }],
    ['other-variant', PLAN, { variantNames: ['blue'] }],
    ['other-variant', PLAN, { variantNames: ['AllTraffic', 'blue'] }],
    ['other-variant', PLAN, { variantNames: ['allTraffic'] }],
    ['other-variant', PLAN, { variantNames: [] }],
    ['inf1', { ...PLAN, ...inf1 }, {}],
    ['marketplace', PLAN, { marketplace: true }],
    // Of several causes that which comes first is told.
    ['not-configured', { ...UNGUARDED, ...inf1 }, { runs: false, marketplace: true }],
    ['first-deployment', { ...PLAN, ...inf1 }, { runs: false, variantNames: [], marketplace: true }],
  ])('but not: %s', (because, plan, facts) => {
    expect(guardrailOf(plan, { ...FACTS, ...facts })).toEqual({ on: false, because });
  });

  test('and each cause that it does not is a clause of one sentence', () => {
    for (const words of Object.values(GUARDRAIL_OFF)) expect(words).toMatch(/^[A-Za-z].*[^.]$/);
  });
});

describe('a package is of the AWS Marketplace', () => {
  test.each<[string, unknown, boolean]>([
    ['with a product id', { Containers: [{ Image: 'a', ProductId: 'prod-1' }] }, true],
    ['with one in its second container', { Containers: [{ Image: 'a' }, { Image: 'b', ProductId: 'prod-1' }] }, true],
    ['with an empty one', { Containers: [{ Image: 'a', ProductId: '' }] }, true],
    ['not without', { Containers: [{ Image: 'a' }] }, false],
    ['not with none', { Containers: [{ Image: 'a', ProductId: null }] }, false],
    ['where its containers cannot be read', { Containers: 'a' }, true],
    ['where a container cannot be read', { Containers: ['a'] }, true],
    ['where it has no container', { Containers: [] }, true],
    ['where there is no specification', null, true],
  ])('%s', (_, inferenceSpec, expected) => {
    expect(fromMarketplace(inferenceSpec)).toBe(expected);
  });
});

describe('the waits of a strategy', () => {
  test.each<[TrafficShift, number]>([
    [{ kind: 'all-at-once' }, 0],
    [{ kind: 'canary', percent: 10, bakeSeconds: 600 }, 600],
    [{ kind: 'linear', percent: 30, intervalSeconds: 60 }, 240],
    [{ kind: 'rolling', percent: 50, intervalSeconds: 60 }, 120],
  ])('%j', (traffic, seconds) => {
    expect(waitsOf({ traffic, keepPreviousSeconds: 0 })).toBe(seconds);
    expect(waitsOf({ traffic, keepPreviousSeconds: 5 })).toBe(seconds + 5);
  });
});
