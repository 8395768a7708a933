import type { JsonObject } from '../json.ts';
import { postMessage, replaceMessage } from '../post-message.ts';
import type { MessageRecord } from '../records.ts';
import type { SlackParts } from '../slack-parts.ts';
import { wireMessage } from '../wire-shapes.ts';
import type { ApiMethods } from './api-method.ts';
import type { CallArguments } from './call-arguments.ts';
import { findChannel, findWritableChannel } from './find-channel.ts';
import { readMessage } from './read-message.ts';
import { invalidArguments, SlackApiError } from './slack-api-error.ts';

/** Source: the reference of chat.update. */
const UPDATE_TEXT_CHARACTERS = 4000;
const TS_FORMAT = /^\d{10}\.\d{6}$/;

const writing = { token: 'bot', scopes: ['chat:write'] } as const;

function readTs(args: CallArguments, name: string): string {
  const ts = args.requiredText(name);
  if (!TS_FORMAT.test(ts)) throw invalidArguments(`invalid ${name}: ${ts} [json-pointer:/${name}]`);
  return ts;
}

/** The parent to reply to. Slack would take a made-up one and lose the reply; here that is an error. */
function readThread(args: CallArguments, channel: string, slack: SlackParts): { threadTs?: string } {
  if (args.text('thread_ts') === undefined) return {};
  const parent = slack.workspace.message(channel, readTs(args, 'thread_ts'));
  if (!parent || parent.ephemeralTo) throw new SlackApiError('thread_not_found');
  return { threadTs: parent.threadTs ?? parent.ts };
}

function ownMessage(args: CallArguments, slack: SlackParts, errorWhenForeign: string): MessageRecord {
  const channel = findChannel(slack.workspace, args.requiredText('channel'));
  const record = slack.workspace.message(channel.id, readTs(args, 'ts'));
  if (!record || record.ephemeralTo) throw new SlackApiError('message_not_found');
  if (record.botId !== slack.workspace.world.bot.botId) throw new SlackApiError(errorWhenForeign);
  if (channel.isArchived) throw new SlackApiError('is_archived');
  return record;
}

function update(args: CallArguments, slack: SlackParts): JsonObject {
  const record = ownMessage(args, slack, 'cant_update_message');
  const content = readMessage(args, UPDATE_TEXT_CHARACTERS);
  const wasRichText = record.blocks.length > 0 && record.blocks.every((block) => block.type === 'rich_text');
  const hasRichText = content.blocks.some((block) => block.type === 'rich_text');
  if (wasRichText && !hasRichText) throw new SlackApiError('block_mismatch');
  replaceMessage(slack.workspace, record, content);
  const message = wireMessage(slack.workspace, record);
  return { channel: record.channel, ts: record.ts, text: record.text, message };
}

export const CHAT_METHODS: ApiMethods = {
  'chat.postMessage': {
    ...writing,
    limit: 'posting',
    run(args, slack) {
      const { workspace, settings } = slack;
      const channel = findWritableChannel(workspace, args.requiredText('channel'), settings.scopes);
      const thread = readThread(args, channel.id, slack);
      const content = readMessage(args);
      const replyBroadcast = args.flag('reply_broadcast') ?? false;
      const record = postMessage(workspace, content, { channel: channel.id, ...thread, replyBroadcast });
      return { channel: channel.id, ts: record.ts, message: wireMessage(workspace, record) };
    },
  },
  'chat.update': { ...writing, limit: 'tier3', run: update },
  'chat.delete': {
    ...writing,
    limit: 'tier3',
    run(args, slack) {
      const record = ownMessage(args, slack, 'cant_delete_message');
      record.deleted = true;
      slack.workspace.touch();
      return { channel: record.channel, ts: record.ts };
    },
  },
  'chat.postEphemeral': {
    ...writing,
    limit: 'tier4',
    run(args, slack) {
      const { workspace, settings } = slack;
      const channel = findWritableChannel(workspace, args.requiredText('channel'), settings.scopes);
      const user = args.requiredText('user');
      if (!channel.members.includes(user)) throw new SlackApiError('user_not_in_channel');
      const thread = readThread(args, channel.id, slack);
      const record = postMessage(workspace, readMessage(args), { channel: channel.id, ephemeralTo: user, ...thread });
      return { message_ts: record.ts };
    },
  },
  'chat.getPermalink': {
    token: 'bot',
    scopes: [],
    limit: 'none',
    run(args, slack) {
      const channel = findChannel(slack.workspace, args.requiredText('channel'));
      const record = slack.workspace.message(channel.id, readTs(args, 'message_ts'));
      if (!record || record.ephemeralTo) throw new SlackApiError('message_not_found');
      const thread = record.threadTs ? `?thread_ts=${record.threadTs}&cid=${channel.id}` : '';
      const permalink = `${slack.baseUrl()}/archives/${channel.id}/p${record.ts.replace('.', '')}${thread}`;
      return { channel: channel.id, permalink };
    },
  },
};
