import type { Chance } from './chance.ts';
import type { VirtualTime } from './virtual-time.ts';

/** Who uses staging, as it really is: what CloudWatch counts, and what the invariants know. */
export interface Use {
  /** Requests to an endpoint from one moment to another. Virtual milliseconds. */
  between(endpointName: string, fromMs: number, toMs: number): number;
}

/** Somebody tries a staging endpoint now and then; `everyMs` absent: nobody ever does, and nothing is drawn. */
export function createUse(
  time: VirtualTime,
  chance: Chance,
  everyMs: number | undefined,
  endpointNames: readonly string[],
): Use {
  const uses = new Map<string, number[]>(endpointNames.map((name) => [name, []]));
  function next(at: number[], meanMs: number): void {
    time.after(-Math.log(1 - chance.next()) * meanMs, () => {
      at.push(time.nowMs);
      next(at, meanMs);
    });
  }
  if (everyMs !== undefined) for (const at of uses.values()) next(at, everyMs);
  return {
    between: (endpointName, fromMs, toMs) =>
      (uses.get(endpointName) ?? []).filter((at) => at >= fromMs && at <= toMs).length,
  };
}
