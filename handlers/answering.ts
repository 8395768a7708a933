import { refusal, stillWorking, troubled } from '../blocks/refusal.ts';
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
  /** null: there is nothing to say, because a modal says it. */
  readonly answer: () => Promise<Rendered | null>;
  /** What nobody waits for. */
  readonly afterwards?: () => Promise<void>;
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
      if (limit === 'tell') await conversation.answer(work.to, refusal(reason('slow-down')));
      return done('slowed');
    }
    const settled = new AbortController();
    const impatient = saidAfter(PATIENCE_MS, settled.signal, work.to);
    try {
      // However long it takes: every read and write behind it has a limit of its own, so it comes to an end.
      const rendered = await work.answer();
      settled.abort();
      const reached = rendered === null || (await conversation.answer(work.to, rendered));
      done(reached ? 'answered' : 'unreached');
      await work.afterwards?.();
    } catch (error) {
      settled.abort();
      const reference = ids.random().slice(0, 8);
      const why = error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 300) : 'unknown';
      log.error({ reference, what: work.what, why }, 'A request could not be answered properly');
      await conversation.answer(work.to, troubled(reference));
      done('troubled');
    }
    await impatient;
  }

  async function saidAfter(ms: number, settled: AbortSignal, to: AnswerTo): Promise<void> {
    await clock.sleep(ms, settled);
    if (!settled.aborted) await conversation.answer(to, stillWorking());
  }

  return {
    /** Acknowledges before anything else is awaited, then works and answers. Never throws. */
    async acknowledge(incoming: Incoming, read: () => Work): Promise<void> {
      try {
        await incoming.ack();
      } catch (error) {
        // The work goes on: Slack may deliver again, and the command's key keeps that from counting twice.
        log.warn({ why: error instanceof Error ? error.name : 'unknown' }, 'An acknowledgement did not get through');
      }
      let work: Work;
      try {
        work = read();
      } catch (error) {
        log.error({ why: error instanceof Error ? error.name : 'unknown' }, 'A payload of Slack is not as documented');
        return;
      }
      await answered(work);
    },
  };
}

export type Answering = ReturnType<typeof createAnswering>;
