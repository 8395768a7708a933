import type { Cleaner } from '../ports/cleaner.ts';
import type { Clock } from '../ports/clock.ts';
import type { Inventory } from '../ports/inventory.ts';
import type { LogStore } from '../ports/log-store.ts';
import { createServiceLog } from '../rollout/log.ts';
import type { LogForm } from '../rollout/log-form.ts';
import { known, unknown } from '../rollout/observation.ts';
import type { ServiceState } from '../rollout/state.ts';
import { type Convention, missingTag } from './owner.ts';
import { planCleanup } from './plan.ts';

export interface CleanerDeps {
  readonly convention: Convention;
  readonly inventory: Pick<Inventory, 'list'>;
  readonly store: LogStore;
  readonly clock: Clock;
  /** How entries are read; the simulation alone has another. */
  readonly form?: LogForm;
}

/** Plans from everything that SageMaker lists and from every service's record; what cannot be read makes no plan. */
export function createCleaner({ convention, inventory, store, clock, form }: CleanerDeps): Cleaner {
  /** What other services still need. */
  async function others(than: string): Promise<readonly ServiceState[]> {
    const names = convention.services.map(({ name }) => name).filter((name) => name !== than);
    return Promise.all(
      names.map(async (name) => {
        const { state, broken } = await createServiceLog(name, store, clock, form).load();
        if (broken !== null) throw new Error(`the record of ${name} is ${broken.kind} at entry ${broken.seq}`);
        return state;
      }),
    );
  }

  return {
    async plan(state, target) {
      const [listing, states] = await Promise.all([
        inventory.list(),
        others(state.service).then(known, (error: unknown) =>
          unknown(error instanceof Error ? error.message : String(error)),
        ),
      ]);
      if (listing.kind === 'unknown') return listing;
      if (states.kind === 'unknown') return states;
      return known(
        planCleanup({
          ...convention,
          target,
          service: state.service,
          listing: listing.value,
          states: [state, ...states.value],
        }),
      );
    },
    foreign: (name, tags) => missingTag(convention, name, tags),
  };
}
