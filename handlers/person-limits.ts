import type { Clock } from '../src/ports/clock.ts';
import { createRarely } from './rarely.ts';

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
  /** Whether it is time to tell somebody to slow down, whichever limit they met; once it said yes they are told. */
  tells(person: string): boolean;
}

interface Bucket {
  readonly tokens: number;
  readonly atMs: number;
}

/** A limit for each person that stands before everything that costs a read of Slack or of the record. */
export function createPersonLimits(clock: Pick<Clock, 'elapsedMs'>): PersonLimits {
  const buckets = new Map<string, Bucket>();
  const told = createRarely(clock, TOLD_EVERY_MS);
  return {
    take(person, lane) {
      const key = `${lane} ${person}`;
      const now = clock.elapsedMs();
      const before = buckets.get(key) ?? { tokens: AT_ONCE, atMs: now };
      const tokens = Math.min(AT_ONCE, before.tokens + ((now - before.atMs) * PER_MINUTE) / 60_000);
      const goes = tokens >= 1;
      // Set anew, so that the map's order is that of the last use.
      buckets.delete(key);
      buckets.set(key, { tokens: goes ? tokens - 1 : tokens, atMs: now });
      const quietest = buckets.keys().next();
      if (buckets.size > MOST_PEOPLE && !quietest.done) buckets.delete(quietest.value);
      if (goes) return 'go';
      return told.isTime(person) ? 'tell' : 'silent';
    },
    tells: (person) => told.isTime(person),
  };
}
