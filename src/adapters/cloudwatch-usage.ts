import type { CloudWatchClient, MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { Usage, UsageSeen } from '../ports/usage.ts';
import { type Environment, VARIANT } from '../rollout/candidate.ts';
import { known, type Reading } from '../rollout/observation.ts';
import type { CloudWatchClients } from './aws-clients.ts';
import { readMetricData } from './read-metric-data.ts';

/** Fine enough for a peak to stay one, and 14 days of it are 4,032 values. Seconds. */
const PERIOD_SECONDS = 300;
/** Autoscaling counts requests by the minute, so they are compared by it. Seconds. */
const MINUTE_SECONDS = 60;
const MICROSECONDS = 1_000;
/** 14 days of all of it are 36,288 values, and a page holds 100,800. */
const MOST_PAGES = 5;

type Measure = Exclude<keyof UsageSeen, 'periodSeconds'>;

/** Of each its namespace, name, statistic and period. Utilisation is written by each instance: its maximum is the busiest one. */
const MEASURES: Readonly<Record<Measure, readonly [namespace: string, name: string, stat: string, seconds: number]>> = {
  cpuPercent: ['/aws/sagemaker/Endpoints', 'CPUUtilization', 'Maximum', PERIOD_SECONDS],
  memoryPercent: ['/aws/sagemaker/Endpoints', 'MemoryUtilization', 'Maximum', PERIOD_SECONDS],
  p95Ms: ['AWS/SageMaker', 'ModelLatency', 'p95', PERIOD_SECONDS],
  requests: ['AWS/SageMaker', 'Invocations', 'Sum', PERIOD_SECONDS],
  perInstanceMinute: ['AWS/SageMaker', 'InvocationsPerInstance', 'Sum', MINUTE_SECONDS],
};

/** CloudWatch's metrics of an endpoint through the SDK. */
export function createCloudWatchUsage(
  clients: Readonly<Record<Environment, Pick<CloudWatchClients, 'repeatable'>>>,
): Usage {
  return {
    async read(environment, endpointName, { fromMs, toMs }) {
      const found = await readAll(clients[environment].repeatable, endpointName, fromMs, toMs);
      if (found.kind === 'unknown') return found;
      const of = (measure: Measure) => found.value.get(measure.toLowerCase()) ?? [];
      return known({
        periodSeconds: PERIOD_SECONDS,
        cpuPercent: of('cpuPercent'),
        memoryPercent: of('memoryPercent'),
        p95Ms: of('p95Ms').map((microseconds) => microseconds / MICROSECONDS),
        requests: of('requests'),
        perInstanceMinute: of('perInstanceMinute'),
      });
    },
  };
}

async function readAll(
  client: CloudWatchClient,
  endpointName: string,
  fromMs: number,
  toMs: number,
): Promise<Reading<ReadonlyMap<string, readonly number[]>>> {
  const queries = Object.entries(MEASURES).map(([id, measure]) => queryOf(id.toLowerCase(), endpointName, measure));
  const reading = await readMetricData(client, { queries, fromMs, toMs, mostPages: MOST_PAGES });
  if (reading.kind === 'unknown') return reading;
  const found = new Map<string, number[]>();
  for (const { Id = '', Values = [] } of reading.value) found.set(Id, [...(found.get(Id) ?? []), ...Values]);
  return known(found);
}

function queryOf(
  id: string,
  endpointName: string,
  [Namespace, MetricName, Stat, Period]: (typeof MEASURES)[Measure],
): MetricDataQuery {
  const Dimensions = [
    { Name: 'EndpointName', Value: endpointName },
    { Name: 'VariantName', Value: VARIANT },
  ];
  return { Id: id, MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Period, Stat } };
}
