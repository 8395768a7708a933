import type { Answer, Rollouts } from './api.ts';
import { type ServiceWork, settle } from './commit.ts';
import type { EngineDeps, ServiceRuntime } from './engine-deps.ts';
import type { Break } from './entry.ts';
import { createServiceLog } from './log.ts';
import { LOG_FORM } from './log-form.ts';
import { known, unknown } from './observation.ts';
import { createEffects, type Effects, pass } from './pass.ts';
import { reason } from './reasons.ts';
import type { ServiceState } from './state.ts';
import { submit } from './submit.ts';

/** The engine of one replica. Any number of replicas may run on the same table; none is special. */
export interface Engine extends Rollouts {
  /** Starts one loop for each service. */
  start(): void;
  /** Ends the loops and waits for what this replica has under way: sends are finished or withdrawn. */
  stop(): Promise<void>;
  /** Looks at a service now instead of at the next poll. A hint: losing one costs a poll. */
  nudge(service: string): void;
  /** One pass right now; for tests and for a command line without a running bot. */
  pass(service: string): Promise<void>;
  /** The states as last loaded; asks nobody. */
  states(): readonly ServiceState[];
  /** What is wrong with the record of each service, as last seen. */
  breaks(): Readonly<Record<string, Break | null>>;
  /** Services whose record could not be read or written for a while, each with why. */
  troubles(): readonly { readonly service: string; readonly why: string }[];
}

interface Running {
  readonly work: ServiceWork;
  readonly effects: Effects;
  readonly loop: () => Promise<void>;
  broken: Break | null;
  trouble: Trouble | null;
}

/** The record could not be read or written since then, in elapsed milliseconds. */
interface Trouble {
  readonly with: 'reading' | 'writing';
  readonly why: string;
  readonly sinceMs: number;
}

/** How often a record is read that is broken and not answered for; a command wakes it. */
const BROKEN_POLL_MS = 30_000;
/** How soon a service whose log could not be read is tried again. */
const RETRY_LOG_MS = 2_000;
/** A throttled write is nothing to speak of; what lasts longer than this is. */
const TROUBLE_AFTER_MS = 10_000;

export function createEngine(deps: EngineDeps): Engine {
  const { form = LOG_FORM } = deps;
  const writer = deps.ids.random();
  let stopping = false;
  let loops: readonly Promise<void>[] = [];
  const services = new Map(deps.services.map((runtime) => [runtime.settings.service, run(runtime)]));

  function run(runtime: ServiceRuntime): Running {
    const { service } = runtime.settings;
    let nudged = true;
    let wake = new AbortController();
    const nudge = () => {
      nudged = true;
      wake.abort('nudged'); // A reason of our own: the default one is an error with its stack.
      deps.changed?.(service);
    };
    const log = createServiceLog(service, deps.store, deps.clock, form, runtime.settings.mutations);
    const work: ServiceWork = {
      deps,
      runtime,
      log,
      people: { notBeforeMs: 0 },
      asked: new Map(),
      writer,
      nudge,
      stopping: () => stopping,
    };
    const effects = createEffects(work);
    const running: Running = { work, effects, loop, broken: null, trouble: null };

    async function loop(): Promise<void> {
      let dueAtMs = 0;
      let decidedOn = -1;
      while (!stopping) {
        wake = new AbortController();
        let sleepMs = RETRY_LOG_MS;
        try {
          const loaded = await log.load();
          deps.loaded?.(service);
          if (loaded.broken !== null && loaded.broken.seq !== running.broken?.seq) deps.broke?.(service, loaded.broken);
          running.broken = loaded.broken;
          if (running.trouble?.with === 'reading') running.trouble = null;
          if (loaded.state.seq !== decidedOn || nudged || deps.clock.elapsedMs() >= dueAtMs) {
            nudged = false;
            if (loaded.state.seq !== decidedOn) deps.changed?.(service);
            const startedMs = deps.clock.elapsedMs();
            const { wakeInMs, seq, unwritten } = await pass(work, effects, loaded);
            note(running, 'writing', unwritten);
            deps.passed?.(service, deps.clock.elapsedMs() - startedMs);
            decidedOn = seq;
            dueAtMs = wakeInMs === null ? Number.POSITIVE_INFINITY : deps.clock.elapsedMs() + wakeInMs;
          }
          const pollMs = jittered(underWay(log.state()) ? deps.poll.underWayMs : deps.poll.atRestMs);
          const duePoll = Math.min(pollMs, dueAtMs - deps.clock.elapsedMs());
          // A broken record is read to its end each time; somebody has to look at it first.
          sleepMs = loaded.broken === null ? Math.max(0, duePoll) : BROKEN_POLL_MS;
        } catch (error) {
          const why = error instanceof Error ? error.message : String(error);
          note(running, 'reading', why);
          nudged = false; // Or it would be tried without a pause for as long as the table is away.
          deps.log.warn({ service, why }, 'the record could not be read');
        }
        if (!stopping && !nudged) await deps.clock.sleep(sleepMs, wake.signal);
      }
    }
    return running;
  }

  function note(running: Running, what: Trouble['with'], why: string | null): void {
    const sinceMs = running.trouble?.sinceMs ?? deps.clock.elapsedMs();
    running.trouble = why === null ? null : { with: what, why, sinceMs };
  }

  function jittered(ms: number): number {
    return ms * (0.8 + 0.4 * deps.ids.fraction());
  }

  function of(service: string): Running {
    const found = services.get(service);
    if (found === undefined) throw new Error(`No service ${service} is configured.`);
    return found;
  }

  return {
    start() {
      loops = [...services.values()].map((s) => s.loop());
    },
    async stop() {
      stopping = true;
      for (const s of services.values()) s.work.nudge();
      await Promise.all(loops);
      await Promise.all([...services.values()].map((s) => s.effects.settled()));
    },
    nudge: (service) => of(service).work.nudge(),
    async pass(service) {
      const { work, effects } = of(service);
      await pass(work, effects);
    },
    states: () => [...services.values()].map((s) => s.work.log.state()),
    breaks: () => Object.fromEntries([...services].map(([name, s]) => [name, s.broken])),
    troubles: () =>
      [...services].flatMap(([service, { trouble }]) => {
        const lasts = trouble !== null && deps.clock.elapsedMs() - trouble.sinceMs >= TROUBLE_AFTER_MS;
        return lasts ? [{ service, why: trouble.why }] : [];
      }),
    async submit(submission): Promise<Answer> {
      const found = services.get(submission.service);
      if (found === undefined)
        return { kind: 'refused', reason: reason('no-service', { service: submission.service }), subject: null };
      return submit(found.work, found.effects, submission);
    },
    countRefusals: (service, counts) => settle(of(service).work, { kind: 'refusals-counted', counts }),
    modelSeen: (service, packageArn, approval) =>
      settle(of(service).work, { kind: 'model-seen', packageArn, approval }),
    notStaged: (service, version) => settle(of(service).work, { kind: 'not-staged', version }),
    async state(service) {
      try {
        const { state, broken } = await of(service).work.log.load();
        return broken === null ? known(state) : unknown(breakWords(broken));
      } catch (error) {
        return unknown(error instanceof Error ? error.message : String(error));
      }
    },
    async entries(service, from, to) {
      try {
        const before = from > 1 ? await deps.store.read(service, from - 1) : null;
        let last = { seq: from - 1, hash: before?.hash ?? '' };
        const entries = [];
        for (const item of await deps.store.after(service, from - 1, to)) {
          if (item.seq > to) break;
          const entry = form.open(item, last);
          if ('kind' in entry) return unknown(breakWords(entry));
          entries.push(entry);
          last = entry;
        }
        return known(entries);
      } catch (error) {
        return unknown(error instanceof Error ? error.message : String(error));
      }
    },
  };
}

function underWay(state: ServiceState): boolean {
  const moving = Object.values(state.environments).some(
    (e) => e.deployment !== null || e.intent !== null || e.rollback !== null || e.smoke !== null,
  );
  const cleaning = state.cleanup !== null && state.cleanup.confirmed !== null;
  const deciding = state.approvals.some((a) => a.verdict !== null);
  return moving || cleaning || deciding || state.rollouts.some((r) => r.status !== 'gate' && r.status !== 'held');
}

function breakWords(found: Break): string {
  if (found.kind === 'newer') return `a newer titanic wrote entry ${found.seq}; this replica stays passive, update it`;
  return `the record is broken at entry ${found.seq}: ${found.why}`;
}
