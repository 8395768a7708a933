import { refusal } from '../blocks/refusal.ts';
import type { Rendered } from '../src/ports/channel.ts';
import type { Clock } from '../src/ports/clock.ts';
import type { Directory } from '../src/ports/directory.ts';
import { reason } from '../src/rollout/reasons.ts';
import type { Answering, Work } from './answering.ts';
import { createBucket } from './bucket.ts';
import type { AnswerMeasure } from './handler-deps.ts';
import type { PersonLimits } from './person-limits.ts';

/** Requests worked on at once, and those that wait for their turn. */
const AT_ONCE = { ordinary: 6, rollback: 6 } as const;
const WAITING_MOST = { ordinary: 60, rollback: 60 } as const;
/** All people without a role together: so many at once, so many a minute. They may ask, and cost a look at who they are. */
const STRANGERS_AT_ONCE = 30;
const STRANGERS_PER_MINUTE = 60;
/** How long it counts who has a role, for the choice of a lane and nothing else. Milliseconds. */
const LOOK_EVERY_MS = 5_000;
/** Ordinary requests are not begun for this long while a rollback is worked on. Milliseconds. */
const GIVES_WAY_MS = 5_000;
/** What is not answered by then goes on without its place. Milliseconds. */
const PLACE_MS = 30_000;

interface Waiting {
  readonly begin: () => void;
}

/**
 * What all people together may ask of the core at once; the limit per person stands before it. A flood from many must
 * neither use up what Slack lets us read nor grow the record, and a rollback that is typed in the middle of one comes
 * first: it has places of its own, and what is ordinary gives way to it, so that it does not lose the race for the next
 * entry of the record either.
 */
export function createLanes(deps: {
  readonly directory: Pick<Directory, 'lastKnown'>;
  readonly limits: Pick<PersonLimits, 'tells'>;
  readonly measure: Pick<AnswerMeasure, 'refused'>;
  readonly clock: Clock;
}) {
  const { directory, limits, measure, clock } = deps;
  const strangers = createBucket(clock, STRANGERS_AT_ONCE, STRANGERS_PER_MINUTE);
  const lanes = {
    ordinary: { running: 0, waiting: [] as Waiting[] },
    rollback: { running: 0, waiting: [] as Waiting[] },
  };
  let rollbacksFirst = 0;
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  let groups: Promise<readonly (readonly string[] | null)[]> = Promise.resolve([null]);

  function admit(): void {
    for (const name of ['rollback', 'ordinary'] as const) {
      const lane = lanes[name];
      while (lane.running < AT_ONCE[name] && (name === 'rollback' || rollbacksFirst === 0)) {
        const next = lane.waiting.shift();
        if (next === undefined) break;
        lane.running += 1;
        next.begin();
      }
    }
  }

  /** As last read; where nothing was read yet, everybody may have one. */
  async function mayHaveRole(person: string): Promise<boolean> {
    const now = clock.elapsedMs();
    if (now - lookedAtMs > LOOK_EVERY_MS) {
      lookedAtMs = now;
      groups = Promise.all([directory.lastKnown('approvers'), directory.lastKnown('operators')]);
    }
    return (await groups).some((group) => group === null || group.includes(person));
  }

  async function inTurn(name: keyof typeof lanes, answer: () => Promise<Rendered | null>): Promise<Rendered | null> {
    const lane = lanes[name];
    await new Promise<void>((begin) => {
      lane.waiting.push({ begin });
      admit();
    });
    const done = new AbortController();
    void clock.sleep(PLACE_MS, done.signal).then(() => {
      lane.running -= 1;
      admit();
    });
    try {
      return await answer();
    } finally {
      done.abort();
    }
  }

  async function first(answer: () => Promise<Rendered | null>): Promise<Rendered | null> {
    const done = new AbortController();
    rollbacksFirst += 1;
    void clock.sleep(GIVES_WAY_MS, done.signal).then(() => {
      rollbacksFirst -= 1;
      admit();
    });
    try {
      return await inTurn('rollback', answer);
    } finally {
      done.abort();
    }
  }

  async function run({ to, lane, answer: work }: Work, view: string | null): Promise<Rendered | null> {
    const answer = () => work(view);
    const known = await mayHaveRole(to.person);
    // Whoever may not roll back does not take the place of somebody who may.
    const name = lane === 'rollback' && known ? 'rollback' : 'ordinary';
    if (lanes[name].waiting.length >= WAITING_MOST[name] || (!known && !strangers.take())) {
      measure.refused('no-room');
      return limits.tells(to.person) ? refusal(reason('slow-down')) : null;
    }
    return name === 'rollback' ? first(answer) : inTurn(name, answer);
  }

  return {
    /** The same way to an answer, through the lanes. */
    through(answering: Answering): Answering {
      return {
        acknowledge: (incoming, read) =>
          answering.acknowledge(incoming, () => {
            const work = read();
            return !('answer' in work) ? work : { ...work, answer: (view) => run(work, view) };
          }),
      };
    },
  };
}
