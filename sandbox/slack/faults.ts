import { randomUUID } from 'node:crypto';

/** What goes wrong with a Web API call. */
export type FaultEffect =
  /** Answers `{ok: false, error}`; `ratelimited` is sent as 429 with Retry-After. Nothing is done. */
  | { kind: 'error'; error: string; retryAfterSeconds?: number }
  /** Answers with a bare HTTP status. Nothing is done. */
  | { kind: 'status'; status: number }
  /** Does it, and answers late. */
  | { kind: 'slow'; delayMs: number }
  /** Does it, and cuts the connection in place of an answer. */
  | { kind: 'lost' }
  /** Cuts the connection without doing anything. */
  | { kind: 'cut' };

export interface ApiFault {
  /** A method name, `response_url`, or `*` for all methods. */
  method: string;
  effect: FaultEffect;
  /** How many calls it hits; without it, all until it is cleared. */
  times?: number;
  /** Hits only calls whose arguments hold this text: a workspace that lacks a kind of block, for example. */
  holding?: string;
}

export interface DeliveryFault {
  /** Sends every request or envelope this many times more, the very same. */
  duplicates?: number;
  /** What the request says about itself, as if it were a retry. */
  retryAttempt?: number;
  retryReason?: string;
  /** Holds the request back. The deadline of the app starts when it is sent. */
  delayMs?: number;
  times?: number;
}

/** The faults in force. */
export function createFaults() {
  const api = new Map<string, ApiFault>();
  let delivery: DeliveryFault[] = [];
  let away = false;
  return {
    addApi(fault: ApiFault): string {
      const id = randomUUID();
      api.set(id, { ...fault });
      return id;
    },
    addDelivery(fault: DeliveryFault): void {
      delivery.push({ ...fault });
    },
    clear(): void {
      api.clear();
      delivery = [];
    },
    /** The fault that hits this call, counted as used. */
    forCall(method: string, args: unknown = {}): FaultEffect | undefined {
      for (const [id, fault] of api) {
        if (fault.method !== method && fault.method !== '*') continue;
        if (fault.holding !== undefined && !JSON.stringify(args).includes(fault.holding)) continue;
        if (fault.times !== undefined) {
          fault.times -= 1;
          if (fault.times <= 0) api.delete(id);
        }
        return fault.effect;
      }
      return undefined;
    },
    /** The fault that hits this delivery, counted as used. */
    forDelivery(): DeliveryFault {
      const fault = delivery[0];
      if (!fault) return {};
      if (fault.times !== undefined) {
        fault.times -= 1;
        if (fault.times <= 0) delivery.shift();
      }
      return { ...fault };
    },
    isAway: () => away,
    setAway(value: boolean): void {
      away = value;
    },
  };
}

export type Faults = ReturnType<typeof createFaults>;
