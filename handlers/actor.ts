import type { Directory } from '../src/ports/directory.ts';
import type { Request } from '../src/rollout/api.ts';
import { goesBack } from '../src/rollout/gates.ts';
import type { Standing } from '../src/rollout/input.ts';
import type { Reading } from '../src/rollout/observation.ts';
import { type Reason, reason } from '../src/rollout/reasons.ts';
import type { HandlerDeps } from './handler-deps.ts';

type Group = 'approvers' | 'operators';

/** Which groups decide about a verb. Slack lets groups be read only 20 times a minute, so no other is asked. */
const GROUPS_OF: Readonly<Record<Request['verb'], readonly Group[]>> = {
  deploy: ['operators'],
  promote: ['approvers'],
  withdraw: ['approvers'],
  review: ['approvers'],
  reject: ['approvers'],
  cancel: ['approvers'],
  rollback: ['approvers', 'operators'],
  snooze: ['approvers'],
  recreate: ['approvers'],
  lock: ['operators'],
  unlock: ['operators'],
  smoke: ['operators'],
  'smoke-again': ['approvers', 'operators'],
  'give-up': ['approvers', 'operators'],
  adopt: ['approvers'],
  'acknowledge-break': ['approvers'],
  'approve-model': ['approvers'],
  'reject-model': ['approvers'],
  'leave-rejected': ['approvers', 'operators'],
  cleanup: ['approvers'],
  'confirm-cleanup': ['approvers'],
  'stop-cleanup': ['approvers'],
};

export interface Actors {
  /** Where somebody stands for a verb, read from Slack now. */
  standing(person: string, channel: string | null, verb: Request['verb']): Promise<Standing>;
  /** For questions, which every member may ask: why this one may not; null: they may. */
  mayAsk(person: string, channel: string | null): Promise<Reason | null>;
}

/**
 * Names the actor: who they are and what they may do, decided by the signed id alone. `ordinary` reads the groups for
 * everything but going back, and leaves enough of what Slack allows for that.
 */
export function createActors(directory: Directory, ordinary: HandlerDeps['ordinaryGroups']): Actors {
  async function refusedBecause(person: string, channel: string | null): Promise<Reading<Reason | null>> {
    const [seen, shared] = await Promise.all([directory.person(person), isShared(channel)]);
    if (shared.kind === 'known' && shared.value) return { kind: 'known', value: reason('shared-channel') };
    if (seen.kind === 'unknown') return seen;
    const { problem } = seen.value;
    if (problem !== null) return { kind: 'known', value: reason('not-a-member', { why: problem }) };
    return shared.kind === 'unknown' ? shared : { kind: 'known', value: null };
  }

  async function isShared(channel: string | null): Promise<Reading<boolean>> {
    if (channel === null) return { kind: 'known', value: false };
    const shared = await directory.sharedChannel(channel);
    return shared.kind === 'known'
      ? shared
      : { kind: 'unknown', why: `this channel cannot be looked at: ${shared.why}` };
  }

  async function groups(verb: Request['verb']): Promise<Readonly<Record<Group, Reading<readonly string[]>>>> {
    const needed = GROUPS_OF[verb];
    // An endpoint that is Failed serves nobody: making it again waits for no ordinary work either.
    const from = goesBack(verb) || verb === 'recreate' ? directory : ordinary;
    const nobody = Promise.resolve<Reading<readonly string[]>>({ kind: 'known', value: [] });
    const [approvers, operators] = await Promise.all([
      needed.includes('approvers') ? from.approvers() : nobody,
      needed.includes('operators') ? from.operators() : nobody,
    ]);
    return { approvers, operators };
  }

  /** Going back must be possible while Slack cannot be asked: what was last known counts, and the record says so. */
  async function byLastKnown(
    person: string,
    read: Readonly<Record<Group, Reading<readonly string[]>>>,
  ): Promise<Standing> {
    const isIn = async (group: Group) => {
      const reading = read[group];
      const members = reading.kind === 'known' ? reading.value : await directory.lastKnown(group);
      return members?.includes(person) ?? false;
    };
    const [approver, operator] = await Promise.all([isIn('approvers'), isIn('operators')]);
    const standing = { approver, operator };
    if (standing.approver || standing.operator) return { kind: 'member', ...standing, lastKnown: true };
    const unread = [read.approvers, read.operators].find((reading) => reading.kind === 'unknown');
    return { kind: 'unreadable', why: unread?.why ?? 'and you are in neither group as last read' };
  }

  return {
    async standing(person, channel, verb) {
      const nobody: Reading<readonly string[]> = { kind: 'known', value: [] };
      const [refused, read, mandatory] = await Promise.all([
        refusedBecause(person, channel),
        groups(verb),
        verb === 'promote' ? (ordinary.mandatory() ?? nobody) : nobody,
      ]);
      if (refused.kind === 'known' && refused.value !== null) return { kind: 'refused', reason: refused.value };
      const unread = [refused, read.approvers, read.operators, mandatory].find((reading) => reading.kind === 'unknown');
      if (unread !== undefined) {
        return goesBack(verb) ? byLastKnown(person, read) : { kind: 'unreadable', why: unread.why };
      }
      const has = (reading: Reading<readonly string[]>) => reading.kind === 'known' && reading.value.includes(person);
      return {
        kind: 'member',
        approver: has(read.approvers),
        ...(has(mandatory) ? { mandatory: true } : {}),
        operator: has(read.operators),
        lastKnown: false,
      };
    },
    async mayAsk(person, channel) {
      const seen = await directory.person(person);
      if (seen.kind === 'unknown') return reason('groups-unreadable', { why: seen.why });
      if (seen.value.problem !== null) return reason('not-a-member', { why: seen.value.problem });
      // A channel that the bot cannot look at is good enough for an answer that only this member sees.
      const shared = await isShared(channel);
      return shared.kind === 'known' && shared.value ? reason('shared-channel') : null;
    },
  };
}
