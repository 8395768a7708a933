import type { Logger } from './ports/logger.ts';
import type { ModelRegistry } from './ports/model-registry.ts';
import type { TickStore } from './ports/tick-store.ts';
import type { Rollouts } from './rollout/api.ts';

/** Every ten minutes: a rejection in the console is no emergency, and the registry is shared with others. */
export const EVERY_TEN_MINUTES = '*/10 * * * *';

export interface ModelWatchDeps {
  readonly services: readonly string[];
  readonly rollouts: Pick<Rollouts, 'state' | 'modelSeen'>;
  readonly registry: Pick<ModelRegistry, 'byArn'>;
  readonly ticks: TickStore;
  readonly log: Logger;
}

/** Looks whether what prod runs was rejected in the registry. What cannot be read is looked at again the next time. */
export function createModelWatch(deps: ModelWatchDeps): (at: Date) => Promise<void> {
  const { rollouts, registry, ticks, log } = deps;

  async function one(service: string, instant: string): Promise<void> {
    const state = await rollouts.state(service);
    if (state.kind === 'unknown') return;
    const arn = state.value.environments.prod.stack.at(-1)?.packageArn ?? null;
    if (arn === null || !(await ticks.claimTick(service, 'model-watch', instant))) return;
    const found = await registry.byArn(arn);
    if (found.kind === 'unknown') log.warn({ service, why: found.why }, 'the model of prod could not be looked at');
    else if (found.value !== null) await rollouts.modelSeen(service, arn, found.value.approval);
  }

  return async (at) => {
    const instant = at.toISOString().slice(0, 16);
    for (const service of deps.services) {
      try {
        await one(service, instant);
      } catch (error) {
        log.warn({ service, error: String(error) }, 'the model of prod could not be looked at');
      }
    }
  };
}
