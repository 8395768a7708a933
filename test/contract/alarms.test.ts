import { CloudWatch, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type RunningSageMaker, startSageMaker } from '../../sandbox/sagemaker/start-sagemaker.ts';
import type { AwsClients } from '../../src/adapters/aws-clients.ts';
import { createCloudWatchAlarms } from '../../src/adapters/cloudwatch-alarms.ts';
import { createSageMakerEndpoints } from '../../src/adapters/sagemaker-endpoints.ts';
import { createSystemClock } from '../../src/adapters/system-clock.ts';
import type { Alarms, AlarmsRequest } from '../../src/ports/alarms.ts';
import { killSwitchOf } from '../../src/rollout/strategy.ts';
import { mintWonTrip } from '../../src/rollout/won-intent.ts';
import { awsClientsFor } from '../support/aws-env.ts';
import { awsErrorAnswer, type FaultyProxy, startFaultyProxy } from '../support/faulty-proxy.ts';

const CONFIG = 'titanic-survival-prod-v3-r41';
const SWITCH = killSwitchOf(CONFIG);
const REQUEST: AlarmsRequest = {
  environment: 'prod',
  endpointName: 'titanic-survival-prod',
  configName: CONFIG,
  plan: { errorPercent: 5, p95Ms: 200, named: ['their-own'], namedWithoutData: 'wait' },
  tags: { project: 'titanic-sagemaker', 'titanic:rollout': 'survival-41' },
};
const DENIED = awsErrorAnswer('AccessDeniedException', 'not authorized', 403);

let proxy: FaultyProxy;
let clients: AwsClients;
let alarms: Alarms;
let emulator: RunningSageMaker;
let cloudwatch: CloudWatch;
let elapsedMs = 0;
/** CloudWatch's clock: no alarm is evaluated where it stands still. */
let nowMs = Date.UTC(2030, 0, 1);

const asked = (operation: string) =>
  proxy.calls.filter((c) => c.operation.endsWith(`.${operation}`)).map((c) => JSON.parse(c.body));
const answersOnly = (body: object) => ({ kind: 'answer', status: 200, body: JSON.stringify(body) }) as const;
const passed = { kind: 'pass' } as const;
async function all(): Promise<MetricAlarm[]> {
  return (await cloudwatch.describeAlarms({ AlarmNamePrefix: CONFIG })).MetricAlarms ?? [];
}
const kept = async (name = SWITCH) => (await all()).find(({ AlarmName }) => AlarmName === name);
const state = async () => (await kept())?.StateValue;
/** Somebody changes an alarm. */
async function changed(name: string, what: Partial<MetricAlarm>): Promise<void> {
  const { Namespace, MetricName, Dimensions, Statistic, ExtendedStatistic, ...rest } = { ...(await kept(name)) };
  const { Period, EvaluationPeriods, Threshold, ComparisonOperator, TreatMissingData } = rest;
  await cloudwatch.putMetricAlarm({
    AlarmName: name,
    ...{ Namespace, MetricName, Dimensions, Statistic, ExtendedStatistic },
    ...{ Period, EvaluationPeriods, Threshold, ComparisonOperator, TreatMissingData },
    ...what,
  });
}
const operationOf = ({ operation }: { readonly operation: string }) => operation.split('.')[1];
function trip(stillFresh = () => true, alarm = SWITCH) {
  const permission = mintWonTrip('survival', 41, { environment: 'prod', alarm });
  return alarms.trip(permission, new AbortController().signal, stillFresh);
}

beforeAll(async () => {
  emulator = await startSageMaker({ now: () => nowMs });
  proxy = await startFaultyProxy(emulator.url);
  clients = awsClientsFor({ CLOUDWATCH: proxy.url });
  cloudwatch = new CloudWatch({
    endpoint: emulator.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
  });
  alarms = createCloudWatchAlarms({ clients: clients.cloudwatch, clock: { elapsedMs: () => elapsedMs } });
});

beforeEach(async () => {
  const left = (await all()).map(({ AlarmName = '' }) => AlarmName);
  if (left.length > 0) await cloudwatch.deleteAlarms({ AlarmNames: left });
  proxy.calls.length = 0;
  proxy.mode = () => passed;
});

afterAll(async () => {
  clients.destroy();
  cloudwatch.destroy();
  await proxy.close();
  await emulator.close();
  vi.unstubAllEnvs();
});

describe('the alarms of a change', () => {
  it('show their tags beside those of what they guard, and it is CloudWatch that is asked', async () => {
    await alarms.prepare(REQUEST);
    const { sagemaker, cloudwatch: both } = clients;
    const endpoints = createSageMakerEndpoints({ clients: sagemaker, cloudwatch: both, environmentOf: () => 'prod' });
    const arn = (await kept())?.AlarmArn ?? '';
    expect(await endpoints.tags('prod', arn)).toEqual({ kind: 'known', value: REQUEST.tags });
    expect(await endpoints.tags('prod', `${arn}-gone`)).toEqual({ kind: 'unknown', why: 'there is no such alarm' });
  });

  it('watch the new fleet alone, and the kill switch is at rest', async () => {
    const made = await alarms.prepare(REQUEST);
    expect(made).toMatchObject({ kind: 'prepared', adopted: [] });
    expect(made.kind === 'prepared' && made.created.map(({ what, arn }) => `${what} ${arn.split(':').at(-1)}`)).toEqual(
      [`alarm ${CONFIG}-errors`, `alarm ${SWITCH}`, `alarm ${CONFIG}-latency`],
    );
    const fleet = [
      { Name: 'EndpointName', Value: 'titanic-survival-prod' },
      { Name: 'VariantName', Value: 'AllTraffic' },
      { Name: 'EndpointConfigName', Value: CONFIG },
    ];
    expect(asked('PutMetricAlarm')).toMatchObject([
      { Namespace: 'Titanic', Dimensions: [{ Value: CONFIG }], TreatMissingData: 'ignore', Period: 10 },
      {
        MetricName: 'Invocation5XXErrors',
        Statistic: 'Average',
        Threshold: 0.05,
        Dimensions: fleet,
        Period: 60,
        EvaluationPeriods: 2,
        DatapointsToAlarm: 2,
        TreatMissingData: 'notBreaching',
      },
      { MetricName: 'ModelLatency', ExtendedStatistic: 'p95', Threshold: 200_000, Dimensions: fleet },
    ]);
    expect((await all()).map(({ AlarmName, StateValue }) => [AlarmName, StateValue])).toEqual([
      [`${CONFIG}-errors`, 'INSUFFICIENT_DATA'],
      [SWITCH, 'OK'],
      [`${CONFIG}-latency`, 'INSUFFICIENT_DATA'],
    ]);
    for (const { AlarmArn } of await all())
      expect((await cloudwatch.listTagsForResource({ ResourceARN: AlarmArn })).Tags).toHaveLength(2);
  });

  it('are made once, however often they are prepared, and only those that are asked for', async () => {
    const only = { ...REQUEST, plan: { ...REQUEST.plan, errorPercent: null } };
    await alarms.prepare(only);
    proxy.calls.length = 0;
    expect(await alarms.prepare(only)).toMatchObject({
      kind: 'prepared',
      created: [],
      adopted: [expect.stringContaining(SWITCH), expect.stringContaining(`${CONFIG}-latency`)],
    });
    expect(asked('PutMetricAlarm')).toEqual([]);
    expect(asked('SetAlarmState')).toEqual([]);
  });

  it('judge as configured again where somebody changed them, and keep their state', async () => {
    await alarms.prepare(REQUEST);
    await changed(SWITCH, { TreatMissingData: 'missing' });
    await cloudwatch.setAlarmState({ AlarmName: SWITCH, StateValue: 'ALARM', StateReason: 'by hand' });
    await changed(`${CONFIG}-errors`, { Threshold: 1 });
    expect(await alarms.prepare(REQUEST)).toMatchObject({ kind: 'prepared', created: [] });
    expect((await kept(`${CONFIG}-errors`))?.Threshold).toBe(0.05);
    expect(await kept()).toMatchObject({ TreatMissingData: 'ignore', StateValue: 'ALARM' });
  });

  it('are never somebody else’s of the same name', async () => {
    await alarms.prepare({ ...REQUEST, tags: { project: 'churn' } });
    expect(await alarms.prepare(REQUEST)).toEqual({
      kind: 'refused',
      reason: { code: 'name-taken', params: { name: SWITCH, field: 'tags.project' } },
    });
    await cloudwatch.deleteAlarms({ AlarmNames: (await all()).map(({ AlarmName = '' }) => AlarmName) });
    await alarms.prepare(REQUEST);
    await changed(`${CONFIG}-errors`, { MetricName: 'Invocations' });
    expect(await alarms.prepare(REQUEST)).toMatchObject({ reason: { params: { field: 'MetricName' } } });
    expect(asked('PutMetricAlarm')).toHaveLength(6);
  });

  it('wait for what cannot be said now, and are refused for good where AWS refuses', async () => {
    proxy.mode = (call) => (operationOf(call) === 'DescribeAlarms' ? DENIED : passed);
    expect(await alarms.prepare(REQUEST)).toMatchObject({
      kind: 'later',
      why: expect.stringContaining('AccessDenied'),
    });
    proxy.mode = (call) => (operationOf(call) === 'PutMetricAlarm' ? DENIED : passed);
    expect(await alarms.prepare(REQUEST)).toMatchObject({ kind: 'refused', reason: { code: 'access-denied' } });
    const full = awsErrorAnswer('LimitExceededFault', 'The quota for alarms has been reached');
    proxy.mode = (call) => (operationOf(call) === 'PutMetricAlarm' ? full : passed);
    expect(await alarms.prepare(REQUEST)).toMatchObject({ kind: 'refused', reason: { code: 'alarm-refused' } });
    // Made, and not yet to be seen.
    proxy.mode = (call) => (operationOf(call) === 'DescribeAlarms' ? answersOnly({ MetricAlarms: [] }) : passed);
    expect(await alarms.prepare(REQUEST)).toMatchObject({ kind: 'later' });
  });
});

describe('the kill switch', () => {
  it('stays on, however late or often its change is prepared again', async () => {
    await alarms.prepare(REQUEST);
    expect(await trip()).toMatchObject({ kind: 'accepted' });
    await alarms.prepare(REQUEST);
    expect(await state()).toBe('ALARM');
    // With no data it stays so, however often it is evaluated; and what titanic wrote sets it again.
    nowMs += 3_600_000;
    expect(await state()).toBe('ALARM');
  });

  it('is not set to OK by a look that has grown old', async () => {
    proxy.mode = () => {
      // The machine sleeps after the second look; meanwhile somebody else goes on, and goes back.
      if (asked('DescribeAlarms').length === 2) elapsedMs += 60_000;
      return passed;
    };
    expect(await alarms.prepare(REQUEST)).toEqual({ kind: 'later', why: 'too late to be sent' });
    expect(asked('SetAlarmState')).toEqual([]);
  });

  it('is set at once, and by a value of its own, which sets it again if it is undone', async () => {
    await alarms.prepare(REQUEST);
    expect(await trip()).toMatchObject({ kind: 'accepted', requestId: expect.any(String) });
    expect((await kept())?.StateReason).toBe('titanic goes back: entry 41 of the record of survival.');
    const { Namespace, MetricName, Dimensions, Threshold = 0 } = asked('PutMetricAlarm')[0];
    expect(asked('PutMetricData')).toEqual([
      { Namespace, MetricData: [{ MetricName, Dimensions, Value: expect.any(Number), StorageResolution: 1 }] },
    ]);
    expect(asked('PutMetricData')[0].MetricData[0].Value).toBeGreaterThanOrEqual(Threshold);
    await cloudwatch.setAlarmState({ AlarmName: SWITCH, StateValue: 'OK', StateReason: 'by hand' });
    expect(await state()).toBe('OK');
    nowMs += 10_000;
    expect(await state()).toBe('ALARM');
  });

  it.each([
    ['SetAlarmState', 'PutMetricData'],
    ['PutMetricData', 'SetAlarmState'],
  ])('is set where %s is refused, throttled or lost', async (refused, other) => {
    await alarms.prepare(REQUEST);
    const throttled = awsErrorAnswer('ThrottlingException', 'Rate exceeded');
    for (const fault of [DENIED, throttled, { kind: 'lose-reply' } as const]) {
      proxy.calls.length = 0;
      proxy.mode = (call) => (operationOf(call) === refused ? fault : passed);
      expect(await trip()).toMatchObject({ kind: 'accepted' });
      expect(asked(other)).toHaveLength(1);
      // Never repeated by itself: whoever won the intent decides that.
      expect(asked(refused)).toHaveLength(1);
    }
  });

  it('says so where both are refused, or nobody knows', async () => {
    await alarms.prepare(REQUEST);
    proxy.mode = () => DENIED;
    expect(await trip()).toMatchObject({ kind: 'refused', reason: { code: 'access-denied' }, retryable: false });
    proxy.mode = (call) =>
      operationOf(call) === 'SetAlarmState' ? DENIED : awsErrorAnswer('ThrottlingException', 'Rate exceeded');
    expect(await trip()).toMatchObject({ kind: 'refused', retryable: true });
    proxy.mode = () => ({ kind: 'lose-reply' });
    expect(await trip()).toMatchObject({ kind: 'unclear' });
  });

  it('that is gone is told, though its metric takes a value', async () => {
    expect(await trip()).toMatchObject({ kind: 'refused', reason: { code: 'alarm-gone' }, retryable: false });
    await expect(trip(() => true, 'their-own')).rejects.toThrow('no kill switch');
  });

  it('is not set by what is too late', async () => {
    expect(await trip(() => false)).toEqual({ kind: 'not-sent', why: 'too late to be sent' });
    expect(proxy.calls).toEqual([]);
  });
});

describe('reading alarms', () => {
  it('shows each in the order in which it was asked for, with why and since when, and what is missing', async () => {
    await alarms.prepare(REQUEST);
    const StateReason = `over\u0000\n${'long '.repeat(200)}`;
    await cloudwatch.setAlarmState({ AlarmName: SWITCH, StateValue: 'OK', StateReason });
    const seen = await alarms.read('prod', ['nothing', `${CONFIG}-errors`, SWITCH]);
    expect(seen).toMatchObject({
      kind: 'known',
      value: [
        { name: 'nothing', state: 'missing', why: null, since: null },
        { name: `${CONFIG}-errors`, state: 'INSUFFICIENT_DATA', since: new Date(nowMs).toISOString() },
        { name: SWITCH, state: 'OK', why: expect.stringMatching(/^over long .{0,300}…$/) },
      ],
    });
    expect(asked('DescribeAlarms').at(-1)).toMatchObject({ AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] });
    expect(await alarms.read('prod', [])).toEqual({ kind: 'known', value: [] });
  });

  it('is unknown where AWS does not answer, and does not take half an answer for all', async () => {
    proxy.mode = () => DENIED;
    expect(await alarms.read('prod', [SWITCH])).toMatchObject({ kind: 'unknown' });
    proxy.mode = () => ({ kind: 'answer', status: 200, body: JSON.stringify({ MetricAlarms: [], NextToken: 'x' }) });
    expect(await alarms.read('prod', [SWITCH])).toMatchObject({ kind: 'unknown' });
  });

  it('is measured', async () => {
    const counted: string[] = [];
    const measure = { called: (operation: string, outcome: string) => void counted.push(`${operation} ${outcome}`) };
    const watched = awsClientsFor({ CLOUDWATCH: proxy.url }, { measure });
    const measured = createCloudWatchAlarms({ clients: watched.cloudwatch, clock: createSystemClock() });
    await measured.prepare({ ...REQUEST, plan: { ...REQUEST.plan, errorPercent: null, p95Ms: null } });
    watched.destroy();
    expect(counted).toEqual([
      'cloudwatch DescribeAlarms ok',
      'cloudwatch PutMetricAlarm ok',
      'cloudwatch DescribeAlarms ok',
      'cloudwatch SetAlarmState ok',
    ]);
  });
});
