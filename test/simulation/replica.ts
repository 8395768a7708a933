import { type Call, createCalls } from './calls.ts';
import type { Chance } from './chance.ts';
import type { Faults } from './faults.ts';
import type { Machine } from './machine.ts';
import type { Trace } from './trace.ts';
import type { Scheduled, VirtualTime } from './virtual-time.ts';

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

/** ECS's default between SIGTERM and SIGKILL. */
const GRACE_MS = 30_000;

export function createReplica(deps: ReplicaDeps): Replica {
  const { name, machine, time, chance, faults, trace } = deps;
  let incarnation = 0;
  let up = false;
  let stopping = false;
  let program: Program | null = null;
  let frozenSinceMs: number | null = null;
  let frozenUntilMs = 0;
  /** The part of a freeze in which the machine itself sleeps; null: it does not. */
  let suspension: { readonly sinceMs: number; readonly untilMs: number } | null = null;
  // A loop that wakes up runs its due timers before it looks at its sockets.
  let dueTimers: (() => void)[] = [];
  let dueReplies: (() => void)[] = [];

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
    frozenSinceMs ??= time.nowMs;
    const until = time.nowMs + ms;
    if (isSuspended) {
      const { sinceMs, untilMs } = suspension ?? { sinceMs: time.nowMs, untilMs: until };
      suspension = { sinceMs, untilMs: Math.max(untilMs, until) };
    }
    if (until <= frozenUntilMs) return;
    frozenUntilMs = until;
    time.at(until, () => {
      if (frozenSinceMs !== null && frozenUntilMs === until) thaw();
    });
  }

  function thaw(): void {
    if (suspension !== null) machine.suspendedFor(Math.min(time.nowMs, suspension.untilMs) - suspension.sinceMs);
    suspension = null;
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

  const call = createCalls({
    name,
    time,
    chance,
    faults,
    trace,
    process: {
      runs: (own) => own === incarnation && up,
      isNow: (own) => own === incarnation,
      isAwake: () => frozenSinceMs === null,
      crash,
      freeze,
      timer,
      whenAwake,
    },
  });

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
  return replica;
}
