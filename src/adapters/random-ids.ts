import { randomBytes } from 'node:crypto';
import type { Ids } from '../ports/ids.ts';

const ID_BYTES = 16;

/** Ids from the system's cryptographic source, jitter from the ordinary one. */
export function createRandomIds(): Ids {
  return {
    random: () => randomBytes(ID_BYTES).toString('hex'),
    fraction: () => Math.random(),
  };
}
