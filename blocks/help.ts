import type { Rendered } from '../src/ports/channel.ts';
import { blocksOf, paragraph } from './block.ts';
import { code, fallbackText, type Line, text } from './inline.ts';
import { firstOf } from './limits.ts';

const MOST_LINES = 40;

function usageLines(usage: readonly string[]): readonly Line[] {
  const { shown, more } = firstOf(usage, MOST_LINES);
  const lines: Line[] = shown.map(usageLine);
  return more === 0 ? lines : [...lines, [text(`… +${more}`)]];
}

/** All that can be asked for, or what one verb takes. */
export function help(usage: readonly string[]): Rendered {
  const lines = usageLines(usage);
  return { text: fallbackText(lines), blocks: blocksOf(paragraph(lines)) };
}

/** Words that were not understood: what, the nearest that would be, and that nothing was done. */
export function usageProblem(message: string, usage: readonly string[]): Rendered {
  const lines = [[text(`${message} `, 600), text('Nothing was done.')], ...usageLines(usage)];
  return { text: fallbackText(lines), blocks: blocksOf(paragraph(lines)) };
}

/** `deploy staging …: starts a rollout`: what is typed stands out from what it does. */
function usageLine(line: string): Line {
  const colon = line.indexOf(': ');
  return colon < 0 ? [text(line)] : [code(line.slice(0, colon)), text(line.slice(colon))];
}
