import { adviceWords, NEVER_BY_ITSELF } from '../src/cost/recommendation-words.ts';
import type { ServiceAdvice } from '../src/cost/recommendations.ts';
import type { Rendered } from '../src/ports/channel.ts';
import { blocksOf, context, header, paragraph } from './block.ts';
import { bold, fallbackText, type Line, text } from './inline.ts';
import { PIECES } from './limits.ts';

/** What the endpoints of a service would do with, by their load. `isMonthly`: nobody asked. */
export function recommendation(advice: ServiceAdvice, isMonthly = false): Rendered {
  const title = `${advice.service}: ${isMonthly ? 'this month’s look at its size' : 'right-sizing'}`;
  const lines = advice.environments.flatMap((one): readonly Line[] => {
    const words = adviceWords(one, advice);
    const runs = words.runs === null ? '' : `${words.runs}: `;
    return [
      [bold(`${words.environment} `), text(`${runs}${words.advice}`, PIECES.words)],
      ...words.lines.map((line): Line => [text(`  ${line}`, PIECES.words)]),
    ];
  });
  return {
    text: fallbackText([[text(title)], ...lines, [text(NEVER_BY_ITSELF)]]),
    blocks: blocksOf(header(title), paragraph(lines), context(NEVER_BY_ITSELF)),
  };
}
