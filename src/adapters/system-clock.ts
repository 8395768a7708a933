import type { Clock } from '../ports/clock.ts';

/** Where the clock reads time from; tests give their own. Both in milliseconds. */
export interface TimeSources {
  readonly wallMs: () => number;
  readonly monotonicMs: () => number;
}

const SYSTEM: TimeSources = { wallMs: () => Date.now(), monotonicMs: () => performance.now() };

/** Wall and monotonic time differ by rounding and slewing all the time; only more than this is a jump. */
const JUMP_MS = 50;

/** Node fires longer timers at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The machine's clock. */
export function createSystemClock(sources: TimeSources = SYSTEM): Clock {
  const startMs = sources.monotonicMs();
  let gapMs = sources.wallMs() - startMs;
  let sleptThroughMs = 0;

  return {
    nowMs: sources.wallMs,
    elapsedMs: () => {
      const monotonicMs = sources.monotonicMs();
      const gapNowMs = sources.wallMs() - monotonicMs;
      // The larger of the two is taken per interval, not since the start: a wall clock that was once set back must
      // not hide a later suspension, and one that was set forward and back again must not stop time until it is
      // caught up with.
      if (gapNowMs - gapMs > JUMP_MS) {
        sleptThroughMs += gapNowMs - gapMs;
        gapMs = gapNowMs;
      } else if (gapNowMs < gapMs) {
        gapMs = gapNowMs;
      }
      return monotonicMs - startMs + sleptThroughMs;
    },
    waitedMs: () => sources.monotonicMs() - startMs,
    sleep: (ms, wake) =>
      new Promise((resolve) => {
        if (wake?.aborted) return resolve();
        const finish = () => {
          clearTimeout(timer);
          wake?.removeEventListener('abort', finish);
          resolve();
        };
        const timer = setTimeout(finish, Math.min(Math.max(ms, 0), LONGEST_TIMER_MS));
        wake?.addEventListener('abort', finish);
      }),
  };
}
