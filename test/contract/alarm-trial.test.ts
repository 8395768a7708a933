import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type RunningSageMaker, startSageMaker } from '../../sandbox/sagemaker/start-sagemaker.ts';
import { type AlarmTrial, tryAlarm } from '../../src/adapters/alarm-trial.ts';
import type { AwsClients } from '../../src/adapters/aws-clients.ts';
import { ownerOf } from '../../src/cleanup/owner.ts';
import { trialConfigName, trialNeeds } from '../../src/cli/doctor/trial-needs.ts';
import { awsClientsFor } from '../support/aws-env.ts';
import { awsErrorAnswer, type FaultyProxy, type ProxyMode, startFaultyProxy } from '../support/faulty-proxy.ts';

// A busy machine is slow to start all parts.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

const TAGS = { project: 'titanic-sagemaker', tutorial_phase: '04' };
const CONFIG = 'titanic-survival-prod-v0-r1';
const REQUEST = { configName: CONFIG, tags: TAGS, watchMs: 50, stop: new AbortController().signal };
const DENIED = awsErrorAnswer('AccessDeniedException', 'not authorized', 403);
const BROKEN = awsErrorAnswer('ValidationError', 'no such thing', 400);
const passed = { kind: 'pass' } as const;

let emulator: RunningSageMaker;
let proxy: FaultyProxy;
let clients: AwsClients;
let cloudwatch: CloudWatch;

const operations = () => proxy.calls.map(({ operation }) => operation.split('.')[1]);
const alarms = async () => (await cloudwatch.describeAlarms({ AlarmNamePrefix: 'titanic-' })).MetricAlarms ?? [];

/** `answers`: what becomes of the nth call of an operation. */
function tried(answers: Readonly<Record<string, (nth: number) => ProxyMode>> = {}, stop = new AbortController()) {
  const seen = new Map<string, number>();
  proxy.mode = ({ operation }) => {
    const name = operation.split('.')[1] ?? '';
    seen.set(name, (seen.get(name) ?? 0) + 1);
    return answers[name]?.(seen.get(name) ?? 0) ?? passed;
  };
  return tryAlarm(clients.cloudwatch.prod.repeatable, { ...REQUEST, stop: stop.signal });
}

const showing = (state: string) => ({
  kind: 'answer' as const,
  status: 200,
  body: JSON.stringify({ MetricAlarms: [{ AlarmName: `${CONFIG}-kill-switch`, StateValue: state }] }),
});
const needsOf = (trial: AlarmTrial, asBot: boolean) =>
  trialNeeds({ tryAlarm: () => Promise.resolve(trial) }, REQUEST, asBot);

beforeAll(async () => {
  emulator = await startSageMaker();
  proxy = await startFaultyProxy(emulator.url);
  clients = awsClientsFor({ CLOUDWATCH: proxy.url });
  cloudwatch = new CloudWatch({
    endpoint: emulator.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
  });
});

beforeEach(() => {
  proxy.calls.length = 0;
});

afterAll(async () => {
  clients.destroy();
  cloudwatch.destroy();
  await proxy.close();
  await emulator.close();
});

describe('a trial of SetAlarmState', () => {
  it('makes, sets, watches and deletes one alarm, as a guard of prod is made', async () => {
    const trial = await tried();
    expect(trial).toMatchObject({ outcome: { kind: 'stayed' }, left: null });
    expect(operations()).toEqual(['PutMetricAlarm', 'SetAlarmState', ...operations().slice(2, -1), 'DeleteAlarms']);
    const [made, set] = proxy.calls.map(({ body }) => JSON.parse(body));
    // What infra/modules/iam/guards.tf asks of whoever makes one.
    expect(made.AlarmName).toMatch(/^titanic-survival-prod-v.*-kill-switch$/);
    expect(made.Tags).toEqual(Object.entries(TAGS).map(([Key, Value]) => ({ Key, Value })));
    expect(made.AlarmActions).toBeUndefined();
    expect([set.AlarmName, set.StateValue]).toEqual([made.AlarmName, 'ALARM']);
    expect(await alarms()).toEqual([]);
  });

  it.each([
    ['set', { SetAlarmState: () => BROKEN }],
    ['read', { DescribeAlarms: () => BROKEN }],
    // Made, and its reply lost each time: nobody knows.
    ['make', { PutMetricAlarm: () => ({ kind: 'lose-reply' }) as const }],
  ])('deletes it all the same where it cannot be %s', async (step, answers) => {
    const trial = await tried(answers);
    expect(trial).toMatchObject({ outcome: { kind: 'failed', step }, left: null });
    expect(operations().at(-1)).toBe('DeleteAlarms');
    expect(await alarms()).toEqual([]);
    expect(await needsOf(trial, false)).toMatchObject([{ status: 'problem' }]);
  });

  it('deletes it where somebody stops it', async () => {
    const stop = new AbortController();
    stop.abort();
    expect(await tried({}, stop)).toMatchObject({ outcome: { kind: 'stopped' }, left: null });
    expect(await alarms()).toEqual([]);
  });

  it('says it where the state does not stay, or is never shown', async () => {
    const back = await tried({ DescribeAlarms: (nth) => showing(nth === 1 ? 'ALARM' : 'OK') });
    expect(back.outcome).toMatchObject({ kind: 'changed', state: 'OK' });
    const never = await tried({ DescribeAlarms: () => showing('INSUFFICIENT_DATA') });
    expect(never.outcome).toMatchObject({ kind: 'never-shown', state: 'INSUFFICIENT_DATA' });
    for (const trial of [back, never]) expect(await needsOf(trial, true)).toMatchObject([{ status: 'problem' }]);
    expect(await alarms()).toEqual([]);
  });

  it('takes no single old look for a change', async () => {
    const trial = await tried({ DescribeAlarms: (nth) => showing(nth === 2 ? 'INSUFFICIENT_DATA' : 'ALARM') });
    expect(trial.outcome).toMatchObject({ kind: 'stayed' });
    expect(operations().filter((each) => each === 'DescribeAlarms').length).toBeGreaterThan(2);
  });

  it('takes a missing right for a problem of the bot, and of nobody else', async () => {
    const trial = await tried({ PutMetricAlarm: () => DENIED });
    expect(trial).toMatchObject({ outcome: { kind: 'denied', step: 'make' }, left: null });
    expect(operations()).toEqual(['PutMetricAlarm']);
    expect(await needsOf(trial, true)).toMatchObject([
      { status: 'problem', todo: expect.stringContaining('guards.tf') },
    ]);
    expect(await needsOf(trial, false)).toMatchObject([{ status: 'skipped' }]);
  });

  it('tries to delete it again, because its tags may be seen late', async () => {
    const trial = await tried({ SetAlarmState: () => BROKEN, DeleteAlarms: (nth) => (nth === 1 ? DENIED : passed) });
    expect(trial.left).toBeNull();
    expect(await alarms()).toEqual([]);
  });

  it('says what is left where it cannot be deleted', async () => {
    const trial = await tried({ DeleteAlarms: () => DENIED });
    expect(trial.left).toContain('not authorized');
    const left = (await needsOf(trial, true))[1];
    expect(left).toMatchObject({ status: 'problem', todo: expect.stringContaining(`${CONFIG}-kill-switch`) });
    await cloudwatch.deleteAlarms({ AlarmNames: [`${CONFIG}-kill-switch`] });
  });

  it('has a name that clean-up knows for one of prod', () => {
    const service = { name: 'survival', endpointNames: { staging: 's', prod: 'p' }, tags: { staging: {}, prod: TAGS } };
    const name = trialConfigName({ prefix: 'titanic-' }, { name: 'survival' }, 1_234);
    expect(ownerOf([service], 'titanic-', `${name}-kill-switch`)).toMatchObject({ environment: 'prod' });
  });
});
