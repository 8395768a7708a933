import { createSystemClock } from '../../src/adapters/system-clock.ts';
import type { Clock } from '../../src/ports/clock.ts';

/** The machine's clock, and time that passes at once when told to: for what counts time and sets no timer. */
export interface ShiftedClock extends Clock {
  shift(ms: number): void;
}

export function createShiftedClock(): ShiftedClock {
  const real = createSystemClock();
  let shiftedMs = 0;
  return {
    nowMs: real.nowMs,
    elapsedMs: () => real.elapsedMs() + shiftedMs,
    waitedMs: () => real.waitedMs() + shiftedMs,
    sleep: real.sleep,
    shift(ms) {
      shiftedMs += ms;
    },
  };
}
