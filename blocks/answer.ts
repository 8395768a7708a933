import type { Rendered } from '../src/ports/channel.ts';
import type { Answer } from '../src/rollout/api.ts';
import { blocksOf, paragraph } from './block.ts';
import { fallbackText, type Line, text } from './inline.ts';
import { reasonLine } from './reason-line.ts';

/** What the core answered, for the eyes of whoever asked. */
export function answer(given: Answer): Rendered {
  const lines: Line[] = [[...opening(given), ...reasonLine(given.reason)]];
  if (given.kind === 'duplicate') lines.push([text('This very command had arrived before; nothing was done twice.')]);
  return { text: fallbackText(lines), blocks: blocksOf(paragraph(lines)) };
}

function opening({ kind }: Answer): Line {
  return kind === 'refused' ? [text('⛔ ')] : [];
}
