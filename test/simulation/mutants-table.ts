import { readFileSync, writeFileSync } from 'node:fs';
import type { Caught } from './hunt.ts';
import { MUTANTS, type Mutant } from './mutants.ts';

const DOCUMENT = new URL('../../docs/reliability.md', import.meta.url);
const BEGIN = '<!-- mutants: written by `npm run simulate -- --hunt-mutants` -->';
const END = '<!-- /mutants -->';

/** What the last hunt found, as the documentation shows it. */
export function mutantsTable(found: Readonly<Record<string, Caught>>): string {
  const rows = MUTANTS.map((mutant) => rowOf(mutant, found[mutant.name]));
  return ['| mutant | what it leaves out | lives violated | first seed |', '| --- | --- | --- | --- |', ...rows].join(
    '\n',
  );
}

function rowOf(mutant: Mutant, caught: Caught | undefined): string {
  const { name, what, coveredBy, life } = mutant;
  const lives = caught === undefined ? '–' : `${caught.violating} of ${caught.lives}`;
  const seed = caught?.firstSeed ?? null;
  const where = life === undefined ? '' : ` of \`${life}\``;
  const found = seed === null ? '–' : `${seed}${where}`;
  return `| \`${name}\` | ${what} | ${lives} | ${coveredBy === undefined ? found : `second line: ${coveredBy}`} |`;
}

/** The table that stands in the documentation now. */
export function tableInDocument(): string {
  const [, after = ''] = readFileSync(DOCUMENT, 'utf8').split(BEGIN);
  return (after.split(END)[0] ?? '').trim();
}

export function writeTable(table: string): void {
  const text = readFileSync(DOCUMENT, 'utf8');
  const [before = '', after = ''] = text.split(BEGIN);
  writeFileSync(DOCUMENT, `${before}${BEGIN}\n${table}\n${END}${after.slice(after.indexOf(END) + END.length)}`);
}
