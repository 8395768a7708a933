/** How often each caller may ask: a bucket that fills evenly. It holds in one process; several tasks multiply it. */
import type { Caller } from './caller.ts';

interface Bucket {
  left: number;
  atMs: number;
}

/** Buckets of callers beyond this number are forgotten, the longest unused first; a forgotten one is full again. */
const CALLERS_MAX = 10_000;

/** Answers 0 where a request may go on, otherwise the seconds after which the next one may. */
export type RateLimit = (caller: Caller) => number;

/** @param nowMs monotonic milliseconds */
export function createRateLimit(nowMs: () => number): RateLimit {
  const buckets = new Map<string, Bucket>();

  return ({ id, rate }) => {
    if (rate === null) return 0;
    const now = nowMs();
    const perMs = rate.perMinute / 60_000;
    let bucket = buckets.get(id);
    if (bucket === undefined) {
      bucket = { left: rate.burst, atMs: now };
      if (buckets.size >= CALLERS_MAX) {
        const [oldest] = buckets.keys();
        if (oldest !== undefined) buckets.delete(oldest);
      }
    } else {
      buckets.delete(id);
    }
    // Set anew at each use, so that the map is in the order of use.
    buckets.set(id, bucket);
    bucket.left = Math.min(rate.burst, bucket.left + (now - bucket.atMs) * perMs);
    bucket.atMs = now;
    if (bucket.left < 1) return Math.max(1, Math.ceil((1 - bucket.left) / perMs / 1_000));
    bucket.left -= 1;
    return 0;
  };
}
