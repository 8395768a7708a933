import type { FleetsSeen } from '../rollout/analysis.ts';
import type { Environment } from '../rollout/candidate.ts';
import type { FleetsNeed, Reading, RequestsNeed } from '../rollout/observation.ts';

/** What endpoints and the two fleets of a guarded change answered, by CloudWatch's metrics. */
export interface Fleets {
  /** Never throws: what cannot be read is unknown. A fleet without traffic has zero requests. */
  compare(environment: Environment, need: FleetsNeed): Promise<Reading<FleetsSeen>>;
  /** How many requests titanic's variant of an endpoint had, whoever sent them. Never throws. */
  requests(environment: Environment, need: RequestsNeed): Promise<Reading<number>>;
}
