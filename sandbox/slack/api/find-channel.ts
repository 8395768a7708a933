import type { Workspace } from '../workspace.ts';
import type { Channel } from '../world.ts';
import { SlackApiError } from './slack-api-error.ts';

/**
 * The channel an app means by an id, a name, or a person's id (then their direct message, opened if needed).
 * A private channel without the app does not exist for it. @throws `channel_not_found`
 */
export function findChannel(workspace: Workspace, given: string): Channel {
  const channel = workspace.user(given) ? openDirectMessage(workspace, given) : workspace.channel(given);
  const visible = channel && (!channel.isPrivate || channel.members.includes(workspace.world.bot.userId));
  if (!visible) throw new SlackApiError('channel_not_found');
  return channel;
}

/** As above, for writing. @throws `channel_not_found`, `not_in_channel` or `is_archived` */
export function findWritableChannel(workspace: Workspace, given: string, scopes: string[]): Channel {
  const channel = findChannel(workspace, given);
  if (channel.isArchived) throw new SlackApiError('is_archived');
  const member = channel.members.includes(workspace.world.bot.userId);
  if (!member && !scopes.includes('chat:write.public')) throw new SlackApiError('not_in_channel');
  return channel;
}

/** The direct message between the bot and a person. @throws `cannot_dm_bot`, `user_disabled` */
export function openDirectMessage(workspace: Workspace, userId: string): Channel {
  const user = workspace.user(userId);
  if (user?.isBot) throw new SlackApiError('cannot_dm_bot');
  if (user?.deleted) throw new SlackApiError('user_disabled');
  const existing = workspace.world.channels.find((channel) => channel.imUser === userId);
  if (existing) return existing;
  const channel: Channel = {
    id: `D0${userId.slice(1)}`,
    name: 'directmessage',
    isPrivate: true,
    isExtShared: false,
    isArchived: false,
    members: [userId, workspace.world.bot.userId],
    imUser: userId,
  };
  workspace.world.channels.push(channel);
  workspace.touch();
  return channel;
}
