import type { Rendered } from '../ports/channel.ts';
import type { CallFault } from './slack-call-fault.ts';

/** `text` of chat.update; the builders stay below it. */
const LONGEST_TEXT = 4_000;
const LONGEST_SECTION = 3_000;

/** Said with every message: nothing in it is turned into a mention or a link but what a builder wrote as one. */
const INERT = { parse: 'none', link_names: false, unfurl_links: false, unfurl_media: false } as const;

/** A message as the Web API takes it. Blocks and text always go together: an update without blocks removes them. */
export function wholeMessage(message: Rendered): Record<string, unknown> {
  return { text: message.text.slice(0, LONGEST_TEXT), blocks: message.blocks, ...INERT };
}

/**
 * The same in plain text, for when Slack refuses the blocks. An empty rich text block stays in, because Slack does not
 * let an update replace rich text by something without it.
 */
export function plainMessage(message: Rendered): Record<string, unknown> {
  const text = message.text.slice(0, LONGEST_TEXT);
  const shown = {
    type: 'section',
    text: { type: 'mrkdwn', text: text.slice(0, LONGEST_SECTION) || '–', verbatim: true },
  };
  const rich = {
    type: 'rich_text',
    elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: ' ' }] }],
  };
  return { text, blocks: [shown, rich], ...INERT };
}

/** Slack judged the content itself, so that other content may pass. */
export function isRefusedContent(fault: CallFault): boolean {
  return [
    'invalid_blocks',
    'invalid_blocks_format',
    'invalid_attachments',
    'msg_blocks_too_long',
    'msg_too_long',
    'block_mismatch',
  ].includes(fault.code);
}
