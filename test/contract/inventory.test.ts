import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type RunningSageMaker, startSageMaker } from '../../sandbox/sagemaker/start-sagemaker.ts';
import type { AwsClients } from '../../src/adapters/aws-clients.ts';
import { createSageMakerInventory } from '../../src/adapters/sagemaker-inventory.ts';
import type { Inventory } from '../../src/ports/inventory.ts';
import type { Deletion, ResourceKind } from '../../src/rollout/cleanup.ts';
import { killSwitchOf } from '../../src/rollout/strategy.ts';
import { mintWonDeletion } from '../../src/rollout/won-intent.ts';
import { awsClientsFor } from '../support/aws-env.ts';
import { type FaultyProxy, startFaultyProxy } from '../support/faulty-proxy.ts';

const TAGS = [
  { Key: 'project', Value: 'titanic-sagemaker' },
  { Key: 'tutorial_phase', Value: '04' },
];
const ROLE = 'arn:aws:iam::123456789012:role/titanic-sagemaker-execution';
const MANY = 120;

const ALARM = killSwitchOf('titanic-survival-prod-v1-r9');

let sagemaker: RunningSageMaker;
let proxy: FaultyProxy;
let clients: AwsClients;
let inventory: Inventory;

const deletion = (kind: ResourceKind, name: string): Deletion => ({ kind, name, arn: 'arn', environment: null });
const alive = new AbortController().signal;

async function removes(kind: ResourceKind, name: string, named = deletion(kind, name)) {
  return inventory.remove(kind, name, mintWonDeletion('survival', 1, [named]), alive, () => true);
}

beforeAll(async () => {
  sagemaker = await startSageMaker({ speed: 10_000 });
  const { control } = sagemaker;
  const model = (name: string, tags: readonly { Key: string; Value: string }[] = TAGS) =>
    control.console('CreateModel', {
      ModelName: name,
      ExecutionRoleArn: ROLE,
      PrimaryContainer: {
        Image: 'registry.example/survival:1',
        ModelDataUrl: 's3://titanic-models/class-sex/model.tar.gz',
      },
      Tags: [...tags],
    });
  const config = (name: string, of: string) =>
    control.console('CreateEndpointConfig', {
      EndpointConfigName: name,
      ProductionVariants: [
        { VariantName: 'AllTraffic', ModelName: of, InstanceType: 'ml.m5.large', InitialInstanceCount: 1 },
      ],
      Tags: TAGS,
    });
  const alarm = (AlarmName: string, tags: readonly { Key: string; Value: string }[]) =>
    control.console('PutMetricAlarm', {
      AlarmName,
      Namespace: 'Titanic',
      MetricName: 'RollBack',
      Statistic: 'Maximum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      Tags: [...tags],
    });
  for (let n = 0; n < MANY; n += 1) await alarm(`titanic-filler-${n}`, []);
  await alarm(ALARM, TAGS);
  for (let n = 0; n < MANY; n += 1) await model(`titanic-survival-prod-v1-r${n}`);
  await model('somebody-elses', []);
  await config('titanic-survival-prod-v1-r1', 'titanic-survival-prod-v1-r1');
  await config('titanic-survival-prod-v1-r2', 'titanic-survival-prod-v1-r2');
  await config('foreign', 'titanic-survival-prod-v1-r3');
  await control.console('CreateEndpoint', {
    EndpointName: 'other-teams',
    EndpointConfigName: 'titanic-survival-prod-v1-r2',
    Tags: [],
  });
  await control.console('CreateEndpoint', { EndpointName: 'others-too', EndpointConfigName: 'foreign', Tags: [] });
  await vi.waitUntil(async () => {
    const seen = await inventoryOf(sagemaker.url).users('endpoint configuration');
    return seen.kind === 'known' && seen.value.size === 2;
  });
  proxy = await startFaultyProxy(sagemaker.url);
  clients.destroy();
  inventory = inventoryOf(proxy.url);
});

function inventoryOf(url: string): Inventory {
  clients = awsClientsFor({ SAGEMAKER: url, CLOUDWATCH: url });
  return inventoryWhere(true);
}

function inventoryWhere(guarded: boolean): Inventory {
  return createSageMakerInventory({
    guarded,
    clients: clients.sagemaker,
    alarms: clients.cloudwatch.prod,
    prefix: 'titanic-',
    separate: false,
    isOurName: (name) => name.startsWith('titanic-'),
    environmentOf: () => 'prod',
  });
}

afterEach(() => {
  proxy.mode = () => ({ kind: 'pass' });
});

afterAll(async () => {
  clients.destroy();
  await proxy.close();
  await sagemaker.close();
  vi.unstubAllEnvs();
});

describe('the inventory', () => {
  it('pages through everything, and reads the tags of what may be ours', async () => {
    const listing = await inventory.list();
    if (listing.kind === 'unknown') throw new Error(listing.why);
    const { models, configs, endpoints } = listing.value;
    expect(models).toHaveLength(MANY + 1);
    const ours = models.filter(({ name }) => name.startsWith('titanic-'));
    expect(ours.every(({ tags }) => tags.kind === 'known' && tags.value.tutorial_phase === '04')).toBe(true);
    expect(models.find(({ name }) => name === 'somebody-elses')?.tags.kind).toBe('unknown');
    expect(endpoints.map(({ name, configNames }) => [name, configNames]).sort()).toEqual([
      ['other-teams', ['titanic-survival-prod-v1-r2']],
      ['others-too', ['foreign']],
    ]);
    // A config that an endpoint uses is looked into, whoever made it.
    expect(configs.find(({ name }) => name === 'foreign')?.modelNames).toEqual(['titanic-survival-prod-v1-r3']);
  });

  it('is none at all where a page cannot be read', async () => {
    proxy.mode = ({ operation }) =>
      operation.endsWith('.ListModels') ? { kind: 'answer', status: 400, body: REFUSED } : { kind: 'pass' };
    expect(await inventory.list()).toMatchObject({ kind: 'unknown', why: expect.stringContaining('AccessDenied') });
    proxy.mode = ({ operation }) =>
      operation.endsWith('.ListEndpointConfigs') ? { kind: 'answer', status: 400, body: REFUSED } : { kind: 'pass' };
    expect(await inventory.users('model')).toMatchObject({ kind: 'unknown' });
  });

  it('says who uses a config or a model right now', async () => {
    const configs = await inventory.users('endpoint configuration');
    const models = await inventory.users('model');
    if (configs.kind === 'unknown' || models.kind === 'unknown') throw new Error('unread');
    expect(configs.value.get('titanic-survival-prod-v1-r2')).toBe('the endpoint other-teams');
    expect(configs.value.has('titanic-survival-prod-v1-r1')).toBe(false);
    expect(models.value.get('titanic-survival-prod-v1-r1')).toBe(
      'the endpoint configuration titanic-survival-prod-v1-r1',
    );
    expect(models.value.get('titanic-survival-prod-v1-r3')).toBe('the endpoint configuration foreign');
  });

  it('reads only endpoints to say who uses a config, and no models to say who uses a model', async () => {
    const calls = proxy.calls.length;
    await inventory.users('endpoint configuration');
    const forConfigs = proxy.calls.slice(calls).map(({ operation }) => operation.split('.').at(-1));
    expect(new Set(forConfigs)).toEqual(new Set(['ListEndpoints', 'DescribeEndpoint']));
    await inventory.users('model');
    expect(
      proxy.calls
        .map(({ operation }) => operation)
        .slice(calls)
        .join(),
    ).not.toContain('ListModels');
  });

  it('deletes what the won round names, and nothing else', async () => {
    const other = deletion('model', 'titanic-survival-prod-v1-r5');
    expect(await removes('model', 'titanic-survival-prod-v1-r4', other)).toMatchObject({ kind: 'refused' });
    expect(await removes('model', 'titanic-survival-prod-v1-r4')).toMatchObject({ kind: 'gone' });
    // Again: it is gone already, and that is as good.
    expect(await removes('model', 'titanic-survival-prod-v1-r4')).toMatchObject({ kind: 'gone' });
    expect(await removes('endpoint configuration', 'titanic-survival-prod-v1-r99')).toMatchObject({ kind: 'gone' });
    expect(
      await inventory.tags('x', 'arn:aws:sagemaker:us-east-1:123456789012:model/titanic-survival-prod-v1-r4'),
    ).toEqual({
      kind: 'known',
      value: null,
    });
  });

  it('needs alarms only where prod is guarded: elsewhere all else is listed though CloudWatch cannot be asked', async () => {
    proxy.mode = ({ operation }) =>
      operation.endsWith('.DescribeAlarms') ? { kind: 'answer', status: 400, body: REFUSED } : { kind: 'pass' };
    expect((await inventory.list()).kind).toBe('unknown');
    const listing = await inventoryWhere(false).list();
    if (listing.kind === 'unknown') throw new Error(listing.why);
    expect(listing.value.alarms).toEqual([]);
    proxy.mode = () => ({ kind: 'pass' });
    const { models } = listing.value;
    const seen = await inventoryWhere(false).list();
    expect(seen).toMatchObject({ kind: 'known', value: { alarms: [{ name: ALARM }], models } });
  });

  it('finds the alarms of configs among all others, by the config that uses them, and deletes what the round names', async () => {
    const listing = await inventory.list();
    if (listing.kind === 'unknown') throw new Error(listing.why);
    const [found, ...more] = listing.value.alarms;
    expect(more).toEqual([]);
    expect(found).toMatchObject({ name: ALARM, tags: { kind: 'known', value: { tutorial_phase: '04' } } });
    const users = await inventory.users('alarm');
    if (users.kind === 'unknown') throw new Error(users.why);
    expect(users.value.get(killSwitchOf('titanic-survival-prod-v1-r1'))).toBe(
      'the endpoint configuration titanic-survival-prod-v1-r1',
    );
    expect(users.value.has(ALARM)).toBe(false);
    expect(await removes('alarm', ALARM, deletion('alarm', 'another'))).toMatchObject({ kind: 'refused' });
    expect(await removes('alarm', ALARM)).toMatchObject({ kind: 'gone' });
    expect(await removes('alarm', ALARM)).toMatchObject({ kind: 'gone' });
    expect(await inventory.tags(ALARM, found?.arn ?? '')).toEqual({ kind: 'known', value: null });
  });

  it('never takes a lost reply for an answer, nor sends what has become old', async () => {
    proxy.mode = () => ({ kind: 'lose-reply' });
    expect(await removes('model', 'titanic-survival-prod-v1-r6')).toMatchObject({ kind: 'unclear' });
    proxy.mode = () => ({ kind: 'pass' });
    const calls = proxy.calls.length;
    const round = mintWonDeletion('survival', 1, [deletion('model', 'titanic-survival-prod-v1-r7')]);
    const late = await inventory.remove('model', 'titanic-survival-prod-v1-r7', round, alive, () => false);
    expect(late).toMatchObject({ kind: 'unclear' });
    expect(proxy.calls.length).toBe(calls);
  });

  it('follows an endpoint until it is gone', async () => {
    expect(await removes('endpoint', 'others-too')).toMatchObject({ kind: 'going' });
    await vi.waitUntil(async () => (await removes('endpoint', 'others-too')).kind === 'gone', { timeout: 5_000 });
  });
});

const REFUSED = JSON.stringify({ __type: 'AccessDeniedException', message: 'not authorized' });
