import type { JsonObject } from './json.ts';
import type { FileRecord, MessageRecord, ViewRecord } from './records.ts';
import type { Workspace } from './workspace.ts';
import type { Channel, User, UserGroup } from './world.ts';

/** A message as the Web API and payloads show it. */
export function wireMessage(workspace: Workspace, record: MessageRecord): JsonObject {
  const { world } = workspace;
  const replies = workspace.state.messages.filter(
    (other) => other.threadTs === record.ts && other.channel === record.channel && !other.deleted && !other.ephemeralTo,
  );
  return {
    type: 'message',
    ...(record.fileIds.length > 0 ? { subtype: 'file_share' } : {}),
    user: record.user,
    ts: record.ts,
    ...(record.botId
      ? {
          bot_id: record.botId,
          app_id: world.appId,
          bot_profile: {
            id: record.botId,
            app_id: world.appId,
            name: world.bot.name,
            deleted: false,
            team_id: world.team.id,
          },
        }
      : {}),
    text: record.text,
    team: world.team.id,
    ...(record.blocks.length > 0 ? { blocks: record.blocks } : {}),
    ...(record.attachments.length > 0 ? { attachments: record.attachments } : {}),
    ...(record.metadata ? { metadata: record.metadata } : {}),
    ...(record.editedTs ? { edited: { user: record.botId ?? record.user, ts: record.editedTs } } : {}),
    ...(record.threadTs ? { thread_ts: record.threadTs } : {}),
    ...(replies.length > 0
      ? {
          thread_ts: record.ts,
          reply_count: replies.length,
          reply_users: [...new Set(replies.map((reply) => reply.user))],
          latest_reply: replies.at(-1)?.ts ?? record.ts,
        }
      : {}),
    ...(record.reactions.length > 0
      ? { reactions: record.reactions.map((one) => ({ ...one, count: one.users.length })) }
      : {}),
    ...(record.fileIds.length > 0
      ? {
          files: record.fileIds.flatMap((id) => {
            const file = workspace.file(id);
            return file ? [wireFile(file, '')] : [];
          }),
        }
      : {}),
  };
}

export function wireFile(file: FileRecord, baseUrl: string): JsonObject {
  return {
    id: file.id,
    created: Math.floor(file.createdMs / 1000),
    name: file.name,
    title: file.title,
    user: file.user,
    size: file.expectedBytes,
    channels: file.channels,
    url_private: `${baseUrl}/files/${file.id}`,
    permalink: `${baseUrl}/files/${file.id}`,
  };
}

export function wireUser(workspace: Workspace, user: User): JsonObject {
  const base: JsonObject = {
    id: user.id,
    team_id: user.teamId,
    name: user.name,
    deleted: user.deleted,
    real_name: user.realName,
    profile: { real_name: user.realName, display_name: user.realName, team: user.teamId },
    is_bot: user.isBot,
    is_app_user: false,
    updated: Math.floor(workspace.now() / 1000),
  };
  // Slack leaves the role flags out for accounts that are deactivated.
  if (user.deleted) return base;
  return {
    ...base,
    tz: 'Europe/Berlin',
    tz_offset: 3600,
    is_admin: false,
    is_owner: false,
    is_primary_owner: false,
    is_restricted: user.isRestricted,
    is_ultra_restricted: user.isUltraRestricted,
    ...(user.isStranger ? { is_stranger: true } : {}),
  };
}

export function wireGroup(workspace: Workspace, group: UserGroup, withUsers: boolean): JsonObject {
  return {
    id: group.id,
    team_id: workspace.world.team.id,
    is_usergroup: true,
    is_subteam: true,
    name: group.name,
    handle: group.handle,
    is_external: false,
    date_delete: group.state === 'disabled' ? 1 : 0,
    user_count: group.users.length,
    ...(withUsers ? { users: group.users } : {}),
  };
}

export function wireChannel(workspace: Workspace, channel: Channel): JsonObject {
  if (channel.imUser) {
    return {
      id: channel.id,
      is_im: true,
      user: channel.imUser,
      is_archived: false,
      context_team_id: workspace.world.team.id,
    };
  }
  return {
    id: channel.id,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: !channel.isPrivate,
    is_group: channel.isPrivate,
    is_im: false,
    is_mpim: false,
    is_private: channel.isPrivate,
    is_archived: channel.isArchived,
    is_general: false,
    is_shared: channel.isExtShared,
    is_ext_shared: channel.isExtShared,
    is_org_shared: false,
    is_member: channel.members.includes(workspace.world.bot.userId),
    context_team_id: workspace.world.team.id,
  };
}

/** A view as the Web API and payloads show it. `values` are the inputs at this moment. */
export function wireView(workspace: Workspace, view: ViewRecord, values: JsonObject): JsonObject {
  const { world } = workspace;
  return {
    id: view.id,
    team_id: world.team.id,
    private_metadata: '',
    callback_id: '',
    close: null,
    submit: null,
    title: null,
    external_id: '',
    clear_on_close: false,
    notify_on_close: false,
    ...view.content,
    state: { values },
    hash: view.hash,
    previous_view_id: view.previousViewId ?? null,
    root_view_id: view.rootViewId,
    app_id: world.appId,
    app_installed_team_id: world.team.id,
    bot_id: world.bot.botId,
  };
}
