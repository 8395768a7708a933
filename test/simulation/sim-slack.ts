import type { Channel, PostOutcome, Rendered } from '../../src/ports/channel.ts';
import type { Directory } from '../../src/ports/directory.ts';
import { known, type Reading, unknown } from '../../src/rollout/observation.ts';
import { EPOCH_MS } from './machine.ts';
import type { CallOut } from './sim-log-store.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface Message {
  readonly ts: string;
  readonly threadTs: string | null;
  readonly postedMs: number;
  text: string;
}

/** The workspace as it really is. */
export interface Slack {
  readonly channelId: string;
  readonly messages: Map<string, Message>;
  post(text: string, threadTs: string | null): string;
  /** Who is in a group now, and who was. */
  members(group: 'approvers' | 'operators'): readonly string[];
  wasMember(group: 'approvers' | 'operators', id: string, fromMs: number, toMs: number): boolean;
  setMembers(group: 'approvers' | 'operators', ids: readonly string[]): void;
  /** Told of every text that the channel comes to show as a card. */
  shows: (text: string) => void;
  /** Nothing answers, or the groups alone cannot be read. */
  away: boolean;
  groupsUnreadable: boolean;
}

interface Membership {
  readonly atMs: number;
  readonly ids: readonly string[];
}

export function createSlack(time: VirtualTime): Slack {
  const messages = new Map<string, Message>();
  const groups = { approvers: [] as Membership[], operators: [] as Membership[] };
  let posted = 0;
  return {
    channelId: 'C0TITANIC',
    messages,
    shows: () => {},
    away: false,
    groupsUnreadable: false,
    post(text, threadTs) {
      posted++;
      const seconds = Math.floor((EPOCH_MS + time.nowMs) / 1000);
      const ts = `${seconds}.${String(posted).padStart(6, '0')}`;
      if (threadTs === null) this.shows(text);
      messages.set(ts, { ts, threadTs, postedMs: time.nowMs, text });
      return ts;
    },
    members: (group) => groups[group].at(-1)?.ids ?? [],
    wasMember(group, id, fromMs, toMs) {
      return groups[group].some((m, i) => {
        const untilMs = groups[group][i + 1]?.atMs ?? Number.POSITIVE_INFINITY;
        return m.ids.includes(id) && m.atMs <= toMs && untilMs >= fromMs;
      });
    },
    setMembers(group, ids) {
      groups[group].push({ atMs: groups[group].length === 0 ? Number.NEGATIVE_INFINITY : time.nowMs, ids });
    },
  };
}

const SLACK_TIMEOUT_MS = 10_000;

export function createSimChannel(slack: Slack, call: CallOut): Channel {
  function write(name: string, detail: string, apply: () => PostOutcome): Promise<PostOutcome> {
    return call<PostOutcome>({
      name: `slack.${name}`,
      detail,
      weight: 8,
      timeoutMs: SLACK_TIMEOUT_MS,
      apply: () => (slack.away ? failed('internal_error') : apply()),
      lost: failed,
      throttled: () => ({ kind: 'failed', why: 'ratelimited', gone: false, retryAfterMs: 3_000 }),
    });
  }
  return {
    id: slack.channelId,
    post: (message: Rendered, threadTs) =>
      write('post', threadTs ?? '-', () => ({ kind: 'posted', ts: slack.post(message.text, threadTs) })),
    update: (ts, message) =>
      write('update', ts, () => {
        const found = slack.messages.get(ts);
        if (found === undefined) return { kind: 'failed', why: 'message_not_found', gone: true, retryAfterMs: 0 };
        slack.shows(message.text);
        found.text = message.text;
        return { kind: 'posted', ts };
      }),
  };
}

function failed(why: string): PostOutcome {
  return { kind: 'failed', why, gone: false, retryAfterMs: 1_000 };
}

export function createSimDirectory(slack: Slack, call: CallOut): Directory {
  let last: { approvers: readonly string[] | null; operators: readonly string[] | null } = {
    approvers: null,
    operators: null,
  };

  function read<T>(name: string, apply: () => Reading<T>): Promise<Reading<T>> {
    return call<Reading<T>>({
      name: `slack.${name}`,
      detail: '',
      weight: 3,
      timeoutMs: SLACK_TIMEOUT_MS,
      apply: () => (slack.away ? unknown('internal_error') : apply()),
      lost: (why) => unknown(why),
      throttled: () => unknown('ratelimited'),
    });
  }

  async function group(name: 'approvers' | 'operators'): Promise<Reading<readonly string[]>> {
    const reading = await read(name, () =>
      slack.groupsUnreadable ? unknown('internal_error') : known(slack.members(name)),
    );
    if (reading.kind === 'known') last = { ...last, [name]: reading.value };
    return reading;
  }

  return {
    person: (id) =>
      read('person', () =>
        known({
          id,
          problem: id.startsWith('UGUEST') ? 'guests may not use titanic' : null,
          foreign: false,
          timeZone: 'UTC',
        }),
      ),
    approvers: () => group('approvers'),
    operators: () => group('operators'),
    mandatory: () => null,
    lastKnown: async (name) => last[name],
    sharedChannel: () => read('sharedChannel', () => known(false)),
  };
}

export const APPROVERS = ['UALICE', 'UBOB', 'UCAROL', 'UDORA'] as const;
export const OPERATORS = ['UERIN', 'UFRANK', 'UALICE'] as const;
export const STRANGERS = ['UMALLORY', 'UGUEST1'] as const;
export const PEOPLE: readonly string[] = [...new Set([...APPROVERS, ...OPERATORS, ...STRANGERS])];

/** Who deploys on the command line, and whose GitHub logins are known, as the configuration has them. */
export const PIPELINE = 'arn:aws:sts::123456789012:assumed-role/titanic-pipeline/life';
export const GITHUB_USERS: Readonly<Record<string, string>> = { 'alice-codes': 'UALICE', frank: 'UFRANK' };
export const GITHUB_LOGINS = ['Alice-Codes', 'frank', 'somebody-else', undefined] as const;
