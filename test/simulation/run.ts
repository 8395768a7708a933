import { parseArgs } from 'node:util';
import { DIRECTED, type DirectedName, isDirectedName } from './directed.ts';
import { hunt, replay } from './hunt.ts';
import { live } from './life.ts';
import { liveMany } from './lives.ts';
import { mutantNamed, NO_MUTANT } from './mutants.ts';
import { GOLDENS, SWEPT, sweep } from './sweep.ts';
import { describeViolation } from './violations.ts';

/**
 * `node test/simulation/run.ts [--seeds N | --seconds S] [--from K] [--life NAME] [--mutant NAME] [--hunt-mutants]
 * [--trace]`
 *
 * Lives of chance, a few of each directed life, golden lives with every fault at every call, and each mutant with the seed that caught it first. `--hunt-mutants`
 * looks for those seeds and writes them down, with `--mutant` for that one only. `--life` lives one directed life only, `--mutant` one mutant only.
 * `--trace` prints everything that happened in the life `--from`.
 */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string' },
    seconds: { type: 'string' },
    from: { type: 'string', default: '1' },
    life: { type: 'string' },
    mutant: { type: 'string', default: NO_MUTANT.name },
    'hunt-mutants': { type: 'boolean', default: false },
    trace: { type: 'boolean', default: false },
  },
});

const DEFAULT_SEEDS = 200;
/** Of each directed life, without a mutant. */
const DIRECTED_SEEDS = 6;
/** Violating lives that are told one by one. */
const TOLD_MOST = 10;

interface Sum {
  readonly lives: number;
  readonly violating: number;
}

const from = Number(values.from);
const life = directedNamed(values.life);
if (values.trace) await showLife();
else await main();

async function showLife(): Promise<void> {
  const lived = await live({ seed: from, mutant: mutantNamed(values.mutant), directed: life, recording: true });
  console.log(lived.lines.join('\n'));
  for (const violation of lived.violations) console.log(describeViolation(violation));
  console.log(`Life ${from}: ${lived.violations.length} violations, trace ${lived.traceHash}.`);
  process.exitCode = lived.violations.length === 0 ? 0 : 1;
}

async function main(): Promise<void> {
  if (values['hunt-mutants'] && values.mutant !== NO_MUTANT.name) {
    await hunt(from, values.mutant);
    return;
  }
  const untilMs = values.seconds === undefined ? null : performance.now() + Number(values.seconds) * 1_000;
  const most = Number(values.seeds ?? (untilMs === null ? DEFAULT_SEEDS : Number.POSITIVE_INFINITY));
  const chance = await liveOut(life, (begun) => begun < most && (untilMs === null || performance.now() < untilMs));
  if (life !== undefined || values.mutant !== NO_MUTANT.name) {
    process.exitCode = chance.violating > 0 ? 1 : 0;
    return;
  }
  const sums = [chance];
  for (const name of Object.keys(DIRECTED).filter(isDirectedName)) {
    sums.push(await liveOut(name, (begun) => begun < DIRECTED_SEEDS));
  }
  sums.push(await sweepAll());
  const { caught, surviving } = values['hunt-mutants'] ? await hunt(from, null) : await replay();
  for (const name of surviving) console.log(`Mutant ${name} SURVIVED.`);
  const total = (key: keyof Sum) => sums.reduce((sum, s) => sum + s[key], 0);
  const mutants = `mutants caught ${caught} of ${caught + surviving.length}`;
  console.log(`${total('lives')} lives, ${total('violating')} with violations, ${mutants}`);
  process.exitCode = total('violating') > 0 || surviving.length > 0 ? 1 : 0;
}

/** Golden lives with every fault at every call. */
async function sweepAll(): Promise<Sum> {
  const startedMs = performance.now();
  const sum = { lives: 0, violating: 0 };
  for (const golden of GOLDENS) {
    for (const fault of SWEPT) {
      const { lives, violations } = await sweep(golden, fault);
      sum.lives += lives;
      sum.violating += violations.length;
      for (const violation of violations.slice(0, TOLD_MOST)) console.log(violation);
    }
  }
  console.log(`golden lives: ${sum.lives} in ${((performance.now() - startedMs) / 1_000).toFixed(0)} s`);
  return sum;
}

async function liveOut(directed: DirectedName | undefined, more: (begun: number) => boolean): Promise<Sum> {
  const { mutant } = values;
  const startedMs = performance.now();
  const totals = new Map<string, number>();
  const names = new Map<string, number[]>();
  let lives = 0;
  let violating = 0;
  await liveMany({
    mutant,
    from,
    directed,
    stopAtFirst: mutant !== NO_MUTANT.name,
    more,
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
      if (violating > TOLD_MOST) return;
      console.log(`Life ${told.seed} (trace ${told.traceHash}):`);
      for (const violation of told.violations.slice(0, 4)) console.log(`  ${describeViolation(violation)}`);
      console.log(`  again: npm run simulate -- --trace --from ${told.seed}${namedAgain(directed)}`);
    },
  });
  const seconds = (performance.now() - startedMs) / 1_000;
  const what = [directed ?? 'chance', ...(mutant === NO_MUTANT.name ? [] : [mutant])].join(', ');
  console.log(`${what}: ${lives} lives from ${from} in ${seconds.toFixed(0)} s (${(lives / seconds).toFixed(1)}/s)`);
  console.log(`  ${[...totals].map(([key, value]) => `${key} ${Math.round(value)}`).join(', ')}`);
  for (const [name, seeds] of names) console.log(`  ${name}: ${seeds.length} lives, ${seeds.slice(0, 12).join(' ')}`);
  return { lives, violating };
}

function namedAgain(directed: DirectedName | undefined): string {
  const mutant = values.mutant === NO_MUTANT.name ? '' : ` --mutant ${values.mutant}`;
  return `${directed === undefined ? '' : ` --life ${directed}`}${mutant}`;
}

function directedNamed(name: string | undefined): DirectedName | undefined {
  if (name === undefined || isDirectedName(name)) return name;
  throw new Error(`No directed life is called ${name}. There are: ${Object.keys(DIRECTED).join(', ')}`);
}
