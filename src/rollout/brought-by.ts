import { ENVIRONMENTS, type Environment } from './candidate.ts';
import type { EnvironmentState, ServiceState } from './state.ts';

/** The rollout that an environment runs or is being brought to; null: what it runs is of none. */
export function broughtBy({ deployment, stack }: EnvironmentState): string | null {
  return deployment?.kind === 'rollout' ? deployment.owner : (stack.at(-1)?.rolloutId ?? null);
}

/** Where a rollback would leave this rollout. */
export function environmentsOf(state: ServiceState, rolloutId: string): readonly Environment[] {
  return ENVIRONMENTS.filter((environment) => broughtBy(state.environments[environment]) === rolloutId);
}
