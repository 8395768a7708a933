import type { Clock } from '../src/ports/clock.ts';

/** People remembered at most; those to whom nothing was said for longest go first. */
const MOST_PEOPLE = 5_000;

/** Says yes once in `everyMs` milliseconds for each person. */
export function createRarely(clock: Pick<Clock, 'elapsedMs'>, everyMs: number): { isTime(person: string): boolean } {
  const lastMs = new Map<string, number>();
  return {
    isTime(person) {
      const now = clock.elapsedMs();
      if (now - (lastMs.get(person) ?? Number.NEGATIVE_INFINITY) < everyMs) return false;
      // Set anew, so that the map's order is that of the last yes.
      lastMs.delete(person);
      lastMs.set(person, now);
      const oldest = lastMs.keys().next();
      if (lastMs.size > MOST_PEOPLE && !oldest.done) lastMs.delete(oldest.value);
      return true;
    },
  };
}
