import { describe, expect, it } from 'vitest';
import { live } from './life.ts';
import { mutantNamed } from './mutants.ts';
import { goldenLife, SWEPT } from './sweep.ts';
import { describeViolation } from './violations.ts';

/** Together these stay below 30 s; `npm run simulate` takes longer and goes further. */
const LIVES_BUDGET_MS = 8_000;
const SWEEP_BUDGET_MS = 14_000;
const FIRST_SEED = 1;
/** The same lives on every machine, however fast; more of them are for `npm run simulate`. */
const LIVES_MOST = 60;

/** Mutants that break most lives; the rarer ones are for `npm run simulate`, whose seeds change with the core. */
const STRONG = ['unconditional-append', 'unclear-append-won', 'landed-at-once', 'smoke-without-limit', 'quorum-of-one'];
const LIVES_OF_A_MUTANT = 12;

describe('a life of three replicas under faults', () => {
  it('breaks no promise, whatever the seed', async () => {
    const untilMs = performance.now() + LIVES_BUDGET_MS;
    let lives = 0;
    for (let seed = FIRST_SEED; seed < FIRST_SEED + LIVES_MOST && performance.now() < untilMs; seed++) {
      const life = await live({ seed });
      expect(life.violations.map(describeViolation), `seed ${seed}`).toEqual([]);
      lives++;
    }
    expect(lives).toBeGreaterThan(0);
  }, 40_000);

  it('is the same again for the same seed', async () => {
    const first = await live({ seed: FIRST_SEED });
    const second = await live({ seed: FIRST_SEED });
    expect(second.traceHash).toBe(first.traceHash);
    expect(second.stats).toEqual(first.stats);
  }, 20_000);

  it.each(STRONG)(
    'breaks soon with the mutant %s: the invariants can fail',
    async (name) => {
      const mutant = mutantNamed(name);
      for (let seed = FIRST_SEED; seed < FIRST_SEED + LIVES_OF_A_MUTANT; seed++) {
        const life = await live({ seed, mutant, stopAtFirst: true });
        if (life.violations.length > 0) return;
      }
      expect.fail(`${name} survived ${LIVES_OF_A_MUTANT} lives`);
    },
    40_000,
  );
});

describe('a golden life', () => {
  it('survives a crash before, a crash after and a lost reply at every call', async () => {
    const golden = await goldenLife(-1, 'none');
    expect(golden.life.violations).toEqual([]);
    const broken: string[] = [];
    const untilMs = performance.now() + SWEEP_BUDGET_MS;
    let played = 0;
    // Every call is met once by each fault; a slow machine gets through fewer of them, spread over the whole life.
    const stride = 97;
    for (let i = 0; i < golden.calls * SWEPT.length && performance.now() < untilMs; i++) {
      const at = (i * stride) % (golden.calls * SWEPT.length);
      const fault = SWEPT[at % SWEPT.length] ?? 'none';
      const { life } = await goldenLife(Math.floor(at / SWEPT.length), fault);
      played++;
      for (const v of life.violations)
        broken.push(`${fault} at call ${Math.floor(at / SWEPT.length)}: ${describeViolation(v)}`);
    }
    expect(broken).toEqual([]);
    expect(played).toBeGreaterThan(100);
  }, 60_000);
});
