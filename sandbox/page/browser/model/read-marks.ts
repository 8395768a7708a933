import type { PageMessage, SlackSnapshot } from '../../wire.ts';
import { isObject } from '../text/json.ts';
import { calledIn, EVERYBODY } from '../text/mentions.ts';
import { recall, remember } from './remembered.ts';

/** By person and place (a channel, or `CHANNEL/THREAD`): the newest message that they have seen. */
export type ReadMarks = Readonly<Record<string, Readonly<Record<string, string>>>>;

const isMarks = (value: unknown): value is ReadMarks => isObject(value);

export const recallMarks = (): ReadMarks => recall('read', isMarks, {});

/** Where somebody who has never been on the page starts: nothing that was there before counts as new. */
const SINCE = 'since';

export function withMark(marks: ReadMarks, person: string, place: string, ts: string): ReadMarks {
  if ((marks[person]?.[place] ?? '') >= ts) return marks;
  const next = { ...marks, [person]: { ...marks[person], [place]: ts } };
  remember('read', next);
  return next;
}

/** Everybody starts at the newest message of the page's first visit. */
export function withStart(marks: ReadMarks, slack: SlackSnapshot): ReadMarks {
  if (marks[SINCE] !== undefined) return marks;
  const newest =
    slack.messages
      .map(({ ts }) => ts)
      .sort()
      .at(-1) ?? '0';
  const next = { ...marks, [SINCE]: { all: newest } };
  remember('read', next);
  return next;
}

export function markOf(marks: ReadMarks, person: string, place: string): string {
  return marks[person]?.[place] ?? marks[SINCE]?.all ?? '0';
}

export const threadPlace = (channel: string, ts: string) => `${channel}/${ts}`;

function placeOf({ channel, threadTs }: PageMessage): string {
  return threadTs === undefined ? channel : threadPlace(channel, threadTs);
}

export function isUnread(marks: ReadMarks, person: string, message: PageMessage): boolean {
  return message.user !== person && message.ts > markOf(marks, person, placeOf(message));
}

/** Whether a message calls a person: by name, by a group they are in, or everybody. */
export function mentions(message: PageMessage, person: string, slack: SlackSnapshot): boolean {
  const called = calledIn(message);
  const groups = slack.groups.filter(({ members }) => members.includes(person));
  return called.has(person) || called.has(EVERYBODY) || groups.some(({ id }) => called.has(id));
}

export interface Unread {
  /** Something new in the channel itself. */
  readonly any: boolean;
  /** How often the person is called, threads included. */
  readonly mentions: number;
}

const NOTHING: Unread = { any: false, mentions: 0 };

/** What somebody has not seen yet in a channel. Ephemeral messages are known only of whom the page acts as. */
export function unreadIn(slack: SlackSnapshot, marks: ReadMarks, person: string, channel: string): Unread {
  if (!slack.channels.some(({ id, members }) => id === channel && members.includes(person))) return NOTHING;
  const unread = slack.messages.filter(
    (message) =>
      message.channel === channel && isUnread(marks, person, message) && !(message.ephemeral && person !== slack.me),
  );
  return {
    any: unread.some(({ threadTs }) => threadTs === undefined),
    // Cards name who asked; only what is posted in a thread or by others calls somebody.
    mentions: unread.filter((message) => message.user !== person && mentions(message, person, slack)).length,
  };
}
