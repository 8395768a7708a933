import { ENVIRONMENTS, type Environment } from '../../src/rollout/candidate.ts';
import { resourceName } from '../../src/rollout/names.ts';
import { STACK_KEPT } from '../../src/rollout/state.ts';
import type { RecordIndex } from './record-index.ts';

/**
 * Names of configs and models that a service's record still needs in these environments: what runs, what a rollback
 * can go to, what is on its way there. Read from the entries, and not from the fold that is checked.
 */
export function neededParts(index: RecordIndex, environments: readonly Environment[]): ReadonlyMap<string, string> {
  const needed = new Map<string, string>();
  for (const environment of environments) {
    for (const { configName, modelName } of stackOf(index, environment)) {
      needed.set(configName, `${environment} of ${index.service} runs it or can go back to it`);
      if (modelName !== null) needed.set(modelName, `${environment} of ${index.service} runs it or can go back to it`);
    }
  }
  const over = new Set(index.all('RolloutEnded').map((e) => e.event.rolloutId));
  for (const { event } of index.all('RolloutStarted')) {
    if (over.has(event.rolloutId)) continue;
    for (const environment of environments) {
      const name = resourceName(index.service, 'titanic-', environment, event.candidate.version, event.rolloutId);
      needed.set(name, `it is of ${event.rolloutId}`);
    }
  }
  return needed;
}

interface Target {
  readonly configName: string;
  readonly modelName: string | null;
}

/** What succeeded there and was not rolled back from, oldest first. */
function stackOf(index: RecordIndex, environment: Environment): readonly Target[] {
  let stack: readonly Target[] = [];
  const push = (target: Target) => {
    stack = [...stack.filter((t) => t.configName !== target.configName), target].slice(-STACK_KEPT);
  };
  for (const { entry } of index.entries) {
    for (const event of entry.events) {
      if (!('environment' in event) || event.environment !== environment) {
        if (event.type === 'CleanupConfirmed' && event.forgets.includes(environment)) stack = [];
        continue;
      }
      if (event.type === 'EndpointAdopted') push(event.target);
      if (event.type === 'RollbackStarted') {
        const at = stack.findIndex((t) => t.configName === event.target.configName);
        if (at >= 0) stack = stack.slice(0, at + 1);
      }
      if (event.type !== 'DeploymentSucceeded') continue;
      const started = index.find('DeploymentStarted', event.deployment)?.event;
      if (started?.kind === 'rollout') push(started.target);
      if (started?.kind === 'removal') stack = [];
    }
  }
  return stack;
}

/** The environments whose endpoint goes with a clean-up of this target. */
export function goneWith(target: string): readonly Environment[] {
  if (target === 'all') return ENVIRONMENTS;
  return ENVIRONMENTS.filter((environment) => environment === target);
}
