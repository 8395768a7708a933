import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../../src/ports/clock.ts';

/** A clock that stands still until time passes; sleeps end when they are due, and not before. */
export interface StepClock extends Clock {
  /** Milliseconds go by, and whatever was waiting for them goes on. */
  pass(ms: number): Promise<void>;
}

export function createStepClock(): StepClock {
  let nowMs = 0;
  let due: { readonly atMs: number; readonly end: () => void }[] = [];
  return {
    nowMs: () => nowMs,
    elapsedMs: () => nowMs,
    waitedMs: () => nowMs,
    sleep: (ms, wake) =>
      new Promise((resolve) => {
        if (wake?.aborted) return resolve();
        due.push({ atMs: nowMs + ms, end: resolve });
        wake?.addEventListener('abort', () => resolve(), { once: true });
      }),
    async pass(ms) {
      nowMs += ms;
      const ends = due.filter(({ atMs }) => atMs <= nowMs);
      due = due.filter(({ atMs }) => atMs > nowMs);
      for (const { end } of ends) end();
      await turn();
    },
  };
}
