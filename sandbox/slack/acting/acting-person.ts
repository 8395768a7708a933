import { ControlError } from '../control/control-error.ts';
import type { SlackParts } from '../slack-parts.ts';
import type { Channel, User } from '../world.ts';

/** Somebody who can act in Slack now. @throws ControlError when nobody could */
export function actingPerson(slack: SlackParts, id: string): User {
  if (slack.faults.isAway()) throw new ControlError('slack_away', 'Slack is away: nobody can do anything');
  const user = slack.workspace.user(id);
  if (!user) throw new ControlError('no_such_user', `there is no user ${id}`);
  if (user.deleted) throw new ControlError('user_deactivated', `${user.name} is deactivated and cannot act`);
  if (user.isBot) throw new ControlError('user_is_bot', `${user.name} is a bot`);
  return user;
}

/** A channel in which this person can act. @throws ControlError */
export function channelOf(slack: SlackParts, user: User, given: string): Channel {
  const channel = slack.workspace.channel(given);
  if (!channel) throw new ControlError('no_such_channel', `there is no channel ${given}`);
  if (!channel.members.includes(user.id)) {
    throw new ControlError('not_a_member', `${user.name} is not in #${channel.name}`);
  }
  if (channel.isArchived) throw new ControlError('archived', `#${channel.name} is archived`);
  return channel;
}
