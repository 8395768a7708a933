import type { Cleaner } from '../../src/ports/cleaner.ts';
import type { Inventory } from '../../src/ports/inventory.ts';
import type { RegistryDecisions } from '../../src/ports/registry-decisions.ts';
import { unknown } from '../../src/rollout/observation.ts';

/** For tests of everything else: nothing can be listed, so nothing is ever cleaned up. */
export const NO_INVENTORY: Inventory = {
  list: async () => unknown('not in this test'),
  users: async () => unknown('not in this test'),
  tags: async () => unknown('not in this test'),
  remove: async () => ({ kind: 'refused', why: 'not in this test', retryable: false, requestId: null }),
};
export const NO_CLEANER: Cleaner = { plan: async () => unknown('not in this test'), foreign: () => 'not in this test' };

/** The registry takes everything. */
export const WILLING_REGISTRY: RegistryDecisions = {
  decide: async () => ({ kind: 'accepted', requestId: null }),
  setStage: async () => null,
};
