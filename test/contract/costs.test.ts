import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readRegion } from '../../src/adapters/aws-region.ts';
import type { AwsClients } from '../../src/adapters/aws-clients.ts';
import { createSageMakerRunningFleets } from '../../src/adapters/sagemaker-running-fleets.ts';
import { createCosts } from '../../src/cost/costs.ts';
import { pricesIn } from '../../src/cost/price-list.ts';
import { environmentCost } from '../../src/cost/running-cost.ts';
import { known, unknown } from '../../src/rollout/observation.ts';
import { initialState, type ServiceState } from '../../src/rollout/state.ts';
import { awsClientsFor } from '../support/aws-env.ts';
import { canary } from '../support/guarded.ts';
import { story } from '../support/story.ts';
import { MINUTE_MS, makeGuarded, STRATEGIES, startUpdate, trip } from './sagemaker-emulator-guarded.ts';
import { makeConfig, role, type Setup, setUp } from './sagemaker-emulator-setup.ts';

const DAY_MS = 24 * 60 * MINUTE_MS;
const PRICE = 0.115;
/** As the record is in the middle of a guarded change. */
const changing = story().promotes(1).begins(2, { strategy: canary }).to('prod').sends('prod').state;
const inBatches = story()
  .promotes(1)
  .begins(2, { strategy: { ...canary, traffic: { kind: 'rolling', percent: 50, intervalSeconds: 120 } } })
  .to('prod')
  .sends('prod').state;

let setup: Setup;
let clients: AwsClients;
beforeEach(async () => {
  setup = await setUp();
  clients = awsClientsFor({ SAGEMAKER: setup.running.url });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  clients.destroy();
  await setup.close();
});

/** What titanic says that prod costs an hour at this moment. */
async function perHour(state: ServiceState = initialState('survival')): Promise<number> {
  const reading = await createSageMakerRunningFleets(clients.sagemaker).see('prod', 'prod');
  const prices = pricesIn(await readRegion(clients), undefined);
  const cost = environmentCost('prod', state.environments.prod, reading, prices);
  if (cost.kind === 'unknown') throw new Error(cost.why);
  expect(cost.sum.complete).toBe(true);
  return cost.sum.perHour;
}

/** Adds up what titanic says, looking whenever something may have changed, and passes that much time. */
function meter() {
  let sum = 0;
  return {
    async pass(ms: number, state?: ServiceState) {
      const before = await perHour(state);
      setup.pass(ms - 1);
      // Up to the last millisecond it is what it was.
      expect(await perHour(state)).toBeCloseTo(before, 9);
      setup.pass(1);
      sum += (before * ms) / 3_600_000;
    },
    sum: () => sum,
  };
}

/** What the emulator's bill comes to, at the same price. */
async function bill(): Promise<number> {
  const costs = await setup.running.control.cost();
  return costs.reduce((sum, { instanceSeconds }) => sum + (instanceSeconds * PRICE) / 3_600, 0);
}

describe('a day of costs', () => {
  test('with a canary, added up by hand, is what the emulator bills', async () => {
    await makeGuarded(setup);
    const before = await bill();
    const day = meter();
    await day.pass(8 * 60 * MINUTE_MS);
    await startUpdate(setup, STRATEGIES.canary);
    // Launched, a canary, baked, all of it, kept, taken down: both fleets, whatever share of the traffic each has.
    const phases = [750, 50, 300_000, 50, 600_000, 200];
    for (const ms of phases) await day.pass(ms, changing);
    expect(phases.reduce((sum, ms) => sum + ms)).toBe(901_050);
    await day.pass(DAY_MS - 8 * 60 * MINUTE_MS - 901_050);
    // 24 hours of four instances, and four more for 901.05 s.
    expect(day.sum()).toBeCloseTo(PRICE * (4 * 24 + (4 * 901.05) / 3_600), 9);
    expect(day.sum()).toBeCloseTo((await bill()) - before, 9);
  });

  test('with one that is undone counts the new fleet until it is gone', async () => {
    await makeGuarded(setup);
    const before = await bill();
    const day = meter();
    await startUpdate(setup, STRATEGIES.canary);
    await day.pass(750, changing);
    await day.pass(50, changing);
    await day.pass(99_200, changing);
    await trip(setup);
    await day.pass(100, changing);
    await day.pass(200, changing);
    await day.pass(DAY_MS - 100_300);
    expect(day.sum()).toBeCloseTo((await bill()) - before, 9);
    expect(day.sum()).toBeCloseTo(PRICE * (4 * 24 + (4 * 100.3) / 3_600), 9);
  });

  test('with batches counts one batch more, not a second fleet', async () => {
    await makeGuarded(setup);
    const before = await bill();
    await startUpdate(setup, STRATEGIES.rolling);
    expect(await perHour(inBatches)).toBeCloseTo(6 * PRICE, 9);
    // By the minute, because batches end at no round time; the bill differs by what changes within one.
    let sum = 0;
    for (let minute = 0; minute < 10; minute += 1) {
      sum += (await perHour(inBatches)) / 60;
      setup.pass(MINUTE_MS);
    }
    expect(await perHour(inBatches)).toBeCloseTo(4 * PRICE, 9);
    expect(Math.abs(sum - ((await bill()) - before))).toBeLessThan((2 * PRICE) / 60);
  });
});

describe('what runs', () => {
  test('is nothing before it is made, all of it while it is made, and nothing once it is deleted', async () => {
    expect(await perHour()).toBe(0);
    await makeConfig(setup, 'v1', { count: 2 });
    await setup.sagemaker.createEndpoint({ EndpointName: 'prod', EndpointConfigName: 'v1' });
    expect(await perHour()).toBeCloseTo(2 * PRICE, 9);
    setup.pass(2_000);
    expect(await perHour()).toBeCloseTo(2 * PRICE, 9);
    await setup.sagemaker.deleteEndpoint({ EndpointName: 'prod' });
    setup.pass(2_000);
    expect(await perHour()).toBe(0);
  });

  test('follows a number of instances that somebody changes', async () => {
    await makeGuarded(setup);
    await setup.sagemaker.updateEndpointWeightsAndCapacities({
      EndpointName: 'prod',
      DesiredWeightsAndCapacities: [{ VariantName: 'AllTraffic', DesiredInstanceCount: 3 }],
    });
    setup.pass(2_000);
    expect(await perHour()).toBeCloseTo(3 * PRICE, 9);
  });

  test('has no price where it is serverless, and no type where its config is gone', async () => {
    await makeGuarded(setup);
    await setup.sagemaker.deleteEndpointConfig({ EndpointConfigName: 'v1' });
    const { see } = createSageMakerRunningFleets(clients.sagemaker);
    const unnamed = [{ kind: 'instances', instanceType: null, current: 4, desired: 4, launching: 0 }];
    expect(await see('prod', 'prod')).toMatchObject({ value: { fleets: [{ configName: 'v1', parts: unnamed }] } });
    await setup.sagemaker.createModel({
      ModelName: 'small',
      ExecutionRoleArn: role,
      PrimaryContainer: {
        Image: 'registry.example/survival:1',
        ModelDataUrl: 's3://titanic-models/class-sex/m.tar.gz',
      },
    });
    const variant = { VariantName: 'AllTraffic', ModelName: 'small' };
    await setup.sagemaker.createEndpointConfig({
      EndpointConfigName: 'small',
      ProductionVariants: [{ ...variant, ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 5 } }],
    });
    await setup.sagemaker.createEndpoint({ EndpointName: 'small', EndpointConfigName: 'small' });
    setup.pass(2_000);
    expect(await see('staging', 'small')).toMatchObject({ value: { fleets: [{ parts: [{ kind: 'serverless' }] }] } });
  });

  test('is unknown where SageMaker does not say', async () => {
    // A name that no endpoint can have is refused, which is not the same as that there is none.
    const reading = await createSageMakerRunningFleets(clients.sagemaker).see('prod', 'no_such_name');
    expect(reading).toEqual(unknown(expect.stringContaining('ValidationException')));
  });
});

describe('the report', () => {
  const services = [{ service: 'survival', endpointNames: { staging: 'nowhere', prod: 'prod' } }];
  const costsOf = (state: () => ServiceState, changed: (service: string) => void = () => {}) =>
    createCosts({
      services,
      rollouts: { state: async () => known(state()) },
      running: createSageMakerRunningFleets(clients.sagemaker),
      prices: { currency: 'USD', perInstanceHour: { 'ml.m5.large': PRICE } },
      region: 'us-east-1',
      elapsedMs: setup.nowMs,
      changed,
    });

  test('is of now, and of the record as it can be read', async () => {
    await makeGuarded(setup);
    const report = await costsOf(() => initialState('survival')).report(['survival']);
    expect(report).toMatchObject({ total: { perHour: 4 * PRICE, complete: true }, region: 'us-east-1' });
    const blind = createCosts({
      services,
      rollouts: { state: async () => unknown('no table') },
      running: createSageMakerRunningFleets(clients.sagemaker),
      prices: null,
      region: null,
      elapsedMs: setup.nowMs,
    });
    const { services: unread, total } = await blind.report(['survival']);
    expect(total).toEqual({ perHour: 0, complete: false });
    expect(unread[0]?.environments.map((one) => one.kind === 'unknown' && one.why)).toEqual([
      'the record cannot be read: no table',
      'the record cannot be read: no table',
    ]);
  });

  test('for a Home is what was seen last, and looked at again once the record goes on or five minutes are over', async () => {
    await makeGuarded(setup);
    let state = initialState('survival');
    const told: string[] = [];
    const costs = costsOf(
      () => state,
      (service) => told.push(service),
    );
    const prodNow = () => costs.lastSeen(state)?.cost.environments[1];
    expect(costs.lastSeen(state)).toBeNull();
    await expect.poll(() => told).toEqual(['survival']);
    expect(prodNow()).toMatchObject({ sum: { perHour: 4 * PRICE } });
    // Nothing is asked again, and nobody is told, while it is fresh or nothing has changed.
    setup.pass(5 * MINUTE_MS);
    expect(prodNow()).toMatchObject({ fleets: [{ role: 'serving' }] });
    await startUpdate(setup, STRATEGIES.canary);
    state = { ...changing, service: 'survival', seq: state.seq + 1 };
    await expect.poll(() => prodNow()).toMatchObject({ sum: { perHour: 8 * PRICE } });
    expect(told.length).toBeGreaterThan(1);
  });
});
