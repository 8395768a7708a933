import type { Alarms } from '../../src/ports/alarms.ts';
import type { CallReply } from '../../src/ports/endpoints.ts';
import type { PrepareResult } from '../../src/rollout/input.ts';
import { type AlarmSeen, known, type Reading, unknown } from '../../src/rollout/observation.ts';
import { reason } from '../../src/rollout/reasons.ts';
import { alarmsOf } from '../../src/rollout/strategy.ts';
import type { WonTrip } from '../../src/rollout/won-intent.ts';
import type { AlarmWorld } from './alarm-world.ts';
import { EPOCH_MS } from './machine.ts';
import type { CallOut } from './sim-log-store.ts';

const READ_TIMEOUT_MS = 20_000;
/** Longer than any wait of the core: whoever calls must abort. */
const SEND_TIMEOUT_MS = 600_000;
const TRIP_WEIGHT = 40;

export interface TripWatch {
  /** A kill switch is set, as its call lands. */
  trips(permission: WonTrip): void;
}

/** One process's view of CloudWatch's alarms. */
export function createSimAlarms(alarms: AlarmWorld, call: CallOut, watch: TripWatch): Alarms {
  return {
    prepare: ({ configName, plan }) =>
      call<PrepareResult>({
        name: 'alarms.prepare',
        detail: configName,
        weight: 4,
        timeoutMs: READ_TIMEOUT_MS,
        apply() {
          const own = alarmsOf(configName, { ...plan, named: [] });
          const created = own.filter((name) => alarms.stateOf(name) === null);
          for (const name of created) alarms.make(name);
          const made = created.map((name) => ({ what: 'alarm', arn: `arn:alarm/${name}`, requestId: null }));
          return { kind: 'prepared', created: made, adopted: own.filter((name) => !created.includes(name)) };
        },
        lost: (why) => ({ kind: 'later', why }),
        throttled: () => ({ kind: 'later', why: 'Throttling' }),
      }),
    read: (_environment, names) =>
      call<Reading<readonly AlarmSeen[]>>({
        name: 'alarms.read',
        detail: names.join(' '),
        weight: 2,
        timeoutMs: READ_TIMEOUT_MS,
        apply: () => known(names.map((name) => seenOf(alarms, name))),
        lost: (why) => unknown(why),
        throttled: () => unknown('Throttling'),
      }),
    trip: (permission, signal, stillFresh) =>
      call<CallReply>({
        name: 'alarms.trip',
        detail: permission.alarm,
        weight: TRIP_WEIGHT,
        timeoutMs: SEND_TIMEOUT_MS,
        abort: signal,
        heldBack: () => (stillFresh() ? null : { kind: 'not-sent', why: 'too late to be sent' }),
        apply() {
          watch.trips(permission);
          alarms.set(permission.alarm, 'ALARM');
          return { kind: 'accepted', requestId: null };
        },
        lost: (why) => ({ kind: 'unclear', why }),
        throttled: () => {
          const why = reason('call-refused', { words: 'Rate exceeded' });
          return { kind: 'refused', requestId: null, reason: why, retryable: true };
        },
      }),
  };
}

function seenOf(alarms: AlarmWorld, name: string): AlarmSeen {
  const state = alarms.stateOf(name);
  if (state === null) return { name, state: 'missing', why: null, since: null };
  return { name, state, why: null, since: new Date(EPOCH_MS + alarms.sinceMs(name)).toISOString() };
}
