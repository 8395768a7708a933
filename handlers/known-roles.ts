import type { Clock } from '../src/ports/clock.ts';
import type { Standing } from '../src/rollout/input.ts';
import type { Reading } from '../src/rollout/observation.ts';
import type { HandlerDeps } from './handler-deps.ts';

/**
 * How old a reading of the groups may be that only chooses what is shown: Slack lets them be read 20 times a minute,
 * and who may is decided by a fresh one. Milliseconds.
 */
const KNOWN_FOR_MS = 30_000;
/** How soon groups are asked for again that could not be read. Milliseconds. */
const AGAIN_MS = 5_000;

interface Groups {
  readonly approvers: Reading<readonly string[]>;
  readonly operators: Reading<readonly string[]>;
}

/** What a full member is to titanic, for what they are shown and offered. Never decides anything. */
export function createKnownRoles(deps: {
  readonly ordinaryGroups: Pick<HandlerDeps['ordinaryGroups'], 'approvers' | 'operators'>;
  readonly clock: Pick<Clock, 'elapsedMs'>;
}): (person: string) => Promise<Standing> {
  const { ordinaryGroups, clock } = deps;
  let reading: Promise<Groups> | null = null;
  let untilMs = 0;

  async function read(): Promise<Groups> {
    const [approvers, operators] = await Promise.all([ordinaryGroups.approvers(), ordinaryGroups.operators()]);
    const isKnown = approvers.kind === 'known' && operators.kind === 'known';
    untilMs = clock.elapsedMs() + (isKnown ? KNOWN_FOR_MS : AGAIN_MS);
    return { approvers, operators };
  }

  return async (person) => {
    if (reading === null || clock.elapsedMs() >= untilMs) {
      untilMs = Number.POSITIVE_INFINITY;
      reading = read();
    }
    const { approvers, operators } = await reading;
    const unread = [approvers, operators].find(({ kind }) => kind === 'unknown');
    if (unread?.kind === 'unknown') return { kind: 'unreadable', why: unread.why };
    const has = (group: Reading<readonly string[]>) => group.kind === 'known' && group.value.includes(person);
    return { kind: 'member', approver: has(approvers), operator: has(operators), lastKnown: false };
  };
}
