/** What is kept of the values of a metric within a period, and the statistics that can be read from it. */
export interface Summary {
  readonly sum: number;
  readonly count: number;
  readonly min: number;
  readonly max: number;
  /** How often each value came; `null` where only a set of statistics was sent, of which no percentile is known. */
  readonly values: ReadonlyMap<number, number> | null;
}

export const STATISTICS = ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'] as const;
export type Statistic = (typeof STATISTICS)[number];

/** `p50`, `p99.9`; other extended statistics are not there. */
export const PERCENTILE = /^p(\d{1,2}(\.\d{1,10})?|100)$/;

/** `TC(0:250)`: how many values lie above the first and not above the second; other ranges are not there. */
export const TRIMMED_COUNT = /^TC\((\d+(\.\d+)?):(\d+(\.\d+)?)\)$/;

/** One value that came so many times. */
export function summaryOf(value: number, count: number): Summary {
  return { sum: value * count, count, min: value, max: value, values: new Map([[value, count]]) };
}

export function merged(a: Summary | undefined, b: Summary): Summary {
  if (a === undefined) return b;
  return {
    sum: a.sum + b.sum,
    count: a.count + b.count,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    values: a.values === null || b.values === null ? null : mergedValues(a.values, b.values),
  };
}

function mergedValues(a: ReadonlyMap<number, number>, b: ReadonlyMap<number, number>): Map<number, number> {
  const all = new Map(a);
  for (const [value, count] of b) all.set(value, (all.get(value) ?? 0) + count);
  return all;
}

/**
 * A statistic by CloudWatch's name for it; `undefined` where it cannot be known. A percentile is the smallest value
 * that at least that share of the values do not exceed.
 */
export function statisticOf(summary: Summary, name: string): number | undefined {
  switch (name) {
    case 'SampleCount':
      return summary.count;
    case 'Average':
      return summary.sum / summary.count;
    case 'Sum':
      return summary.sum;
    case 'Minimum':
      return summary.min;
    case 'Maximum':
      return summary.max;
    default: {
      if (summary.values === null) return undefined;
      const [, from, , to] = TRIMMED_COUNT.exec(name) ?? [];
      if (from !== undefined && to !== undefined) return countWithin(summary.values, Number(from), Number(to));
      return percentileOf(summary.values, Number(name.slice(1)) / 100);
    }
  }
}

function countWithin(values: ReadonlyMap<number, number>, above: number, upTo: number): number {
  let within = 0;
  for (const [value, count] of values) if (value > above && value <= upTo) within += count;
  return within;
}

function percentileOf(values: ReadonlyMap<number, number>, share: number): number | undefined {
  const sorted = [...values].sort(([a], [b]) => a - b);
  const total = sorted.reduce((sum, [, count]) => sum + count, 0);
  let below = 0;
  for (const [value, count] of sorted) {
    below += count;
    // Shares do not multiply exactly: 0.95 of 20 is to be 19.
    if (below >= share * total - 1e-9) return value;
  }
  return sorted.at(-1)?.[0];
}
