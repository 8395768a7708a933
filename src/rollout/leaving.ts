import { environmentsOf } from './brought-by.ts';
import { ENVIRONMENTS, type Environment, type Target } from './candidate.ts';
import { rollbackTarget } from './going-back.ts';
import type { ServiceState } from './state.ts';

/** One environment that a rollback of what a card is about would change. */
export interface Leave {
  readonly environment: Environment;
  readonly from: Target;
  /** null: there is nothing earlier, so the change that is under way is only stopped. */
  readonly to: Target | null;
}

/**
 * What rolling back the subject of a card would do: of a rollout, wherever it runs or is being brought to; of a
 * rollback, one step further while its environment is held by it. Empty: it runs nowhere any more, or nothing ran before.
 */
export function leavesOf(state: ServiceState, id: string): readonly Leave[] {
  return environmentsToLeave(state, id).flatMap((environment) => {
    const e = state.environments[environment];
    const changing = e.deployment?.kind === 'rollout' ? e.deployment.target : null;
    const from = changing ?? e.stack.at(-1);
    const to = rollbackTarget(e);
    return from === undefined || (to === null && changing === null) ? [] : [{ environment, from, to }];
  });
}

function environmentsToLeave(state: ServiceState, id: string): readonly Environment[] {
  const returned = ENVIRONMENTS.filter((each) => state.environments[each].returned?.rollbackId === id);
  return returned.length > 0 ? returned : environmentsOf(state, id);
}

export function isRollback(state: ServiceState, id: string): boolean {
  const open = ENVIRONMENTS.some((each) => state.environments[each].rollback?.id === id);
  return open || state.endedRollbacks.some((one) => one.id === id);
}
