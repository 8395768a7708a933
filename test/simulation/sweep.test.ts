import { describe, expect, it } from 'vitest';
import { goldenLife, SWEPT } from './sweep.ts';
import { describeViolation } from './violations.ts';

/** On a machine that is busy with other things; about 15 s on a quiet one. */
const TIMEOUT_MS = 240_000;

describe.each([
  { golden: 'rollouts', what: 'two versions to prod, and back', callsLeast: 300 },
  { golden: 'model and clean-up', what: 'a model approved, promoted and rejected, and all deleted', callsLeast: 200 },
] as const)('a golden life: $what', ({ golden, callsLeast }) => {
  it.each(SWEPT)(
    'survives the fault %s at every single call',
    async (fault) => {
      const { life: quiet, calls } = await goldenLife(golden, -1, 'none');
      expect(quiet.violations).toEqual([]);
      expect(calls).toBeGreaterThan(callsLeast);
      const broken: string[] = [];
      for (let at = 0; at < calls; at++) {
        const { life } = await goldenLife(golden, at, fault);
        broken.push(...life.violations.map((v) => `at call ${at}: ${describeViolation(v)}`));
      }
      expect(broken).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
