import type { Rendered } from '../src/ports/channel.ts';
import type { Actor, Entry } from '../src/rollout/events.ts';
import { sentence } from '../src/rollout/reasons.ts';
import { blocksOf, type Cell, context, header, table } from './block.ts';
import { fallbackText, type Line, person, text } from './inline.ts';
import { utc } from './when.ts';

/** The record of one rollout: each entry with its place in the chain. */
export function evidenceTable(id: string, entries: readonly Entry[]): Rendered {
  const rows = entries.map((entry): Cell[] => [
    String(entry.seq),
    utc(entry.at),
    actorLine(entry.actor),
    whatWords(entry),
    entry.hash.slice(0, 12),
  ]);
  const title = `Record of ${id}`;
  const closing = `${entries.length} ${entries.length === 1 ? 'entry' : 'entries'}. Each hash covers the entry and the hash before it. As a file, with the whole hashes: npx titanic evidence export ${id}`;
  const lines = entries.map(
    (entry): Line => [text(`${entry.seq} ${utc(entry.at)} `), ...actorLine(entry.actor), text(` ${whatWords(entry)}`)],
  );
  return {
    text: fallbackText([[text(title)], ...lines]),
    blocks: blocksOf(
      header(title),
      table(
        [
          { title: '#', align: 'right' },
          { title: 'When' },
          { title: 'Who' },
          { title: 'What', wrapped: true },
          { title: 'Hash' },
        ],
        rows,
        160,
      ),
      context(closing),
    ),
  };
}

function actorLine(actor: Actor): Line {
  return actor.kind === 'titanic' ? [text('titanic')] : [person(actor.id)];
}

function whatWords(entry: Entry): string {
  const types = entry.events.map((event) => event.type).join(', ');
  return entry.reason === null ? types : `${types}: ${sentence(entry.reason)}`;
}
