import type { Clock } from '../src/ports/clock.ts';

/** How many commands and presses a person may send: so many at once, so many a minute in the long run. */
const AT_ONCE = 10;
const PER_MINUTE = 20;
/** People remembered at most; the ones that were quiet longest go first. */
const MOST_PEOPLE = 5_000;
/** Whoever is too fast is told so once in this time. Milliseconds. */
const TOLD_EVERY_MS = 60_000;

/** Rollback has its own lane: whoever pressed too many buttons can still go back. */
export type Lane = 'ordinary' | 'rollback';

export interface PersonLimits {
  /** `tell`: too fast, and it is time to say so. `silent`: too fast, and told already. */
  take(person: string, lane: Lane): 'go' | 'tell' | 'silent';
}

interface Bucket {
  readonly tokens: number;
  readonly atMs: number;
  readonly toldMs: number | null;
}

/** A limit for each person that stands before everything that costs a read of Slack or of the record. */
export function createPersonLimits(clock: Clock): PersonLimits {
  const buckets = new Map<string, Bucket>();
  return {
    take(person, lane) {
      const key = `${lane} ${person}`;
      const now = clock.elapsedMs();
      const before = buckets.get(key) ?? { tokens: AT_ONCE, atMs: now, toldMs: null };
      const tokens = Math.min(AT_ONCE, before.tokens + ((now - before.atMs) * PER_MINUTE) / 60_000);
      const goes = tokens >= 1;
      const tells = !goes && (before.toldMs === null || now - before.toldMs >= TOLD_EVERY_MS);
      // Set anew, so that the map's order is that of the last use.
      buckets.delete(key);
      buckets.set(key, { tokens: goes ? tokens - 1 : tokens, atMs: now, toldMs: tells ? now : before.toldMs });
      const quietest = buckets.keys().next();
      if (buckets.size > MOST_PEOPLE && !quietest.done) buckets.delete(quietest.value);
      return goes ? 'go' : tells ? 'tell' : 'silent';
    },
  };
}
