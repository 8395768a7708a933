import { abortAfter } from './abort-after.ts';
import { type ServiceWork, settle } from './commit.ts';
import type { Effect } from './input.ts';
import type { WonTrip } from './won-intent.ts';

/** An emergency waits for no slow reply: after this it is set again. Milliseconds. */
const TRIP_TIMEOUT_MS = 5_000;

/**
 * Sets the kill switch of a running change. The record is not read once more before: whatever else was decided
 * meanwhile, the switch belongs to this change alone, and one that is over heeds it no more. For the same reason a
 * replica that is stopping still does it.
 */
export async function trip(
  work: ServiceWork,
  { environment, intent }: Extract<Effect, { kind: 'trip' }>,
  permission: WonTrip,
  startedAtMs: number,
): Promise<void> {
  const { deps, runtime } = work;
  const { freshMs } = runtime.settings.times;
  const stillFresh = () => deps.clock.elapsedMs() - startedAtMs <= freshMs;
  const abort = new AbortController();
  const done = new AbortController();
  void abortAfter(deps.clock, TRIP_TIMEOUT_MS, abort, done.signal);
  const reply = await deps.alarms.trip(permission, abort.signal, stillFresh);
  done.abort();
  switch (reply.kind) {
    case 'accepted':
    case 'refused':
      return settle(work, { kind: 'kill-switch-decided', environment, intent, outcome: reply });
    case 'not-sent': {
      const outcome = { kind: 'withdrawn', why: reply.why } as const;
      return settle(work, { kind: 'kill-switch-decided', environment, intent, outcome });
    }
    case 'unclear':
      deps.log.warn(
        { service: runtime.settings.service, environment, intent, why: reply.why },
        'the kill switch has no known outcome; it is set again',
      );
      return;
    default: {
      const never: never = reply;
      throw new Error(`Unknown reply ${JSON.stringify(never)}`);
    }
  }
}
