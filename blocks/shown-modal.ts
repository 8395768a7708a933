import type { Rendered } from '../src/ports/channel.ts';
import { blocksOf, paragraph } from './block.ts';
import { SHOWN_VIEW } from './ids.ts';
import { type Line, text } from './inline.ts';
import { LIMITS } from './limits.ts';
import { type Modal, shownModal } from './modal.ts';

/** What a modal shows until its answer is there. */
export function workingModal(): Modal {
  const lines: readonly Line[] = [[text('One moment…')]];
  return shownModal(SHOWN_VIEW, 'titanic', blocksOf(paragraph(lines)));
}

/** An answer to somebody who was not in a channel. Slack shows no tables in modals, so one with a table is shown as text. */
export function answerModal({ text: words, blocks }: Rendered): Modal {
  const plain = {
    type: 'section',
    text: { type: 'mrkdwn', text: words.slice(0, LIMITS.sectionText) || '–', verbatim: true },
  };
  const isTable = (block: object) => 'type' in block && block.type === 'table';
  return shownModal(SHOWN_VIEW, 'titanic', blocks.some(isTable) ? [plain] : blocks);
}
