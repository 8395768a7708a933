import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { seedSurvival } from '../../sandbox/sagemaker/seed-survival.ts';
import {
  arn,
  ask,
  durations,
  makeConfig,
  makeEndpoint,
  packageArn,
  refusalOf,
  role,
  type Setup,
  setUp,
} from './sagemaker-emulator-setup.ts';

let setup: Setup;
beforeEach(async () => {
  setup = await setUp();
});
afterEach(() => setup.close());

const describeProd = () => setup.sagemaker.describeEndpoint({ EndpointName: 'prod' });
const updateProd = (config = 'v2', more: object = {}) =>
  setup.sagemaker.updateEndpoint({ EndpointName: 'prod', EndpointConfigName: config, ...more });

describe('creating an endpoint', () => {
  test('goes from Creating to InService, with the fleet pending meanwhile', async () => {
    await makeConfig(setup, 'v1');
    await setup.sagemaker.createEndpoint({ EndpointName: 'prod', EndpointConfigName: 'v1' });
    const creating = await describeProd();
    expect(creating).toMatchObject({ EndpointStatus: 'Creating', EndpointConfigName: 'v1' });
    expect(creating.PendingDeploymentSummary?.ProductionVariants?.[0]?.VariantStatus?.[0]).toMatchObject({
      Status: 'Creating',
      StatusMessage: 'Launching 1 instance(s).',
    });
    setup.pass(durations.createMs - 1);
    expect((await describeProd()).EndpointStatus).toBe('Creating');
    setup.pass(1);
    const done = await describeProd();
    expect(done).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: 'v1' });
    expect(done.PendingDeploymentSummary).toBeUndefined();
    expect(done.ProductionVariants).toMatchObject([
      {
        VariantName: 'AllTraffic',
        CurrentInstanceCount: 1,
        DesiredInstanceCount: 1,
        CurrentWeight: 1,
        DesiredWeight: 1,
      },
    ]);
    expect(done.LastModifiedTime?.getTime()).toBeGreaterThan(creating.LastModifiedTime?.getTime() ?? 0);
  });

  test('with a model that does not answer its ping ends Failed, and then only a delete is possible', async () => {
    await makeConfig(setup, 'crashing', { behaviour: 'crash' });
    await makeConfig(setup, 'v1');
    await setup.sagemaker.createEndpoint({ EndpointName: 'prod', EndpointConfigName: 'crashing' });
    setup.pass(durations.failedHealthCheckMs - 1);
    expect((await describeProd()).EndpointStatus).toBe('Creating');
    setup.pass(1);
    expect(await describeProd()).toMatchObject({
      EndpointStatus: 'Failed',
      FailureReason:
        'The primary container for production variant AllTraffic did not pass the ping health check. ' +
        'Please check CloudWatch logs for this endpoint.',
    });
    expect((await refusalOf(updateProd('v1'))).name).toBe('ValidationException');
    expect((await refusalOf(ask(setup, 'prod'))).message).toContain('not found');
    await setup.sagemaker.deleteEndpoint({ EndpointName: 'prod' });
    setup.pass(durations.deleteMs);
    expect((await refusalOf(describeProd())).message).toBe(`Could not find endpoint "${arn('endpoint', 'prod')}".`);
  });

  test('resolves the image to the digest that the registry holds', async () => {
    await seedSurvival(setup.running);
    await setup.sagemaker.createModel({
      ModelName: 'm',
      ExecutionRoleArn: role,
      PrimaryContainer: { ModelPackageName: packageArn(1) },
    });
    await setup.sagemaker.createEndpointConfig({
      EndpointConfigName: 'c',
      ProductionVariants: [
        { VariantName: 'AllTraffic', ModelName: 'm', InstanceType: 'ml.m5.large', InitialInstanceCount: 1 },
      ],
    });
    await setup.sagemaker.createEndpoint({ EndpointName: 'prod', EndpointConfigName: 'c' });
    setup.pass(durations.createMs);
    const { InferenceSpecification } = await setup.sagemaker.describeModelPackage({ ModelPackageName: packageArn(1) });
    const container = InferenceSpecification?.Containers?.[0];
    expect((await describeProd()).ProductionVariants?.[0]?.DeployedImages).toEqual([
      {
        SpecifiedImage: container?.Image,
        ResolvedImage: `${container?.Image?.replace(':1', '')}@${container?.ImageDigest}`,
        ResolutionTime: expect.any(Date),
      },
    ]);
  });

  test('a second time is refused, in whatever case the name is written', async () => {
    await makeEndpoint(setup);
    const again = setup.sagemaker.createEndpoint({ EndpointName: 'PROD', EndpointConfigName: 'v1' });
    expect((await refusalOf(again)).message).toBe(
      `Cannot create already existing endpoint "${arn('endpoint', 'prod')}".`,
    );
  });

  test('without its config is refused', async () => {
    const orphan = setup.sagemaker.createEndpoint({ EndpointName: 'prod', EndpointConfigName: 'none' });
    expect((await refusalOf(orphan)).message).toBe(
      `Could not find endpoint configuration "${arn('endpoint-config', 'none')}".`,
    );
  });
});

describe('updating an endpoint', () => {
  beforeEach(() => makeEndpoint(setup));

  test('shows the old config until the end, and the new one as pending, phase by phase', async () => {
    const before = await describeProd();
    const DeploymentConfig = {
      BlueGreenUpdatePolicy: {
        TrafficRoutingConfiguration: { Type: 'ALL_AT_ONCE', WaitIntervalInSeconds: 0 },
        TerminationWaitInSeconds: 1,
      },
    } as const;
    await updateProd('v2', { DeploymentConfig });
    const seen: (string | undefined)[] = [];
    const look = async () => {
      const now = await describeProd();
      expect(now).toMatchObject({ EndpointStatus: 'Updating', EndpointConfigName: 'v1' });
      expect(now.PendingDeploymentSummary?.EndpointConfigName).toBe('v2');
      const status = now.PendingDeploymentSummary?.ProductionVariants?.[0]?.VariantStatus?.[0];
      seen.push(`${status?.Status}: ${status?.StatusMessage}`);
      return now;
    };
    const accepted = await look();
    expect(accepted.LastModifiedTime).not.toEqual(before.LastModifiedTime);
    expect(accepted.ProductionVariants?.[0]?.DeployedImages).toEqual(before.ProductionVariants?.[0]?.DeployedImages);
    setup.pass(750);
    await look();
    setup.pass(50);
    await look();
    setup.pass(1000);
    const last = await look();
    expect(seen).toEqual([
      'Creating: Launching 2 instance(s).',
      'ActivatingTraffic: Activating traffic on full capacity of 2 instance(s).',
      'Baking: Baking for 1 seconds (TerminationWaitInSeconds) with traffic enabled on full capacity of 2 instance(s).',
      'Updating: Running on full capacity of 2 instance(s).',
    ]);
    expect(last.ProductionVariants?.[0]?.VariantStatus?.[0]).toMatchObject({
      Status: 'Deleting',
      StatusMessage: 'Terminating 1 instance(s).',
    });
    setup.pass(200);
    const done = await describeProd();
    expect(done).toMatchObject({
      EndpointStatus: 'InService',
      EndpointConfigName: 'v2',
      LastDeploymentConfig: DeploymentConfig,
    });
    expect(done.PendingDeploymentSummary).toBeUndefined();
    expect(done.ProductionVariants?.[0]?.CurrentInstanceCount).toBe(2);
    expect(done.LastModifiedTime).not.toEqual(last.LastModifiedTime);
  });

  test('never stops answering: the old fleet until traffic moves, then the new one', async () => {
    const boy = () => ask(setup, 'prod', '3,male,4');
    const old = await boy();
    await updateProd();
    expect(await boy()).toBe(old);
    setup.pass(799);
    expect(await boy()).toBe(old);
    setup.pass(1);
    const fresh = await boy();
    expect(fresh).not.toBe(old);
    setup.pass(200);
    expect(await boy()).toBe(fresh);
  });

  test('to a model that does not answer its ping goes back silently: InService, the old config, a reason', async () => {
    await makeConfig(setup, 'crashing', { behaviour: 'crash' });
    await updateProd('crashing');
    setup.pass(durations.failedHealthCheckMs);
    expect(await describeProd()).toMatchObject({
      EndpointStatus: 'InService',
      EndpointConfigName: 'v1',
      FailureReason: expect.stringContaining('did not pass the ping health check'),
    });
    await updateProd('v2');
    setup.pass(durations.updateMs);
    const good = await describeProd();
    expect(good.EndpointConfigName).toBe('v2');
    expect(good.FailureReason).toBeUndefined();
  });

  test('locks it: every other change is refused until it is over', async () => {
    await updateProd();
    const expected = {
      name: 'ValidationException',
      status: 400,
      message: `Cannot update in-progress endpoint "${arn('endpoint', 'prod')}".`,
    };
    expect(await refusalOf(updateProd('v1'))).toMatchObject(expected);
    expect(await refusalOf(setup.sagemaker.deleteEndpoint({ EndpointName: 'prod' }))).toMatchObject(expected);
    const weights = setup.sagemaker.updateEndpointWeightsAndCapacities({
      EndpointName: 'prod',
      DesiredWeightsAndCapacities: [{ VariantName: 'AllTraffic', DesiredWeight: 2 }],
    });
    expect(await refusalOf(weights)).toMatchObject(expected);
  });

  test('needs the new config and the old one, although the fleet itself lives on without its config', async () => {
    expect((await refusalOf(updateProd('none'))).message).toBe(
      `Could not find endpoint configuration "${arn('endpoint-config', 'none')}".`,
    );
    await setup.sagemaker.deleteEndpointConfig({ EndpointConfigName: 'v1' });
    await setup.sagemaker.deleteModel({ ModelName: 'v1' });
    expect(await ask(setup, 'prod')).toMatch(/^0\.8/);
    expect((await refusalOf(updateProd())).message).toBe(
      `Could not find endpoint configuration "${arn('endpoint-config', 'v1')}".`,
    );
  });

  test('keeps counts and weights only when asked to, and not those that are excluded', async () => {
    await setup.sagemaker.updateEndpointWeightsAndCapacities({
      EndpointName: 'prod',
      DesiredWeightsAndCapacities: [{ VariantName: 'AllTraffic', DesiredWeight: 3, DesiredInstanceCount: 5 }],
    });
    setup.pass(durations.scaleMs);
    await updateProd('v2', {
      RetainAllVariantProperties: true,
      ExcludeRetainedVariantProperties: [{ VariantPropertyType: 'DesiredWeight' }],
    });
    setup.pass(durations.updateMs);
    expect((await describeProd()).ProductionVariants).toMatchObject([{ CurrentInstanceCount: 5, CurrentWeight: 1 }]);
    await updateProd('v1');
    setup.pass(durations.updateMs);
    expect((await describeProd()).ProductionVariants).toMatchObject([{ CurrentInstanceCount: 1, CurrentWeight: 1 }]);
  });

  test('may leave LastModifiedTime alone at its end, if so set', async () => {
    const other = await setUp({ settings: { lastModifiedOnCompletion: false } });
    await makeEndpoint(other);
    const { LastModifiedTime, CreationTime } = await other.sagemaker.describeEndpoint({ EndpointName: 'prod' });
    expect(LastModifiedTime).toEqual(CreationTime);
    await other.close();
  });
});

describe('weights and counts', () => {
  const shift = (changes: { VariantName: string; DesiredWeight?: number; DesiredInstanceCount?: number }[]) =>
    setup.sagemaker.updateEndpointWeightsAndCapacities({ EndpointName: 'prod', DesiredWeightsAndCapacities: changes });

  beforeEach(async () => {
    await makeConfig(setup, 'v1');
    await setup.sagemaker.createEndpointConfig({
      EndpointConfigName: 'two',
      ProductionVariants: ['blue', 'green'].map((name) => ({
        VariantName: name,
        ModelName: 'v1',
        InstanceType: 'ml.m5.large' as const,
        InitialInstanceCount: 1,
        InitialVariantWeight: name === 'blue' ? 1 : 0,
      })),
    });
    await setup.sagemaker.createEndpoint({ EndpointName: 'prod', EndpointConfigName: 'two' });
    setup.pass(durations.createMs);
  });

  test('a shift of weights shows as desired at once and as current at its end, under the same config', async () => {
    await shift([
      { VariantName: 'blue', DesiredWeight: 0 },
      { VariantName: 'green', DesiredWeight: 1 },
    ]);
    const during = await describeProd();
    expect(during).toMatchObject({ EndpointStatus: 'Updating', EndpointConfigName: 'two' });
    expect(during.PendingDeploymentSummary).toBeUndefined();
    expect(during.ProductionVariants).toMatchObject([
      { CurrentWeight: 1, DesiredWeight: 0 },
      { CurrentWeight: 0, DesiredWeight: 1 },
    ]);
    setup.pass(durations.weightsMs);
    expect((await describeProd()).ProductionVariants).toMatchObject([
      { CurrentWeight: 0, DesiredWeight: 0 },
      { CurrentWeight: 1, DesiredWeight: 1 },
    ]);
  });

  test('requests are split exactly by weight, and a target variant overrides it', async () => {
    await shift([
      { VariantName: 'blue', DesiredWeight: 3 },
      { VariantName: 'green', DesiredWeight: 1 },
    ]);
    setup.pass(durations.weightsMs);
    const invoke = async (more: object = {}) =>
      (await setup.runtime.invokeEndpoint({ EndpointName: 'prod', ContentType: 'text/csv', Body: '1,male,9', ...more }))
        .InvokedProductionVariant;
    const served: (string | undefined)[] = [];
    for (let count = 0; count < 8; count += 1) served.push(await invoke());
    expect(served.filter((name) => name === 'green')).toHaveLength(2);
    expect(await invoke({ TargetVariant: 'green' })).toBe('green');
    expect((await refusalOf(invoke({ TargetVariant: 'red' }))).name).toBe('ValidationError');
  });

  test('a change that fails is seen RollingBack and ends as it began', async () => {
    await setup.running.control.setFault({ kind: 'silentRollback', reason: 'no capacity' });
    await shift([{ VariantName: 'green', DesiredWeight: 1 }]);
    setup.pass(durations.weightsMs / 2);
    expect((await describeProd()).EndpointStatus).toBe('RollingBack');
    setup.pass(durations.weightsMs / 2);
    const after = await describeProd();
    expect(after).toMatchObject({ EndpointStatus: 'InService', FailureReason: 'no capacity' });
    expect(after.ProductionVariants?.[1]).toMatchObject({ CurrentWeight: 0, DesiredWeight: 0 });
  });

  test('an unknown variant, and the counts of two at once, are refused', async () => {
    expect((await refusalOf(shift([{ VariantName: 'red', DesiredWeight: 1 }]))).name).toBe('ValidationException');
    const both = shift(['blue', 'green'].map((VariantName) => ({ VariantName, DesiredInstanceCount: 2 })));
    expect((await refusalOf(both)).name).toBe('ValidationException');
  });
});

describe('deleting an endpoint', () => {
  test('leaves its config and model, and the name free', async () => {
    await makeEndpoint(setup);
    await setup.sagemaker.deleteEndpoint({ EndpointName: 'prod' });
    expect((await describeProd()).EndpointStatus).toBe('Deleting');
    expect((await refusalOf(ask(setup, 'prod'))).message).toContain('not found');
    setup.pass(durations.deleteMs);
    expect((await refusalOf(describeProd())).message).toContain('Could not find endpoint');
    await setup.sagemaker.describeEndpointConfig({ EndpointConfigName: 'v1' });
    await setup.sagemaker.createEndpoint({ EndpointName: 'prod', EndpointConfigName: 'v1' });
  });
});

test('AWS patching an endpoint makes it SystemUpdating, locked and answering, and then as it was', async () => {
  await makeEndpoint(setup);
  await setup.running.control.systemUpdate('prod');
  expect((await describeProd()).EndpointStatus).toBe('SystemUpdating');
  expect((await refusalOf(updateProd())).message).toContain('Cannot update in-progress endpoint');
  expect(await ask(setup, 'prod')).toMatch(/^0\.8/);
  setup.pass(durations.systemUpdateMs);
  expect(await describeProd()).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: 'v1' });
});

test('endpoints are listed newest first, by name, status and page', async () => {
  await makeEndpoint(setup, 'titanic-staging');
  await setup.sagemaker.createEndpoint({ EndpointName: 'titanic-prod', EndpointConfigName: 'v1' });
  const names = async (query: object) =>
    (await setup.sagemaker.listEndpoints(query)).Endpoints?.map((one) => one.EndpointName);
  expect(await names({})).toEqual(['titanic-prod', 'titanic-staging']);
  expect(await names({ SortBy: 'Name', SortOrder: 'Descending' })).toEqual(['titanic-staging', 'titanic-prod']);
  expect(await names({ StatusEquals: 'InService' })).toEqual(['titanic-staging']);
  expect(await names({ NameContains: 'anic-st' })).toEqual(['titanic-staging']);
  const first = await setup.sagemaker.listEndpoints({ MaxResults: 1 });
  setup.pass(1000);
  await setup.sagemaker.createEndpoint({ EndpointName: 'between', EndpointConfigName: 'v1' });
  expect(await names({ MaxResults: 1, NextToken: first.NextToken })).toEqual(['titanic-staging']);
});

test('speed divides durations, also those of what is under way', async () => {
  await makeEndpoint(setup);
  await updateProd();
  setup.pass(500);
  await setup.running.control.setSpeed(100);
  setup.pass(4);
  expect((await describeProd()).EndpointStatus).toBe('Updating');
  setup.pass(1);
  expect((await describeProd()).EndpointStatus).toBe('InService');
});
