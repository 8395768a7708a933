import type { Rendered } from '../src/ports/channel.ts';
import { blocksOf, context, paragraph } from './block.ts';
import { fallbackText, type Line, link, text } from './inline.ts';

/** What an orphan or outdated card is settled with: no buttons, and the way to the one that lives. */
export function oldCard(id: string, permalink: string | null): Rendered {
  const way: Line =
    permalink === null
      ? [text('See the newest card of it in this channel.')]
      : [link(permalink, 'The card that is kept up to date')];
  const lines: readonly Line[] = [[text(`This card of ${id} is not kept up to date. `), ...way]];
  return { text: fallbackText(lines), blocks: blocksOf(paragraph(lines), context(id)) };
}
