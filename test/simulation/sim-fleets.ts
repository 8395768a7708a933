import type { Fleets } from '../../src/ports/fleets.ts';
import type { FleetCounts, FleetsSeen } from '../../src/rollout/analysis.ts';
import { known, type Reading, unknown } from '../../src/rollout/observation.ts';
import type { Use } from './sim-use.ts';
import { EPOCH_MS } from './machine.ts';
import type { CallOut } from './sim-log-store.ts';
import type { VirtualTime } from './virtual-time.ts';

const READ_TIMEOUT_MS = 20_000;
const REQUESTS_PER_SECOND = 5;
const ERRORS = { good: 0.001, bad: 0.08 } as const;

/** One process's view of what the fleets answered. `isWorse`: whether the fleet of this config errs too much. */
export function createSimFleets(
  isWorse: (configName: string) => boolean,
  use: Use,
  time: VirtualTime,
  call: CallOut,
): Fleets {
  return {
    compare: (_environment, { configName, since }) =>
      call<Reading<FleetsSeen>>({
        name: 'fleets.compare',
        detail: configName,
        weight: 2,
        timeoutMs: READ_TIMEOUT_MS,
        apply() {
          const toMs = EPOCH_MS + time.nowMs;
          const requests = Math.floor(Math.max(0, (toMs - Date.parse(since)) / 1_000) * REQUESTS_PER_SECOND);
          return known({
            from: since,
            to: new Date(toMs).toISOString(),
            fresh: counts(requests, isWorse(configName) ? ERRORS.bad : ERRORS.good),
            old: counts(requests, ERRORS.good),
            before: counts(10_000, ERRORS.good),
          });
        },
        lost: (why) => unknown(why),
        throttled: () => unknown('Throttling'),
      }),
    requests: (_environment, { endpointName, since }) =>
      call<Reading<number>>({
        name: 'fleets.requests',
        detail: endpointName,
        weight: 2,
        timeoutMs: READ_TIMEOUT_MS,
        apply: () => known(use.between(endpointName, Date.parse(since) - EPOCH_MS, time.nowMs)),
        lost: (why) => unknown(why),
        throttled: () => unknown('Throttling'),
      }),
  };
}

function counts(requests: number, errorRate: number): FleetCounts {
  return { requests, errors: Math.round(requests * errorRate), timed: 0, slow: 0, p50Ms: null, p95Ms: null };
}
