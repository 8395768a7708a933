import type { EnvironmentPlan } from '../src/rollout/candidate.ts';

/** What one instance costs an hour, by its type. */
export interface Prices {
  readonly currency: string;
  readonly perInstanceHour: Readonly<Record<string, number>>;
}

/** An hour of all instances of a plan; null: its price is not in the table, or it costs by use. */
export function costOf({ capacity }: EnvironmentPlan, { perInstanceHour }: Prices): number | null {
  if (capacity.kind === 'serverless' || !Object.hasOwn(perInstanceHour, capacity.instanceType)) return null;
  const price = perInstanceHour[capacity.instanceType];
  return price === undefined ? null : price * capacity.instanceCount;
}

/** At least two places, and as many as four where the price has them. */
export function amount(cost: number): string {
  return cost.toFixed(4).replace(/0{1,2}$/, '');
}
