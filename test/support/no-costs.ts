import type { Costs } from '../../src/cost/costs.ts';
import type { Recommend } from '../../src/cost/recommendations.ts';

/** For tests of everything else: nothing runs, and no price is known. */
export const NO_COSTS: Costs = {
  report: async () => ({ services: [], total: { perHour: 0, complete: true }, prices: null, region: null }),
  lastSeen: () => null,
};

export const NO_ADVICE: Recommend = async (service) => ({ service, environments: [], prices: null });
