import type { FleetCounts, FleetsSeen } from '../../src/rollout/analysis.ts';
import type { EndpointLook, Reading } from '../../src/rollout/observation.ts';
import { known } from '../../src/rollout/observation.ts';

/** So many requests, of which so many failed and so many were slow. */
export function fleet(requests: number, errors = 0, slow = 0): FleetCounts {
  return { requests, errors, timed: requests, slow, p50Ms: 10, p95Ms: 40 };
}

export function fleets(fresh: FleetCounts, old: FleetCounts = fleet(0), before: FleetCounts = fleet(0)): FleetsSeen {
  return { from: '2026-03-02T09:00:00.000Z', to: '2026-03-02T09:10:00.000Z', fresh, old, before };
}

/** One request in a hundred fails in the old fleet, and one in ten in the new one. */
export const WORSE = fleets(fleet(1_000, 100), fleet(1_000, 10));
export const FINE = fleets(fleet(1_000, 1), fleet(1_000, 10));

/** A look that has compared them. */
export function sees(value: FleetsSeen | Reading<never>): { readonly look: Pick<EndpointLook, 'fleets'> } {
  return { look: { fleets: 'kind' in value ? value : known(value) } };
}
