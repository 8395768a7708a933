import type { Clock } from '../ports/clock.ts';

/** A token bucket: so many at once, so many a minute in the long run. */
export interface Pace {
  /** Milliseconds until one more is allowed; 0: it was taken just now. */
  take(): number;
  /** Nothing for this long, in milliseconds, whatever was saved up: Slack asked for it. */
  pause(ms: number): void;
}

export function createPace(clock: Clock, burst: number, perMinute: number): Pace {
  const msEach = 60_000 / perMinute;
  let tokens = burst;
  let at = clock.elapsedMs();
  let pausedUntil = at;
  return {
    take() {
      const now = clock.elapsedMs();
      if (now < pausedUntil) return Math.ceil(pausedUntil - now);
      tokens = Math.min(burst, tokens + (now - at) / msEach);
      at = now;
      if (tokens < 1) return Math.ceil((1 - tokens) * msEach);
      tokens -= 1;
      return 0;
    },
    pause(ms) {
      pausedUntil = Math.max(pausedUntil, clock.elapsedMs() + ms);
    },
  };
}
