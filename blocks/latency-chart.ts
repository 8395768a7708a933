import type { SmokeNumbers, SmokeResult } from '../src/rollout/events.ts';
import type { ProdBefore } from '../src/rollout/prod-before.ts';

/** One percentile and the latency that so many percent of the requests stayed below. Milliseconds. */
type Point = NonNullable<SmokeNumbers['percentiles']>[number];

/** From so many points on a line shows a shape; fewer stand as bars. */
const POINTS_OF_A_LINE = 5;

/**
 * Latency by percentile, prod's beside it. Not in Slack's published types, so a workspace may not take it: whoever
 * posts it leaves it out then, and the table says the same. null: nothing was timed.
 */
export function latencyChart(result: SmokeResult, { measured }: ProdBefore): object | null {
  const other = result.compared ?? measured?.numbers ?? null;
  const mine = pointsOf(result.numbers);
  if (mine.length === 0) return null;
  const theirs = other === null ? [] : pointsOf(other);
  const comparable = theirs.length === 0 || sameAxis(mine, theirs);
  const [first, second] = comparable ? [mine, theirs] : [fewOf(result.numbers), other === null ? [] : fewOf(other)];
  const categories = first.map(({ p }) => `p${p}`);
  const series = [
    { name: 'This version', data: dataOf(first) },
    // Each series has one point for each category, or Slack refuses all of it.
    ...(sameAxis(first, second)
      ? [{ name: result.compared === null ? 'prod, recorded' : 'prod, same run', data: dataOf(second) }]
      : []),
  ];
  return {
    type: 'data_visualization',
    title: 'Latency of the smoke tests',
    chart: {
      type: first.length < POINTS_OF_A_LINE ? 'bar' : 'line',
      series,
      axis_config: { categories, x_label: 'percentile', y_label: 'ms' },
    },
  };
}

/** What was recorded of the distribution; of older runs three points of it. */
function pointsOf(numbers: SmokeNumbers): readonly Point[] {
  const { percentiles } = numbers;
  return percentiles === undefined || percentiles.length === 0 ? fewOf(numbers) : percentiles.slice(0, 20);
}

function fewOf({ p50Ms, p95Ms, p99Ms }: SmokeNumbers): readonly Point[] {
  if (p50Ms === null || p95Ms === null || p99Ms === null) return [];
  return [
    { p: 50, ms: p50Ms },
    { p: 95, ms: p95Ms },
    { p: 99, ms: p99Ms },
  ];
}

function sameAxis(one: readonly Point[], other: readonly Point[]): boolean {
  return one.length === other.length && one.every(({ p }, at) => other[at]?.p === p);
}

function dataOf(points: readonly Point[]): readonly object[] {
  return points.map(({ p, ms }) => ({ label: `p${p}`, value: Math.round(ms * 10) / 10 }));
}
