import { PROTOCOL_TIMES } from '../../src/rollout/input.ts';
import type { Facts } from './facts.ts';
import type { RecordIndex } from './record-index.ts';
import type { Measurement } from './sim-smoke.ts';

/**
 * The line before a probe is passed within the limit, but the probe itself may be held up on its way out. The protocol
 * has a grace for that, after which others may begin; until then a late probe disturbs nobody.
 */
const MARGIN_MS = PROTOCOL_TIMES.smokeGraceMs;

/**
 * A run stops at its own limit, so that the next one has the endpoint for itself. One probe may be late: the one that
 * was on its way out when its machine was suspended. It is a single request, and its run counts for nothing.
 */
const LATE_PROBES = 1;

/** Watches every probe as it leaves. */
export function createSmokeChecks(facts: Facts, indexOf: (service: string) => RecordIndex) {
  const reported = new Set<string>();
  const late = new Map<string, number>();
  return {
    probeDeparts(measurement: Measurement): void {
      if (reported.has(measurement.id)) return;
      const { service, environment, by, id } = measurement;
      const claims = indexOf(service)
        .all('SmokeStarted')
        .filter((s) => s.event.environment === environment);
      const own = claims.findLast((c) => c.by === by);
      if (own === undefined) {
        reported.add(id);
        facts.violations.add('probe-without-claim', `${id} of ${service} ${environment} by ${by}`);
        return;
      }
      const limitMs = own.atMs + own.event.longestMs * 1.01 + MARGIN_MS;
      if (facts.nowMs() <= limitMs) return;
      late.set(id, (late.get(id) ?? 0) + 1);
      if ((late.get(id) ?? 0) > LATE_PROBES) {
        reported.add(id);
        facts.violations.add('smoke-run-past-its-limit', `${id} of claim ${own.seq} of ${service} by ${by}`);
      }
    },
  };
}
