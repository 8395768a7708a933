import type { Environment } from './candidate.ts';
import type { Event } from './events.ts';
import type { Mutations } from './mutations.ts';
import { without } from './mutations.ts';
import type { Deployment, EnvironmentState } from './state.ts';
import { killSwitchOf, type Strategy } from './strategy.ts';

/** How the call under way is guarded; undefined: there is none, or nothing guards it. */
export function guardOfCall(deployment: Deployment): Strategy | undefined {
  const call = deployment.followed?.call;
  return call?.kind === 'update' ? call.strategy : undefined;
}

/** Events that make SageMaker undo the running update; none where it cannot be told to, or was told already. */
export function killSwitch(environment: Environment, e: EnvironmentState, mutations?: Mutations): readonly Event[] {
  const { deployment, intent } = e;
  if (deployment === null || deployment.kind !== 'rollout' || intent !== null) return [];
  if (deployment.trip !== undefined || guardOfCall(deployment) === undefined) return [];
  if (without(mutations, 'kill-switch-never-set')) return [];
  return [tripOf(environment, deployment)];
}

export function tripOf(environment: Environment, deployment: Deployment): Event {
  const { id, target } = deployment;
  return { type: 'KillSwitchIntended', environment, deployment: id, alarm: killSwitchOf(target.configName) };
}
