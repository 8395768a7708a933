import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cost, homeCostLine } from '../../blocks/cost.ts';
import { fallbackText } from '../../blocks/inline.ts';
import { LIMITS } from '../../blocks/limits.ts';
import { recommendation } from '../../blocks/recommendation.ts';
import { countedCharacters, validateBlocks } from '../../sandbox/slack/blocks/validate-blocks.ts';
import { objectsOf } from '../../sandbox/slack/json.ts';
import type { Prices } from '../../src/cost/prices.ts';
import type { EnvironmentAdvice } from '../../src/cost/recommendations.ts';
import { type EnvironmentCost, type FleetCost, totalOf } from '../../src/cost/running-cost.ts';
import type { Rendered } from '../../src/ports/channel.ts';

/** What Slack would refuse of it. */
function problems({ text, blocks }: Rendered): unknown {
  const plain: unknown = JSON.parse(JSON.stringify(blocks));
  return {
    blocks: validateBlocks(plain, 'message'),
    tooMuch: countedCharacters(objectsOf(plain)) > LIMITS.messageBlocksText,
    text: text.length === 0 || text.length > LIMITS.messageText,
  };
}

const FINE = { blocks: [], tooMuch: false, text: false };
const outside = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 6_000 }),
  fc.constantFrom('<!channel>', '&'.repeat(5_000), '\u202e\u2066abc', '😀'.repeat(3_000), ''),
);

function prices(text: string): Prices {
  return {
    currency: 'USD',
    perInstanceHour: { 'ml.m5.large': 0.1234 },
    listed: { 'ml.m5.large': { source: text, date: '2026-07-30' } },
  };
}

/** Many services, of which everything that can be said is said. */
function worstCosts(text: string, count: number) {
  const fleet = (role: FleetCost['role']): FleetCost => ({
    role,
    configName: text,
    parts: [
      { instanceType: 'ml.m5.large', count: 1000, perHour: 123.4, byUse: false },
      { instanceType: text, count: 7, perHour: null, byUse: false },
      { instanceType: null, count: 0, perHour: null, byUse: true },
    ],
  });
  const environments: EnvironmentCost[] = [
    { kind: 'unknown', environment: 'staging', why: text },
    {
      kind: 'known',
      environment: 'prod',
      fleets: [fleet('kept'), fleet('serving')],
      keptUntil: '2026-11-24T18:00:00.000Z',
      differs: true,
      sum: { perHour: 246.8, complete: false },
    },
  ];
  return Array.from({ length: count }, (_, n) => ({ service: `${'s'.repeat(50)}-${n}`, environments }));
}

describe('what is said of costs stays within what Slack takes', () => {
  it('the worst costs of many services, and their line on a Home', () => {
    fc.assert(
      fc.property(outside, fc.integer({ min: 1, max: 50 }), (text, count) => {
        const services = worstCosts(text, count);
        const shown = cost({ services, total: totalOf(services), prices: prices(text), region: text });
        expect(problems(shown)).toEqual(FINE);
        expect(shown.text).not.toMatch(/<!channel>/);
        const [first] = services;
        if (first === undefined) throw new Error('no service');
        const line = homeCostLine({ cost: first, prices: prices(text) }, 'prod') ?? [];
        expect(fallbackText([line])).toBe(
          ' costs 246.80 USD an hour, 180164.00 a month for both fleets, and what is unknown on top',
        );
      }),
      { numRuns: 60 },
    );
  });

  it('the worst recommendation', () => {
    fc.assert(
      fc.property(outside, (text) => {
        const numbers = { days: 14, cpuPeak: 1, memoryPeak: 1, p95Peak: 1, requests: 1e12, busiestMinute: 1e9 };
        const told: EnvironmentAdvice = {
          kind: 'judged',
          environment: 'prod',
          runs: { kind: 'instances', instanceType: text, count: 1000 },
          recommendation: {
            advice: { kind: 'smaller', instanceType: text },
            reason: text,
            numbers,
            saves: { perHour: 1e6, how: 'about' },
          },
        };
        const unread: EnvironmentAdvice = { kind: 'unknown', environment: 'staging', why: text };
        const advice = { service: 's'.repeat(60), environments: [unread, told], prices: prices(text) };
        for (const isMonthly of [false, true]) expect(problems(recommendation(advice, isMonthly))).toEqual(FINE);
      }),
      { numRuns: 60 },
    );
  });

  it('says nothing on a Home where nothing runs or no price is known at all', () => {
    const nothing = { service: 'a', environments: [] };
    expect(homeCostLine(null, 'prod')).toBeNull();
    expect(homeCostLine({ cost: nothing, prices: prices('') }, 'prod')).toBeNull();
    const [one] = worstCosts('', 1);
    if (one === undefined) throw new Error('no service');
    expect(homeCostLine({ cost: one, prices: null }, 'prod')).toBeNull();
    expect(homeCostLine({ cost: one, prices: prices('') }, 'staging')).toBeNull();
  });
});
