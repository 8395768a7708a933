import type { Clock } from '../src/ports/clock.ts';

/** So many at once, so many a minute in the long run. */
export function createBucket(
  clock: Pick<Clock, 'elapsedMs'>,
  atOnce: number,
  perMinute: number,
): {
  /** True: one was taken. */
  take(): boolean;
} {
  let tokens = atOnce;
  let atMs = clock.elapsedMs();
  return {
    take() {
      const now = clock.elapsedMs();
      tokens = Math.min(atOnce, tokens + ((now - atMs) * perMinute) / 60_000);
      atMs = now;
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
}
