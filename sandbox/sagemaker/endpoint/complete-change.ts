import type { Change, EndpointRecord, Fleet, MixedFleet } from './endpoint-record.ts';
import { dueAtMs } from './pace.ts';

export interface CompleteOptions {
  /** Whether LastModifiedTime moves again when a change ends. */
  readonly lastModifiedOnCompletion: boolean;
}

/**
 * The record after its change ended, or `undefined` when the endpoint is gone. A failed create leaves a Failed
 * endpoint; every other change that fails goes back silently: InService, the old fleet, a FailureReason.
 */
export function completeChange(record: EndpointRecord, options: CompleteOptions): EndpointRecord | undefined {
  const change = record.change;
  if (change === undefined) return record;
  const ended = {
    ...record,
    change: undefined,
    lastModifiedMs: options.lastModifiedOnCompletion ? laterThan(record, dueAtMs(change.pace)) : record.lastModifiedMs,
  };
  if (change.kind === 'delete') return undefined;
  if (change.kind === 'system') return ended;
  if (change.outcome.ends === 'badly') {
    const failureReason = change.outcome.reason === '' ? undefined : change.outcome.reason;
    if (change.turnedBack?.endsMixed === true)
      return { ...ended, atRest: 'UpdateRollbackFailed', failureReason, mixed: mixedOf(change) };
    return change.kind === 'create'
      ? { ...ended, atRest: 'Failed', failureReason }
      : { ...ended, live: change.kind === 'weights' ? asItWas(record.live) : record.live, failureReason };
  }
  return {
    ...ended,
    atRest: 'InService',
    live: atDesired(change.target),
    mixed: undefined,
    failureReason: undefined,
    lastDeploymentConfig: change.deploymentConfig ?? record.lastDeploymentConfig,
  };
}

/** A rollback that fails leaves both fleets as its first step found them. */
function mixedOf({ steps: [step], target }: Change): MixedFleet | undefined {
  if (step === undefined) return undefined;
  const { share, newRunning, oldRunning } = step;
  return { fleet: atDesired(target), share, newRunning, oldRunning };
}

/** LastModifiedTime has milliseconds only, and two changes must never show the same one. */
export function laterThan(record: EndpointRecord, atMs: number): number {
  return Math.max(Math.round(atMs), record.lastModifiedMs + 1);
}

function atDesired(fleet: Fleet): Fleet {
  return {
    ...fleet,
    variants: fleet.variants.map((variant) => ({
      ...variant,
      currentInstanceCount: variant.desiredInstanceCount,
      currentWeight: variant.desiredWeight,
    })),
  };
}

function asItWas(fleet: Fleet): Fleet {
  return {
    ...fleet,
    variants: fleet.variants.map((variant) => ({
      ...variant,
      desiredInstanceCount: variant.currentInstanceCount,
      desiredWeight: variant.currentWeight,
    })),
  };
}
