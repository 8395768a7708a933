import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MINUTE_MS, makeGuarded, STRATEGIES, startUpdate, traffic, trip } from './sagemaker-emulator-guarded.ts';
import { ask, type Setup, setUp } from './sagemaker-emulator-setup.ts';

const DAY_MS = 24 * 60 * MINUTE_MS;

let setup: Setup;
beforeEach(async () => {
  setup = await setUp();
  await makeGuarded(setup);
});
afterEach(() => setup.close());

async function seconds(): Promise<Record<string, number>> {
  const costs = await setup.running.control.cost();
  return Object.fromEntries(costs.map((one) => [`${one.configName} ${one.instanceType}`, one.instanceSeconds]));
}

describe('the bill', () => {
  test('of a day with a blue/green update: both fleets while both are there', async () => {
    // The endpoint took 1 s to be made. At 08:00 of its day v2 comes: launched, baked and kept in 901.05 s.
    setup.pass(8 * 60 * MINUTE_MS);
    await startUpdate(setup, STRATEGIES.canary);
    setup.pass(DAY_MS - 8 * 60 * MINUTE_MS);
    expect(await seconds()).toEqual({
      'v1 ml.m5.large': 4 * (1 + 8 * 3600 + 901.05),
      'v2 ml.m5.large': 4 * 16 * 3600,
    });
  });

  test('of one that is undone: the new fleet to the moment it is gone', async () => {
    await startUpdate(setup, STRATEGIES.canary);
    setup.pass(100_000);
    await trip(setup);
    setup.pass(100_000);
    // 100 ms until the traffic is back, 200 to take it down.
    expect(await seconds()).toEqual({ 'v1 ml.m5.large': 4 * (1 + 200), 'v2 ml.m5.large': 4 * 100.3 });
  });

  test('of batches: never more than one batch above the fleet', async () => {
    await startUpdate(setup, STRATEGIES.rolling);
    setup.pass(242_000);
    expect(await seconds()).toEqual({
      // Two of v1 leave after the first batch, the others after the second.
      'v1 ml.m5.large': 4 * (1 + 121) + 2 * 121,
      'v2 ml.m5.large': 2 * 121 + 4 * 121,
    });
  });

  test('counts the hours of AWS at any speed, and ends with the endpoint', async () => {
    await setup.running.control.setSpeed(3600);
    setup.pass(1_000);
    await setup.running.control.setSpeed(1);
    await setup.sagemaker.deleteEndpoint({ EndpointName: 'prod' });
    setup.pass(DAY_MS);
    expect(await seconds()).toEqual({ 'v1 ml.m5.large': 4 * (1 + 3600 + 0.1) });
  });
});

describe('the metrics of an endpoint', () => {
  const dimensions = (config?: string) => [
    { Name: 'EndpointName', Value: 'prod' },
    { Name: 'VariantName', Value: 'AllTraffic' },
    ...(config === undefined ? [] : [{ Name: 'EndpointConfigName', Value: config }]),
  ];

  /** The newest value of the last ten minutes. */
  async function value(MetricName: string, Stat: string, config?: string, Namespace = 'AWS/SageMaker') {
    const { MetricDataResults } = await setup.cloudwatch.getMetricData({
      StartTime: new Date(setup.nowMs() - 10 * MINUTE_MS),
      EndTime: new Date(setup.nowMs()),
      MetricDataQueries: [
        {
          Id: 'm',
          MetricStat: { Metric: { Namespace, MetricName, Dimensions: dimensions(config) }, Period: 60, Stat },
        },
      ],
    });
    return MetricDataResults?.[0]?.Values?.[0];
  }

  test('count its invocations, by instance as well, and their errors as shares', async () => {
    await setup.running.control.setFault({ kind: 'modelError', endpoint: 'prod', count: 1 });
    await traffic(setup, 1, 8);
    expect(await value('Invocations', 'Sum')).toBe(8);
    expect(await value('InvocationsPerInstance', 'Sum')).toBe(2);
    expect(await value('Invocation5XXErrors', 'Average')).toBe(1 / 8);
    expect(await value('Invocation5XXErrors', 'Sum')).toBe(1);
    expect(await value('Invocation4XXErrors', 'Average')).toBe(0);
    expect(await value('InvocationModelErrors', 'Sum')).toBe(1);
    // Before the first update nothing is known by config.
    expect(await value('Invocations', 'Sum', 'v1')).toBeUndefined();
  });

  test('tell what the model refuses apart, and what never came to it not at all', async () => {
    await ask(setup, 'prod', 'nonsense').catch(() => {});
    await setup.running.control.setFault({ kind: 'throttle', operation: 'InvokeEndpoint', count: 1 });
    await ask(setup, 'prod').catch(() => {});
    setup.pass(MINUTE_MS);
    expect(await value('Invocations', 'Sum')).toBe(1);
    expect(await value('Invocation4XXErrors', 'Sum')).toBe(1);
    expect(await value('Invocation5XXErrors', 'Sum')).toBe(0);
  });

  test('have the latency in microseconds', async () => {
    await ask(setup, 'prod');
    setup.pass(MINUTE_MS);
    const plain = (await value('ModelLatency', 'p50')) ?? 0;
    await setup.running.control.setFault({ kind: 'slowModel', endpoint: 'prod', ms: 50, count: 1 });
    await traffic(setup, 1, 8);
    expect(await value('ModelLatency', 'p50')).toBe(plain);
    expect(await value('ModelLatency', 'p95')).toBe(plain + 50_000);
    expect(plain).toBeGreaterThanOrEqual(1_000);
    expect(await value('OverheadLatency', 'Average')).toBeGreaterThan(0);
  });

  test('know the fleets apart during an update and afterwards', async () => {
    await startUpdate(setup, STRATEGIES.canary);
    setup.pass(MINUTE_MS);
    await traffic(setup, 1, 8);
    expect(await value('Invocations', 'Sum')).toBe(8);
    expect(await value('Invocations', 'Sum', 'v1')).toBe(6);
    expect(await value('Invocations', 'Sum', 'v2')).toBe(2);
    // Four instances each, though the new ones have little to do.
    expect(await value('InvocationsPerInstance', 'Sum', 'v2')).toBe(0.5);
    setup.pass(901_050);
    await traffic(setup, 1, 8);
    expect(await value('Invocations', 'Sum', 'v2')).toBe(8);
  });

  test('show how busy its instances are, idle ones too', async () => {
    setup.pass(2 * MINUTE_MS);
    const cpu = () => value('CPUUtilization', 'Average', undefined, '/aws/sagemaker/Endpoints');
    const idle = (await cpu()) ?? 0;
    expect(idle).toBeGreaterThan(0);
    await traffic(setup, 1, 8);
    const busyUs = (await value('ModelLatency', 'Sum')) ?? 0;
    expect(await cpu()).toBeCloseTo(idle + (100 * busyUs) / 60e6 / 4, 9);
    expect(await value('MemoryUtilization', 'Average', undefined, '/aws/sagemaker/Endpoints')).toBeGreaterThan(0);
  });
});
