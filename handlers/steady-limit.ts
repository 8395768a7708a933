import type { Clock } from '../src/ports/clock.ts';
import { createBucket } from './bucket.ts';

/** What somebody who types asks for: so many at once, so many a minute. */
const AT_ONCE = 30;
const PER_MINUTE = 120;
const MOST_PEOPLE = 1_000;

/** A limit for each person, for what is asked with every letter. */
export function createSteadyLimit(clock: Pick<Clock, 'elapsedMs'>): { take(person: string): boolean } {
  const buckets = new Map<string, ReturnType<typeof createBucket>>();
  return {
    take(person) {
      const bucket = buckets.get(person) ?? createBucket(clock, AT_ONCE, PER_MINUTE);
      buckets.delete(person);
      buckets.set(person, bucket);
      const quietest = buckets.keys().next();
      if (buckets.size > MOST_PEOPLE && !quietest.done) buckets.delete(quietest.value);
      return bucket.take();
    },
  };
}
