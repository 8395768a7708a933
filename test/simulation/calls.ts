import type { Chance } from './chance.ts';
import { type Faults, LONGEST_IN_FLIGHT_MS } from './faults.ts';
import type { Trace } from './trace.ts';
import type { Scheduled, VirtualTime } from './virtual-time.ts';

/** A request to something outside the process: the only way out of it. */
export interface Call<T> {
  readonly name: string;
  readonly detail: string;
  readonly weight: number;
  /** What follows this call is worth disturbing. */
  readonly tense?: true;
  /** The caller's own limit; afterwards it gets `lost`, whether or not the request still lands. */
  readonly timeoutMs: number;
  readonly longestInFlightMs?: number;
  readonly abort?: AbortSignal;
  /** The effect at the service, at the moment it lands, with its answer. May throw: an error reply. */
  apply(): T;
  /** What the caller sees when no answer came. May throw. */
  lost(why: string): T;
  /** A definite refusal without effect; absent: the service never throttles this. */
  throttled?(): T;
  /** The answer would be that there is nothing new: then it mostly comes at once, or polls are all that a life does. */
  idle?(): boolean;
  /** Asked as the last thing before the request leaves; an answer means that nothing does. */
  heldBack?(): T | null;
  departs?(): void;
  /** The request landed, or never will. */
  over?(): void;
}

/** What a call knows of the process that it comes from, and does to it. `own`: the incarnation that made the call. */
interface CallingProcess {
  runs(own: number): boolean;
  isNow(own: number): boolean;
  isAwake(): boolean;
  crash(why: string): void;
  freeze(ms: number, suspended: boolean): void;
  timer(own: number, ms: number, run: () => void): Scheduled;
  whenAwake(own: number, run: () => void): void;
}

/** Right after something was recorded the next steps matter most, so they are hit more often. */
const TENSE_MS = 1_500;
const TENSE_WEIGHT = 30;

/** How many of the calls that bring nothing new are answered at once; the others travel like any. */
const IDLE_AT_ONCE = 0.8;

/** One each: what waits for ever is forgotten with the life that waited, thousands of lives long. */
const never = () => new Promise<never>(() => {});

/** The way out of one replica's processes, and everything that befalls a request on it. */
export function createCalls(deps: {
  readonly name: string;
  readonly time: VirtualTime;
  readonly chance: Chance;
  readonly faults: Faults;
  readonly trace: Trace;
  readonly process: CallingProcess;
}): <T>(own: number, spec: Call<T>) => Promise<T> {
  const { name, time, chance, faults, trace, process } = deps;
  let tenseUntilMs = 0;

  return function call<T>(own: number, spec: Call<T>): Promise<T> {
    if (!process.runs(own)) return never();
    const weight = time.nowMs < tenseUntilMs ? Math.max(spec.weight, TENSE_WEIGHT) : spec.weight;
    if (spec.tense === true) tenseUntilMs = time.nowMs + TENSE_MS;
    const fault = faults.draw(spec.name, weight);
    if (trace.recording || fault !== 'none') {
      trace.note(
        time.nowMs,
        'call',
        `${name}.${own} ${spec.name} ${spec.detail}${fault === 'none' ? '' : ` !${fault}`}`,
      );
    } else {
      trace.note(time.nowMs, 'call', spec.name);
    }
    if (fault === 'none' && spec.idle?.() === true && process.isAwake() && chance.happens(IDLE_AT_ONCE)) {
      return Promise.resolve(spec.apply());
    }
    if (fault === 'crash-before') {
      process.crash(`before ${spec.name}`);
      return never();
    }
    return new Promise<T>((resolve, reject) => {
      let settled = false;
      let departed = false;
      let dropped = false;

      const limit = process.timer(own, spec.timeoutMs, () => giveUp('timed out'));
      spec.abort?.addEventListener('abort', onAbort, { once: true });
      if (spec.abort?.aborted === true) return giveUp('aborted');

      function onAbort(): void {
        giveUp('aborted');
      }

      function giveUp(why: string): void {
        // What has not left the machine never will; what has may still land.
        if (!departed) dropped = true;
        settle(() => spec.lost(why));
      }

      function settle(answer: () => T): void {
        if (settled) return;
        settled = true;
        limit.cancel();
        spec.abort?.removeEventListener('abort', onAbort);
        try {
          resolve(answer());
        } catch (error) {
          reject(error);
        }
      }

      function reply(answer: () => T): void {
        time.after(chance.between(1, 30), () => {
          if (fault === 'freeze-after' && process.isNow(own) && !settled) {
            process.freeze(faults.freezeMs(), faults.freezeIsSuspension());
          }
          process.whenAwake(own, () => settle(answer));
        });
      }

      function depart(): void {
        if (dropped || !process.isNow(own)) return;
        const heldBack = spec.heldBack?.() ?? null;
        if (heldBack !== null) {
          settle(() => heldBack);
          return;
        }
        departed = true;
        spec.departs?.();
        const longest = Math.min(spec.longestInFlightMs ?? LONGEST_IN_FLIGHT_MS, LONGEST_IN_FLIGHT_MS);
        time.after(faults.inFlightMs(spec.name, weight, longest), land);
      }

      function land(): void {
        spec.over?.();
        if (!process.isNow(own) && !faults.landsAfterDeath()) return;
        const answer = outcomeOf(spec.apply);
        trace.note(time.nowMs, 'lands', spec.name);
        if (!process.isNow(own)) return;
        if (fault === 'crash-after') process.crash(`after ${spec.name}`);
        else if (fault !== 'reply-lost') reply(answer);
      }

      switch (fault) {
        case 'throttled':
          if (spec.throttled === undefined) depart();
          else reply(spec.throttled.bind(spec));
          return;
        case 'request-lost':
          time.after(chance.between(5, 3_000), () => process.whenAwake(own, () => giveUp('connection reset')));
          dropped = true;
          return;
        case 'freeze-before':
          // The process sleeps with the request in its hands. Timers that fell due run first when it wakes, so a call
          // with an abort is aborted before it leaves. A suspended machine's timers did not fall due, but most of its
          // connections are gone; one that was being made may stand at last.
          if (faults.freezeIsSuspension()) {
            process.freeze(faults.freezeMs(), true);
            const leaves = spec.heldBack !== undefined && faults.connectionOutlivesSleep();
            process.whenAwake(own, leaves ? depart : () => giveUp('connection reset'));
          } else {
            process.freeze(faults.freezeMs(), false);
            process.whenAwake(own, depart);
          }
          return;
        case 'stuck':
          time.after(chance.spread(1_000, 20 * 60_000), () => process.whenAwake(own, depart));
          return;
        default:
          depart();
      }
    });
  };
}

function outcomeOf<T>(apply: () => T): () => T {
  try {
    const value = apply();
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}
