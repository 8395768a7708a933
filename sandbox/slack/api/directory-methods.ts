import type { JsonObject } from '../json.ts';
import type { SlackParts } from '../slack-parts.ts';
import { wireChannel, wireGroup, wireMessage, wireUser } from '../wire-shapes.ts';
import type { Channel } from '../world.ts';
import type { ApiMethods } from './api-method.ts';
import type { CallArguments } from './call-arguments.ts';
import { findChannel, openDirectMessage } from './find-channel.ts';
import { pageOf } from './page-of.ts';
import { SlackApiError } from './slack-api-error.ts';

const CHANNEL_SCOPES = ['channels', 'groups', 'im'];
const reading = (kind: string) => CHANNEL_SCOPES.map((prefix) => `${prefix}:${kind}`);

/** Reading needs the scope of the kind of channel, not just any of them. @throws `missing_scope` */
function readableChannel(args: CallArguments, slack: SlackParts, kind: 'read' | 'history'): Channel {
  const channel = findChannel(slack.workspace, args.requiredText('channel'));
  const prefix = channel.imUser ? 'im' : channel.isPrivate ? 'groups' : 'channels';
  const needed = `${prefix}:${kind}`;
  const { scopes } = slack.settings;
  if (!scopes.includes(needed)) throw new SlackApiError('missing_scope', { needed, provided: scopes.join(',') });
  return channel;
}

/** Each kind that is asked for needs its own scope; private channels are shown to their members. */
function listed(args: CallArguments, { settings: { scopes }, workspace }: SlackParts): JsonObject {
  const types = (args.text('types') ?? 'public_channel').split(',');
  const known: Record<string, string> = { public_channel: 'channels', private_channel: 'groups' };
  for (const type of types) {
    const prefix = Object.hasOwn(known, type) ? known[type] : undefined;
    if (prefix === undefined) throw new SlackApiError('invalid_types');
    const needed = `${prefix}:read`;
    if (!scopes.includes(needed)) throw new SlackApiError('missing_scope', { needed, provided: scopes.join(',') });
  }
  const shown = workspace.world.channels.filter((channel) => {
    if (channel.imUser || (channel.isArchived && args.flag('exclude_archived'))) return false;
    if (!channel.isPrivate) return types.includes('public_channel');
    return types.includes('private_channel') && channel.members.includes(workspace.world.bot.userId);
  });
  const page = pageOf(shown, args, 100);
  return {
    channels: page.items.map((channel) => wireChannel(workspace, channel)),
    response_metadata: { next_cursor: page.nextCursor },
  };
}

function publicMessages(slack: SlackParts, channel: Channel) {
  return slack.workspace.state.messages.filter(
    (message) => message.channel === channel.id && !message.deleted && !message.ephemeralTo,
  );
}

function history(args: CallArguments, slack: SlackParts): JsonObject {
  const channel = readableChannel(args, slack, 'history');
  if (!channel.members.includes(slack.workspace.world.bot.userId)) throw new SlackApiError('not_in_channel');
  const oldest = Number(args.text('oldest') ?? 0);
  const latest = Number(args.text('latest') ?? Number.MAX_SAFE_INTEGER);
  const messages = publicMessages(slack, channel)
    .filter((message) => !message.threadTs || message.replyBroadcast)
    .filter((message) => Number(message.ts) >= oldest && Number(message.ts) <= latest)
    .reverse();
  const page = pageOf(messages, args, 100);
  return {
    messages: page.items.map((message) => visibleMessage(wireMessage(slack.workspace, message), args)),
    has_more: page.nextCursor !== '',
    response_metadata: { next_cursor: page.nextCursor },
  };
}

/** Metadata is shown on request only. */
function visibleMessage(message: JsonObject, args: CallArguments): JsonObject {
  if (args.flag('include_all_metadata')) return message;
  const { metadata: _hidden, ...rest } = message;
  return rest;
}

function replies(args: CallArguments, slack: SlackParts): JsonObject {
  const channel = readableChannel(args, slack, 'history');
  const ts = args.requiredText('ts');
  const thread = publicMessages(slack, channel).filter((message) => message.ts === ts || message.threadTs === ts);
  if (thread.length === 0) throw new SlackApiError('thread_not_found');
  const page = pageOf(thread, args, 100);
  return {
    messages: page.items.map((message) => visibleMessage(wireMessage(slack.workspace, message), args)),
    has_more: page.nextCursor !== '',
    response_metadata: { next_cursor: page.nextCursor },
  };
}

function readableGroup(args: CallArguments, slack: SlackParts) {
  const group = slack.workspace.group(args.requiredText('usergroup'));
  if (!group || group.state === 'missing') throw new SlackApiError('no_such_subteam');
  if (group.state === 'unreadable') throw new SlackApiError('internal_error');
  if (group.state === 'disabled' && !args.flag('include_disabled')) throw new SlackApiError('no_such_subteam');
  return group;
}

export const DIRECTORY_METHODS: ApiMethods = {
  'users.info': {
    token: 'bot',
    scopes: ['users:read'],
    limit: 'tier4',
    run(args, { workspace }) {
      const user = workspace.user(args.requiredText('user'));
      if (!user) throw new SlackApiError('user_not_found');
      return { user: wireUser(workspace, user) };
    },
  },
  'users.list': {
    token: 'bot',
    scopes: ['users:read'],
    limit: 'tier2',
    run(args, { workspace }) {
      // Strangers are not members of the workspace, so the list leaves them out.
      const members = workspace.world.users.filter((user) => !user.isStranger);
      const page = pageOf(members, args, 1000);
      return {
        members: page.items.map((user) => wireUser(workspace, user)),
        cache_ts: Math.floor(workspace.now() / 1000),
        response_metadata: { next_cursor: page.nextCursor },
      };
    },
  },
  'usergroups.list': {
    token: 'bot',
    scopes: ['usergroups:read'],
    limit: 'tier2',
    run(args, { workspace }) {
      const shown = workspace.world.groups.filter(
        (group) => group.state !== 'missing' && (group.state !== 'disabled' || args.flag('include_disabled')),
      );
      const withUsers = args.flag('include_users') ?? false;
      return { usergroups: shown.map((group) => wireGroup(workspace, group, withUsers)) };
    },
  },
  'usergroups.users.list': {
    token: 'bot',
    scopes: ['usergroups:read'],
    limit: 'tier2',
    run: (args, slack) => ({ users: [...readableGroup(args, slack).users] }),
  },
  'conversations.info': {
    token: 'bot',
    scopes: reading('read'),
    limit: 'tier3',
    run: (args, slack) => ({ channel: wireChannel(slack.workspace, readableChannel(args, slack, 'read')) }),
  },
  'conversations.list': {
    token: 'bot',
    scopes: ['channels:read', 'groups:read'],
    limit: 'tier2',
    run: listed,
  },
  'conversations.members': {
    token: 'bot',
    scopes: reading('read'),
    limit: 'tier4',
    run(args, slack) {
      const page = pageOf(readableChannel(args, slack, 'read').members, args, 100);
      return { members: page.items, response_metadata: { next_cursor: page.nextCursor } };
    },
  },
  'conversations.open': {
    token: 'bot',
    scopes: ['im:write'],
    limit: 'tier3',
    run(args, { workspace }) {
      const [user, ...others] = args.requiredText('users').split(',');
      if (!user || others.length > 0) throw new SlackApiError('not_enough_users');
      if (!workspace.user(user)) throw new SlackApiError('user_not_found');
      return { channel: { id: openDirectMessage(workspace, user).id } };
    },
  },
  'conversations.history': { token: 'bot', scopes: reading('history'), limit: 'tier3', run: history },
  'conversations.replies': { token: 'bot', scopes: reading('history'), limit: 'tier3', run: replies },
};
