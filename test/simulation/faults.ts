import type { Chance } from './chance.ts';

/** What befalls one call. Being slow in flight comes on top of any of them. */
export type Fault =
  | 'none'
  | 'crash-before'
  | 'crash-after'
  | 'reply-lost'
  | 'request-lost'
  | 'throttled'
  | 'freeze-before'
  | 'freeze-after'
  | 'stuck';

export const FAULTS: readonly Exclude<Fault, 'none'>[] = [
  'crash-before',
  'crash-after',
  'reply-lost',
  'request-lost',
  'throttled',
  'freeze-before',
  'freeze-after',
  'stuck',
];

/** Beyond this no call lands: what the protocol's 120 s rest on. */
export const LONGEST_IN_FLIGHT_MS = 60_000;

/** Beyond this weight crashes are held back, or no rollout would ever come to its interesting end. */
const MOST_CRASHES_WEIGHT = 14;

const LONGEST_FREEZE_MS = 20 * 60_000;

export interface Faults {
  /** `weight`: how much more often than a mere poll this kind of call is hit. */
  draw(callName: string, weight: number): Fault;
  inFlightMs(callName: string, weight: number, longestMs: number): number;
  freezeMs(): number;
  /** Whether the monotonic clock stands still while a process sleeps. */
  freezeIsSuspension(): boolean;
  /** Whether a connection that was being made outlives the machine's sleep, and its request leaves then. */
  connectionOutlivesSleep(): boolean;
  landsAfterDeath(): boolean;
  readonly on: boolean;
  stop(): void;
  /** How many of each were injected. */
  readonly injected: Readonly<Record<string, number>>;
}

/**
 * Each life has its own mixture: some kinds are absent and others common, because a life with a little of everything
 * never meets the rarer combinations.
 */
export function createFaults(chance: Chance): Faults {
  const rates = new Map<Fault, number>();
  for (const fault of FAULTS) rates.set(fault, chance.happens(0.3) ? 0 : chance.spread(0.00003, 0.0015));
  const slowRate = chance.happens(0.2) ? 0 : chance.spread(0.001, 0.02);
  const suspensionShare = chance.pick([0, 0.3, 1]);
  const longFreezes = chance.happens(0.6);
  const injected: Record<string, number> = {};
  let on = true;

  function count(kind: string): void {
    injected[kind] = (injected[kind] ?? 0) + 1;
  }

  return {
    get on() {
      return on;
    },
    injected,
    draw(_callName, weight) {
      if (!on) return 'none';
      let left = chance.next();
      for (const [fault, rate] of rates) {
        left -= rate * weight * (weight > MOST_CRASHES_WEIGHT && fault.startsWith('crash') ? 0.4 : 1);
        if (left < 0) {
          count(fault);
          return fault;
        }
      }
      return 'none';
    },
    inFlightMs(_callName, weight, longestMs) {
      if (on && chance.happens(slowRate * Math.min(weight, 20))) {
        count('slow');
        return Math.min(chance.spread(1_000, LONGEST_IN_FLIGHT_MS), longestMs);
      }
      return chance.between(2, 60);
    },
    freezeMs() {
      if (!longFreezes || chance.happens(0.4)) return chance.spread(500, 40_000);
      return chance.spread(20_000, LONGEST_FREEZE_MS);
    },
    freezeIsSuspension: () => chance.happens(suspensionShare),
    connectionOutlivesSleep: () => chance.happens(0.5),
    landsAfterDeath: () => chance.happens(0.5),
    stop() {
      on = false;
    },
  };
}

/** What a directed life says befalls a call, and nothing otherwise. */
export function createDirectedFaults(
  chance: Chance,
  says: {
    fault(callName: string): Fault;
    inFlightMs(callName: string): number | null;
    readonly freezeMs: readonly [number, number];
  },
): Faults {
  const injected: Record<string, number> = {};
  let on = true;
  return {
    get on() {
      return on;
    },
    injected,
    draw(callName) {
      const fault = on ? says.fault(callName) : 'none';
      if (fault !== 'none') injected[fault] = (injected[fault] ?? 0) + 1;
      return fault;
    },
    inFlightMs: (callName, _weight, longestMs) =>
      Math.min((on ? says.inFlightMs(callName) : null) ?? chance.between(2, 60), longestMs),
    freezeMs: () => chance.between(...says.freezeMs),
    freezeIsSuspension: () => true,
    connectionOutlivesSleep: () => true,
    landsAfterDeath: () => true,
    stop() {
      on = false;
    },
  };
}

/** One fault at one call and a quiet life otherwise: the sweep over every await. */
export function createSingleFault(chance: Chance, atCall: number, fault: Fault): Faults & { readonly calls: number } {
  let calls = 0;
  let on = true;
  return {
    get on() {
      return on;
    },
    get calls() {
      return calls;
    },
    injected: {},
    draw: () => (calls++ === atCall ? fault : 'none'),
    inFlightMs: () => chance.between(2, 60),
    freezeMs: () => 60_000,
    freezeIsSuspension: () => false,
    connectionOutlivesSleep: () => true,
    landsAfterDeath: () => true,
    stop() {
      on = false;
    },
  };
}
