import type { Clock } from '../ports/clock.ts';
import type { Directory } from '../ports/directory.ts';
import { type Reading, unknown } from '../rollout/observation.ts';
import type { People } from './slack-directory.ts';
import { createPace } from './slack-pace.ts';

/**
 * Slack lets groups be read 20 times a minute, the directory 12 times at once. Ordinary requests take at most this many
 * of them, and the rest is there for a rollback, and for the look right before prod is touched.
 */
const READS_AT_ONCE = 6;
const READS_PER_MINUTE = 12;
/** The directory shares an answer for three seconds; a little less, so that a look within it is certainly free. */
const FREE_MS = 2_500;
/** How long an ordinary request waits for its turn to read. Milliseconds. */
const LONGEST_TURN_MS = 8_000;

type Groups = Pick<Directory, 'approvers' | 'operators' | 'mandatory'>;

/** The directory's groups for ordinary requests, which wait for their turn where a flood has used up their share. */
export function createGroupReserve(deps: {
  readonly directory: Groups;
  readonly clock: Clock;
  readonly approvers: People;
  /** undefined: none is configured. */
  readonly mandatory: People | undefined;
  /** undefined: approvers only. */
  readonly operators: People | undefined;
}): Groups {
  const { directory, clock, approvers, mandatory, operators = approvers } = deps;
  const pace = createPace(clock, READS_AT_ONCE, READS_PER_MINUTE);
  const readAtMs = new Map<string, number>();

  async function inTurn(
    people: People,
    read: () => Promise<Reading<readonly string[]>>,
  ): Promise<Reading<readonly string[]>> {
    if (people.kind === 'users') return read();
    const latestMs = clock.elapsedMs() + LONGEST_TURN_MS;
    for (;;) {
      const now = clock.elapsedMs();
      // Somebody else may have read it while this one waited.
      if (now - (readAtMs.get(people.usergroup) ?? Number.NEGATIVE_INFINITY) < FREE_MS) return read();
      const waitMs = pace.take();
      if (waitMs === 0) {
        readAtMs.set(people.usergroup, now);
        return read();
      }
      if (now + waitMs > latestMs) return unknown('too many requests at once');
      await clock.sleep(waitMs);
    }
  }

  return {
    approvers: () => inTurn(approvers, directory.approvers),
    operators: () => inTurn(operators, directory.operators),
    mandatory() {
      const unread = (): Promise<Reading<readonly string[]>> => Promise.resolve(unknown('no such group'));
      return mandatory === undefined ? null : inTurn(mandatory, () => directory.mandatory() ?? unread());
    },
  };
}
