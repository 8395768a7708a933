import type { Environment } from '../rollout/candidate.ts';
import type { Reading } from '../rollout/observation.ts';

/** Values of one metric, one for each period that has any, in no order. */
export type Series = readonly number[];

/** How an endpoint was used, by CloudWatch's periods. A period without data has no value anywhere. */
export interface UsageSeen {
  /** Length of a period of all that follows but `perInstanceMinute`. Seconds. */
  readonly periodSeconds: number;
  /**
   * The busiest instance at its busiest moment of each period. Percent of one core, so that an instance with four cores
   * has 400.
   */
  readonly cpuPercent: Series;
  /** The same of its memory. Percent of all that it has. */
  readonly memoryPercent: Series;
  /** p95 of each period. Milliseconds. */
  readonly p95Ms: Series;
  /** All of the endpoint. */
  readonly requests: Series;
  /** Requests that one instance got in each minute that has data. */
  readonly perInstanceMinute: Series;
}

/** How the instances of an endpoint were used. */
export interface Usage {
  /** Never throws: what cannot be read is unknown. Instants are milliseconds since 1970. */
  read(
    environment: Environment,
    endpointName: string,
    stretch: { readonly fromMs: number; readonly toMs: number },
  ): Promise<Reading<UsageSeen>>;
}
