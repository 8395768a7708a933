import { type Prices, priceOf } from '../src/cost/prices.ts';
import type { EnvironmentPlan } from '../src/rollout/candidate.ts';

/** An hour of all instances of a plan; null: its price is not in the table, or it costs by use. */
export function costOf({ capacity }: Pick<EnvironmentPlan, 'capacity'>, prices: Prices): number | null {
  if (capacity.kind === 'serverless') return null;
  const price = priceOf(capacity.instanceType, prices);
  return price === null ? null : price * capacity.instanceCount;
}
