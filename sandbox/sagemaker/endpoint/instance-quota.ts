import type { OperationContext } from '../operation.ts';
import { resourceLimitExceeded } from '../wire/aws-error.ts';
import type { EndpointRecord, Fleet } from './endpoint-record.ts';

/** Refuses a fleet (or growth) that the account's quota, or a quota fault, does not leave room for. */
export function checkInstanceQuota(context: OperationContext, wanted: ReadonlyMap<string, number>): void {
  const { settings } = context;
  for (const [instanceType, delta] of wanted) {
    if (delta <= 0) continue;
    const inUse = instancesInUse(context.world.endpoints.values(), instanceType);
    const limit = settings.instanceQuotas[instanceType] ?? settings.instanceQuota;
    if (inUse + delta > limit) throw resourceLimitExceeded(instanceType, limit, inUse, delta);
    const fault = context.takeFault('quota');
    if (fault !== undefined) throw resourceLimitExceeded(instanceType, fault.limit ?? 0, inUse, delta);
  }
}

/** Instances of a fleet by type. */
export function instancesOf(fleet: Fleet): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { instanceType, desiredInstanceCount } of fleet.variants)
    if (instanceType !== undefined) counts.set(instanceType, (counts.get(instanceType) ?? 0) + desiredInstanceCount);
  return counts;
}

/** While an endpoint is updated, both its fleets count. */
function instancesInUse(endpoints: Iterable<EndpointRecord>, instanceType: string): number {
  let inUse = 0;
  for (const { atRest, live, change } of endpoints) {
    const fleets = [
      ...(atRest === 'Failed' || change?.kind === 'create' ? [] : [live]),
      ...(change?.kind === 'create' || change?.kind === 'update' ? [change.target] : []),
    ];
    for (const fleet of fleets) inUse += instancesOf(fleet).get(instanceType) ?? 0;
  }
  return inUse;
}
