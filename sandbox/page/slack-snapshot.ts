import type { SeenFile, SeenMessage, SlackControl } from '../slack/control/slack-control.ts';
import type { Channel, User, World } from '../slack/world.ts';
import type { PageChannel, PageFile, PageMessage, PagePerson, SlackSnapshot } from './wire.ts';

/** Older messages of a channel are in the workspace, but not on the page. */
const MESSAGES_PER_CHANNEL = 400;

/** Slack as one person sees it, in one piece. @throws ControlError when there is no such person */
export async function slackSnapshot(slack: SlackControl, me: string): Promise<SlackSnapshot> {
  const { world, revision, away } = await slack.workspace();
  const channels = world.channels.filter((channel) => channel.members.includes(me) || channel.imUser === me);
  const files = await slack.files();
  const seen = await Promise.all(channels.map(({ id }) => slack.channel({ channel: id, as: me })));
  return {
    revision,
    me,
    workspaceName: world.team.name,
    botId: world.bot.userId,
    people: world.users.map((user) => personOf(user, world)),
    groups: world.groups.map(({ id, handle, users }) => ({ id, handle, members: users })),
    channels: channels.map(channelOf),
    messages: seen.flatMap((list) => list.slice(-MESSAGES_PER_CHANNEL)).map((message) => messageOf(message, files)),
    views: await slack.openViews({ user: me }),
    home: await slack.home({ user: me }),
    away,
  };
}

function personOf(user: User, world: World): PagePerson {
  const groups = world.groups.filter((group) => group.users.includes(user.id)).map(({ name }) => singular(name));
  const standing = [
    ...(user.isRestricted || user.isUltraRestricted ? ['guest'] : []),
    ...(user.isStranger ? ['other workspace'] : []),
    ...(user.deleted ? ['deactivated'] : []),
  ];
  const roles = [...groups, ...standing];
  return {
    id: user.id,
    name: user.realName,
    roles: roles.length === 0 && !user.isBot ? ['no role'] : roles,
    isBot: user.isBot,
    canAct: !user.deleted && !user.isBot,
  };
}

/** `Approvers` is what the group is called; one of them is an approver. */
function singular(groupName: string): string {
  return groupName.toLowerCase().replace(/s$/, '');
}

function channelOf({ id, name, imUser, isExtShared, members }: Channel): PageChannel {
  return {
    id,
    name: imUser === undefined ? name : 'titanic',
    kind: imUser === undefined ? 'channel' : 'direct',
    shared: isExtShared,
    // A direct message is between the person and the app.
    members: imUser === undefined ? members : [imUser],
  };
}

function messageOf(message: SeenMessage, files: readonly SeenFile[]): PageMessage {
  return {
    channel: message.channel,
    ts: message.ts,
    ...(message.threadTs === undefined ? {} : { threadTs: message.threadTs }),
    user: message.user,
    text: message.text,
    blocks: message.blocks,
    ephemeral: message.ephemeral,
    edited: message.edited,
    updates: message.earlier.length,
    files: message.fileIds.flatMap((id) => files.filter((file) => file.id === id).map(fileOf)),
    reactions: message.reactions,
  };
}

const fileOf = ({ id, name, title, bytes }: SeenFile): PageFile => ({ id, name, title, bytes });
