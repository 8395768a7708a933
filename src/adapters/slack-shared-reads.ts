import type { Clock } from '../ports/clock.ts';
import type { Reading } from '../rollout/observation.ts';

/** Keys that are remembered at most; the oldest go first. */
const MOST_KEYS = 1_000;

/**
 * One read in flight for each key, and its answer shared for a short time *from when it was asked*, so that nobody is
 * given one older than that. What could not be read is shared only while it is being read.
 */
export function createSharedReads<T>(clock: Clock, sharedMs: number) {
  const reads = new Map<string, { readonly askedMs: number; readonly answer: Promise<Reading<T>> }>();
  return {
    read(key: string, ask: () => Promise<Reading<T>>): Promise<Reading<T>> {
      const running = reads.get(key);
      if (running !== undefined && clock.elapsedMs() - running.askedMs <= sharedMs) return running.answer;
      const answer = ask();
      const mine = { askedMs: clock.elapsedMs(), answer };
      reads.delete(key);
      reads.set(key, mine);
      const oldest = reads.keys().next();
      if (reads.size > MOST_KEYS && !oldest.done) reads.delete(oldest.value);
      void answer.then((reading) => {
        if (reading.kind === 'unknown' && reads.get(key) === mine) reads.delete(key);
      });
      return answer;
    },
  };
}
