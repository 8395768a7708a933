import { readFileSync, writeFileSync } from 'node:fs';
import { live } from './life.ts';
import { liveMany } from './lives.ts';
import { MUTANTS, type Mutant } from './mutants.ts';
import { mutantsTable, writeTable } from './mutants-table.ts';

/** What the last hunt found about one mutant. */
export interface Caught {
  readonly firstSeed: number | null;
  readonly lives: number;
  readonly violating: number;
  readonly by: Readonly<Record<string, number>>;
}

export interface Bag {
  readonly caught: number;
  /** Mutants that should have been caught and were not. */
  readonly surviving: readonly string[];
}

/** Each mutant must be caught within this many lives. */
const LIVES_MOST = 2_000;
/** Lives of each mutant that the published table counts at least. */
const TABLE_LIVES = 60;
const CAUGHT_FILE = new URL('./mutants-caught.json', import.meta.url);

export function lastHunt(): Readonly<Record<string, Caught>> {
  return JSON.parse(readFileSync(CAUGHT_FILE, 'utf8')) as Record<string, Caught>;
}

const firstLine = (m: Mutant) => m.coveredBy === undefined;

/** Each mutant's stored first seed again. */
export async function replay(): Promise<Bag> {
  const stored = lastHunt();
  const surviving: string[] = [];
  for (const mutant of MUTANTS.filter(firstLine)) {
    const seed = stored[mutant.name]?.firstSeed ?? null;
    const lived = seed === null ? null : await live({ seed, mutant, directed: mutant.life, stopAtFirst: true });
    if (lived === null || lived.violations.length === 0) surviving.push(mutant.name);
  }
  return { caught: MUTANTS.filter(firstLine).length - surviving.length, surviving };
}

/** Looks for each mutant's first seed, or for one's, counts how many lives it breaks, and writes both down. */
export async function hunt(from: number, only: string | null): Promise<Bag> {
  const found: Record<string, Caught> = only === null ? {} : { ...lastHunt() };
  for (const mutant of MUTANTS.filter((m) => only === null || m.name === only)) {
    found[mutant.name] = await huntOne(mutant, from);
    console.log(`${mutant.name}: ${JSON.stringify(found[mutant.name])}`);
  }
  writeFileSync(CAUGHT_FILE, `${JSON.stringify(found, null, 2)}\n`);
  writeTable(mutantsTable(found));
  const expected = MUTANTS.filter(firstLine).map((m) => m.name);
  const surviving = expected.filter((name) => found[name]?.firstSeed == null);
  return { caught: expected.length - surviving.length, surviving };
}

async function huntOne(mutant: Mutant, from: number): Promise<Caught> {
  const by: Record<string, number> = {};
  const violating: number[] = [];
  const most = firstLine(mutant) ? LIVES_MOST : TABLE_LIVES;
  let lives = 0;
  await liveMany({
    mutant: mutant.name,
    from,
    directed: mutant.life,
    stopAtFirst: true,
    more: (begun) => begun < TABLE_LIVES || (violating.length === 0 && begun < most),
    onLife(told) {
      lives++;
      const name = told.violations[0]?.name;
      if (name === undefined) return;
      violating.push(told.seed);
      by[name] = (by[name] ?? 0) + 1;
    },
  });
  return { firstSeed: violating.length === 0 ? null : Math.min(...violating), lives, violating: violating.length, by };
}
