/** The values of all metrics by series and time. Times are emulated milliseconds. */
import { merged, type Summary } from './summary.ts';

export interface MetricKey {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** Where values are read from: what was kept, and what is computed when it is asked for. */
export interface MetricSource {
  /** All values from `fromMs` on and before `toMs`. */
  between(key: MetricKey, fromMs: number, toMs: number): Summary | undefined;
  /** The start of the first period with values that begins at `fromMs` or later. */
  firstFrom(key: MetricKey, fromMs: number): number | undefined;
}

export interface MetricStore extends MetricSource {
  /** `resolutionMs` is how finely the time is kept, a second or a minute. */
  add(key: MetricKey, atMs: number, resolutionMs: number, summary: Summary): void;
  saved(): SavedSeries[];
}

type SavedBucket = readonly [startMs: number, Omit<Summary, 'values'>, values: [number, number][] | null];

export interface SavedSeries {
  readonly key: MetricKey;
  readonly buckets: readonly SavedBucket[];
}

interface Bucket {
  readonly startMs: number;
  summary: Summary;
}

/** CloudWatch keeps minutes for 15 days; this is three days of minutes without a gap. */
const KEPT_BUCKETS = 4_320;

export function createMetricStore(saved: readonly SavedSeries[]): MetricStore {
  const series = new Map<string, { key: MetricKey; buckets: Bucket[] }>();
  for (const { key, buckets } of saved) {
    series.set(nameOf(key), {
      key,
      buckets: buckets.map(([startMs, rest, values]) => ({
        startMs,
        summary: { ...rest, values: values === null ? null : new Map(values) },
      })),
    });
  }
  const bucketsOf = (key: MetricKey) => series.get(nameOf(key))?.buckets ?? [];

  return {
    add(key, atMs, resolutionMs, summary) {
      const name = nameOf(key);
      const one = series.get(name) ?? { key, buckets: [] };
      series.set(name, one);
      const startMs = Math.floor(atMs / resolutionMs) * resolutionMs;
      // Nearly always the last one or a new one behind it.
      const index = one.buckets.findLastIndex((bucket) => bucket.startMs <= startMs);
      const found = one.buckets[index];
      if (found?.startMs === startMs) found.summary = merged(found.summary, summary);
      else one.buckets.splice(index + 1, 0, { startMs, summary });
      if (one.buckets.length > KEPT_BUCKETS) one.buckets.shift();
    },
    between(key, fromMs, toMs) {
      let all: Summary | undefined;
      const buckets = bucketsOf(key);
      for (let n = firstAt(buckets, fromMs); n < buckets.length; n += 1) {
        const bucket = buckets[n];
        if (bucket === undefined || bucket.startMs >= toMs) break;
        all = merged(all, bucket.summary);
      }
      return all;
    },
    firstFrom(key, fromMs) {
      const buckets = bucketsOf(key);
      return buckets[firstAt(buckets, fromMs)]?.startMs;
    },
    saved: () =>
      [...series.values()].map(({ key, buckets }) => ({
        key,
        buckets: buckets.map(({ startMs, summary: { values, ...rest } }) => [
          startMs,
          rest,
          values === null ? null : [...values],
        ]),
      })),
  };
}

function nameOf({ namespace, name, dimensions }: MetricKey): string {
  return JSON.stringify([namespace, name, ...Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** The index of the first bucket that starts at an instant or later. */
function firstAt(buckets: readonly Bucket[], fromMs: number): number {
  let low = 0;
  let high = buckets.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((buckets[middle]?.startMs ?? 0) < fromMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
