import type { MetricDatum, PutMetricAlarmInput } from '@aws-sdk/client-cloudwatch';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { refusalOf, type Setup, setUp } from './sagemaker-emulator-setup.ts';

const MINUTE_MS = 60_000;

let setup: Setup;
beforeEach(async () => {
  setup = await setUp();
});
afterEach(() => setup.close());

const METRIC = { Namespace: 'Shop', MetricName: 'Orders', Dimensions: [{ Name: 'Region', Value: 'north' }] };
const ALARM: PutMetricAlarmInput = {
  AlarmName: 'orders',
  ...METRIC,
  Statistic: 'Average',
  Period: 60,
  EvaluationPeriods: 3,
  DatapointsToAlarm: 3,
  Threshold: 10,
  ComparisonOperator: 'GreaterThanThreshold',
};

const put = (more: Partial<PutMetricAlarmInput> = {}) => setup.cloudwatch.putMetricAlarm({ ...ALARM, ...more });
const write = (Value: number, more: MetricDatum = { MetricName: '' }) =>
  setup.cloudwatch.putMetricData({
    Namespace: 'Shop',
    MetricData: [{ ...more, MetricName: 'Orders', Dimensions: METRIC.Dimensions, Value }],
  });
async function alarm(name = 'orders') {
  const { MetricAlarms = [] } = await setup.cloudwatch.describeAlarms({ AlarmNames: [name] });
  return MetricAlarms[0];
}

/** A value a minute, `-` for a minute without; the last minute is over at the end. */
async function minutes(values: string): Promise<void> {
  for (const value of values.split(' ')) {
    if (value !== '-') await write(value === 'X' ? 11 : 9);
    setup.pass(MINUTE_MS);
  }
}

describe('an alarm', () => {
  test('knows nothing when it is made, and keeps its state and tags when it is changed', async () => {
    await put({ Tags: [{ Key: 'project', Value: 'shop' }] });
    expect(await alarm()).toMatchObject({
      AlarmArn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:orders',
      StateValue: 'INSUFFICIENT_DATA',
      StateReason: 'Unchecked: Initial alarm creation',
      StateTransitionedTimestamp: new Date(setup.nowMs()),
    });
    await setup.cloudwatch.setAlarmState({ AlarmName: 'orders', StateValue: 'ALARM', StateReason: 'a test' });
    await put({ Threshold: 20, Tags: [{ Key: 'project', Value: 'other' }] });
    expect(await alarm()).toMatchObject({ StateValue: 'ALARM', StateReason: 'a test', Threshold: 20 });
    const { Tags } = await setup.cloudwatch.listTagsForResource({ ResourceARN: (await alarm())?.AlarmArn });
    expect(Tags).toEqual([{ Key: 'project', Value: 'shop' }]);
  });

  test('goes on and off with its metric, and says why in CloudWatch’s words', async () => {
    await put({ EvaluationPeriods: 2, DatapointsToAlarm: 2 });
    await minutes('X');
    expect(await alarm()).toMatchObject({ StateValue: 'INSUFFICIENT_DATA' });
    await minutes('X');
    expect(await alarm()).toMatchObject({
      StateValue: 'ALARM',
      StateReason:
        'Threshold Crossed: 2 out of the last 2 datapoints [11.0 (01/01/30 00:01:00), 11.0 (01/01/30 00:00:00)] were ' +
        'greater than the threshold (10.0) (minimum 2 datapoints for OK -> ALARM transition).',
      StateUpdatedTimestamp: new Date(setup.nowMs()),
    });
    await minutes('0');
    expect(await alarm()).toMatchObject({
      StateValue: 'OK',
      StateReason:
        'Threshold Crossed: 1 datapoint [9.0 (01/01/30 00:02:00)] was not greater than the threshold (10.0).',
    });
    expect((await setup.running.control.journal()).filter(({ kind }) => kind === 'alarm')).toMatchObject([
      { alarm: 'orders', from: 'INSUFFICIENT_DATA', to: 'ALARM' },
      { alarm: 'orders', from: 'ALARM', to: 'OK' },
    ]);
  });

  // Both tables of "Configuring how CloudWatch alarms treat missing data": oldest first, the state before is `before`.
  describe.each([
    [3, '0 - X - X', 'OK', 'OK', 'OK', 'OK'],
    [3, '- - - - 0', 'OK', 'OK', 'OK', 'OK'],
    [3, '- - - - -', 'INSUFFICIENT_DATA', 'before', 'ALARM', 'OK'],
    [3, '0 X X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    [3, '- - X - -', 'ALARM', 'before', 'ALARM', 'OK'],
    [2, '0 - X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    [2, '0 0 X 0 X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    [2, '0 - X - -', 'OK', 'OK', 'ALARM', 'OK'],
    [2, '- - - - 0', 'OK', 'OK', 'ALARM', 'OK'],
    [2, '- - - X -', 'ALARM', 'before', 'ALARM', 'OK'],
  ])('of %i in 3 that sees %s', (datapoints, values, missing, ignore, breaching, notBreaching) => {
    test.each([
      ['missing', missing],
      ['ignore', ignore],
      ['breaching', breaching],
      ['notBreaching', notBreaching],
    ])('and treats what is missing as %s is %s', async (TreatMissingData, expected) => {
      for (const before of ['OK', 'ALARM'] as const) {
        // The minutes are there before the alarm is, so that it judges them once, all together.
        await minutes('- - - - - - - -');
        await minutes(values.split(' ').slice(0, -1).join(' '));
        const last = values.split(' ').at(-1) ?? '-';
        if (last !== '-') await write(last === 'X' ? 11 : 9);
        await put({ DatapointsToAlarm: datapoints, TreatMissingData });
        await setup.cloudwatch.setAlarmState({ AlarmName: 'orders', StateValue: before, StateReason: 'before' });
        setup.pass(MINUTE_MS);
        expect((await alarm())?.StateValue).toBe(expected === 'before' ? before : expected);
        await setup.cloudwatch.deleteAlarms({ AlarmNames: ['orders'] });
      }
    });
  });

  test('says what it took missing minutes for', async () => {
    await put({ TreatMissingData: 'notBreaching' });
    setup.pass(MINUTE_MS);
    expect((await alarm())?.StateReason).toBe(
      'Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints were treated as [NonBreaching].',
    );
    await put({ AlarmName: 'empty' });
    await setup.cloudwatch.setAlarmState({ AlarmName: 'empty', StateValue: 'OK', StateReason: 'set' });
    setup.pass(MINUTE_MS);
    expect(await alarm('empty')).toMatchObject({
      StateValue: 'INSUFFICIENT_DATA',
      StateReason: 'Insufficient Data: 3 datapoints were unknown.',
    });
  });

  test('that was set by hand goes back at its next evaluation, unless it ignores that there are no data', async () => {
    await put({ EvaluationPeriods: 1, DatapointsToAlarm: 1, TreatMissingData: 'notBreaching' });
    await put({
      AlarmName: 'switch',
      Period: 10,
      EvaluationPeriods: 6,
      DatapointsToAlarm: 1,
      TreatMissingData: 'ignore',
    });
    for (const AlarmName of ['orders', 'switch'])
      await setup.cloudwatch.setAlarmState({ AlarmName, StateValue: 'ALARM', StateReason: 'by hand' });
    setup.pass(MINUTE_MS - 1);
    expect((await alarm())?.StateValue).toBe('ALARM');
    setup.pass(1);
    expect((await alarm())?.StateValue).toBe('OK');
    setup.pass(100 * MINUTE_MS);
    expect(await alarm('switch')).toMatchObject({ StateValue: 'ALARM', StateReason: 'by hand' });
  });

  test('of ten seconds is on at the next ten seconds, and on again after it was set to OK', async () => {
    await put({
      Statistic: 'Maximum',
      Period: 10,
      EvaluationPeriods: 6,
      DatapointsToAlarm: 1,
      TreatMissingData: 'ignore',
    });
    setup.pass(1_000);
    await write(11, { MetricName: 'Orders', StorageResolution: 1 });
    expect((await alarm())?.StateValue).toBe('INSUFFICIENT_DATA');
    setup.pass(9_000);
    expect((await alarm())?.StateValue).toBe('ALARM');
    await setup.cloudwatch.setAlarmState({ AlarmName: 'orders', StateValue: 'OK', StateReason: 'by hand' });
    setup.pass(10_000);
    expect((await alarm())?.StateValue).toBe('ALARM');
    // Nobody writes any more: with nothing to be seen it stays as it is.
    setup.pass(10 * MINUTE_MS);
    expect((await alarm())?.StateValue).toBe('ALARM');
  });

  test('may judge an expression', async () => {
    const metric = (Id: string, Stat: string) => ({
      Id,
      MetricStat: { Metric: METRIC, Period: 60, Stat },
      ReturnData: false,
    });
    await setup.cloudwatch.putMetricAlarm({
      AlarmName: 'math',
      Metrics: [
        metric('m1', 'Maximum'),
        metric('m2', 'Sum'),
        { Id: 'share', Expression: 'IF(m2 > 0, 100 * m1 / m2)', ReturnData: true },
      ],
      EvaluationPeriods: 1,
      Threshold: 70,
      ComparisonOperator: 'GreaterThanThreshold',
    });
    await write(10);
    await write(30);
    setup.pass(MINUTE_MS);
    expect(await alarm('math')).toMatchObject({ StateValue: 'ALARM', StateReason: expect.stringContaining('[75.0 (') });
  });

  test('counts the minutes of a faster clock, also after the speed changed', async () => {
    await put({ EvaluationPeriods: 2, DatapointsToAlarm: 2 });
    await setup.running.control.setSpeed(60);
    for (let second = 0; second < 2; second += 1) {
      await write(11);
      setup.pass(1_000);
    }
    expect((await alarm())?.StateValue).toBe('ALARM');
  });
});

describe('the account’s alarms', () => {
  test('are listed by prefix, page by page, by state and by name, and deleted all or none', async () => {
    for (let n = 0; n < 7; n += 1) await put({ AlarmName: `a-${n}` });
    await put({ AlarmName: 'b' });
    const pages: (string | undefined)[][] = [];
    let NextToken: string | undefined;
    do {
      const page = await setup.cloudwatch.describeAlarms({ AlarmNamePrefix: 'a-', MaxRecords: 3, NextToken });
      pages.push((page.MetricAlarms ?? []).map(({ AlarmName }) => AlarmName));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(pages).toEqual([['a-0', 'a-1', 'a-2'], ['a-3', 'a-4', 'a-5'], ['a-6']]);
    await setup.cloudwatch.setAlarmState({ AlarmName: 'b', StateValue: 'OK', StateReason: 'x' });
    expect((await setup.cloudwatch.describeAlarms({ StateValue: 'OK' })).MetricAlarms).toMatchObject([
      { AlarmName: 'b' },
    ]);
    expect((await setup.cloudwatch.describeAlarms({ AlarmTypes: ['CompositeAlarm'] })).MetricAlarms).toEqual([]);

    const some = setup.cloudwatch.deleteAlarms({ AlarmNames: ['b', 'none'] });
    expect(await refusalOf(some)).toMatchObject({ name: 'ResourceNotFound', status: 404 });
    expect(await alarm('b')).toBeDefined();
    await setup.cloudwatch.deleteAlarms({ AlarmNames: ['b', 'a-0'] });
    expect(await alarm('b')).toBeUndefined();
  });

  test('carry tags that can be added and taken away', async () => {
    await put();
    const ResourceARN = (await alarm())?.AlarmArn;
    await setup.cloudwatch.tagResource({
      ResourceARN,
      Tags: [
        { Key: 'a', Value: '1' },
        { Key: 'b', Value: '2' },
      ],
    });
    await setup.cloudwatch.untagResource({ ResourceARN, TagKeys: ['a'] });
    expect((await setup.cloudwatch.listTagsForResource({ ResourceARN })).Tags).toEqual([{ Key: 'b', Value: '2' }]);
    const gone = setup.cloudwatch.listTagsForResource({ ResourceARN: ResourceARN?.replace('orders', 'none') });
    expect(await refusalOf(gone)).toMatchObject({ name: 'ResourceNotFoundException', status: 404 });
  });

  test.each([
    ['no threshold', { Threshold: undefined }, 'ValidationException'],
    ['an unknown way to compare', { ComparisonOperator: 'Near' as never }, 'ValidationException'],
    ['a period of 45 seconds', { Period: 45 }, 'InvalidParameterValueException'],
    ['two statistics', { ExtendedStatistic: 'p95' }, 'InvalidParameterCombinationException'],
    ['no metric', { MetricName: undefined }, 'MissingRequiredParameterException'],
    ['more datapoints than periods', { DatapointsToAlarm: 4 }, 'InvalidParameterValueException'],
    ['an expression that cannot be read', mathOnly('1 +'), 'ValidationException'],
    ['an expression on nothing', mathOnly('m9 * 2'), 'ValidationException'],
  ])('are not made with %s', async (_what, more, name) => {
    expect(await refusalOf(put(more))).toMatchObject({ name, status: 400 });
    expect(await alarm()).toBeUndefined();
  });

  test('are struck by faults like everything else', async () => {
    const { control } = setup.running;
    await control.setFault({ kind: 'throttle', operation: 'PutMetricAlarm', count: 1 });
    expect(await refusalOf(put())).toMatchObject({ name: 'Throttling', message: 'Rate exceeded', status: 400 });
    await control.setFault({ kind: 'quota', operation: 'PutMetricAlarm', count: 1 });
    expect(await refusalOf(put())).toMatchObject({ name: 'LimitExceededFault' });
    await control.setFault({ kind: 'loseReply', operation: 'PutMetricAlarm', count: 1 });
    await refusalOf(put());
    await control.setFault({ kind: 'internalError', operation: 'SetAlarmState', afterEffect: true, count: 1 });
    const set = setup.cloudwatch.setAlarmState({ AlarmName: 'orders', StateValue: 'ALARM', StateReason: 'x' });
    expect(await refusalOf(set)).toMatchObject({ status: 500 });
    expect((await alarm())?.StateValue).toBe('ALARM');
    await control.setFault({ kind: 'throttle', operation: 'DescribeAlarms', count: 1 });
    expect((await refusalOf(alarm())).name).toBe('Throttling');
    const journal = (await control.journal()).flatMap((one) =>
      one.kind === 'call' ? [[one.operation, one.outcome]] : [],
    );
    expect(journal).toEqual([
      ['PutMetricAlarm', 'refused'],
      ['PutMetricAlarm', 'refused'],
      ['PutMetricAlarm', 'accepted'],
      ['SetAlarmState', 'accepted'],
    ]);
  });
});

function mathOnly(Expression: string): Partial<PutMetricAlarmInput> {
  return {
    MetricName: undefined,
    Namespace: undefined,
    Dimensions: undefined,
    Statistic: undefined,
    Period: undefined,
    Metrics: [
      { Id: 'm1', MetricStat: { Metric: METRIC, Period: 60, Stat: 'Sum' }, ReturnData: false },
      { Id: 'e1', Expression },
    ],
  };
}
