import { describe, expect, test } from 'vitest';
import { costNotes, costRows, noteText, totalWords } from '../../src/cost/cost-words.ts';
import type { CostReport } from '../../src/cost/costs.ts';
import { type ListedPrice, PRICE_LIST, pricesIn } from '../../src/cost/price-list.ts';
import { amount, monthly, type Prices } from '../../src/cost/prices.ts';
import { environmentCost, serviceCost, totalOf } from '../../src/cost/running-cost.ts';
import type { FleetPart, FleetsRunning, RunningFleet } from '../../src/ports/running-fleets.ts';
import { known, type Reading, unknown } from '../../src/rollout/observation.ts';
import { initialState, type ServiceState } from '../../src/rollout/state.ts';
import { canary } from '../support/guarded.ts';
import { story } from '../support/story.ts';

const PRICES: Prices = { currency: 'USD', perInstanceHour: { 'ml.m5.large': 0.115 } };
const UNTIL = '2026-03-02T15:40:00.000Z';

type Instances = Extract<FleetPart, { kind: 'instances' }>;
function instances(count: number, over: Partial<Instances> = {}): Instances {
  return { kind: 'instances', instanceType: 'ml.m5.large', current: count, desired: count, launching: 0, ...over };
}
function seen(live: readonly FleetPart[], pending: readonly FleetPart[] = [], names = ['v1', 'v2']) {
  const fleets: RunningFleet[] = [
    { which: 'live', configName: names[0] ?? '', parts: live },
    { which: 'pending', configName: names[1] ?? '', parts: pending },
  ];
  return known<FleetsRunning>({ status: 'InService', fleets: fleets.filter(({ parts }) => parts.length > 0) });
}

const changing = story().promotes(1).begins(2, { strategy: canary }).to('prod').sends('prod');
const rolling = story()
  .promotes(1)
  .begins(2, { strategy: { ...canary, traffic: { kind: 'rolling', percent: 50, intervalSeconds: 120 } } })
  .to('prod')
  .sends('prod');
const serving = changing.records([
  { type: 'FleetServing', environment: 'prod', deployment: changing.deployment('prod').id, until: UNTIL },
]);

const prodOf = (
  reading: Reading<FleetsRunning | null>,
  state: ServiceState = initialState('survival'),
  prices = PRICES,
) => environmentCost('prod', state.environments.prod, reading, prices);

describe('what runs is counted', () => {
  const cases: readonly (readonly [
    says: string,
    state: ServiceState,
    reading: ReturnType<typeof seen>,
    instancesPaid: number,
  ])[] = [
    ['at rest, as many as there are now', changing.state, seen([instances(3, { desired: 4 })]), 3],
    ['a new fleet that only starts, in full', changing.state, seen([instances(2)], [instances(2, { current: 0 })]), 4],
    [
      'a canary of 1 of 4 as the 4 that are there',
      changing.state,
      seen([instances(4)], [instances(4, { current: 1 })]),
      8,
    ],
    ['both fleets while the old one is kept', serving.state, seen([instances(2)], [instances(2)]), 4],
    [
      'batches as far as they are there or start',
      rolling.state,
      seen([instances(4)], [instances(4, { current: 0, launching: 2 })]),
      6,
    ],
    ['a batch that is there', rolling.state, seen([instances(2)], [instances(4, { current: 2 })]), 4],
    ['an endpoint that is being created', initialState('survival'), seen([], [instances(2, { current: 0 })]), 2],
  ];
  test.each(cases)('%s', (_, state, reading, paid) => {
    const cost = prodOf(reading, state);
    expect(cost.kind === 'known' && cost.sum).toEqual({ perHour: expect.closeTo(paid * 0.115, 9), complete: true });
  });

  test('each fleet by what it is for', () => {
    const roles = (state: ServiceState, reading: ReturnType<typeof seen>) => {
      const cost = prodOf(reading, state);
      return cost.kind === 'known' ? cost.fleets.map(({ role, configName }) => `${configName} ${role}`) : [];
    };
    const both = seen([instances(2)], [instances(2)]);
    expect(roles(changing.state, seen([instances(2)]))).toEqual(['v1 serving']);
    expect(roles(changing.state, both)).toEqual(['v1 leaving', 'v2 coming']);
    expect(roles(serving.state, both)).toEqual(['v1 kept', 'v2 serving']);
  });

  test('nothing where there is no endpoint, or no instance', () => {
    expect(prodOf(known(null))).toMatchObject({ kind: 'known', fleets: [], sum: { perHour: 0, complete: true } });
    expect(prodOf(seen([instances(0)]))).toMatchObject({ fleets: [] });
  });

  test('as unknown where it cannot be read, has no price, or has no type, and by use where it is serverless', () => {
    expect(prodOf(unknown('throttled'))).toEqual({ kind: 'unknown', environment: 'prod', why: 'throttled' });
    const incomplete = { sum: { perHour: 0, complete: false } };
    expect(prodOf(seen([instances(2, { instanceType: 'ml.c9.large' })]))).toMatchObject(incomplete);
    expect(prodOf(seen([instances(2, { instanceType: null })]))).toMatchObject(incomplete);
    expect(prodOf(seen([{ kind: 'serverless' }]))).toMatchObject({ sum: { perHour: 0, complete: true } });
    // Of two variants one is known: the sum says that it is not all.
    expect(prodOf(seen([instances(2), instances(1, { instanceType: null })]))).toMatchObject({
      sum: { perHour: 0.23, complete: false },
    });
  });

  test('and it is said where an endpoint at rest runs something else than the record says', () => {
    const promoted = story().promotes(1);
    const own = promoted.state.environments.prod.stack.at(-1)?.configName ?? '';
    expect(prodOf(seen([instances(2)], [], [own]), promoted.state)).toMatchObject({ differs: false });
    expect(prodOf(seen([instances(2)], [], ['by-hand']), promoted.state)).toMatchObject({ differs: true });
    // While it is changed, and where somebody deleted it, that is said elsewhere.
    expect(prodOf(seen([instances(2)], [], ['by-hand']), changing.state)).toMatchObject({ differs: false });
    expect(prodOf(known(null), promoted.state)).toMatchObject({ differs: false });
  });
});

describe('the sum', () => {
  const one = serviceCost(initialState('a'), { staging: seen([instances(1)]), prod: seen([instances(2)]) }, PRICES);
  const blind = serviceCost(initialState('b'), { staging: unknown('no'), prod: known(null) }, PRICES);

  test('is of all services, and says whether it is all', () => {
    expect(totalOf([one])).toEqual({ perHour: expect.closeTo(0.345, 9), complete: true });
    expect(totalOf([one, blind])).toEqual({ perHour: expect.closeTo(0.345, 9), complete: false });
  });

  test('is of 730 hours a month', () => {
    expect(monthly(0.345)).toBe('251.85');
    expect(totalWords({ perHour: 0.345, complete: true }, PRICES)).toBe(
      '0.345 USD an hour, 251.85 USD a month of 730 hours',
    );
    expect(totalWords({ perHour: 0.345, complete: false }, PRICES)).toMatch(/, and what is unknown on top$/);
    expect(totalWords({ perHour: 0, complete: false }, PRICES)).toBe('unknown');
    expect(totalWords({ perHour: 0, complete: true }, null)).toBe('unknown');
  });

  test.each([
    [0.1, '0.10'],
    [0.115, '0.115'],
    [0.1345, '0.1345'],
    [12, '12.00'],
  ])('an amount of %d is written %s', (cost, words) => {
    expect(amount(cost)).toBe(words);
  });
});

describe('what is told with it', () => {
  function told(running: { staging?: Reading<FleetsRunning | null>; prod?: Reading<FleetsRunning | null> }, more = {}) {
    const { state = initialState('survival'), ...rest } = more as { state?: ServiceState };
    const services = [
      serviceCost(state, { staging: running.staging ?? known(null), prod: running.prod ?? known(null) }, PRICES),
    ];
    const report: CostReport = { services, total: totalOf(services), prices: PRICES, region: 'eu-north-1', ...rest };
    return {
      rows: costRows(report).map((row) => Object.values(row).join(' | ')),
      notes: costNotes(report).map(noteText),
    };
  }

  test('what the kept fleet adds, and until when', () => {
    const { rows, notes } = told({ prod: seen([instances(2)], [instances(2)]) }, { state: serving.state });
    expect(rows).toEqual([
      'survival | staging | nothing | – | –',
      'survival | prod | old fleet, kept, ml.m5.large × 2 | 0.23 USD | 167.90 USD',
      'survival | prod | ml.m5.large × 2 | 0.23 USD | 167.90 USD',
    ]);
    expect(notes).toContain(
      'survival prod: the old fleet is kept until 2026-03-02 15:40 UTC and adds 0.23 USD an hour.',
    );
  });

  test('what staging would save when stopped', () => {
    expect(told({ staging: seen([instances(1)]) }).notes).toContain(
      'Without staging it would be 0.115 USD an hour, 83.95 USD a month less.',
    );
    expect(told({ prod: seen([instances(1)]) }).notes.join()).not.toContain('Without staging');
  });

  test('that both fleets of a change are paid, and what has no price and where to put it', () => {
    const moving = told({ prod: seen([instances(2)], [instances(2, { current: 0 })]) }, { state: changing.state });
    expect(moving.notes).toContain('survival prod is being changed: both fleets are paid while both are there.');
    const unpriced = told({ prod: seen([instances(2, { instanceType: 'ml.c6i.large' })]) });
    expect(unpriced.rows[1]).toBe('survival | prod | ml.c6i.large × 2 | unknown | unknown');
    expect(unpriced.notes).toEqual([
      'No price is known for ml.c6i.large in eu-north-1: put it into titanic.yml, prices.perInstanceHour.',
    ]);
  });

  test('that serverless has no price an hour, and what could not be read', () => {
    const { rows, notes } = told({ staging: seen([{ kind: 'serverless' }]), prod: unknown('throttled') });
    expect(rows).toEqual([
      'survival | staging | serverless | by use | by use',
      'survival | prod | cannot be read | unknown | unknown',
    ]);
    expect(notes).toEqual([
      'survival prod: what runs cannot be read: throttled.',
      'Serverless is billed by use and has no price an hour: it is in no sum here.',
    ]);
  });
});

describe('prices', () => {
  const listed = (over: Partial<ListedPrice> = {}): ListedPrice => ({
    region: 'eu-north-1',
    instanceType: 'ml.m5.large',
    perHour: 0.123,
    currency: 'USD',
    date: '2026-07-30',
    source: 'a list',
    address: 'https://example.com/list',
    ...over,
  });

  test('that were published count in their region alone', () => {
    const list = [listed(), listed({ region: 'us-east-2', perHour: 9 })];
    expect(pricesIn('eu-north-1', undefined, list)).toEqual({
      currency: 'USD',
      perInstanceHour: { 'ml.m5.large': 0.123 },
      listed: { 'ml.m5.large': { source: 'a list', date: '2026-07-30' } },
    });
    expect(pricesIn('eu-west-3', undefined, list)).toBeNull();
    expect(pricesIn(null, undefined, list)).toBeNull();
  });

  test('of one’s own go before them, and those in another currency are left out', () => {
    const list = [listed(), listed({ instanceType: 'ml.m5.xlarge', perHour: 0.246 })];
    const own = { currency: 'USD', perInstanceHour: { 'ml.m5.large': 0.1 }, asOf: '2026-11-01' };
    expect(pricesIn('eu-north-1', own, list)).toEqual({
      currency: 'USD',
      asOf: '2026-11-01',
      perInstanceHour: { 'ml.m5.large': 0.1, 'ml.m5.xlarge': 0.246 },
      listed: { 'ml.m5.xlarge': { source: 'a list', date: '2026-07-30' } },
    });
    expect(pricesIn('eu-north-1', { ...own, currency: 'EUR' }, list)?.perInstanceHour).toEqual({ 'ml.m5.large': 0.1 });
  });

  test('name their source and date where they are shown', () => {
    const report: CostReport = {
      services: [serviceCost(initialState('a'), { staging: seen([instances(1)]), prod: known(null) }, PRICES)],
      total: { perHour: 0.115, complete: true },
      prices: { ...PRICES, listed: { 'ml.m5.large': { source: 'a list', date: '2026-07-30' } } },
      region: 'eu-north-1',
    };
    expect(costNotes(report).map(noteText).at(-1)).toBe(
      'Prices: a list (2026-07-30), eu-north-1. Without tax, discounts and storage.',
    );
    const own = { ...report, prices: { ...PRICES, asOf: '2026-11-01' } };
    expect(costNotes(own).map(noteText).at(-1)).toMatch(/^Prices: titanic\.yml \(2026-11-01\), /);
  });

  test('in the repository are each of one region and one type, and of a day that is over', () => {
    const keys = PRICE_LIST.map(({ region, instanceType }) => `${region} ${instanceType}`);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.length).toBeGreaterThan(0);
    for (const { date } of PRICE_LIST) expect(Date.parse(date)).toBeLessThan(Date.now());
  });
});
