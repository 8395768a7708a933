import { momentOf, type WrittenTime } from '../src/calendar.ts';
import type { Clock } from '../src/ports/clock.ts';
import type { Directory } from '../src/ports/directory.ts';
import { type Reason, reason } from '../src/rollout/reasons.ts';

/** A time as somebody wrote it, in the time zone that they have set in Slack. */
export type ChosenTime = (
  person: string,
  written: WrittenTime,
) => Promise<{ readonly kind: 'moment'; readonly ms: number } | { readonly kind: 'unclear'; readonly reason: Reason }>;

export function createChosenTime(deps: {
  readonly directory: Pick<Directory, 'person'>;
  readonly clock: Pick<Clock, 'nowMs'>;
}): ChosenTime {
  return async (person, written) => {
    if (written.kind === 'instant') return { kind: 'moment', ms: written.ms };
    const seen = await deps.directory.person(person);
    const timeZone = seen.kind === 'known' ? seen.value.timeZone : null;
    // A wrong guess would touch prod at a wrong hour.
    if (timeZone === null) return { kind: 'unclear', reason: reason('time-zone-unknown') };
    const ms = momentOf(written, timeZone, deps.clock.nowMs());
    return ms === null ? { kind: 'unclear', reason: reason('time-zone-unknown') } : { kind: 'moment', ms };
  };
}
