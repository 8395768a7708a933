import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { refusalOf, type Setup, setUp } from './sagemaker-emulator-setup.ts';

const MINUTE_MS = 60_000;
const METRIC = { Namespace: 'Shop', MetricName: 'Orders' };

let setup: Setup;
beforeEach(async () => {
  setup = await setUp();
});
afterEach(() => setup.close());

const write = (datum: object) =>
  setup.cloudwatch.putMetricData({ Namespace: 'Shop', MetricData: [{ MetricName: 'Orders', ...datum }] });
const query = (Stat: string, Period = 60, Id = 'm'): MetricDataQuery => ({
  Id,
  MetricStat: { Metric: METRIC, Period, Stat },
});
const lately = (MetricDataQueries: MetricDataQuery[], more: object = {}) =>
  setup.cloudwatch.getMetricData({
    MetricDataQueries,
    StartTime: new Date(setup.nowMs() - 10 * MINUTE_MS),
    EndTime: new Date(setup.nowMs()),
    ...more,
  });
const values = async (...queries: MetricDataQuery[]) =>
  (await lately(queries)).MetricDataResults?.map(({ Values }) => Values);

describe('GetMetricData', () => {
  test('tells every statistic of a period', async () => {
    // 1 to 20, each once: the nineteenth is the first that 95 % do not exceed.
    await write({ Values: Array.from({ length: 20 }, (_, n) => n + 1) });
    setup.pass(MINUTE_MS);
    const stats = ['SampleCount', 'Sum', 'Average', 'Minimum', 'Maximum', 'p50', 'p90', 'p95', 'p99'];
    expect(await values(...stats.map((stat, n) => query(stat, 60, `m${n}`)))).toEqual(
      [20, 210, 10.5, 1, 20, 10, 18, 19, 20].map((value) => [value]),
    );
  });

  test('has the newest first, or the oldest, and nothing for a minute without data', async () => {
    const begun = setup.nowMs();
    await write({ Value: 1 });
    setup.pass(2 * MINUTE_MS);
    await write({ Value: 3, StorageResolution: 1 });
    setup.pass(MINUTE_MS);
    expect((await lately([query('Sum')])).MetricDataResults).toEqual([
      {
        Id: 'm',
        Label: 'Orders',
        Timestamps: [new Date(begun + 2 * MINUTE_MS), new Date(begun)],
        Values: [3, 1],
        StatusCode: 'Complete',
      },
    ]);
    const ascending = await lately([query('Sum')], { ScanBy: 'TimestampAscending' });
    expect(ascending.MetricDataResults?.[0]?.Values).toEqual([1, 3]);
    expect(await values(query('Sum', 300))).toEqual([[4]]);
  });

  test('takes values with counts, statistics and other times, and keeps dimensions apart', async () => {
    await write({ Values: [1, 10], Counts: [9, 1] });
    await write({ StatisticValues: { SampleCount: 2, Sum: 11, Minimum: 1, Maximum: 10 } });
    await write({ Value: 5, Timestamp: new Date(setup.nowMs() - 5 * MINUTE_MS) });
    await write({ Value: 100, Dimensions: [{ Name: 'Region', Value: 'north' }] });
    setup.pass(MINUTE_MS);
    expect(await values(query('Sum'))).toEqual([[30, 5]]);
    // Of a set of statistics nobody knows the percentiles.
    expect(await values(query('p50'))).toEqual([[5]]);
  });

  test('computes expressions, and fills what is missing only where it is told to', async () => {
    await write({ Value: 6 });
    setup.pass(MINUTE_MS);
    const hidden = { ...query('Sum'), ReturnData: false };
    const expressions = ['m / 4', '-m + 10 * 2', 'SUM([m, 4])', 'MAX([m, 4])', 'm >= 6 AND m < 7', 'm / (m - 6)'];
    expect(await values(hidden, ...expressions.map((Expression, n) => ({ Id: `e${n}`, Expression })))).toEqual([
      [1.5],
      [14],
      [10],
      [6],
      [1],
      [],
    ]);
  });

  test('goes on where a reply was full', async () => {
    for (let n = 0; n < 5; n += 1) {
      await write({ Value: n });
      setup.pass(MINUTE_MS);
    }
    const first = await lately([query('Sum')], { MaxDatapoints: 3 });
    expect(first.MetricDataResults).toMatchObject([{ Values: [4, 3, 2], StatusCode: 'PartialData' }]);
    const rest = await lately([query('Sum')], { MaxDatapoints: 3, NextToken: first.NextToken });
    expect(rest.MetricDataResults).toMatchObject([{ Values: [1, 0], StatusCode: 'Complete' }]);
    expect(rest.NextToken).toBeUndefined();
  });

  test('refuses what cannot be asked', async () => {
    const backwards = lately([query('Sum')], { StartTime: new Date(setup.nowMs() + 1) });
    expect((await refusalOf(backwards)).name).toBe('ValidationException');
    expect((await refusalOf(lately([query('p200')]))).name).toBe('ValidationException');
    expect((await refusalOf(lately([query('Sum'), query('Sum')]))).message).toContain('unique');
    expect((await refusalOf(lately([]))).name).toBe('MissingRequiredParameterException');
  });
});

test('what belongs to AWS, or is too old, nobody may write', async () => {
  const forged = setup.cloudwatch.putMetricData({
    Namespace: 'AWS/SageMaker',
    MetricData: [{ MetricName: 'Invocations', Value: 1 }],
  });
  expect(await refusalOf(forged)).toMatchObject({ name: 'InvalidParameterValueException', status: 400 });
  const old = write({ Value: 1, Timestamp: new Date(setup.nowMs() - 15 * 86_400_000) });
  expect((await refusalOf(old)).name).toBe('InvalidParameterValueException');
});

test('a large request, which the client compresses, is taken', async () => {
  const MetricData = Array.from({ length: 900 }, () => ({ MetricName: 'Orders', Value: 1 }));
  await setup.cloudwatch.putMetricData({ Namespace: 'Shop', MetricData });
  setup.pass(MINUTE_MS);
  expect(await values(query('Sum'))).toEqual([[900]]);
});
