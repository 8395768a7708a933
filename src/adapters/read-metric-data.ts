import {
  type CloudWatchClient,
  GetMetricDataCommand,
  type MetricDataQuery,
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import { known, type Reading, unknown } from '../rollout/observation.ts';
import { readOrUnknown } from './sagemaker-read.ts';

export interface MetricDataAsked {
  readonly queries: MetricDataQuery[];
  /** Milliseconds since 1970. */
  readonly fromMs: number;
  readonly toMs: number;
  /** More than these nobody needs, and none is read. */
  readonly mostPages: number;
}

/** The results of all pages, in their order; a metric may stand in several. One that cannot be read makes all unknown. */
export function readMetricData(
  client: CloudWatchClient,
  { queries, fromMs, toMs, mostPages }: MetricDataAsked,
): Promise<Reading<readonly MetricDataResult[]>> {
  const query = { StartTime: new Date(fromMs), EndTime: new Date(toMs), MetricDataQueries: queries };
  return readOrUnknown<readonly MetricDataResult[]>(async (options) => {
    const found: MetricDataResult[] = [];
    let token: string | undefined;
    for (let page = 0; page < mostPages; page += 1) {
      const reply = await client.send(new GetMetricDataCommand({ ...query, NextToken: token }), options);
      for (const result of reply.MetricDataResults ?? []) {
        if (result.StatusCode === 'InternalError' || result.StatusCode === 'Forbidden')
          return unknown(`CloudWatch could not read ${result.Id}: ${result.StatusCode}`);
        found.push(result);
      }
      token = reply.NextToken;
      if (token === undefined) return known(found);
    }
    return unknown(`CloudWatch has more than ${mostPages} pages`);
  });
}
