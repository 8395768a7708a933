import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { live } from './life.ts';
import { liveMany } from './lives.ts';
import { MUTANTS, mutantNamed, NO_MUTATION } from './mutants.ts';
import { describeViolation } from './violations.ts';

/**
 * `node test/simulation/run.ts [--seeds N | --seconds S] [--from K] [--mutant NAME] [--hunt-mutants] [--trace]`
 *
 * Without `--hunt-mutants` each mutant is replayed with the seed that caught it first; the hunt finds those and writes
 * them down. `--trace` prints everything that happened in the life `--from`.
 */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string' },
    seconds: { type: 'string' },
    from: { type: 'string', default: '1' },
    mutant: { type: 'string', default: 'none' },
    'hunt-mutants': { type: 'boolean', default: false },
    trace: { type: 'boolean', default: false },
  },
});

const DEFAULT_SEEDS = 200;
/** Each mutant must be caught within this many lives. */
const HUNT_LIVES_MOST = 2_000;
/** Lives of each mutant that the published table counts. */
const TABLE_LIVES = 100;
const CAUGHT_FILE = new URL('./mutants-caught.json', import.meta.url);

interface Caught {
  readonly firstSeed: number | null;
  readonly lives: number;
  readonly violating: number;
  readonly by: Readonly<Record<string, number>>;
}

const from = Number(values.from);
if (values.trace) await showLife();
else await main();

async function showLife(): Promise<void> {
  const life = await live({ seed: from, mutation: mutantNamed(values.mutant), recording: true });
  console.log(life.lines.join('\n'));
  for (const violation of life.violations) console.log(describeViolation(violation));
  console.log(`Life ${from}: ${life.violations.length} violations, trace ${life.traceHash}.`);
  process.exitCode = life.violations.length === 0 ? 0 : 1;
}

async function main(): Promise<void> {
  const { lives, violating } = await liveOut(values.mutant);
  const asked = values.mutant !== NO_MUTATION.name;
  if (asked) return;
  const { caught, surviving } = values['hunt-mutants'] ? await hunt() : await replay();
  for (const name of surviving) console.log(`Mutant ${name} SURVIVED.`);
  console.log(`${lives} lives, ${violating} with violations, mutants caught ${caught} of ${caught + surviving.length}`);
  process.exitCode = violating > 0 || surviving.length > 0 ? 1 : 0;
}

async function liveOut(mutant: string): Promise<{ lives: number; violating: number }> {
  const startedMs = performance.now();
  const untilMs = values.seconds === undefined ? null : startedMs + Number(values.seconds) * 1_000;
  const most = Number(values.seeds ?? (untilMs === null ? DEFAULT_SEEDS : Number.POSITIVE_INFINITY));
  const totals = new Map<string, number>();
  const names = new Map<string, number[]>();
  let lives = 0;
  let violating = 0;
  await liveMany({
    mutant,
    from,
    stopAtFirst: mutant !== NO_MUTATION.name,
    more: (begun) => begun < most && (untilMs === null || performance.now() < untilMs),
    onLife(told) {
      lives++;
      for (const [key, value] of Object.entries({ ...told.stats, ...told.stats.injected })) {
        if (typeof value === 'number') totals.set(key, (totals.get(key) ?? 0) + value);
      }
      if (told.violations.length === 0) return;
      violating++;
      for (const name of new Set(told.violations.map((v) => v.name))) {
        names.set(name, [...(names.get(name) ?? []), told.seed]);
      }
      if (violating > 10) return;
      console.log(`Life ${told.seed} (trace ${told.traceHash}):`);
      for (const violation of told.violations.slice(0, 4)) console.log(`  ${describeViolation(violation)}`);
      const named = mutant === NO_MUTATION.name ? '' : ` --mutant ${mutant}`;
      console.log(`  again: node test/simulation/run.ts --trace --from ${told.seed}${named}`);
    },
  });
  const seconds = (performance.now() - startedMs) / 1_000;
  console.log(`${mutant}: ${lives} lives from ${from} in ${seconds.toFixed(0)} s (${(lives / seconds).toFixed(1)}/s)`);
  console.log([...totals].map(([key, value]) => `${key} ${Math.round(value)}`).join(', '));
  for (const [name, seeds] of names) console.log(`  ${name}: ${seeds.length} lives, ${seeds.slice(0, 12).join(' ')}`);
  return { lives, violating };
}

/** Each mutant's stored first seed again. */
async function replay(): Promise<{ caught: number; surviving: string[] }> {
  const stored = JSON.parse(readFileSync(CAUGHT_FILE, 'utf8')) as Record<string, Caught>;
  const surviving: string[] = [];
  let caught = 0;
  for (const mutation of MUTANTS.filter((m) => m.coveredBy === undefined)) {
    const seed = stored[mutation.name]?.firstSeed ?? null;
    const life = seed === null ? null : await live({ seed, mutation, stopAtFirst: true });
    if (life !== null && life.violations.length > 0) caught++;
    else surviving.push(mutation.name);
  }
  return { caught, surviving };
}

/** Looks for each mutant's first seed, and counts how many lives it breaks. */
async function hunt(): Promise<{ caught: number; surviving: string[] }> {
  const found: Record<string, Caught> = {};
  const surviving: string[] = [];
  for (const mutation of MUTANTS) {
    const by: Record<string, number> = {};
    const violating: number[] = [];
    let lives = 0;
    await liveMany({
      mutant: mutation.name,
      from,
      stopAtFirst: true,
      more: (begun) => begun < TABLE_LIVES || (violating.length === 0 && begun < HUNT_LIVES_MOST),
      onLife(told) {
        lives++;
        const name = told.violations[0]?.name;
        if (name === undefined) return;
        violating.push(told.seed);
        by[name] = (by[name] ?? 0) + 1;
      },
    });
    const firstSeed = violating.length === 0 ? null : Math.min(...violating);
    found[mutation.name] = { firstSeed, lives, violating: violating.length, by };
    if (firstSeed === null && mutation.coveredBy === undefined) surviving.push(mutation.name);
    console.log(`${mutation.name}: ${violating.length} of ${lives} lives, first ${firstSeed} ${JSON.stringify(by)}`);
  }
  writeFileSync(CAUGHT_FILE, `${JSON.stringify(found, null, 2)}\n`);
  const expected = MUTANTS.filter((m) => m.coveredBy === undefined).length;
  return { caught: expected - surviving.length, surviving };
}
