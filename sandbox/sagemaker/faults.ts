/** Faults on demand: what is to go wrong, for which calls, and how often. */
import { z } from 'zod';

export const faultKinds = [
  /** The new fleet does not pass its ping health check: a create ends Failed, an update goes back silently. */
  'failHealthCheck',
  /** An update or weights change goes back to what it was. `reason: ""` leaves FailureReason away. */
  'silentRollback',
  /** ResourceLimitExceeded; `limit` is the one the text names. */
  'quota',
  /** CreateModel refuses the execution role. */
  'badRole',
  /** The image resolves to another digest than the registry holds. */
  'otherDigest',
  /** ThrottlingException, nothing happens. */
  'throttle',
  /** InternalFailure, HTTP 500; with `afterEffect` only after the call took effect. */
  'internalError',
  /** The call takes effect, its reply never comes: the socket is destroyed. */
  'loseReply',
  /** The call takes effect at once and is answered `ms` later. */
  'delayReply',
  /** The call takes effect `ms` after it arrived, whether or not its sender still waits. */
  'landLate',
  /** DescribeEndpoint answers as the world was `ms` ago. */
  'staleDescribe',
  /** Every invocation takes `ms` longer. */
  'slowModel',
  /** Invocations answer with the labels swapped. */
  'wrongModel',
  /** Invocations fail inside the container (ModelError, original status 500). */
  'modelError',
  /** A rolling update that is turned back does not get there: UpdateRollbackFailed. */
  'failRollback',
  /** An update goes on whatever its alarms say. */
  'heedNoAlarm',
] as const;

export type FaultKind = (typeof faultKinds)[number];

export const faultRequest = z.strictObject({
  kind: z.enum(faultKinds),
  /** Only calls of this operation. */
  operation: z.string().optional(),
  /** Only calls that name this endpoint. */
  endpoint: z.string().optional(),
  /** Only invocations that the fleet of this config answers. */
  config: z.string().optional(),
  /** Strike this often, then be gone; absent: until cleared. */
  count: z.int().min(1).optional(),
  /** The share of matching calls that are struck, evenly spread and without chance; absent: all. */
  rate: z.number().min(0).max(1).optional(),
  ms: z.number().min(0).max(3_600_000).optional(),
  reason: z.string().max(1024).optional(),
  limit: z.int().min(0).optional(),
  afterEffect: z.boolean().optional(),
});

export type FaultRequest = z.infer<typeof faultRequest>;

export interface Fault extends FaultRequest {
  readonly id: string;
  /** How often it struck. */
  readonly struck: number;
}

/** What a call is, as far as faults can be narrowed to it. */
export interface FaultTarget {
  readonly operation: string;
  readonly endpoint?: string | undefined;
  readonly config?: string | undefined;
}

export interface Faults {
  set(request: FaultRequest): Fault;
  list(): Fault[];
  /** Removes one by id, all of a kind, or all; answers how many. */
  clear(filter?: { id?: string | undefined; kind?: FaultKind | undefined }): number;
  /** The first fault of a kind that strikes this call; counts it. */
  take(kind: FaultKind, target: FaultTarget): Fault | undefined;
  restore(faults: readonly Fault[]): void;
}

interface ActiveFault {
  fault: Fault;
  /** Grows by the rate with each matching call; a whole one is a strike. */
  credit: number;
}

/** A set of faults with none in it. */
export function createFaults(): Faults {
  let active: ActiveFault[] = [];
  let lastId = 0;

  const matches = (fault: Fault, target: FaultTarget) =>
    (fault.operation === undefined || fault.operation === target.operation) &&
    (fault.endpoint === undefined || fault.endpoint === target.endpoint) &&
    (fault.config === undefined || fault.config === target.config);

  function strikes(entry: ActiveFault): boolean {
    entry.credit += entry.fault.rate ?? 1;
    // Decimal rates do not add up exactly: ten times 0.1 has to be one.
    if (entry.credit < 1 - 1e-9) return false;
    entry.credit -= 1;
    return true;
  }

  return {
    set(request) {
      lastId += 1;
      const fault: Fault = { ...request, id: `fault-${lastId}`, struck: 0 };
      active.push({ fault, credit: 0 });
      return fault;
    },
    list: () => active.map((entry) => entry.fault),
    clear(filter = {}) {
      const before = active.length;
      active = active.filter(
        ({ fault }) =>
          (filter.id !== undefined && fault.id !== filter.id) ||
          (filter.kind !== undefined && fault.kind !== filter.kind),
      );
      return before - active.length;
    },
    take(kind, target) {
      for (const entry of active) {
        if (entry.fault.kind !== kind || !matches(entry.fault, target) || !strikes(entry)) continue;
        const struck = { ...entry.fault, struck: entry.fault.struck + 1 };
        entry.fault = struck;
        if (struck.count !== undefined && struck.struck >= struck.count) active = active.filter((a) => a !== entry);
        return struck;
      }
      return undefined;
    },
    restore(faults) {
      active = faults.map((fault) => ({ fault, credit: 0 }));
      lastId = Math.max(0, ...faults.map((fault) => Number(fault.id.replace('fault-', ''))));
    },
  };
}
