import type { Prices } from '../src/cost/prices.ts';
import type { Rendered } from '../src/ports/channel.ts';
import type { Entry } from '../src/rollout/events.ts';
import { blocksOf, paragraph } from './block.ts';
import { eventLine } from './event-line.ts';
import { bold, fallbackText, type Line } from './inline.ts';

/**
 * What the channel is told of an entry that belongs to no card: locks and releases, smoke runs alone, adoptions, and
 * that staging is stopped.
 * `service`: named where the channel hears of several; null: there is only one.
 */
export function notice(entry: Entry, service: string | null, prices: Prices | null = null): Rendered | null {
  const told = entry.events.map((event) => eventLine(event, prices)).filter((line) => line !== null);
  const lines = told.map((line): Line => (service === null ? line : [bold(`${service} `), ...line]));
  return lines.length === 0 ? null : { text: fallbackText(lines), blocks: blocksOf(paragraph(lines)) };
}
