import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DeploymentConfig } from '@aws-sdk/client-sagemaker';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { seedSurvival } from '../../sandbox/sagemaker/seed-survival.ts';
import {
  describeProd,
  MINUTE_MS,
  makeGuarded,
  STRATEGIES,
  SWITCH,
  shareOfNew,
  startUpdate,
  trip,
  wordsOf,
} from './sagemaker-emulator-guarded.ts';
import { ask, makeConfig, refusalOf, role, type Setup, setUp } from './sagemaker-emulator-setup.ts';

let setup: Setup;
beforeEach(async () => {
  setup = await setUp();
  await makeGuarded(setup);
});
afterEach(() => setup.close());

const canary = (more: object, policy: object = {}): DeploymentConfig => ({
  BlueGreenUpdatePolicy: {
    TrafficRoutingConfiguration: { Type: 'CANARY', WaitIntervalInSeconds: 300, ...more },
    ...policy,
  },
});
const count = (Value: number) => ({ Type: 'INSTANCE_COUNT', Value }) as const;
const percent = (Value: number) => ({ Type: 'CAPACITY_PERCENT', Value }) as const;

describe('an update is refused', () => {
  test.each<[string, DeploymentConfig, RegExp]>([
    ['with a canary above half', canary({ CanarySize: percent(51) }), /CanarySize must be between 0% and 50%/],
    ['with a canary of three of four instances', canary({ CanarySize: count(3) }), /CanarySize/],
    ['without a size of its canary', canary({}), /CanarySize is required/],
    [
      'with steps below a tenth',
      {
        BlueGreenUpdatePolicy: {
          TrafficRoutingConfiguration: { Type: 'LINEAR', WaitIntervalInSeconds: 1, LinearStepSize: percent(9) },
        },
      },
      /LinearStepSize must be between 10% and 50%/,
    ],
    [
      'with batches above half',
      { RollingUpdatePolicy: { MaximumBatchSize: percent(60), WaitIntervalInSeconds: 1 } },
      /MaximumBatchSize must be between 5% and 50%/,
    ],
    [
      'with waits that its longest time does not hold',
      canary({ CanarySize: percent(25) }, { TerminationWaitInSeconds: 300, MaximumExecutionTimeoutInSeconds: 600 }),
      /the waits come to 600 seconds/,
    ],
    [
      'with two policies',
      { ...canary({ CanarySize: percent(25) }), ...STRATEGIES.rolling },
      /can not be given together/,
    ],
    ['that waits more than an hour', canary({ CanarySize: percent(25), WaitIntervalInSeconds: 3601 }), /3600/],
  ])('%s', async (_what, strategy, words) => {
    const refusal = await refusalOf(startUpdate(setup, strategy));
    expect(refusal).toMatchObject({ name: 'ValidationException', message: expect.stringMatching(words) });
    expect((await describeProd(setup)).EndpointStatus).toBe('InService');
  });

  test('as a canary of a single instance, and in batches of several variants', async () => {
    await makeConfig(setup, 'single', { count: 1 });
    const one = startUpdate(setup, canary({ CanarySize: percent(50) }), { EndpointConfigName: 'single' });
    expect((await refusalOf(one)).message).toContain('of the 1 instance(s)');
    const variant = (VariantName: string) => ({
      VariantName,
      ModelName: 'v2',
      InstanceType: 'ml.m5.large' as const,
      InitialInstanceCount: 2,
    });
    await setup.sagemaker.createEndpointConfig({
      EndpointConfigName: 'two',
      ProductionVariants: [variant('AllTraffic'), variant('Other')],
    });
    const several = startUpdate(setup, STRATEGIES.rolling, { EndpointConfigName: 'two' });
    expect((await refusalOf(several)).message).toContain('one variant');
  });

  test('with an alarm that is not there', async () => {
    const refusal = await refusalOf(startUpdate(setup, STRATEGIES.canary, { alarms: ['none'] }));
    expect(refusal.message).toBe('Could not find the alarm "none".');
  });
});

describe('SageMaker guards nothing, and says nothing,', () => {
  async function unguarded(config: string): Promise<void> {
    await startUpdate(setup, STRATEGIES.canary, { EndpointConfigName: config });
    setup.pass(799);
    await trip(setup);
    setup.pass(1);
    expect(await wordsOf(setup)).toBe('Updating: Running on full capacity of 4 instance(s).');
    setup.pass(200);
    expect(await describeProd(setup)).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: config });
  }

  test('where the variant gets another name', async () => {
    await setup.sagemaker.createEndpointConfig({
      EndpointConfigName: 'renamed',
      ProductionVariants: [
        { VariantName: 'Renamed', ModelName: 'v2', InstanceType: 'ml.m5.large', InitialInstanceCount: 4 },
      ],
    });
    await unguarded('renamed');
  });

  test('on ml.inf1', async () => {
    await setup.sagemaker.createEndpointConfig({
      EndpointConfigName: 'inf1',
      ProductionVariants: [
        { VariantName: 'AllTraffic', ModelName: 'v2', InstanceType: 'ml.inf1.xlarge', InitialInstanceCount: 4 },
      ],
    });
    await unguarded('inf1');
  });

  test('of a container that was bought in the Marketplace', async () => {
    await seedSurvival(setup.running);
    const bought = await setup.sagemaker.createModelPackage({
      ModelPackageGroupName: 'titanic-survival',
      ModelApprovalStatus: 'Approved',
      InferenceSpecification: {
        Containers: [
          {
            Image: 'registry.example/bought:1',
            ModelDataUrl: 's3://titanic-models/class-sex/model.tar.gz',
            ProductId: 'prod-1',
          },
        ],
        SupportedContentTypes: ['text/csv'],
        SupportedResponseMIMETypes: ['text/csv'],
      },
    });
    await setup.sagemaker.createModel({
      ModelName: 'bought',
      ExecutionRoleArn: role,
      PrimaryContainer: { ModelPackageName: bought.ModelPackageArn },
    });
    await setup.sagemaker.createEndpointConfig({
      EndpointConfigName: 'bought',
      ProductionVariants: [
        { VariantName: 'AllTraffic', ModelName: 'bought', InstanceType: 'ml.m5.large', InitialInstanceCount: 4 },
      ],
    });
    await unguarded('bought');
  });
});

describe('an update that is guarded', () => {
  test('goes back at once where one of its alarms is on already', async () => {
    await trip(setup);
    await startUpdate(setup, STRATEGIES.canary);
    expect(await wordsOf(setup)).toBe('Deleting: Terminating 4 instance(s).');
    setup.pass(200);
    expect(await describeProd(setup)).toMatchObject({
      EndpointStatus: 'InService',
      EndpointConfigName: 'v1',
      FailureReason: expect.stringContaining(SWITCH),
    });
  });

  test('is not turned back by an alarm that is not in its list', async () => {
    await setup.cloudwatch.putMetricAlarm({
      AlarmName: 'other',
      Namespace: 'Titanic',
      MetricName: 'RollBack',
      Statistic: 'Maximum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'ignore',
    });
    await startUpdate(setup, STRATEGIES.canary);
    await setup.cloudwatch.setAlarmState({ AlarmName: 'other', StateValue: 'ALARM', StateReason: 'x' });
    setup.pass(901_050);
    expect((await describeProd(setup)).EndpointConfigName).toBe('v2');
  });

  test('is turned back by the value alone that trips the kill switch, within ten seconds', async () => {
    await startUpdate(setup, STRATEGIES.canary);
    setup.pass(100_000);
    await setup.cloudwatch.putMetricData({
      Namespace: 'Titanic',
      MetricData: [
        {
          MetricName: 'RollBack',
          Dimensions: [{ Name: 'EndpointConfigName', Value: 'v2' }],
          Value: 1,
          StorageResolution: 1,
        },
      ],
    });
    setup.pass(10_000 + 100);
    expect(await shareOfNew(setup)).toBe(0);
  });

  test('is given up after its longest time', async () => {
    const slow = await setUp({ durations: { updateMs: 800_000, goBackMs: 100, createMs: 1000 } });
    await makeGuarded(slow);
    // 600 s to launch, 40 to activate, 300 to bake, and after 700 s it is over.
    const policy = { MaximumExecutionTimeoutInSeconds: 700 };
    await startUpdate(slow, canary({ CanarySize: percent(25) }, policy));
    slow.pass(699_999);
    expect(await wordsOf(slow)).toMatch(/^Baking/);
    slow.pass(1 + 100 + 160_000);
    expect(await describeProd(slow)).toMatchObject({
      EndpointStatus: 'InService',
      EndpointConfigName: 'v1',
      FailureReason: expect.stringContaining('MaximumExecutionTimeoutInSeconds'),
    });
    await slow.close();
  });

  test('keeps its strategy for the next one that is to retain it', async () => {
    await startUpdate(setup, STRATEGIES['all at once']);
    setup.pass(601_000);
    await setup.sagemaker.updateEndpoint({
      EndpointName: 'prod',
      EndpointConfigName: 'v1',
      RetainDeploymentConfig: true,
    });
    setup.pass(800);
    expect(await wordsOf(setup)).toContain('Baking for 600 seconds');
  });

  test('is where the clock says after a restart, also when it was turned back, and an alarm is on meanwhile', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'titanic-emulator-'));
    const statePath = join(directory, 'sagemaker.json');
    let nowMs = Date.UTC(2031, 0, 1);
    const options = { statePath, now: () => nowMs };
    const first = await setUp(options);
    const away = async (old: Setup, ms: number) => {
      await old.close();
      nowMs += ms;
      return setUp(options);
    };
    const pass = (ms: number) => {
      nowMs += ms;
    };
    await makeGuarded({ ...first, pass });
    await startUpdate(first, STRATEGIES.canary);
    const second = await away(first, 300_800 - 1);
    expect(await wordsOf(second)).toContain('canary capacity of 1');
    // A value in the kill switch's metric counts in the evaluation after the restart.
    await second.cloudwatch.putMetricData({
      Namespace: 'Titanic',
      MetricData: [
        {
          MetricName: 'RollBack',
          Dimensions: [{ Name: 'EndpointConfigName', Value: 'v2' }],
          Value: 1,
          StorageResolution: 1,
        },
      ],
    });
    // It was written at 301.8 s by CloudWatch's clock, which evaluates at 310.
    const third = await away(second, 8_250);
    expect(await wordsOf(third)).toMatch(/^(Updating: Rolling back|Deleting)/);
    const fourth = await away(third, 5_000);
    expect(await describeProd(fourth)).toMatchObject({
      EndpointStatus: 'InService',
      EndpointConfigName: 'v1',
      FailureReason: expect.stringContaining(SWITCH),
    });
    await fourth.close();
    rmSync(directory, { recursive: true });
  });
});

describe('what else may become of an endpoint', () => {
  test('UpdateRollbackFailed: a mix of both fleets serves, until the next update', async () => {
    await setup.running.control.setFault({ kind: 'failRollback', endpoint: 'prod', count: 1 });
    await startUpdate(setup, STRATEGIES.rolling);
    setup.pass(121_500);
    await trip(setup);
    setup.pass(10 * MINUTE_MS);
    expect(await describeProd(setup)).toMatchObject({
      EndpointStatus: 'UpdateRollbackFailed',
      EndpointConfigName: 'v1',
      FailureReason: expect.stringContaining(SWITCH),
    });
    expect(await shareOfNew(setup)).toBe(0.5);
    await setup.cloudwatch.setAlarmState({ AlarmName: SWITCH, StateValue: 'OK', StateReason: 'again' });
    await setup.sagemaker.updateEndpoint({ EndpointName: 'prod', EndpointConfigName: 'v1' });
    setup.pass(1000);
    const healed = await describeProd(setup);
    expect(healed).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: 'v1' });
    expect(healed.FailureReason).toBeUndefined();
    expect(await shareOfNew(setup)).toBe(0);
  });

  test('OutOfService: it answers nobody, and an update brings it back', async () => {
    await setup.running.control.outOfService('prod', true);
    expect((await describeProd(setup)).EndpointStatus).toBe('OutOfService');
    expect((await refusalOf(ask(setup, 'prod'))).message).toContain('not found');
    await setup.sagemaker.updateEndpoint({ EndpointName: 'prod', EndpointConfigName: 'v2' });
    setup.pass(1000);
    expect((await describeProd(setup)).EndpointStatus).toBe('InService');
    await setup.running.control.outOfService('prod', true);
    await setup.running.control.outOfService('prod', false);
    expect((await describeProd(setup)).EndpointStatus).toBe('InService');
  });
});
