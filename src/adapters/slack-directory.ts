import type { WebClient } from '@slack/web-api';
import type { Clock } from '../ports/clock.ts';
import type { Directory, PersonSeen } from '../ports/directory.ts';
import { known, type Reading, unknown } from '../rollout/observation.ts';
import type { LastKnownMembers } from './last-known-members.ts';
import { callFault } from './slack-call-fault.ts';
import type { Identity } from './slack-identity.ts';
import { createPace } from './slack-pace.ts';
import { isForeign, personProblem } from './slack-person-problem.ts';
import { conversationShape, groupUsersShape, usersInfoShape } from './slack-shapes.ts';
import { createSharedReads } from './slack-shared-reads.ts';

/** Who is meant: a group of Slack's, or people by id. */
export type People =
  | { readonly kind: 'usergroup'; readonly usergroup: string }
  | { readonly kind: 'users'; readonly users: readonly string[] };

/** How old an answer may be that several ask for at once. Milliseconds. */
const SHARED_MS = 3_000;
/** A channel seldom becomes shared; asking for each press would use up the tier. Milliseconds. */
const CHANNEL_SHARED_MS = 30_000;
/** The last known membership is to be no older than this. Milliseconds. */
const REFRESH_MS = 50 * 60_000;
/** `usergroups.users.list` is a tier 2 method: 20 a minute for the whole workspace. */
const GROUP_READS_PER_MINUTE = 20;
const GROUP_READS_AT_ONCE = 12;

export interface SlackDirectory extends Directory {
  /** Reads the groups that nobody asked for lately, so that a rollback can go by them should Slack be away. Never throws. */
  refresh(): Promise<void>;
}

/** Who somebody is and who may do what, read from Slack. What Slack does not answer is unknown, never a no or a yes. */
export function createSlackDirectory(deps: {
  readonly client: WebClient;
  readonly clock: Clock;
  readonly identity: () => Identity | null;
  readonly approvers: People;
  /** Of whom one must have approved; undefined: anybody will do. */
  readonly mandatory: People | undefined;
  /** undefined: approvers only. */
  readonly operators: People | undefined;
  readonly lastKnown: LastKnownMembers;
}): SlackDirectory {
  const { client, clock } = deps;
  const groupPace = createPace(clock, GROUP_READS_AT_ONCE, GROUP_READS_PER_MINUTE);
  const groups = createSharedReads<readonly string[]>(clock, SHARED_MS);
  const persons = createSharedReads<PersonSeen>(clock, SHARED_MS);
  const channels = createSharedReads<boolean>(clock, CHANNEL_SHARED_MS);

  async function readGroup(usergroup: string): Promise<Reading<readonly string[]>> {
    if (groupPace.take() > 0) return unknown('too many readings of groups within a minute');
    try {
      const { users } = groupUsersShape.parse(await client.usergroups.users.list({ usergroup }));
      deps.lastKnown.remember(usergroup, users);
      return known(users);
    } catch (error) {
      return unknown(callFault(error).code);
    }
  }

  function members(people: People): Promise<Reading<readonly string[]>> {
    if (people.kind === 'users') return Promise.resolve(known(people.users));
    return groups.read(people.usergroup, () => readGroup(people.usergroup));
  }

  async function readPerson(id: string): Promise<Reading<PersonSeen>> {
    const identity = deps.identity();
    if (identity === null) return unknown('our own workspace is not known yet');
    try {
      const { user } = usersInfoShape.parse(await client.users.info({ user: id }));
      const problem = user.id === id ? personProblem(user, identity) : 'Slack names somebody else';
      return known({ id, problem, foreign: user.id !== id || isForeign(user, identity), timeZone: user.tz ?? null });
    } catch (error) {
      const { code } = callFault(error);
      if (code === 'user_not_found' || code === 'user_not_visible') {
        return known({ id, problem: 'Slack knows no such person here', foreign: true, timeZone: null });
      }
      return unknown(code);
    }
  }

  async function readChannel(channel: string): Promise<Reading<boolean>> {
    try {
      const seen = conversationShape.parse(await client.conversations.info({ channel })).channel;
      return known(seen.is_ext_shared === true || seen.is_pending_ext_shared === true);
    } catch (error) {
      return unknown(callFault(error).code);
    }
  }

  const peopleOf = (group: 'approvers' | 'operators') =>
    group === 'approvers' ? deps.approvers : (deps.operators ?? deps.approvers);

  return {
    person: (id) => persons.read(id, () => readPerson(id)),
    approvers: () => members(peopleOf('approvers')),
    operators: () => members(peopleOf('operators')),
    mandatory: () => (deps.mandatory === undefined ? null : members(deps.mandatory)),
    async lastKnown(group) {
      const people = peopleOf(group);
      if (people.kind === 'users') return people.users;
      return (await deps.lastKnown.recall(people.usergroup))?.users ?? null;
    },
    async refresh() {
      for (const group of ['approvers', 'operators'] as const) {
        const people = peopleOf(group);
        if (people.kind === 'users') continue;
        const last = await deps.lastKnown.recall(people.usergroup);
        if (last === null || clock.nowMs() - last.atMs > REFRESH_MS) await members(people);
      }
    },
    sharedChannel: (channel) => channels.read(channel, () => readChannel(channel)),
  };
}
