import type { Environment } from '../rollout/candidate.ts';
import type { Reading } from '../rollout/observation.ts';

/** One comparison of the record with AWS. `unknown`: it could not be made, which is neither good nor bad. */
export interface Check {
  /** What is compared: `config`, `tags of the endpoint`, `criterion: gate` … */
  readonly name: string;
  /** null: it is about the service as a whole. */
  readonly environment: Environment | null;
  readonly status: 'ok' | 'different' | 'unknown';
  readonly expected: string;
  readonly found: string;
  /** What to do; null where all is well. */
  readonly todo: string | null;
}

type About = Pick<Check, 'name' | 'environment'>;

export function ok(about: About, expected: string, found = expected): Check {
  return { ...about, status: 'ok', expected, found, todo: null };
}

export function different(about: About, expected: string, found: string, todo: string): Check {
  return { ...about, status: 'different', expected, found, todo };
}

export function notKnown(about: About, expected: string, why: string): Check {
  const todo = 'Verify again; if it stays so, compare the permissions of whoever verifies with infra/.';
  return { ...about, status: 'unknown', expected, found: `cannot be read: ${why}`, todo };
}

/** Equal or different, and unknown where it could not be read. */
export function equal(about: About, expected: string, found: Reading<string>, todo: string): Check {
  if (found.kind === 'unknown') return notKnown(about, expected, found.why);
  return found.value === expected ? ok(about, expected) : different(about, expected, found.value, todo);
}
