import type { EventEmitter } from 'node:events';

/** How many questions are answered at once, from before their bodies are read. There is no queue: what does not fit is told so at once. */
export interface InFlight {
  count(): number;
  /** False: full. Whoever got true calls `leave` exactly once. */
  enter(): boolean;
  leave(): void;
}

export function createInFlight(max: number): InFlight {
  let count = 0;
  return {
    count: () => count,
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
  /** `left` is called when the connection closes first; the request has ended then as well. */
  began(request: object, connection: EventEmitter, left: () => void): void;
  /** False: it ended before, or never began, such as those the framework itself refuses. */
  ended(request: object): boolean;
  /** Resolves as soon as there is none. */
  none(): Promise<void>;
}

export function createOpenRequests(): OpenRequests {
  /** By request, those of its connection. */
  const open = new Map<object, Map<object, () => void>>();
  const connections = new WeakMap<EventEmitter, Map<object, () => void>>();
  const waiting: (() => void)[] = [];

  function ended(request: object): boolean {
    const beside = open.get(request);
    if (beside === undefined) return false;
    beside.delete(request);
    open.delete(request);
    if (open.size === 0) for (const resolve of waiting.splice(0)) resolve();
    return true;
  }

  // Only the connection is sure to say so: an answer that stands behind another one's on it, never written, is not
  // told that its reader has left.
  function requestsOn(connection: EventEmitter): Map<object, () => void> {
    const known = connections.get(connection);
    if (known !== undefined) return known;
    const requests = new Map<object, () => void>();
    connections.set(connection, requests);
    connection.once('close', () => {
      for (const [request, left] of requests) if (ended(request)) left();
    });
    return requests;
  }

  return {
    began(request, connection, left) {
      const beside = requestsOn(connection);
      beside.set(request, left);
      open.set(request, beside);
    },
    ended,
    none: () => (open.size === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  };
}
