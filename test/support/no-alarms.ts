import type { Alarms } from '../../src/ports/alarms.ts';
import type { Fleets } from '../../src/ports/fleets.ts';
import { unknown } from '../../src/rollout/observation.ts';

/** For tests of everything else: nothing is guarded, so none of this is asked for. */
export const NO_ALARMS: Alarms = {
  prepare: async () => ({ kind: 'later', why: 'not in this test' }),
  read: async () => unknown('not in this test'),
  trip: async () => ({ kind: 'not-sent', why: 'not in this test' }),
};

export const NO_FLEETS: Fleets = {
  compare: async () => unknown('not in this test'),
  requests: async () => unknown('not in this test'),
};
