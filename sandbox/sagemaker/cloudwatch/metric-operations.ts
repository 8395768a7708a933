import type { Operation, OperationContext } from '../operation.ts';
import { AwsError, validationException } from '../wire/aws-error.ts';
import { type InputReader, readInput } from '../wire/input-reader.ts';
import { epochSeconds, type Json, type JsonObject, numberMember } from '../wire/json-value.ts';
import {
  keysOf,
  type MetricQuery,
  periodOfQuery,
  readMetricKey,
  readMetricQueries,
  valueOfQuery,
} from './metric-query.ts';
import { merged, type Summary, summaryOf } from './summary.ts';

const QUERIES_MAX = 500;
const DATUMS_MAX = 1_000;
const DATAPOINTS_MAX = 100_800;
const MINUTE_S = 60;
const OLDEST_S = 14 * 86_400;
const NEWEST_S = 2 * 3_600;

/** Values of one's own. What AWS's services write has a namespace that nobody else may use. */
export const putMetricData: Operation = (context, input) => {
  const read = readInput(input);
  const namespace = read.text('Namespace', { min: 1, max: 255, pattern: '[^:].*' });
  const data = read.list('MetricData', { required: true, max: DATUMS_MAX }).map((item) => readDatum(item, namespace));
  read.done();
  if (namespace.startsWith('AWS/'))
    throw new AwsError('InvalidParameterValue', 400, 'The value AWS/ for parameter Namespace is invalid.');
  const written = data.map(({ datum, ...rest }) => ({
    ...rest,
    summary: summaryIn(datum),
    atMs: writtenAt(context, datum),
  }));
  for (const { key, summary, atMs, resolutionS } of written)
    context.metrics.add(key, context.clock.emulatedAt(atMs), resolutionS * 1000, summary);
  return {};
};

function readDatum(item: InputReader, namespace: string) {
  item.optionalNumber('Value');
  item.optionalNumber('Timestamp');
  return {
    key: readMetricKey(namedIn(item, namespace)),
    resolutionS: item.optionalNumber('StorageResolution', { min: 1, max: MINUTE_S }) === 1 ? 1 : MINUTE_S,
    datum: item.raw,
  };
}

/** A datum names its metric without the namespace. */
function namedIn(item: InputReader, namespace: string): InputReader {
  return { ...item, text: (member, rule) => (member === 'Namespace' ? namespace : item.text(member, rule)) };
}

function writtenAt({ nowMs }: OperationContext, datum: JsonObject): number {
  const atMs = (numberMember(datum, 'Timestamp') ?? nowMs / 1000) * 1000;
  if (atMs < nowMs - OLDEST_S * 1000 || atMs > nowMs + NEWEST_S * 1000)
    throw new AwsError(
      'InvalidParameterValue',
      400,
      'The value for parameter MetricData.member.1.Timestamp must be within the last two weeks and the next two hours.',
    );
  return atMs;
}

function summaryIn(datum: JsonObject): Summary {
  const value = numberMember(datum, 'Value');
  if (value !== undefined) return summaryOf(value, 1);
  const statistics = datum.StatisticValues;
  if (typeof statistics === 'object' && statistics !== null && !Array.isArray(statistics)) {
    const of = (member: string) => numberMember(statistics, member) ?? 0;
    return { sum: of('Sum'), count: of('SampleCount'), min: of('Minimum'), max: of('Maximum'), values: null };
  }
  const counts = numbersIn(datum.Counts);
  const values = numbersIn(datum.Values).map((one, n) => summaryOf(one, counts[n] ?? 1));
  const all = values.reduce<Summary | undefined>(merged, undefined);
  if (all === undefined) throw new AwsError('MissingParameter', 400, 'A datum needs Value, Values or StatisticValues.');
  return all;
}

function numbersIn(list: Json | undefined): number[] {
  return Array.isArray(list) ? list.filter((one) => typeof one === 'number') : [];
}

/**
 * The values of metrics and expressions by period. Periods are emulated ones: at speed 60 the reply to Period 60 has a
 * value for each second.
 */
export const getMetricData: Operation = (context, input) => {
  const read = readInput(input);
  const queries = readMetricQueries(read, 'MetricDataQueries', QUERIES_MAX);
  const startMs = read.number('StartTime') * 1000;
  const endMs = read.number('EndTime') * 1000;
  const descending = read.optionalText('ScanBy', { values: ['TimestampDescending', 'TimestampAscending'] });
  const most = read.optionalNumber('MaxDatapoints', { min: 1, max: DATAPOINTS_MAX }) ?? DATAPOINTS_MAX;
  const token = read.optionalText('NextToken');
  read.done();
  if (startMs >= endMs) throw validationException('The parameter StartTime must be less than the parameter EndTime.');
  const all = queries();
  if (all.length === 0) throw new AwsError('MissingParameter', 400, 'The parameter MetricDataQueries is required.');
  const from = Number(token ?? 0);
  if (!Number.isInteger(from) || from < 0) throw new AwsError('InvalidNextToken', 400, 'The next token is invalid.');

  const results = all
    .filter(({ returnData }) => returnData)
    .map((query) => ({ query, points: pointsOf(context, all, query, startMs, endMs) }))
    .map(({ query, points }) => ({
      query,
      points: descending === 'TimestampAscending' ? points : points.toReversed(),
    }));
  // Each query has its share of what one reply may hold.
  const share = Math.max(1, Math.floor(most / Math.max(1, results.length)));
  const more = results.some(({ points }) => points.length > from + share);
  return {
    MetricDataResults: results.map(({ query, points }) => {
      const page = points.slice(from, from + share);
      return {
        Id: query.id,
        Label: query.label ?? labelOf(query),
        Timestamps: page.map(([atMs]) => epochSeconds(atMs)),
        Values: page.map(([, value]) => value),
        StatusCode: points.length > from + share ? 'PartialData' : 'Complete',
      };
    }),
    Messages: [],
    NextToken: more ? String(from + share) : undefined,
  };
};

/** Oldest first: from the start, rounded down to a period, to before the end. */
function pointsOf(
  { clock, source }: OperationContext,
  queries: readonly MetricQuery[],
  { id }: MetricQuery,
  startMs: number,
  endMs: number,
): [number, number][] {
  const periodMs = periodOfQuery(queries, id) || MINUTE_S * 1000;
  const end = clock.emulatedAt(endMs);
  const points: [number, number][] = [];
  const aligned = (ms: number) => Math.floor(ms / periodMs) * periodMs;
  const keys = keysOf(queries);
  let fromMs = aligned(clock.emulatedAt(startMs));
  while (fromMs < end && points.length < DATAPOINTS_MAX) {
    const value = valueOfQuery(queries, id, { fromMs, periodMs }, source);
    if (value !== undefined) points.push([clock.realAt(fromMs), value]);
    fromMs += periodMs;
    if (value !== undefined) continue;
    // Nothing can be in a period in which none of the metrics has a value, but what fills gaps.
    const starts = keys.flatMap((key) => source.firstFrom(key, fromMs) ?? []);
    const next = starts.length === 0 ? end : Math.min(...starts);
    fromMs = Math.max(fromMs, aligned(next));
  }
  return points;
}

function labelOf({ id, of }: MetricQuery): string {
  return of.kind === 'metric' ? of.key.name : id;
}
