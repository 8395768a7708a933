import { refusal, stillWorking, troubled } from '../blocks/refusal.ts';
import { answerModal, workingModal } from '../blocks/shown-modal.ts';
import type { Rendered } from '../src/ports/channel.ts';
import type { AnswerTo } from '../src/ports/conversation.ts';
import type { Rollouts } from '../src/rollout/api.ts';
import { reason } from '../src/rollout/reasons.ts';
import { createFloodCount } from './flood-count.ts';
import type { HandlerDeps, Incoming } from './handler-deps.ts';
import type { Lane, PersonLimits } from './person-limits.ts';

/** How long somebody waits before they are told that the answer is not there yet. Milliseconds. */
const PATIENCE_MS = 10_000;

export interface Work {
  readonly to: AnswerTo;
  /** For the metrics: a verb or an action, never what was typed. */
  readonly what: string;
  readonly lane: Lane;
  /**
   * null: there is nothing to say, because a modal says it. `view` is the modal that was opened for the answer, if one
   * was to be.
   */
  readonly answer: (view: string | null) => Promise<Rendered | null>;
  /** What nobody waits for. */
  readonly afterwards?: () => Promise<void>;
  /** Whoever asked was in no channel: a modal opened by this trigger, within three seconds, shows the answer. */
  readonly trigger?: string | null;
  /** An open modal of ours that shows the answer. */
  readonly view?: string;
  /** What the acknowledgement says. */
  readonly ack?: object;
}

/** A form that goes back to whoever filled it in, with what is wrong by the input's block. */
export interface HeldBack {
  readonly faults: Readonly<Record<string, string>>;
}

/** What nobody is answered for, with why. */
export interface Ignored {
  readonly ignored: string;
}

/** The one path from a request of Slack to its answer. `read` takes outside data and may throw. */
export function createAnswering(
  deps: Pick<HandlerDeps, 'conversation' | 'measure' | 'clock' | 'ids' | 'log' | 'services'> & {
    readonly rollouts: Pick<Rollouts, 'countRefusals'>;
    readonly limits: PersonLimits;
  },
) {
  const { conversation, measure, clock, ids, log, limits } = deps;
  const flood = createFloodCount({ rollouts: deps.rollouts, service: deps.services[0]?.name, clock });

  async function answered(work: Work): Promise<void> {
    const startedMs = clock.elapsedMs();
    const done = (outcome: 'answered' | 'unreached' | 'troubled' | 'slowed') =>
      measure.answered(work.what, outcome, clock.elapsedMs() - startedMs);
    const limit = limits.take(work.to.person, work.lane);
    if (limit !== 'go') {
      measure.refused('slow-down');
      flood.count(work.to.person);
      if (limit === 'tell') await tell(work.to, work.view ?? null, refusal(reason('slow-down')));
      return done('slowed');
    }
    // The trigger is three seconds old at most, so nothing may come before this call.
    const view =
      work.trigger == null ? (work.view ?? null) : await conversation.openModal(work.trigger, workingModal());
    const settled = new AbortController();
    const impatient = saidAfter(PATIENCE_MS, settled.signal, work.to, view);
    try {
      // However long it takes: every read and write behind it has a limit of its own, so it comes to an end.
      const rendered = await work.answer(view);
      settled.abort();
      const reached = rendered === null || (await tell(work.to, view, rendered));
      done(reached ? 'answered' : 'unreached');
      await work.afterwards?.();
    } catch (error) {
      settled.abort();
      const reference = ids.random().slice(0, 8);
      const why = error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 300) : 'unknown';
      log.error({ reference, what: work.what, why }, 'A request could not be answered properly');
      await tell(work.to, view, troubled(reference));
      done('troubled');
    }
    await impatient;
  }

  /** In the modal while it is open, else wherever Slack lets this person be told. */
  async function tell(to: AnswerTo, view: string | null, message: Rendered): Promise<boolean> {
    if (view !== null && (await conversation.updateModal(view, answerModal(message)))) return true;
    return conversation.answer(to, message);
  }

  async function saidAfter(ms: number, settled: AbortSignal, to: AnswerTo, view: string | null): Promise<void> {
    await clock.sleep(ms, settled);
    if (!settled.aborted) await tell(to, view, stillWorking());
  }

  /** Null: the payload is not as documented. Reading waits for nothing, so the acknowledgement is not later for it. */
  function readOrNull(read: () => Work | HeldBack | Ignored): Work | HeldBack | Ignored | null {
    try {
      return read();
    } catch (error) {
      log.error({ why: error instanceof Error ? error.name : 'unknown' }, 'A payload of Slack is not as documented');
      return null;
    }
  }

  return {
    /** Acknowledges before anything is awaited, then works and answers. Never throws. */
    async acknowledge(incoming: Incoming, read: () => Work | HeldBack | Ignored): Promise<void> {
      const work = readOrNull(read);
      const faults = work !== null && 'faults' in work ? work.faults : null;
      const held = faults === null ? undefined : { response_action: 'errors', errors: faults };
      try {
        await incoming.ack(held ?? (work !== null && 'ack' in work ? work.ack : undefined));
      } catch (error) {
        // The work goes on: Slack may deliver again, and the command's key keeps that from counting twice.
        log.warn({ why: error instanceof Error ? error.name : 'unknown' }, 'An acknowledgement did not get through');
      }
      if (work !== null && 'ignored' in work) measure.refused(work.ignored);
      if (work !== null && 'answer' in work) await answered(work);
    },
  };
}

export type Answering = ReturnType<typeof createAnswering>;
