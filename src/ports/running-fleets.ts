import type { Environment } from '../rollout/candidate.ts';
import type { EndpointStatus, Reading } from '../rollout/observation.ts';

/** Instances of one variant of a fleet, as SageMaker shows them. */
export type FleetPart =
  | {
      readonly kind: 'instances';
      /** null: the config does not say, or is gone. */
      readonly instanceType: string | null;
      readonly current: number;
      readonly desired: number;
      /** Those that are being started and do not count among the current ones yet. */
      readonly launching: number;
    }
  | { readonly kind: 'serverless' };

export interface RunningFleet {
  /** `live`: of the config that the endpoint has; `pending`: of the one that it is brought to. */
  readonly which: 'live' | 'pending';
  readonly configName: string;
  readonly parts: readonly FleetPart[];
}

export interface FleetsRunning {
  readonly status: EndpointStatus;
  readonly fleets: readonly RunningFleet[];
}

/** What runs behind an endpoint at this moment, and is paid for. */
export interface RunningFleets {
  /** Never throws: what cannot be read is unknown. null: there is no such endpoint. */
  see(environment: Environment, endpointName: string): Promise<Reading<FleetsRunning | null>>;
}
