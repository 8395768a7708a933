/** How many questions the model is asked at once. There is no queue: what does not fit is told so at once. */
export interface InFlight {
  count(): number;
  isFull(): boolean;
  /** False: full. Whoever got true calls `leave` exactly once. */
  enter(): boolean;
  leave(): void;
}

export function createInFlight(max: number): InFlight {
  let count = 0;
  return {
    count: () => count,
    isFull: () => count >= max,
    enter() {
      if (count >= max) return false;
      count += 1;
      return true;
    },
    leave() {
      count -= 1;
    },
  };
}

/** Requests that are not answered to their end, of whatever kind; a stop waits for them. */
export interface OpenRequests {
  began(request: object): void;
  /** Of one that never began, such as those the framework itself refuses, this is nothing. */
  ended(request: object): void;
  /** Resolves as soon as there is none. */
  none(): Promise<void>;
}

export function createOpenRequests(): OpenRequests {
  const open = new Set<object>();
  let waiting: (() => void)[] = [];
  return {
    began: (request) => open.add(request),
    ended(request) {
      open.delete(request);
      if (open.size > 0) return;
      for (const resolve of waiting) resolve();
      waiting = [];
    },
    none: () => (open.size === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  };
}
