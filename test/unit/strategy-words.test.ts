import { describe, expect, test } from 'vitest';
import { fallbackText } from '../../blocks/inline.ts';
import { candidate } from '../../blocks/samples/parts.ts';
import { strategyLines } from '../../blocks/strategy-words.ts';
import type { EnvironmentPlan } from '../../src/rollout/candidate.ts';
import { GUARDRAIL_OFF, type Guardrail, type GuardrailOff } from '../../src/rollout/guardrail.ts';
import type { AlarmPlan, Strategy } from '../../src/rollout/strategy.ts';

const ALARMS: AlarmPlan = { errorPercent: 1, p95Ms: 200, named: [], namedWithoutData: 'wait' };
const CANARY: Strategy = {
  traffic: { kind: 'canary', percent: 10, bakeSeconds: 600 },
  keepPreviousSeconds: 3600,
  maximumSeconds: 7200,
  alarms: ALARMS,
  required: false,
};
const PLAN: EnvironmentPlan = candidate.plans.prod;
const PRICES = { currency: 'EUR', perInstanceHour: { 'ml.m5.large': 0.12, 'ml.m5.xlarge': 0.24 } };

function lines(
  over: Partial<Strategy> = {},
  running: EnvironmentPlan | null = PLAN,
  prices: typeof PRICES | null = PRICES,
) {
  const guardrail: Guardrail = { on: true, strategy: { ...CANARY, ...over } };
  return fallbackText(strategyLines(PLAN, guardrail, running, prices)).split('\n');
}

const change = (over: Partial<Strategy>) => lines(over)[0];
const takenBack = (alarms: Partial<AlarmPlan>) => lines({ alarms: { ...ALARMS, ...alarms } })[1];

describe('how prod would be changed', () => {
  test('is said with what takes it back and what it costs', () => {
    expect(lines()).toEqual([
      'Change 10 % for 10 minutes, then all; the old fleet is kept 60 minutes more',
      'Taken back by more than 1 % errors, p95 above 200 ms or a rollback',
      'Both fleets billed for 70 minutes and while the new one starts: 0.28 EUR or more on top',
    ]);
  });

  test.each<[Strategy['traffic'], number, string]>([
    [{ kind: 'all-at-once' }, 60, 'all traffic at once; the old fleet is kept 1 minute'],
    [{ kind: 'canary', percent: 50, bakeSeconds: 90 }, 0, '50 % for 90 seconds, then all; the old fleet is not kept'],
    [
      { kind: 'linear', percent: 30, intervalSeconds: 300 },
      150,
      '30 % more every 5 minutes, in 4 steps; the old fleet is kept 2.5 minutes more',
    ],
    [
      { kind: 'rolling', percent: 20, intervalSeconds: 1 },
      0,
      '20 % of the instances every 1 second, without an old fleet to go back to at once',
    ],
  ])('%j, %i s: %s', (traffic, keepPreviousSeconds, words) => {
    expect(change({ traffic, keepPreviousSeconds })).toBe(`Change ${words}`);
  });

  test.each<[GuardrailOff, string]>([
    ['not-configured', 'all traffic at once; no guardrail, because titanic.yml asks for none'],
    [
      'first-deployment',
      'the endpoint of prod is created; no guardrail, because there is nothing in prod yet to go back to',
    ],
  ])('without a guardrail it is said why: %s', (because, words) => {
    expect(fallbackText(strategyLines(PLAN, { on: false, because }, PLAN, PRICES))).toBe(`Change ${words}`);
  });

  test('every cause for no guardrail is said', () => {
    for (const because of Object.keys(GUARDRAIL_OFF) as GuardrailOff[]) {
      const said = fallbackText(strategyLines(PLAN, { on: false, because }, null, null));
      expect(said).toContain(`no guardrail, because ${GUARDRAIL_OFF[because]}`);
    }
  });
});

describe('what takes it back', () => {
  test.each<[Partial<AlarmPlan>, string]>([
    [{ errorPercent: null }, 'p95 above 200 ms or a rollback'],
    [{ errorPercent: null, p95Ms: null }, 'a rollback'],
    [
      { errorPercent: 1, p95Ms: null, everySeconds: 10 },
      'more than 1 % errors or a rollback; its numbers come every 10 seconds',
    ],
    [
      { errorPercent: 0.5, p95Ms: null, named: ['basket value'] },
      'more than 0.5 % errors, alarm basket value or a rollback',
    ],
    [
      { errorPercent: null, p95Ms: null, named: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] },
      'alarm a, alarm b, alarm c, alarm d, alarm e, 2 more alarms or a rollback',
    ],
    [{ errorPercent: null, p95Ms: null, named: ['<!channel>'] }, 'alarm &lt;!channel&gt; or a rollback'],
  ])('%j', (alarms, words) => {
    expect(takenBack(alarms)).toBe(`Taken back by ${words}`);
  });
});

describe('a new fleet that is worse', () => {
  const analysis = { snoozeSeconds: 600, minimumRequests: 100 };
  test.each([
    [60, ', p95 above 200 ms, a new fleet worse than the old one (1 minute after it is seen) or a rollback'],
    [0, ', p95 above 200 ms, a new fleet worse than the old one (at once) or a rollback'],
    [null, ', p95 above 200 ms or a rollback'],
  ])('takes it back after %s s', (autoRollbackSeconds, words) => {
    const said = lines({ analysis: { ...analysis, autoRollbackSeconds } })[1];
    expect(said).toBe(`Taken back by more than 1 % errors${words}`);
  });
});

describe('what two fleets cost', () => {
  const cost = (over: Partial<Strategy>, running: EnvironmentPlan | null, prices: typeof PRICES | null = PRICES) =>
    lines(over, running, prices)[2];
  const at = (instanceType: string, instanceCount: number): EnvironmentPlan => ({
    ...PLAN,
    capacity: { kind: 'instances', instanceType, instanceCount },
  });

  test('is the old one on top, for as long as it is certain to stay', () => {
    const all: Partial<Strategy> = { traffic: { kind: 'all-at-once' }, keepPreviousSeconds: 1800 };
    expect(cost(all, at('ml.m5.xlarge', 3))).toBe(
      'Both fleets billed for 30 minutes and while the new one starts: 0.36 EUR or more on top',
    );
  });

  test('is a part of the new one where it changes in batches', () => {
    const rolling: Partial<Strategy> = {
      traffic: { kind: 'rolling', percent: 50, intervalSeconds: 1800 },
      keepPreviousSeconds: 0,
    };
    expect(cost(rolling, null)).toBe(
      'A batch more billed for 60 minutes and while the new ones start: 0.12 EUR or more on top',
    );
  });

  test('is unknown where a price or the old fleet is, and nothing is said of prices where there are none', () => {
    const unknown = 'Both fleets billed for 70 minutes and while the new one starts, at a cost that is unknown';
    expect(cost({}, null)).toBe(unknown);
    expect(cost({}, at('ml.g5.xlarge', 1))).toBe(unknown);
    expect(cost({}, PLAN, null)).toBe('Both fleets billed for 70 minutes and while the new one starts');
  });
});
