import { ENVIRONMENTS, type Environment } from '../rollout/candidate.ts';
import { type CleanupTarget, environmentsOf } from '../rollout/cleanup.ts';
import { doing } from '../rollout/gates.ts';
import { targetOf } from '../rollout/names.ts';
import type { ServiceState } from '../rollout/state.ts';

/** Why the record still needs configs and models of these names, in any of these environments. */
export function neededByRecord(
  states: readonly ServiceState[],
  prefix: string,
  environments: readonly Environment[] = ENVIRONMENTS,
): ReadonlyMap<string, string> {
  const needed = new Map<string, string>();
  const need = (target: { readonly configName: string; readonly modelName: string | null }, why: string) => {
    for (const name of [target.configName, target.modelName]) {
      if (name !== null && !needed.has(name)) needed.set(name, why);
    }
  };
  for (const state of states) {
    for (const environment of environments) {
      const { stack, deployment, rollback, stopped } = state.environments[environment];
      const live = stack.at(-1);
      const how = stopped === null ? 'runs it' : 'is stopped and comes back with it';
      if (live !== undefined) need(live, `${environment} ${how}`);
      for (const target of stack.slice(0, -1)) need(target, `a rollback of ${environment} can go to it`);
      if (deployment !== null) need(deployment.target, `${deployment.owner} brings it to ${environment}`);
      if (rollback !== null) need(rollback.target, `${rollback.id} goes back to it`);
    }
    for (const { id, candidate } of state.rollouts) {
      for (const environment of environments) {
        need(targetOf(state.service, prefix, environment, candidate, id), `it is of the rollout ${id}`);
      }
    }
  }
  return needed;
}

/**
 * What is in the way of a clean-up, in words; empty: nothing. Whoever deletes what is live ends open rollouts first:
 * otherwise one of them would bring back what was just deleted.
 */
export function underWay(states: readonly ServiceState[], target: CleanupTarget): readonly string[] {
  const environments = target === 'leftovers' ? ENVIRONMENTS : environmentsOf(target);
  return states.flatMap((state) => {
    const moving = environments.flatMap((environment) => {
      const { deployment, rollback, intent, smoke } = state.environments[environment];
      const what = deployment?.owner ?? rollback?.id ?? (intent === null ? null : 'a call without a known outcome');
      const words = what ?? (smoke === null ? null : 'a smoke run');
      return words === null ? [] : [`${environment} of ${state.service}: ${words}`];
    });
    const open = target === 'leftovers' ? [] : state.rollouts.map((r) => `${r.id}: ${doing(r)}`);
    return [...moving, ...open];
  });
}
