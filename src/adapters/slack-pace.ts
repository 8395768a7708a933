import type { Clock } from '../ports/clock.ts';

/** A token bucket: so many at once, so many a minute in the long run. */
export interface Pace {
  /** Milliseconds until one more is allowed; 0: it was taken just now. */
  take(): number;
}

export function createPace(clock: Clock, burst: number, perMinute: number): Pace {
  const msEach = 60_000 / perMinute;
  let tokens = burst;
  let at = clock.elapsedMs();
  return {
    take() {
      const now = clock.elapsedMs();
      tokens = Math.min(burst, tokens + (now - at) / msEach);
      at = now;
      if (tokens < 1) return Math.ceil((1 - tokens) * msEach);
      tokens -= 1;
      return 0;
    },
  };
}
