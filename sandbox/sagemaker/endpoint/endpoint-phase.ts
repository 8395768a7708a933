/** What an endpoint's change is doing at an instant: pure, from the record and the time. */
import type { Step } from './deployment-plan.ts';
import type { Change, EndpointRecord, Fleet } from './endpoint-record.ts';
import { dueAtMs, reachedAtMs, shareDone } from './pace.ts';

export type EndpointStatus =
  | 'Creating'
  | 'InService'
  | 'Updating'
  | 'SystemUpdating'
  | 'RollingBack'
  | 'Deleting'
  | 'Failed'
  | 'OutOfService'
  | 'UpdateRollbackFailed';

/** A weights change that fails is seen going back from here on. */
const ROLLING_BACK_SHARE = 0.5;
/** Shares do not multiply exactly. Milliseconds. */
const EXACT_MS = 1e-3;

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

/** The step that a create or update is in, and since when; `undefined` for other changes. */
export function stepAt(change: Change, atMs: number): { step: Step; sinceMs: number } | undefined {
  const doneMs = shareDone(change.pace, atMs) * change.pace.nominalMs + EXACT_MS;
  let startMs = 0;
  for (const [index, step] of change.steps.entries()) {
    if (doneMs < startMs + step.nominalMs || index === change.steps.length - 1) {
      const reached = change.pace.nominalMs <= 0 ? 0 : startMs / change.pace.nominalMs;
      // What begins a change was there before the pace, which may have been turned since.
      return { step, sinceMs: index === 0 ? change.begunMs : reachedAtMs(change.pace, reached) };
    }
    startMs += step.nominalMs;
  }
  return undefined;
}

/** When the next of its steps is over, the last of which ends it. */
export function nextStepMs({ steps, pace, stepsOver }: Change): number {
  if (stepsOver >= steps.length - 1) return dueAtMs(pace);
  const overMs = steps.slice(0, stepsOver + 1).reduce((sum, { nominalMs }) => sum + nominalMs, 0);
  return reachedAtMs(pace, overMs / pace.nominalMs);
}

/** A fleet that answers requests, and the share of them that it answers. */
export interface ServingFleet {
  readonly fleet: Fleet;
  readonly share: number;
}

/** Who answers requests at an instant; nobody: the list is empty. */
export function servingFleets(record: EndpointRecord, atMs: number): ServingFleet[] {
  const { change, live, mixed } = record;
  if (change === undefined || change.kind === 'system' || change.kind === 'weights') {
    if (record.atRest === 'Failed' || record.atRest === 'OutOfService') return [];
    return mixed === undefined ? [{ fleet: live, share: 1 }] : both(live, mixed.fleet, mixed.share);
  }
  if (change.kind === 'create' || change.kind === 'delete') return [];
  return both(live, change.target, stepAt(change, atMs)?.step.share ?? 0);
}

function both(old: Fleet, fresh: Fleet, share: number): ServingFleet[] {
  return [
    { fleet: old, share: 1 - share },
    { fleet: fresh, share },
  ].filter((one) => one.share > 0);
}
