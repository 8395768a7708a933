import type { TickStore } from '../../src/ports/tick-store.ts';
import type { CallOut } from './sim-log-store.ts';

const STORE_TIMEOUT_MS = 8_000;

/** One process's way to claim ticks, of which each is claimed once. */
export function createSimTicks(claimed: Set<string>, call: CallOut): TickStore {
  return {
    claimTick: (service, job, instant) =>
      call({
        name: 'store.claimTick',
        detail: `${service} ${job} ${instant}`,
        weight: 1,
        timeoutMs: STORE_TIMEOUT_MS,
        apply() {
          const key = `${service} ${job} ${instant}`;
          const first = !claimed.has(key);
          claimed.add(key);
          return first;
        },
        lost: (why) => {
          throw new Error(`DynamoDB: ${why}`);
        },
        throttled: () => {
          throw new Error('DynamoDB: ProvisionedThroughputExceededException');
        },
      }),
  };
}
