/** What an endpoint's change is doing at an instant: pure, from the record and the time. */
import type { Change, EndpointRecord, Fleet } from './endpoint-record.ts';
import { reachedAtMs, shareDone } from './pace.ts';

export type EndpointStatus =
  | 'Creating'
  | 'InService'
  | 'Updating'
  | 'SystemUpdating'
  | 'RollingBack'
  | 'Deleting'
  | 'Failed';

export type Phase = 'launching' | 'activating' | 'baking' | 'terminating';

/** Of the time that is not bake: new fleet up, traffic over, and the rest to take the old one down. */
const LAUNCHED_SHARE = 0.75;
const ACTIVATED_SHARE = 0.8;

/** A weights change that fails is seen going back from here on. */
const ROLLING_BACK_SHARE = 0.5;

/** The status DescribeEndpoint shows at an instant. */
export function statusAt(record: EndpointRecord, atMs: number): EndpointStatus {
  const change = record.change;
  if (change === undefined) return record.atRest;
  switch (change.kind) {
    case 'create':
      return 'Creating';
    case 'update':
      return 'Updating';
    case 'weights':
      return change.outcome.ends === 'badly' && shareDone(change.pace, atMs) >= ROLLING_BACK_SHARE
        ? 'RollingBack'
        : 'Updating';
    case 'delete':
      return 'Deleting';
    case 'system':
      return 'SystemUpdating';
    default:
      return change.kind satisfies never;
  }
}

/** The phase of a create or update, and since when. A fleet that fails its health check never gets past launching. */
export function phaseAt(change: Change, atMs: number): { phase: Phase; sinceMs: number } {
  const share = shareDone(change.pace, atMs);
  const moving = 1 - change.bakeShare;
  const launched = LAUNCHED_SHARE * moving;
  const activated = ACTIVATED_SHARE * moving;
  const baked = activated + change.bakeShare;
  const since = (reached: number) => reachedAtMs(change.pace, reached);
  if (share < launched) return { phase: 'launching', sinceMs: change.acceptedAtMs };
  if (change.outcome.ends === 'badly') return { phase: 'terminating', sinceMs: since(launched) };
  if (share < activated) return { phase: 'activating', sinceMs: since(launched) };
  if (share < baked) return { phase: 'baking', sinceMs: since(activated) };
  return { phase: 'terminating', sinceMs: since(baked) };
}

/** The fleet that answers requests at an instant; `undefined` when there is none. */
export function servingFleet(record: EndpointRecord, atMs: number): Fleet | undefined {
  const change = record.change;
  if (change === undefined) return record.atRest === 'InService' ? record.live : undefined;
  if (change.kind === 'create' || change.kind === 'delete') return undefined;
  if (change.kind !== 'update' || change.outcome.ends === 'badly') return record.live;
  const { phase } = phaseAt(change, atMs);
  return phase === 'baking' || phase === 'terminating' ? change.target : record.live;
}
