import type { Candidate, Environment } from '../../src/rollout/candidate.ts';
import type { ServiceState } from '../../src/rollout/state.ts';
import type { Strategy } from '../../src/rollout/strategy.ts';

/** How the plan of the rollout that owns the open deployment guards it, as a part of its call. */
export function guardOf(state: ServiceState, environment: Environment): { readonly strategy?: Strategy } {
  const owner = state.environments[environment].deployment?.owner;
  const strategy = state.rollouts.find((r) => r.id === owner)?.candidate.plans[environment].strategy;
  return strategy === undefined ? {} : { strategy };
}

/** The same candidate, whose prod is changed like this. */
export function guardedBy(sealed: Candidate, strategy: Strategy | undefined): Candidate {
  if (strategy === undefined) return sealed;
  const { plans } = sealed;
  return { ...sealed, plans: { ...plans, prod: { ...plans.prod, strategy } } };
}
