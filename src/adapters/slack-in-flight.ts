import type { Clock } from '../ports/clock.ts';

/** Work that was begun for somebody; Bolt's own `stop` waits for none of it. */
export interface InFlight {
  track<T>(work: Promise<T>): Promise<T>;
  count(): number;
  /** Resolves when all of it has ended, or at the limit. True: nothing is left. */
  drain(limitMs: number): Promise<boolean>;
}

export function createInFlight(clock: Clock): InFlight {
  const running = new Set<Promise<unknown>>();
  return {
    track(work) {
      const settled = work.then(
        () => {},
        () => {},
      );
      running.add(settled);
      void settled.then(() => running.delete(settled));
      return work;
    },
    count: () => running.size,
    async drain(limitMs) {
      const end = clock.elapsedMs() + limitMs;
      while (running.size > 0 && clock.elapsedMs() < end) {
        const cancel = new AbortController();
        await Promise.race([Promise.all(running), clock.sleep(end - clock.elapsedMs(), cancel.signal)]);
        cancel.abort();
      }
      return running.size === 0;
    },
  };
}
