import type { Clock } from '../../src/ports/clock.ts';

/** A clock that stands still until it is moved. Whoever sleeps moves it; whoever waits to be woken waits for just that. */
export interface HandClock extends Clock {
  move(ms: number): void;
}

export function createHandClock(startMs: number): HandClock {
  let passedMs = 0;
  return {
    nowMs: () => startMs + passedMs,
    elapsedMs: () => passedMs,
    waitedMs: () => passedMs,
    async sleep(ms, wake) {
      if (wake === undefined) passedMs += ms;
      else if (!wake.aborted) await new Promise((resolve) => wake.addEventListener('abort', resolve, { once: true }));
    },
    move(ms) {
      passedMs += ms;
    },
  };
}
