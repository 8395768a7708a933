import type { Chance } from './chance.ts';

/** Wall clocks of all machines show about this when a life begins. */
export const EPOCH_MS = Date.UTC(2026, 10, 23, 12, 0, 0);

/** NTP keeps real clocks far closer than this. */
const MAX_DRIFT = 0.005;
const MAX_OFFSET_MS = 60_000;

/**
 * One machine's two clocks. They run a little fast or slow together, because they share an oscillator; while the
 * machine is suspended the wall clock goes on and the monotonic one stands still.
 */
export interface Machine {
  monotonicMs(trueMs: number): number;
  wallMs(trueMs: number): number;
  /** True milliseconds in which the monotonic clock advances by `ms`, if the machine is not suspended meanwhile. */
  trueMs(ms: number): number;
  suspendedFor(trueMs: number): void;
}

export function createMachine(chance: Chance): Machine {
  const rate = 1 + chance.between(-MAX_DRIFT, MAX_DRIFT);
  const offsetMs = chance.between(-MAX_OFFSET_MS, MAX_OFFSET_MS);
  let stoodStillMs = 0;
  return {
    monotonicMs: (trueMs) => (trueMs - stoodStillMs) * rate,
    wallMs: (trueMs) => EPOCH_MS + offsetMs + trueMs * rate,
    trueMs: (ms) => ms / rate,
    suspendedFor(trueMs) {
      stoodStillMs += trueMs;
    },
  };
}
