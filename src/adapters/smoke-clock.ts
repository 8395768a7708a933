import type { Clock } from '../ports/clock.ts';
import type { SmokeClock } from '../smoke/types.ts';

/** Time for measuring: the monotonic clock as it is, with the clock's own sleep. */
export function createSmokeClock(clock: Pick<Clock, 'sleep'>, monotonicMs = () => performance.now()): SmokeClock {
  return {
    monotonicMs,
    sleepUntil: async (untilMs, signal) => {
      // Timers count whole milliseconds and may fire up to one early.
      for (let leftMs = untilMs - monotonicMs(); leftMs > 0; leftMs = untilMs - monotonicMs()) {
        if (signal?.aborted) return;
        await clock.sleep(Math.ceil(leftMs), signal);
      }
    },
  };
}
