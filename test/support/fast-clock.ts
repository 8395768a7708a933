import { createSystemClock } from '../../src/adapters/system-clock.ts';
import type { Clock } from '../../src/ports/clock.ts';

/** The machine's clock, so many times faster: waits of minutes pass in moments, and keep their proportions. */
export function createFastClock(times: number): Clock {
  const real = createSystemClock();
  return {
    nowMs: real.nowMs,
    elapsedMs: () => real.elapsedMs() * times,
    waitedMs: () => real.waitedMs() * times,
    sleep: (ms, wake) => real.sleep(ms / times, wake),
  };
}
