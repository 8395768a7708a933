import { sendEvent } from '../delivery/send-event.ts';
import type { JsonObject } from '../json.ts';
import type { SlackParts } from '../slack-parts.ts';
import { wireGroup } from '../wire-shapes.ts';
import { type Channel, person, type User, type UserGroup } from '../world.ts';

/** Adds a person or changes one. */
export function putUser(slack: SlackParts, input: Partial<User> & { id: string }): User {
  const { world } = slack.workspace;
  const known = slack.workspace.user(input.id);
  const user = known ?? person(input.id, input.name ?? input.id.toLowerCase(), input.realName ?? input.id);
  Object.assign(user, input);
  if (!known) world.users.push(user);
  slack.workspace.touch();
  return user;
}

/** Adds a channel, with the bot in it, or changes one. */
export function putChannel(slack: SlackParts, input: Partial<Channel> & { id: string }): Channel {
  const { world } = slack.workspace;
  const known = slack.workspace.channel(input.id);
  const channel: Channel = known ?? {
    id: input.id,
    name: input.id.toLowerCase(),
    isPrivate: false,
    isExtShared: false,
    isArchived: false,
    members: [world.bot.userId],
  };
  Object.assign(channel, input);
  if (!known) world.channels.push(channel);
  slack.workspace.touch();
  return channel;
}

/** Adds a user group or changes one, and tells the app as Slack does. */
export function putGroup(
  slack: SlackParts,
  input: Partial<UserGroup> & { id: string },
  signal: AbortSignal,
): UserGroup {
  const { workspace } = slack;
  const known = workspace.group(input.id);
  const group: UserGroup = known ?? {
    id: input.id,
    handle: input.id.toLowerCase(),
    name: input.id,
    users: [],
    state: 'active',
  };
  const before = [...group.users];
  // Making a group unreadable breaks Slack; nobody changed the group, so no event tells of it.
  const onlyBroken = Object.keys(input).every((key) => key === 'id' || key === 'state') && input.state !== 'disabled';
  Object.assign(group, input);
  if (!known) workspace.world.groups.push(group);
  workspace.touch();
  if (onlyBroken) return group;
  for (const event of groupEvents(slack, group, before)) void sendEvent(slack, event, signal);
  return group;
}

function groupEvents({ workspace }: SlackParts, group: UserGroup, before: string[]): JsonObject[] {
  const added = group.users.filter((user) => !before.includes(user));
  const removed = before.filter((user) => !group.users.includes(user));
  const eventTs = (workspace.now() / 1000).toFixed(6);
  const updated = { type: 'subteam_updated', subteam: wireGroup(workspace, group, true), event_ts: eventTs };
  if (added.length + removed.length === 0) return [updated];
  const changed = {
    type: 'subteam_members_changed',
    subteam_id: group.id,
    team_id: workspace.world.team.id,
    date_update: Math.floor(workspace.now() / 1000),
    added_users: added,
    added_users_count: added.length,
    removed_users: removed,
    removed_users_count: removed.length,
    event_ts: eventTs,
  };
  return [changed, updated];
}
