import { createSystemClock } from '../../src/adapters/system-clock.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Replica } from './replica.ts';
import type { VirtualTime } from './virtual-time.ts';

/** As Node's. Without it a wait for the last fraction of a millisecond would stop virtual time. */
const SHORTEST_TIMER_MS = 1;

/**
 * The clock of one process: the real adapter's arithmetic over its machine's two clocks, and timers on virtual time.
 * `monotonicAlone` is a mutant: time asleep is not counted.
 */
export function createSimClock(
  time: VirtualTime,
  replica: Replica,
  incarnation: number,
  monotonicAlone: boolean,
): Clock {
  const monotonicMs = () => replica.machine.monotonicMs(time.nowMs);
  const wallMs = () => replica.machine.wallMs(time.nowMs);
  const system = createSystemClock({ monotonicMs, wallMs: monotonicAlone ? monotonicMs : wallMs });
  return {
    nowMs: () => Math.floor(wallMs()),
    elapsedMs: () => system.elapsedMs(),
    waitedMs: () => system.waitedMs(),
    sleep(ms, wake) {
      if (wake?.aborted === true) return Promise.resolve();
      return new Promise((resolve) => {
        const timer = replica.timer(incarnation, Math.max(SHORTEST_TIMER_MS, ms), () => {
          wake?.removeEventListener('abort', woken);
          resolve();
        });
        function woken(): void {
          timer.cancel();
          resolve();
        }
        wake?.addEventListener('abort', woken, { once: true });
      });
    },
  };
}
