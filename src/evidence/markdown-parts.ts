import { REASON_CODES, type Reason, sentence } from '../rollout/reasons.ts';
import type { Summary } from './document.ts';

/** Pieces of Markdown in which text from outside stays text. */

export type Row = readonly string[];

const SPECIAL = /[\\`*_{}[\]<>()#|~!&]/g;

/** Text from outside, on one line, with nothing in it that Markdown or HTML would read. */
export function clean(text: string): string {
  return oneLine(text).replace(SPECIAL, (character) => `\\${character}`);
}

/** A name, an ARN or a digest. What could end the span or the cell is taken out. */
export function code(text: string): string {
  return `\`${oneLine(text).replaceAll('`', "'").replaceAll('|', '¦')}\``;
}

function oneLine(text: string): string {
  return text.replace(/\p{C}+/gu, ' ').trim();
}

export function section(title: string, content: string): string {
  return `## ${title}\n\n${content}`;
}

/** Cells are Markdown already. */
export function table(titles: Row, rows: readonly Row[]): string {
  if (rows.length === 0) return 'None.';
  const line = (cells: Row) => `| ${cells.join(' | ')} |`;
  return [line(titles), line(titles.map(() => '---')), ...rows.map(line)].join('\n');
}

export function optional(text: string | null): string {
  return text === null ? '–' : code(text);
}

/** The sentence of a reason; a code that this release does not know is shown as it is. */
export function because(reason: Summary['refusals'][number]['reason']): string {
  const known = REASON_CODES.find((each) => each === reason.code);
  if (known === undefined) return clean(reason.code);
  const whole: Reason = reason.params === undefined ? { code: known } : { code: known, params: reason.params };
  return clean(sentence(whole).replaceAll('`', ''));
}

/** Whoever asked for it. */
export function person(asked: Summary['askedBy']): string {
  return asked.id === null ? 'titanic' : `${asked.kind} ${clean(asked.id)}`;
}
