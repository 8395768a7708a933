import { build, encodeIntoCompressedBase64, type Histogram } from 'hdr-histogram-js';
import { quantileInterval } from './interval.ts';
import type { CaseReport, ErrorClass, GeneratorReport, InvokeResult, LatencyReport, LoadReport } from './types.ts';
import { ERROR_CLASSES, SHOWN_PERCENTILES } from './types.ts';

/** A report is an entry's content in the log; it is kept this small whatever was measured (see the test). */
export const REPORT_LIMIT_BYTES = 8_000;
/** Of each encoded histogram; two of them may be in a report. */
const HISTOGRAM_LIMIT_BYTES = 1_300;
const REASON_LIMIT_BYTES = 100;
const DIGITS = 3;

/** What was counted of one endpoint under load, in arrival order and without keeping single samples. */
export type Tally = {
  requests: number;
  readonly errors: Record<ErrorClass, number>;
  readonly latencyUs: Histogram;
};

export function emptyTally(): Tally {
  const errors = Object.fromEntries(ERROR_CLASSES.map((errorClass) => [errorClass, 0])) as Record<ErrorClass, number>;
  return { requests: 0, errors, latencyUs: histogramOf(DIGITS) };
}

/**
 * Counts one measured request; latency runs from its scheduled send. Answers and timeouts are timed, model errors
 * as well, because somebody waited for them. The other errors are not: a request refused at the door returns
 * quickly and would make the model look faster than it is.
 */
export function count(tally: Tally, result: InvokeResult, latencyMs: number): void {
  tally.requests += 1;
  if (result.kind === 'error') tally.errors[result.errorClass] += 1;
  if (result.kind === 'answer' || result.errorClass === 'timeout' || result.errorClass === 'model') {
    recordMs(tally.latencyUs, latencyMs);
  }
}

export function loadReport(tally: Tally): LoadReport {
  const timed = tally.latencyUs.totalCount;
  const failed = ERROR_CLASSES.reduce((sum, errorClass) => sum + tally.errors[errorClass], 0);
  return {
    requests: tally.requests,
    timed,
    errors: { ...tally.errors },
    errorRate: tally.requests === 0 ? 0 : Math.round((failed / tally.requests) * 1e6) / 1e6,
    ...(timed === 0 ? {} : { latency: latencyReport(tally.latencyUs) }),
  };
}

function latencyReport(histogram: Histogram): LatencyReport {
  const ranks = quantileInterval(histogram.totalCount, 0.95);
  const atRank = (rank: number) => percentileMs(histogram, (100 * rank) / histogram.totalCount);
  return {
    p50Ms: percentileMs(histogram, 50),
    p95Ms: percentileMs(histogram, 95),
    p99Ms: percentileMs(histogram, 99),
    maxMs: percentileMs(histogram, 100),
    ...(ranks === undefined ? {} : { p95Interval: { lowMs: atRank(ranks.low), highMs: atRank(ranks.high) } }),
    percentiles: SHOWN_PERCENTILES.map((p) => ({ p, ms: percentileMs(histogram, p) })),
    histogram: encoded(histogram),
  };
}

export function generatorReport(latenessUs: Histogram): GeneratorReport {
  return {
    latenessP50Ms: percentileMs(latenessUs, 50),
    latenessP99Ms: percentileMs(latenessUs, 99),
    latenessMaxMs: percentileMs(latenessUs, 100),
  };
}

/** Reasons speak of what was expected, and that may be long. */
export function failedCase(name: string, reason: string): CaseReport {
  // By its size in the log, where quotes, backslashes and most letters beyond ASCII take more than one byte.
  const sizeOf = (text: string) => Buffer.byteLength(JSON.stringify(text));
  if (sizeOf(reason) <= REASON_LIMIT_BYTES) return { name, verdict: 'failed', reason };
  const kept = [...reason];
  while (sizeOf(`${kept.join('')}…`) > REASON_LIMIT_BYTES) kept.pop();
  return { name, verdict: 'failed', reason: `${kept.join('')}…` };
}

export function latenessHistogram(): Histogram {
  return histogramOf(DIGITS);
}

/** Plain recording: latency from the scheduled send already holds the waiting; correcting it again would count it twice. */
export function recordMs(histogram: Histogram, milliseconds: number): void {
  histogram.recordValue(Math.max(0, Math.round(milliseconds * 1000)));
}

function percentileMs(histogram: Histogram, percentile: number): number {
  if (histogram.totalCount === 0) return 0;
  // A bucket is named by its upper end, which may lie above the largest value in it.
  return Math.min(histogram.getValueAtPercentile(percentile), histogram.maxValue) / 1000;
}

/** With as many digits as there is room for: three as recorded, else two (1 %), else one (10 %). */
function encoded(histogram: Histogram): string {
  const full = encodeIntoCompressedBase64(histogram);
  if (full.length <= HISTOGRAM_LIMIT_BYTES) return full;
  const middle = coarser(histogram, 2);
  return middle.length <= HISTOGRAM_LIMIT_BYTES ? middle : coarser(histogram, 1);
}

function coarser(histogram: Histogram, digits: 1 | 2): string {
  const copy = histogramOf(digits);
  copy.add(histogram);
  return encodeIntoCompressedBase64(copy);
}

function histogramOf(digits: 1 | 2 | 3): Histogram {
  return build({ bitBucketSize: 32, numberOfSignificantValueDigits: digits, autoResize: true });
}
