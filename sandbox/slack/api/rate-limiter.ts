/** How often a method may be called for a sustained minute. Source: the tier of each method's reference page. */
export const TIER_PER_MINUTE = { tier1: 1, tier2: 20, tier3: 50, tier4: 100 } as const;
export type Limit = keyof typeof TIER_PER_MINUTE | 'posting' | 'none';

export interface RateLimits {
  enabled: boolean;
  /** Messages that one channel takes at once before the pace of one a second counts. Slack says "short bursts". */
  postingBurst: number;
  /** Replaces the sustained pace of a method, per minute. */
  perMinute: Record<string, number>;
}

export const DEFAULT_RATE_LIMITS: RateLimits = { enabled: true, postingBurst: 5, perMinute: {} };

interface Bucket {
  tokens: number;
  atMs: number;
}

/** Token buckets as Slack counts: per method for a tier, per channel for posting. */
export function createRateLimiter(limits: RateLimits, now: () => number) {
  const buckets = new Map<string, Bucket>();
  const take = (key: string, capacity: number, perMs: number): number | undefined => {
    const bucket = buckets.get(key) ?? { tokens: capacity, atMs: now() };
    const elapsedMs = Math.max(0, now() - bucket.atMs);
    bucket.tokens = Math.min(capacity, bucket.tokens + elapsedMs * perMs);
    bucket.atMs = now();
    buckets.set(key, bucket);
    if (bucket.tokens < 1) return Math.max(1, Math.ceil((1 - bucket.tokens) / perMs / 1000));
    bucket.tokens -= 1;
    return undefined;
  };
  return {
    limits,
    /** Seconds until the next call is allowed; undefined when this one is. */
    retryAfterSeconds(method: string, limit: Limit, channel: string): number | undefined {
      if (!limits.enabled) return undefined;
      const override = limits.perMinute[method];
      if (override !== undefined) return take(method, override, override / 60_000);
      if (limit === 'none') return undefined;
      if (limit === 'posting') return take(`${method} ${channel}`, limits.postingBurst, 1 / 1000);
      const perMinute = TIER_PER_MINUTE[limit];
      return take(method, perMinute, perMinute / 60_000);
    },
    forget: () => buckets.clear(),
  };
}
