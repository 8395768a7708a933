import { z } from 'zod';

/** Slack's payloads that are neither words nor presses nor forms. As in `incoming.ts`, who acted is the signed id. */

const id = z.string().min(1).max(100);

const shortcutShape = z.object({
  user: z.object({ id }),
  trigger_id: z.string().max(500).nullish(),
  action_ts: z.string().max(50).nullish(),
});

const messageShortcutShape = shortcutShape.extend({
  channel: z.object({ id }),
  message: z.object({ ts: id, thread_ts: id.nullish() }),
  response_url: z.string().nullish(),
});

const suggestionShape = z.object({
  user: z.object({ id }),
  action_id: z.string().max(255),
  value: z.string().max(500).default(''),
  view: z.object({ private_metadata: z.string().max(3000).default('') }).nullish(),
});

const homeOpenedShape = z.object({
  event: z.object({ user: id, tab: z.string().max(50).nullish(), view: z.object({ hash: id }).nullish() }),
});

const mentionShape = z.object({
  event: z.object({
    user: id,
    channel: id,
    ts: id,
    thread_ts: id.nullish(),
    /** Of whoever wrote it, in channels that are shared. */
    user_team: id.nullish(),
    team: id.nullish(),
  }),
});

const automaticShape = z.object({
  event: z.object({
    bot_id: z.string().nullish(),
    app_id: z.string().nullish(),
    bot_profile: z.unknown().optional(),
    subtype: z.string().nullish(),
    edited: z.unknown().optional(),
    user: z.string().nullish(),
  }),
});

export interface Shortcut {
  readonly person: string;
  readonly triggerId: string | null;
}

export interface MessageShortcut extends Shortcut {
  readonly channel: string;
  /** The message that starts the thread in which the chosen one stands: itself, where it is in none. */
  readonly threadTs: string;
  readonly responseUrl: string | null;
}

export interface Suggestion {
  readonly person: string;
  readonly typed: string;
  readonly metadata: string;
}

export interface Mention {
  readonly person: string;
  readonly channel: string;
  readonly ts: string;
  readonly threadTs: string | null;
  /** The workspace of whoever wrote it; null: Slack says it of others only. */
  readonly team: string | null;
}

/** @throws when Slack sent something else than it documents */
export function readShortcut(body: unknown): Shortcut {
  const { user, trigger_id } = shortcutShape.parse(body);
  return { person: user.id, triggerId: trigger_id ?? null };
}

/** @throws when Slack sent something else than it documents */
export function readMessageShortcut(body: unknown): MessageShortcut {
  const { user, trigger_id, channel, message, response_url } = messageShortcutShape.parse(body);
  return {
    person: user.id,
    triggerId: trigger_id ?? null,
    channel: channel.id,
    threadTs: message.thread_ts ?? message.ts,
    responseUrl: response_url ?? null,
  };
}

/** @throws when Slack sent something else than it documents */
export function readSuggestion(body: unknown): Suggestion {
  const { user, value, view } = suggestionShape.parse(body);
  return { person: user.id, typed: value, metadata: view?.private_metadata ?? '' };
}

/** Who opened Home, and Slack's hash of what they see there; null: another tab. @throws as above */
export function readHomeOpened(body: unknown): { readonly person: string; readonly shown: string | null } | null {
  const { event } = homeOpenedShape.parse(body);
  return event.tab === 'home' ? { person: event.user, shown: event.view?.hash ?? null } : null;
}

/** null: nobody who is to be answered wrote it, but an app, ourselves, or Slack. @throws as above */
export function readMention(body: unknown, botUserId: string | null): Mention | null {
  const { event: how } = automaticShape.parse(body);
  const byApp = how.bot_id != null || how.app_id != null || how.bot_profile != null;
  // An edited message was answered when it was written.
  if (byApp || how.subtype != null || how.edited != null || how.user == null || how.user === botUserId) return null;
  const { user, channel, ts, thread_ts, user_team, team } = mentionShape.parse(body).event;
  return { person: user, channel, ts, threadTs: thread_ts ?? null, team: user_team ?? team ?? null };
}
