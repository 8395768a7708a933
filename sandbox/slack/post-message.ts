import type { MessageContent } from './api/read-message.ts';
import type { MessageRecord } from './records.ts';
import type { Workspace } from './workspace.ts';

interface Placement {
  channel: string;
  threadTs?: string;
  ephemeralTo?: string;
  replyBroadcast?: boolean;
  fileIds?: string[];
  /** Who wrote it; default: the bot. */
  user?: string;
}

/** Adds a message to the workspace. The content must have been judged before. */
export function postMessage(workspace: Workspace, content: MessageContent, where: Placement): MessageRecord {
  const { bot } = workspace.world;
  const user = where.user ?? bot.userId;
  const record: MessageRecord = {
    channel: where.channel,
    ts: workspace.newTs(),
    ...(where.threadTs ? { threadTs: where.threadTs } : {}),
    user,
    ...(user === bot.userId ? { botId: bot.botId } : {}),
    text: content.text,
    blocks: content.blocks,
    attachments: content.attachments,
    ...(content.metadata ? { metadata: content.metadata } : {}),
    ...(where.ephemeralTo ? { ephemeralTo: where.ephemeralTo } : {}),
    replyBroadcast: where.replyBroadcast ?? false,
    deleted: false,
    earlier: [],
    fileIds: where.fileIds ?? [],
    reactions: [],
  };
  workspace.state.messages.push(record);
  workspace.touch();
  return record;
}

/** Replaces a message's content and keeps what it said before. */
export function replaceMessage(workspace: Workspace, record: MessageRecord, content: MessageContent): void {
  record.earlier.push({ atMs: workspace.now(), text: record.text, blocks: record.blocks });
  record.text = content.text;
  record.blocks = content.blocks;
  record.attachments = content.attachments;
  if (content.metadata) record.metadata = content.metadata;
  // Slack writes "(edited)" only under an update without blocks.
  if (content.blocks.length === 0) record.editedTs = `${Math.floor(workspace.now() / 1000)}.000000`;
  workspace.touch();
}
