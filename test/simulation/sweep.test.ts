import { describe, expect, it } from 'vitest';
import { SWEPT, sweep } from './sweep.ts';

/** On a machine that is busy with other things; about 10 s on a quiet one. */
const TIMEOUT_MS = 240_000;

/** `npm run simulate` has every fault at every call; here each call meets one of them, and each fault a third of the calls. */
describe.each([
  { golden: 'rollouts', what: 'two versions to prod, and back', callsLeast: 300 },
  { golden: 'model and clean-up', what: 'a model approved, promoted and rejected, and all deleted', callsLeast: 200 },
] as const)('a golden life: $what', ({ golden, callsLeast }) => {
  it.each(SWEPT.map((fault, nth) => ({ fault, nth })))(
    'survives the fault $fault at every third call',
    async ({ fault, nth }) => {
      const { lives, calls, violations } = await sweep(golden, fault, (call) => call % SWEPT.length === nth);
      expect(violations).toEqual([]);
      expect(calls).toBeGreaterThan(callsLeast);
      expect(lives).toBeGreaterThan(callsLeast / SWEPT.length);
    },
    TIMEOUT_MS,
  );
});
