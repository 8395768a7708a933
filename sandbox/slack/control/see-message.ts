import type { FileRecord, MessageRecord } from '../records.ts';
import { renderText } from '../render-text.ts';
import type { Workspace } from '../workspace.ts';
import type { SeenFile, SeenMessage } from './slack-control.ts';

/** A message for the eyes of a person. */
export function seeMessage(workspace: Workspace, record: MessageRecord): SeenMessage {
  return {
    channel: record.channel,
    ts: record.ts,
    ...(record.threadTs ? { threadTs: record.threadTs } : {}),
    user: record.user,
    userName: workspace.user(record.user)?.name ?? record.user,
    text: record.text,
    blocks: structuredClone(record.blocks),
    ...(record.metadata ? { metadata: record.metadata } : {}),
    ephemeral: record.ephemeralTo !== undefined,
    ...(record.ephemeralTo ? { ephemeralTo: record.ephemeralTo } : {}),
    edited: record.editedTs !== undefined,
    deleted: record.deleted,
    earlier: structuredClone(record.earlier),
    fileIds: [...record.fileIds],
    reactions: structuredClone(record.reactions),
    rendered: renderText(record, namesOf(workspace)),
  };
}

/** How mentions are shown. */
export function namesOf(workspace: Workspace): (id: string) => string | undefined {
  return (id) => workspace.user(id)?.name ?? workspace.group(id)?.handle ?? workspace.channel(id)?.name;
}

export function seeFile(file: FileRecord): SeenFile {
  const bytes = Buffer.from(file.content ?? '', 'base64');
  return {
    id: file.id,
    name: file.name,
    title: file.title,
    channels: [...file.channels],
    bytes: bytes.length,
    text: bytes.toString('utf8'),
  };
}
