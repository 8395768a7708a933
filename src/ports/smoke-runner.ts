import type { Environment } from '../rollout/candidate.ts';
import type { SmokePurpose, SmokeResult } from '../rollout/events.ts';

/** Measures a service's endpoint with its configured cases and judges what it measured. */
export interface SmokeRunner {
  /**
   * `mayProbe` is asked in the line before each probe; once it says no the run gives up and the answer is null.
   * Never throws for what the model does; what could not be measured is an inconclusive result.
   */
  run(
    service: string,
    environment: Environment,
    purpose: SmokePurpose,
    mayProbe: () => boolean,
  ): Promise<SmokeResult | null>;
}
