import type { Clock } from '../src/ports/clock.ts';
import type { Rollouts } from '../src/rollout/api.ts';

/** What is above a person's limit is counted, and becomes one entry of the record a minute. Milliseconds. */
const EVERY_MS = 60_000;
/** People named in one entry at most; what the others did is added up under the last. */
const PEOPLE_MOST = 50;

/** Counts requests that were refused before the record was asked, so that it tells of a flood without growing by it. */
export function createFloodCount(deps: {
  readonly rollouts: Pick<Rollouts, 'countRefusals'>;
  readonly service: string | undefined;
  readonly clock: Pick<Clock, 'sleep'>;
}): { count(person: string): void } {
  let counts = new Map<string, number>();

  async function flushLater(service: string): Promise<void> {
    await deps.clock.sleep(EVERY_MS);
    const seen = [...counts].map(([by, count]) => ({ by, count }));
    counts = new Map();
    await deps.rollouts.countRefusals(service, seen);
  }

  return {
    count(person) {
      const { service } = deps;
      if (service === undefined) return;
      if (counts.size === 0) void flushLater(service);
      const known = counts.has(person) || counts.size < PEOPLE_MOST;
      const name = known ? person : [...counts.keys()].at(-1);
      if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
    },
  };
}
