import { BLOCK_LIMITS } from '../blocks/limits.ts';
import { countedCharacters, validateBlocks } from '../blocks/validate-blocks.ts';
import { fillIds } from '../fill-ids.ts';
import { isJsonObject, type JsonObject, objectsOf } from '../json.ts';
import type { CallArguments } from './call-arguments.ts';
import { refuseProblems, SlackApiError } from './slack-api-error.ts';

/** Attachments of one message; source: the method reference. */
const MAX_ATTACHMENTS = 100;
/** Slack cuts longer text silently; here it is an error, because a cut approval text misleads. */
const MAX_TEXT_CHARACTERS = 40_000;
/** Not published. Small enough to notice a message that carries a whole record. */
const MAX_METADATA_CHARACTERS = 8_000;

export interface MessageContent {
  text: string;
  blocks: JsonObject[];
  attachments: JsonObject[];
  metadata?: JsonObject;
}

/**
 * Reads and judges what a message is to hold.
 * @throws `no_text`, `invalid_blocks_format`, `invalid_blocks`, `msg_blocks_too_long`, `msg_too_long`,
 *   `too_many_attachments`, `markdown_text_conflict`, `invalid_metadata_format` or `metadata_too_large`
 */
export function readMessage(args: CallArguments, maxTextCharacters = MAX_TEXT_CHARACTERS): MessageContent {
  const markdown = args.text('markdown_text');
  const text = args.text('text') ?? '';
  const rawBlocks = args.structure('blocks', 'invalid_blocks_format');
  const rawAttachments = args.structure('attachments', 'invalid_attachments');
  if (markdown !== undefined && (text !== '' || rawBlocks !== undefined))
    throw new SlackApiError('markdown_text_conflict');
  if (markdown !== undefined && markdown.length > BLOCK_LIMITS.markdownPerMessage)
    throw new SlackApiError('msg_too_long');
  if (rawBlocks !== undefined && rawBlocks !== null && !Array.isArray(rawBlocks)) {
    throw new SlackApiError('invalid_blocks_format');
  }
  if (rawAttachments !== undefined && rawAttachments !== null && !Array.isArray(rawAttachments)) {
    throw new SlackApiError('invalid_attachments');
  }
  const given = markdown === undefined ? (rawBlocks ?? []) : [{ type: 'markdown', text: markdown }];
  refuseProblems('invalid_blocks', validateBlocks(given, 'message'));
  const blocks = objectsOf(given);
  const attachments = objectsOf(rawAttachments);
  if (attachments.length > MAX_ATTACHMENTS) throw new SlackApiError('too_many_attachments');
  attachments.forEach((attachment, index) => {
    if (attachment.blocks === undefined) return;
    refuseProblems('invalid_attachments', validateBlocks(attachment.blocks, 'message', `/attachments/${index}/blocks`));
  });
  if (countedCharacters(blocks) > BLOCK_LIMITS.messageCharacters) throw new SlackApiError('msg_blocks_too_long');
  if (text.length > maxTextCharacters) throw new SlackApiError('msg_too_long');
  if (text.trim() === '' && blocks.length === 0 && attachments.length === 0) throw new SlackApiError('no_text');
  const metadata = readMetadata(args);
  return { text, blocks: fillIds(blocks), attachments, ...(metadata ? { metadata } : {}) };
}

function readMetadata(args: CallArguments): JsonObject | undefined {
  const metadata = args.object('metadata', 'invalid_metadata_format');
  if (metadata === undefined || Object.keys(metadata).length === 0) return metadata;
  const { event_type: eventType, event_payload: payload } = metadata;
  if (typeof eventType !== 'string' || eventType === '' || !isJsonObject(payload)) {
    throw new SlackApiError('invalid_metadata_format');
  }
  for (const value of Object.values(payload)) {
    const nested = isJsonObject(value) ? Object.values(value) : [];
    if (nested.some(isJsonObject)) throw new SlackApiError('invalid_metadata_format');
  }
  if (JSON.stringify(metadata).length > MAX_METADATA_CHARACTERS) throw new SlackApiError('metadata_too_large');
  return metadata;
}
