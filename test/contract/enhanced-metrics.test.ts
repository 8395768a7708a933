import type { MetricsConfig } from '@aws-sdk/client-sagemaker';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { AwsClients } from '../../src/adapters/aws-clients.ts';
import { createCloudWatchAlarms } from '../../src/adapters/cloudwatch-alarms.ts';
import { configDifference, configInput } from '../../src/adapters/prepare-config.ts';
import type { PrepareRequest } from '../../src/ports/endpoints.ts';
import type { EnvironmentPlan } from '../../src/rollout/candidate.ts';
import { type AlarmPlan, alarmsOf } from '../../src/rollout/strategy.ts';
import { awsClientsFor } from '../support/aws-env.ts';
import { canary } from '../support/guarded.ts';
import { candidate } from '../support/rollout-facts.ts';
import { describeProd, MINUTE_MS, makeGuarded, STRATEGIES } from './sagemaker-emulator-guarded.ts';
import { ask, makeConfig, refusalOf, type Setup, setUp } from './sagemaker-emulator-setup.ts';

const CONFIG = 'titanic-survival-prod-v3-r41';
const STEP_MS = 10_000;

let setup: Setup;
let clients: AwsClients;
beforeEach(async () => {
  setup = await setUp();
  await makeGuarded(setup);
  clients = awsClientsFor({ CLOUDWATCH: setup.running.url, SAGEMAKER: setup.running.url });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  clients.destroy();
  await setup.close();
});

function requestFor(alarms: AlarmPlan): PrepareRequest {
  const sealed = candidate(3);
  const capacity = { kind: 'instances', instanceType: 'ml.m5.large', instanceCount: 4 } as const;
  const plan: EnvironmentPlan = { ...sealed.plans.prod, capacity, strategy: { ...canary, alarms } };
  const plans = { ...sealed.plans, prod: plan };
  return {
    environment: 'prod',
    candidate: { ...sealed, plans },
    configName: CONFIG,
    modelName: 'broken',
    tags: {},
  };
}

/** As titanic asks for it, of a model that fails every request. */
async function makeBroken(alarms: AlarmPlan): Promise<void> {
  await makeConfig(setup, 'broken', { behaviour: 'error', count: 4 });
  await setup.sagemaker.createEndpointConfig(configInput(requestFor(alarms)));
}

/** How long after the first bad answer the change is seen to be undone, to the next ten seconds. */
async function undoneAfter(alarms: AlarmPlan): Promise<number> {
  await makeBroken(alarms);
  const made = await createCloudWatchAlarms({ clients: clients.cloudwatch, clock: { elapsedMs: setup.nowMs } }).prepare(
    {
      environment: 'prod',
      endpointName: 'prod',
      configName: CONFIG,
      plan: alarms,
      tags: { project: 'titanic-sagemaker' },
    },
  );
  expect(made.kind).toBe('prepared');
  await setup.sagemaker.updateEndpoint({
    EndpointName: 'prod',
    EndpointConfigName: CONFIG,
    DeploymentConfig: {
      ...STRATEGIES.canary,
      AutoRollbackConfiguration: { Alarms: alarmsOf(CONFIG, alarms).map((AlarmName) => ({ AlarmName })) },
    },
  });
  // Launched, and a quarter of the traffic is on it; a minute of AWS begins with the traffic.
  setup.pass(MINUTE_MS - (setup.nowMs() % MINUTE_MS));
  for (let ms = 0; ms < 10 * MINUTE_MS; ms += STEP_MS) {
    if ((await describeProd(setup)).EndpointStatus === 'InService') return ms;
    for (let n = 0; n < 4; n += 1) await ask(setup, 'prod').catch(() => {});
    setup.pass(STEP_MS);
  }
  throw new Error('It was never undone.');
}

const once: AlarmPlan = { errorPercent: 1, p95Ms: null, named: [], namedWithoutData: 'wait' };
const often: AlarmPlan = { ...once, everySeconds: 10 };

describe('numbers every ten seconds', () => {
  test('let a broken fleet be noticed within half a minute, for which it otherwise takes two', async () => {
    expect(await undoneAfter(often)).toBeLessThanOrEqual(30_000);
    expect((await describeProd(setup)).EndpointConfigName).toBe('v1');
  });

  test('are not there unless they are asked for', async () => {
    const ms = await undoneAfter(once);
    expect(ms).toBeGreaterThanOrEqual(2 * MINUTE_MS);
    expect(ms).toBeLessThanOrEqual(3 * MINUTE_MS);
  });

  test('are asked for in the config, which without them says nothing of metrics', async () => {
    await makeBroken(often);
    const described = await setup.sagemaker.describeEndpointConfig({ EndpointConfigName: CONFIG });
    expect(described.MetricsConfig).toEqual({ EnableEnhancedMetrics: true, MetricPublishFrequencyInSeconds: 10 });
    const plain = await setup.sagemaker.describeEndpointConfig({ EndpointConfigName: 'broken' });
    expect(plain.MetricsConfig).toBeUndefined();
  });

  test.each<[says: string, shown: MetricsConfig | undefined, asked: AlarmPlan, difference: string | null]>([
    ['nothing', undefined, once, null],
    ['what AWS has by default', { EnableDetailedObservability: true, MetricPublishFrequencyInSeconds: 60 }, once, null],
    [
      'more than was asked for',
      { EnableEnhancedMetrics: true, MetricPublishFrequencyInSeconds: 10 },
      once,
      'MetricsConfig',
    ],
    ['what was asked for', { EnableEnhancedMetrics: true, MetricPublishFrequencyInSeconds: 10 }, often, null],
    ['a longer interval', { EnableEnhancedMetrics: true, MetricPublishFrequencyInSeconds: 30 }, often, 'MetricsConfig'],
    ['numbers of invocations once a minute', { MetricPublishFrequencyInSeconds: 10 }, often, 'MetricsConfig'],
  ])('a config of titanic’s name that has %s', async (_, shown, asked, difference) => {
    await makeConfig(setup, 'broken', { behaviour: 'error', count: 4 });
    const { MetricsConfig: _ours, ...input } = configInput(requestFor(asked));
    await setup.sagemaker.createEndpointConfig({ ...input, ...(shown === undefined ? {} : { MetricsConfig: shown }) });
    const seen = await setup.sagemaker.describeEndpointConfig({ EndpointConfigName: CONFIG });
    expect(configDifference(requestFor(asked), seen)).toBe(difference);
  });

  test('come at one of the intervals that SageMaker has', async () => {
    const made = setup.sagemaker.createEndpointConfig({
      EndpointConfigName: 'odd',
      ProductionVariants: [
        { VariantName: 'AllTraffic', ModelName: 'v1', InstanceType: 'ml.m5.large', InitialInstanceCount: 1 },
      ],
      MetricsConfig: { EnableEnhancedMetrics: true, MetricPublishFrequencyInSeconds: 20 as 10 },
    });
    expect(await refusalOf(made)).toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('10, 30'),
    });
  });

  test('should they come once a minute all the same, an alarm is no later than without them', async () => {
    const { prepare } = createCloudWatchAlarms({ clients: clients.cloudwatch, clock: { elapsedMs: setup.nowMs } });
    await makeConfig(setup, 'slow-numbers', { behaviour: 'error', count: 4 });
    const request = { environment: 'prod', endpointName: 'prod', configName: 'slow-numbers', tags: {} } as const;
    expect(await prepare({ ...request, plan: often })).toMatchObject({ kind: 'prepared' });
    await setup.sagemaker.updateEndpoint({ EndpointName: 'prod', EndpointConfigName: 'slow-numbers' });
    setup.pass(MINUTE_MS - (setup.nowMs() % MINUTE_MS) + MINUTE_MS);
    const state = async () =>
      (await setup.cloudwatch.describeAlarms({ AlarmNames: ['slow-numbers-errors'] })).MetricAlarms?.[0]?.StateValue;
    for (let minute = 0; minute < 2; minute += 1) {
      expect(await state()).not.toBe('ALARM');
      for (let n = 0; n < 4; n += 1) await ask(setup, 'prod').catch(() => {});
      setup.pass(MINUTE_MS);
    }
    expect(await state()).toBe('ALARM');
  });
});
