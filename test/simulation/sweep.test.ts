import { describe, expect, it } from 'vitest';
import { goldenLife, SWEPT } from './sweep.ts';
import { describeViolation } from './violations.ts';

/** On a machine that is busy with other things; about 15 s on a quiet one. */
const TIMEOUT_MS = 240_000;

describe('a golden life: two versions to prod, and back', () => {
  it.each(SWEPT)(
    'survives the fault %s at every single call',
    async (fault) => {
      const { life: quiet, calls } = await goldenLife(-1, 'none');
      expect(quiet.violations).toEqual([]);
      expect(calls).toBeGreaterThan(300);
      const broken: string[] = [];
      for (let at = 0; at < calls; at++) {
        const { life } = await goldenLife(at, fault);
        broken.push(...life.violations.map((v) => `at call ${at}: ${describeViolation(v)}`));
      }
      expect(broken).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
