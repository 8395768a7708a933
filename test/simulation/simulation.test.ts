import { describe, expect, it } from 'vitest';
import { DIRECTED, isDirectedName } from './directed.ts';
import { live } from './life.ts';
import { mutantNamed } from './mutants.ts';
import { describeViolation } from './violations.ts';

/** On a machine that is busy with other things; `npm run simulate` goes further. */
const TIMEOUT_MS = 120_000;
const FIRST_SEED = 1;
const LIVES = 16;

/** Mutants that break most lives; for the rarer ones there is `npm run simulate`, whose seeds change with the core. */
const STRONG = [
  'unconditional-append',
  'unclear-append-won',
  'no-dedupe',
  'no-wait-for-an-open-intent',
  'landed-at-once',
  'announce-before-record',
  'no-clock-check-before-sending',
  'adopt-without-comparing',
  'approval-not-checked-again',
  'seal-not-read-again',
  'approvals-never-expire',
  'requester-approves-the-model',
  'rejection-voids-nothing',
  'changed-plan-carried-out',
  'proposer-confirms',
  'plans-blindly',
];
const LIVES_OF_A_MUTANT = 15;

describe('a life of three replicas under faults', () => {
  it(
    'breaks no promise, whatever the seed',
    async () => {
      for (let seed = FIRST_SEED; seed < FIRST_SEED + LIVES; seed++) {
        const life = await live({ seed });
        expect(life.violations.map(describeViolation), `seed ${seed}`).toEqual([]);
      }
    },
    TIMEOUT_MS,
  );

  it.each(Object.keys(DIRECTED).filter(isDirectedName))(
    'breaks no promise when it is the directed life %s',
    async (directed) => {
      const life = await live({ seed: FIRST_SEED, directed });
      expect(life.violations.map(describeViolation)).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    'is the same again for the same seed',
    async () => {
      const first = await live({ seed: FIRST_SEED });
      const second = await live({ seed: FIRST_SEED });
      expect(second.traceHash).toBe(first.traceHash);
      expect(second.stats).toEqual(first.stats);
    },
    TIMEOUT_MS,
  );

  it.each(STRONG)(
    'breaks soon with the mutant %s: the invariants can fail',
    async (name) => {
      const mutant = mutantNamed(name);
      for (let seed = FIRST_SEED; seed < FIRST_SEED + LIVES_OF_A_MUTANT; seed++) {
        const life = await live({ seed, mutant, directed: mutant.life, stopAtFirst: true });
        if (life.violations.length > 0) return;
      }
      expect.fail(`${name} survived ${LIVES_OF_A_MUTANT} lives`);
    },
    TIMEOUT_MS,
  );
});
