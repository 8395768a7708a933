import type { Environment } from '../src/rollout/candidate.ts';
import type { Hold } from '../src/rollout/state.ts';
import { at, bold, code, type Line, person, text } from './inline.ts';
import { firstOf, PIECES } from './limits.ts';

/** Who holds an environment, why, until when, and what releases it. */
export function holdLines(environment: Environment, holds: readonly Hold[]): readonly Line[] {
  const { shown, more } = firstOf(holds, PIECES.listed);
  const lines: Line[] = shown.map((hold) => [
    bold(`${environment} is held`),
    text(' by '),
    hold.by === null ? text('titanic') : person(hold.by),
    text(': '),
    text(hold.reason, PIECES.reason),
    ...(hold.until === null ? [] : [text(', until '), at(hold.until)]),
  ]);
  if (more > 0) lines.push([text(`… +${more}`)]);
  if (lines.length > 0) lines.push([text('Released by '), code(`/titanic unlock ${environment} -- reason`)]);
  return lines;
}
