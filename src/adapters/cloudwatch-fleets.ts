import type { CloudWatchClient, Dimension, MetricDataQuery, MetricDataResult } from '@aws-sdk/client-cloudwatch';
import type { Clock } from '../ports/clock.ts';
import type { Fleets } from '../ports/fleets.ts';
import type { FleetCounts, FleetsSeen } from '../rollout/analysis.ts';
import { type Environment, VARIANT } from '../rollout/candidate.ts';
import { type FleetsNeed, known, type Reading, type RequestsNeed } from '../rollout/observation.ts';
import type { CloudWatchClients } from './aws-clients.ts';
import { readMetricData } from './read-metric-data.ts';

const MINUTE_MS = 60_000;
const MICROSECONDS = 1_000;
/** What served before the change began: as much as a busy endpoint needs for a fair comparison. Minutes. */
const BEFORE_MINUTES = 30;
/** Eight hours of ten metrics are one page; more than these nobody needs. */
const MOST_PAGES = 10;

/** `all` is the endpoint with whatever answers there; `fresh` and `old` are the metrics of one config. */
type Whose = 'all' | 'fresh' | 'old';
type Measure = 'requests' | 'errors' | 'timed' | 'fast' | 'p50' | 'p95';
/** By the start of its minute, milliseconds since 1970. */
type Minutes = ReadonlyMap<number, number>;

/** CloudWatch's metrics through the SDK, each environment with its own identity. */
export function createCloudWatchFleets(
  clients: Readonly<Record<Environment, CloudWatchClients>>,
  clock: Pick<Clock, 'nowMs'>,
): Fleets {
  return {
    async compare(environment, need) {
      const sinceMs = Math.floor(Date.parse(need.since) / MINUTE_MS) * MINUTE_MS;
      const toMs = Math.ceil(clock.nowMs() / MINUTE_MS) * MINUTE_MS;
      const reading = await readMinutes(clients[environment].repeatable, need, sinceMs, toMs);
      return reading.kind === 'unknown' ? reading : known(compared(reading.value, sinceMs, toMs));
    },
    async requests(environment, need) {
      const toMs = Math.ceil(clock.nowMs() / MINUTE_MS) * MINUTE_MS;
      const client = clients[environment].repeatable;
      // CloudWatch rounds down to the minute by itself, so what was asked a little before counts as well.
      const reading = await readMetrics(client, [requestsQuery(need)], Date.parse(need.since), toMs);
      if (reading.kind === 'unknown') return reading;
      return known(sum(reading.value.get(idOf('all', 'requests')) ?? new Map(), () => true));
    },
  };
}

function readMinutes(
  client: CloudWatchClient,
  need: FleetsNeed,
  sinceMs: number,
  toMs: number,
): Promise<Reading<ReadonlyMap<string, Minutes>>> {
  return readMetrics(client, queries(need), sinceMs - BEFORE_MINUTES * MINUTE_MS, toMs);
}

async function readMetrics(
  client: CloudWatchClient,
  queries: MetricDataQuery[],
  fromMs: number,
  toMs: number,
): Promise<Reading<ReadonlyMap<string, Minutes>>> {
  const reading = await readMetricData(client, { queries, fromMs, toMs, mostPages: MOST_PAGES });
  if (reading.kind === 'unknown') return reading;
  const found = new Map<string, Map<number, number>>();
  for (const result of reading.value) keep(found, result);
  return known(found);
}

function keep(found: Map<string, Map<number, number>>, { Id = '', Timestamps = [], Values = [] }: MetricDataResult) {
  const minutes = found.get(Id) ?? new Map<number, number>();
  found.set(Id, minutes);
  Timestamps.forEach((at, n) => {
    const value = Values[n];
    if (value !== undefined) minutes.set(at.getTime(), value);
  });
}

function queries(need: FleetsNeed): MetricDataQuery[] {
  const { endpointName, configName, oldConfigName, slowMs } = need;
  const all = endpointDimensions(endpointName);
  const of = (config: string) => [...all, { Name: 'EndpointConfigName', Value: config }];
  return [
    ...counts('all', all, slowMs),
    ...counts('fresh', of(configName), slowMs),
    ...percentiles('all', all),
    ...percentiles('fresh', of(configName)),
    ...(oldConfigName === null ? [] : percentiles('old', of(oldConfigName))),
  ];
}

function requestsQuery({ endpointName }: RequestsNeed): MetricDataQuery {
  return metric('all', 'requests', 'Invocations', 'Sum', endpointDimensions(endpointName));
}

function endpointDimensions(endpointName: string): Dimension[] {
  return [
    { Name: 'EndpointName', Value: endpointName },
    { Name: 'VariantName', Value: VARIANT },
  ];
}

function counts(whose: Whose, dimensions: Dimension[], slowMs: number | null): MetricDataQuery[] {
  const each = [
    metric(whose, 'requests', 'Invocations', 'Sum', dimensions),
    metric(whose, 'errors', 'Invocation5XXErrors', 'Sum', dimensions),
  ];
  if (slowMs === null) return each;
  // How many samples lie in a range can be added up over minutes, which percentiles cannot.
  const within = `TC(0:${slowMs * MICROSECONDS})`;
  return [
    ...each,
    metric(whose, 'timed', 'ModelLatency', 'SampleCount', dimensions),
    metric(whose, 'fast', 'ModelLatency', within, dimensions),
  ];
}

function percentiles(whose: Whose, dimensions: Dimension[]): MetricDataQuery[] {
  return (['p50', 'p95'] as const).map((stat) => metric(whose, stat, 'ModelLatency', stat, dimensions));
}

function metric(whose: Whose, measure: Measure, name: string, stat: string, dimensions: Dimension[]): MetricDataQuery {
  return {
    Id: idOf(whose, measure),
    MetricStat: {
      Metric: { Namespace: 'AWS/SageMaker', MetricName: name, Dimensions: dimensions },
      Period: 60,
      Stat: stat,
    },
  };
}

function idOf(whose: Whose, measure: Measure): string {
  return `${whose}_${measure}`;
}

/** The old fleet is what the endpoint answered and the new one did not, in the minutes in which the new one had traffic. */
function compared(found: ReadonlyMap<string, Minutes>, sinceMs: number, toMs: number): FleetsSeen {
  const minutesOf = (whose: Whose, measure: Measure): Minutes => found.get(idOf(whose, measure)) ?? new Map();
  const shared = new Set([...minutesOf('fresh', 'requests')].filter(([, n]) => n > 0).map(([at]) => at));
  const during = (at: number) => at >= sinceMs;
  const fresh = countsOf((measure) => sum(minutesOf('fresh', measure), during), last('fresh', during));
  const beside = countsOf((measure) => sum(minutesOf('all', measure), (at) => during(at) && shared.has(at)), null);
  const before = countsOf(
    (measure) => sum(minutesOf('all', measure), (at) => !during(at)),
    last('all', (at) => !during(at)),
  );

  function last(whose: Whose, counts: (at: number) => boolean): Percentiles {
    return { p50Ms: newest(minutesOf(whose, 'p50'), counts), p95Ms: newest(minutesOf(whose, 'p95'), counts) };
  }
  return {
    from: new Date(sinceMs).toISOString(),
    to: new Date(toMs).toISOString(),
    fresh,
    old: { ...less(beside, fresh), ...last('old', during) },
    before,
  };
}

type Percentiles = Pick<FleetCounts, 'p50Ms' | 'p95Ms'>;

function countsOf(total: (measure: Measure) => number, percentiles: Percentiles | null): FleetCounts {
  const timed = total('timed');
  return {
    requests: total('requests'),
    errors: total('errors'),
    timed,
    slow: Math.max(0, timed - total('fast')),
    ...(percentiles ?? { p50Ms: null, p95Ms: null }),
  };
}

/** Metrics of one minute may arrive one after the other: never less than nothing. */
function less(all: FleetCounts, fresh: FleetCounts): Omit<FleetCounts, keyof Percentiles> {
  const left = (measure: 'requests' | 'errors' | 'timed' | 'slow') => Math.max(0, all[measure] - fresh[measure]);
  return { requests: left('requests'), errors: left('errors'), timed: left('timed'), slow: left('slow') };
}

function sum(minutes: Minutes, counts: (at: number) => boolean): number {
  let total = 0;
  for (const [at, value] of minutes) if (counts(at)) total += value;
  return total;
}

/** Of the newest minute, in milliseconds; the metric has microseconds. */
function newest(minutes: Minutes, counts: (at: number) => boolean): number | null {
  const times = [...minutes.keys()].filter(counts);
  if (times.length === 0) return null;
  const value = minutes.get(Math.max(...times));
  return value === undefined ? null : value / MICROSECONDS;
}
