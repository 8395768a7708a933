import type { Chance } from './chance.ts';
import type { Faults } from './faults.ts';
import { LONGEST_IN_FLIGHT_MS } from './faults.ts';
import type { Machine } from './machine.ts';
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

/** What runs in a process. */
export interface Program {
  stop(): Promise<void>;
}

/** One replica of the bot: a process on a machine, started again whenever it died, with an empty memory. */
export interface Replica {
  readonly name: string;
  readonly machine: Machine;
  readonly incarnation: number;
  readonly up: boolean;
  readonly frozen: boolean;
  boot(): void;
  crash(why: string): void;
  /** SIGTERM: the program stops by itself or is killed after its grace. */
  terminate(): void;
  freeze(ms: number, suspended: boolean): void;
  call<T>(incarnation: number, call: Call<T>): Promise<T>;
  /** Something reaches the process; a frozen one reads it when it wakes, one that died never does. */
  arrive(incarnation: number, run: () => void): void;
  timer(incarnation: number, ms: number, run: () => void): Scheduled;
}

export interface ReplicaDeps {
  readonly name: string;
  readonly machine: Machine;
  readonly time: VirtualTime;
  readonly chance: Chance;
  readonly faults: Faults;
  readonly trace: Trace;
  start(replica: Replica, incarnation: number): Program;
}

/** Right after something was recorded the next steps matter most, so they are hit more often. */
const TENSE_MS = 1_500;
const TENSE_WEIGHT = 30;

/** How many of the calls that bring nothing new are answered at once; the others travel like any. */
const IDLE_AT_ONCE = 0.8;

/** ECS's default between SIGTERM and SIGKILL. */
const GRACE_MS = 30_000;

const NEVER = new Promise<never>(() => {});

export function createReplica(deps: ReplicaDeps): Replica {
  const { name, machine, time, chance, faults, trace } = deps;
  let incarnation = 0;
  let up = false;
  let stopping = false;
  let program: Program | null = null;
  let frozenSinceMs: number | null = null;
  let frozenUntilMs = 0;
  let suspended = false;
  // A loop that wakes up runs its due timers before it looks at its sockets.
  let dueTimers: (() => void)[] = [];
  let dueReplies: (() => void)[] = [];
  let tenseUntilMs = 0;

  const replica: Replica = {
    name,
    machine,
    get incarnation() {
      return incarnation;
    },
    get up() {
      return up;
    },
    get frozen() {
      return frozenSinceMs !== null;
    },
    boot,
    crash,
    terminate,
    freeze,
    call,
    arrive: whenAwake,
    timer,
  };

  function boot(): void {
    incarnation++;
    up = true;
    stopping = false;
    trace.note(time.nowMs, 'boot', `${name}.${incarnation}`);
    program = deps.start(replica, incarnation);
  }

  function crash(why: string): void {
    if (!up) return;
    trace.note(time.nowMs, 'crash', `${name}.${incarnation} ${why}`);
    if (frozenSinceMs !== null) thaw();
    up = false;
    incarnation++;
    program = null;
    dueTimers = [];
    dueReplies = [];
    time.after(chance.between(1_000, 21_000), boot);
  }

  function terminate(): void {
    if (!up || stopping || program === null) return;
    stopping = true;
    const own = incarnation;
    const exit = (how: string) => {
      if (own === incarnation) crash(how);
    };
    trace.note(time.nowMs, 'sigterm', `${name}.${own}`);
    void program.stop().then(() => exit('stopped'));
    time.after(GRACE_MS, () => exit('killed after its grace'));
  }

  function freeze(ms: number, isSuspended: boolean): void {
    if (!up) return;
    trace.note(time.nowMs, isSuspended ? 'suspend' : 'freeze', `${name}.${incarnation} ${Math.round(ms)}ms`);
    suspended = suspended || isSuspended;
    frozenSinceMs ??= time.nowMs;
    const until = time.nowMs + ms;
    if (until <= frozenUntilMs) return;
    frozenUntilMs = until;
    time.at(until, () => {
      if (frozenSinceMs !== null && frozenUntilMs === until) thaw();
    });
  }

  function thaw(): void {
    if (suspended && frozenSinceMs !== null) machine.suspendedFor(time.nowMs - frozenSinceMs);
    suspended = false;
    frozenSinceMs = null;
    frozenUntilMs = 0;
    trace.note(time.nowMs, 'thaw', `${name}.${incarnation}`);
    const due = [...dueTimers, ...dueReplies];
    dueTimers = [];
    dueReplies = [];
    for (const run of due) time.at(time.nowMs, run);
  }

  function timer(own: number, ms: number, run: () => void): Scheduled {
    const dueMs = machine.monotonicMs(time.nowMs) + ms;
    let armed: Scheduled;
    let cancelled = false;
    function arm(): void {
      armed = time.after(machine.trueMs(dueMs - machine.monotonicMs(time.nowMs)), fire);
    }
    function fire(): void {
      if (cancelled || own !== incarnation) return;
      if (frozenSinceMs !== null) dueTimers.push(fire);
      else if (machine.monotonicMs(time.nowMs) < dueMs - 0.01) arm();
      else run();
    }
    arm();
    return {
      cancel() {
        cancelled = true;
        armed.cancel();
      },
    };
  }

  function whenAwake(own: number, run: () => void): void {
    if (own !== incarnation) return;
    if (frozenSinceMs !== null) dueReplies.push(() => whenAwake(own, run));
    else run();
  }

  function call<T>(own: number, spec: Call<T>): Promise<T> {
    if (own !== incarnation || !up) return NEVER;
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
    if (fault === 'none' && spec.idle?.() === true && frozenSinceMs === null && chance.happens(IDLE_AT_ONCE)) {
      return Promise.resolve(spec.apply());
    }
    if (fault === 'crash-before') {
      crash(`before ${spec.name}`);
      return NEVER;
    }
    return new Promise<T>((resolve, reject) => {
      let settled = false;
      let departed = false;
      let dropped = false;

      const limit = timer(own, spec.timeoutMs, () => giveUp('timed out'));
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
          if (fault === 'freeze-after' && own === incarnation && !settled) {
            freeze(faults.freezeMs(), faults.freezeIsSuspension());
          }
          whenAwake(own, () => settle(answer));
        });
      }

      function depart(): void {
        if (dropped || own !== incarnation) return;
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
        if (own !== incarnation && !faults.landsAfterDeath()) return;
        const answer = outcomeOf(spec.apply);
        trace.note(time.nowMs, 'lands', spec.name);
        if (own !== incarnation) return;
        if (fault === 'crash-after') crash(`after ${spec.name}`);
        else if (fault !== 'reply-lost') reply(answer);
      }

      switch (fault) {
        case 'throttled':
          if (spec.throttled === undefined) depart();
          else reply(spec.throttled.bind(spec));
          return;
        case 'request-lost':
          time.after(chance.between(5, 3_000), () => whenAwake(own, () => giveUp('connection reset')));
          dropped = true;
          return;
        case 'freeze-before':
          // The process sleeps with the request in its hands. Timers that fell due run first when it wakes, so a call
          // with an abort is aborted before it leaves. A suspended machine's timers did not fall due, but most of its
          // connections are gone; one that was being made may stand at last.
          if (faults.freezeIsSuspension()) {
            freeze(faults.freezeMs(), true);
            const leaves = spec.heldBack !== undefined && faults.connectionOutlivesSleep();
            whenAwake(own, leaves ? depart : () => giveUp('connection reset'));
          } else {
            freeze(faults.freezeMs(), false);
            whenAwake(own, depart);
          }
          return;
        case 'stuck':
          time.after(chance.spread(1_000, 20 * 60_000), () => whenAwake(own, depart));
          return;
        default:
          depart();
      }
    });
  }

  return replica;
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
