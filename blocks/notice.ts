import type { Rendered } from '../src/ports/channel.ts';
import type { Entry } from '../src/rollout/events.ts';
import { blocksOf, paragraph } from './block.ts';
import { eventLine } from './event-line.ts';
import { fallbackText } from './inline.ts';

/** What the channel is told of an entry that belongs to no card: locks and releases, smoke runs alone, adoptions. */
export function notice(entry: Entry): Rendered | null {
  const lines = entry.events.map(eventLine).filter((line) => line !== null);
  return lines.length === 0 ? null : { text: fallbackText(lines), blocks: blocksOf(paragraph(lines)) };
}
