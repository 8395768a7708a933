/** What a metric query asks for, the same in alarms and in GetMetricData, and its value in one period. */
import { validationException } from '../wire/aws-error.ts';
import type { InputReader } from '../wire/input-reader.ts';
import { BadExpression, type Expression, parseExpression } from './metric-math.ts';
import type { MetricKey, MetricSource } from './metric-store.ts';
import { PERCENTILE, STATISTICS, statisticOf, TRIMMED_COUNT } from './summary.ts';

export interface MetricStat {
  readonly kind: 'metric';
  readonly key: MetricKey;
  readonly periodMs: number;
  /** Any of CloudWatch's statistics or a percentile. */
  readonly statistic: string;
}

interface MetricExpression {
  readonly kind: 'expression';
  readonly text: string;
  readonly expression: Expression;
  readonly periodMs: number | undefined;
}

export interface MetricQuery {
  readonly id: string;
  readonly label: string | undefined;
  readonly returnData: boolean;
  readonly of: MetricStat | MetricExpression;
}

const STATISTIC = [...STATISTICS, ...[PERCENTILE, TRIMMED_COUNT].map(({ source }) => source.slice(1, -1))].join('|');
const ID_RULE = { min: 1, max: 255, pattern: '[a-z][a-zA-Z0-9_]*' };
/** Expressions may use expressions, in a circle not. */
const DEEPEST = 20;

/** Reads a list of MetricDataQuery. What an expression cannot be is refused after `done()` of the reader. */
export function readMetricQueries(input: InputReader, member: string, max: number): () => MetricQuery[] {
  const read = input.list(member, { max }).map((item) => {
    const id = item.text('Id', ID_RULE);
    const stat = item.optionalObject('MetricStat');
    const text = item.optionalText('Expression', { min: 1, max: 2048 });
    const period = item.optionalNumber('Period', { min: 1 });
    const periodMs = period === undefined ? undefined : period * 1000;
    const returnData = item.optionalFlag('ReturnData') ?? true;
    const label = item.optionalText('Label');
    const of = stat === undefined ? undefined : readMetricStat(stat);
    return { id, label, returnData, of, text, periodMs };
  });
  return () => {
    const queries = read.map(({ text, periodMs, of, ...query }): MetricQuery => {
      if ((of === undefined) === (text === undefined))
        throw validationException(`The query ${query.id} needs either MetricStat or Expression.`);
      if (of !== undefined) return { ...query, of };
      return {
        ...query,
        of: { kind: 'expression', text: text ?? '', expression: parsed(query.id, text ?? ''), periodMs },
      };
    });
    checkIds(queries);
    return queries;
  };
}

function readMetricStat(stat: InputReader): MetricStat {
  const metric = stat.optionalObject('Metric');
  const period = stat.number('Period', { min: 1 });
  return {
    kind: 'metric',
    key: metric === undefined ? { namespace: '', name: '', dimensions: {} } : readMetricKey(metric),
    periodMs: period * 1000,
    statistic: stat.text('Stat', { pattern: STATISTIC }),
  };
}

export function readMetricKey(metric: InputReader): MetricKey {
  const dimensions = metric.list('Dimensions', { max: 30 });
  return {
    namespace: metric.text('Namespace', { min: 1, max: 255, pattern: '[^:].*' }),
    name: metric.text('MetricName', { min: 1, max: 255 }),
    dimensions: Object.fromEntries(
      dimensions.map((one) => [one.text('Name', { min: 1, max: 255 }), one.text('Value', { min: 1, max: 1024 })]),
    ),
  };
}

function parsed(id: string, text: string): Expression {
  try {
    return parseExpression(text);
  } catch (error) {
    if (error instanceof BadExpression) throw validationException(`Error in expression '${id}': ${error.message}`);
    throw error;
  }
}

function checkIds(queries: readonly MetricQuery[]): void {
  const ids = new Set(queries.map(({ id }) => id));
  if (ids.size !== queries.length) throw validationException('The ids of the metric queries must be unique.');
  for (const { id, of } of queries) {
    if (of.kind === 'metric') continue;
    const unknown = of.expression.ids.find((one) => !ids.has(one));
    if (unknown !== undefined)
      throw validationException(`Error in expression '${id}': the id ${unknown} is not among the queries.`);
  }
}

/** The value of one query in the period that begins at `fromMs` (emulated); `undefined` without data. */
export function valueOfQuery(
  queries: readonly MetricQuery[],
  id: string,
  { fromMs, periodMs }: { readonly fromMs: number; readonly periodMs: number },
  source: MetricSource,
  depth = 0,
): number | undefined {
  const query = queries.find((one) => one.id === id);
  if (query === undefined || depth > DEEPEST) return undefined;
  if (query.of.kind === 'expression') {
    const { expression } = query.of;
    let hasData = expression.fills;
    const value = expression.valueIn((other) => {
      const read = valueOfQuery(queries, other, { fromMs, periodMs }, source, depth + 1);
      hasData ||= read !== undefined;
      return read;
    });
    return hasData ? value : undefined;
  }
  const summary = source.between(query.of.key, fromMs, fromMs + periodMs);
  return summary === undefined ? undefined : statisticOf(summary, query.of.statistic);
}

/** The period of a query: its own, or the longest of what its expression reads. */
export function periodOfQuery(queries: readonly MetricQuery[], id: string, depth = 0): number {
  const of = queries.find((one) => one.id === id)?.of;
  if (of === undefined || depth > DEEPEST) return 0;
  if (of.kind === 'metric') return of.periodMs;
  return of.periodMs ?? Math.max(0, ...of.expression.ids.map((other) => periodOfQuery(queries, other, depth + 1)));
}

/** The series that a list of queries reads. */
export function keysOf(queries: readonly MetricQuery[]): MetricKey[] {
  return queries.flatMap(({ of }) => (of.kind === 'metric' ? [of.key] : []));
}
