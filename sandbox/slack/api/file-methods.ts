import { isJsonObject, type JsonObject } from '../json.ts';
import { postMessage } from '../post-message.ts';
import type { FileRecord } from '../records.ts';
import type { SlackParts } from '../slack-parts.ts';
import { wireFile } from '../wire-shapes.ts';
import type { ApiMethods } from './api-method.ts';
import type { CallArguments } from './call-arguments.ts';
import { findWritableChannel } from './find-channel.ts';
import { readMessage } from './read-message.ts';
import { invalidArguments, SlackApiError } from './slack-api-error.ts';

const uploading = { token: 'bot', scopes: ['files:write'], limit: 'tier4' } as const;

function beginUpload(args: CallArguments, slack: SlackParts): JsonObject {
  const name = args.requiredText('filename');
  const length = Number(args.requiredText('length'));
  if (!Number.isInteger(length) || length < 1) throw invalidArguments('invalid `length` [json-pointer:/length]');
  const { workspace } = slack;
  const file: FileRecord = {
    id: workspace.newId('F'),
    name,
    title: name,
    expectedBytes: length,
    uploadKey: workspace.newId('UP'),
    complete: false,
    channels: [],
    user: workspace.world.bot.userId,
    createdMs: workspace.now(),
  };
  workspace.state.files.push(file);
  workspace.touch();
  return { upload_url: `${slack.baseUrl()}/upload/${file.uploadKey}`, file_id: file.id };
}

function uploadedFile(entry: unknown, slack: SlackParts): FileRecord {
  const file = isJsonObject(entry) && typeof entry.id === 'string' ? slack.workspace.file(entry.id) : undefined;
  if (!file) throw new SlackApiError('file_not_found');
  if (file.content === undefined || file.complete) throw new SlackApiError('file_update_failed');
  if (isJsonObject(entry) && typeof entry.title === 'string') file.title = entry.title;
  return file;
}

function completeUpload(args: CallArguments, slack: SlackParts): JsonObject {
  const { workspace, settings } = slack;
  const entries = args.structure('files', 'invalid_arguments');
  if (!Array.isArray(entries) || entries.length === 0) throw invalidArguments('missing required field: files');
  const givenChannel = args.text('channel_id') ?? args.text('channels');
  const channel =
    givenChannel === undefined ? undefined : findWritableChannel(workspace, givenChannel, settings.scopes);
  const threadTs = args.text('thread_ts');
  if (threadTs !== undefined && !(channel && workspace.message(channel.id, threadTs))) {
    throw new SlackApiError('invalid_thread_ts');
  }
  const files = entries.map((entry) => uploadedFile(entry, slack));
  for (const file of files) file.complete = true;
  if (channel) {
    for (const file of files) file.channels.push(channel.id);
    const comment = args.text('initial_comment') ?? '';
    const content = args.all.blocks === undefined ? { text: comment, blocks: [], attachments: [] } : readMessage(args);
    const fileIds = files.map((file) => file.id);
    postMessage(workspace, content, { channel: channel.id, fileIds, ...(threadTs ? { threadTs } : {}) });
  }
  workspace.touch();
  return { files: files.map((file) => wireFile(file, slack.baseUrl())) };
}

export const FILE_METHODS: ApiMethods = {
  'files.getUploadURLExternal': { ...uploading, run: beginUpload },
  'files.completeUploadExternal': { ...uploading, run: completeUpload },
};
