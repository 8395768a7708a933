import type { Clock } from './ports/clock.ts';
import type { Logger } from './ports/logger.ts';
import type { CheckCounts, VerificationSeen, VerificationStore } from './ports/verification-store.ts';
import type { Environment } from './rollout/candidate.ts';
import { known, type Reading, unknown } from './rollout/observation.ts';
import type { Check } from './verify-live/check.ts';

/** How old an answer of the store may be: another replica may have verified since. Milliseconds. */
const READ_EVERY_MS = 30_000;

export interface KeptVerification {
  /** Verifies, and remembers how it came out. Never throws. */
  verify(service: string): Promise<readonly Check[]>;
  /** How it came out the last time, whoever asked; null: never. Never throws. */
  last(service: string): Promise<Reading<VerificationSeen | null>>;
}

/** `verify`, whose last result all replicas know. */
export function createKeptVerification(deps: {
  readonly verify: (service: string) => Promise<readonly Check[]>;
  readonly store: VerificationStore;
  /** A service was verified. */
  readonly verified: (service: string) => void;
  readonly clock: Pick<Clock, 'nowMs' | 'elapsedMs'>;
  readonly log: Logger;
}): KeptVerification {
  const { store, clock, log } = deps;
  const read = new Map<string, { readonly seen: VerificationSeen | null; readonly atMs: number }>();

  return {
    async verify(service) {
      const checks = await deps.verify(service);
      if (checks.length === 0) return checks;
      const seen = countsOf(checks, new Date(clock.nowMs()).toISOString());
      read.set(service, { seen, atMs: clock.elapsedMs() });
      try {
        await store.saveVerification(service, seen);
      } catch (error) {
        log.warn({ service, error: String(error) }, 'a verification could not be kept');
      }
      deps.verified(service);
      return checks;
    },
    async last(service) {
      const before = read.get(service);
      if (before !== undefined && clock.elapsedMs() - before.atMs < READ_EVERY_MS) return known(before.seen);
      try {
        const seen = await store.lastVerification(service);
        read.set(service, { seen, atMs: clock.elapsedMs() });
        return known(seen);
      } catch (error) {
        return unknown(error instanceof Error ? error.message : String(error));
      }
    },
  };
}

function countsOf(checks: readonly Check[], at: string): VerificationSeen {
  const of = (environment: Environment | null): CheckCounts => {
    const count = (status: Check['status']) =>
      checks.filter((check) => check.environment === environment && check.status === status).length;
    return { ok: count('ok'), different: count('different'), unknown: count('unknown') };
  };
  return { at, environments: { staging: of('staging'), prod: of('prod') }, service: of(null) };
}
