/** Which instances ran from when to when: what AWS bills, and what its CPU and memory are measured on. */
import type { EmulatedClock } from '../emulated-clock.ts';
import type { EndpointRecord, Fleet } from './endpoint-record.ts';

/** A number of instances of one variant of one fleet that did not change meanwhile. */
export interface InstanceUse {
  readonly id: string;
  readonly endpoint: string;
  readonly configName: string;
  readonly variant: string;
  readonly instanceType: string;
  readonly count: number;
  readonly fromMs: number;
  /** Absent: they run. */
  readonly toMs?: number | undefined;
}

/** What a fleet has used: instances times seconds of AWS's time. */
export interface FleetCost {
  readonly endpoint: string;
  readonly configName: string;
  readonly instanceType: string;
  readonly instanceSeconds: number;
}

export interface FleetLedger {
  /** Notes what runs for an endpoint from an instant on; without a record nothing does. */
  note(endpoint: string, record: EndpointRecord | undefined, atMs: number): void;
}

type Uses = Map<string, InstanceUse>;
type Running = Pick<InstanceUse, 'configName' | 'variant' | 'instanceType' | 'count'>;

export function createFleetLedger(uses: Uses): FleetLedger {
  return {
    note(endpoint, record, atMs) {
      const now = record === undefined ? [] : runningOf(record);
      for (const use of runningUses(uses, endpoint)) {
        const same = now.findIndex(
          ({ configName, variant, count }) =>
            configName === use.configName && variant === use.variant && count === use.count,
        );
        if (same === -1) uses.set(use.id, { ...use, toMs: atMs });
        else now.splice(same, 1);
      }
      for (const running of now) {
        const id = `use-${uses.size + 1}`;
        uses.set(id, { ...running, id, endpoint, fromMs: atMs });
      }
    },
  };
}

/** Those of an endpoint that run now. */
export function runningUses(uses: ReadonlyMap<string, InstanceUse>, endpoint: string): InstanceUse[] {
  return [...uses.values()].filter((use) => use.endpoint === endpoint && use.toMs === undefined);
}

/** By fleet and instance type, up to an instant. */
export function costsUntil(uses: ReadonlyMap<string, InstanceUse>, clock: EmulatedClock, nowMs: number): FleetCost[] {
  const costs = new Map<string, FleetCost>();
  for (const { endpoint, configName, instanceType, count, fromMs, toMs } of uses.values()) {
    const seconds = (clock.emulatedAt(Math.min(toMs ?? nowMs, nowMs)) - clock.emulatedAt(fromMs)) / 1000;
    const key = `${endpoint}/${configName}/${instanceType}`;
    const before = costs.get(key)?.instanceSeconds ?? 0;
    costs.set(key, { endpoint, configName, instanceType, instanceSeconds: before + count * seconds });
  }
  return [...costs.values()];
}

/** A fleet counts from its start on, in full: also while only a canary of it has traffic. */
function runningOf({ atRest, live, mixed, change }: EndpointRecord): Running[] {
  if (change?.kind === 'create') return ofFleet(change.target, 'all');
  if (atRest === 'Failed') return [];
  if (change?.kind === 'update') {
    const step = change.steps[change.stepsOver];
    return [...ofFleet(live, step?.oldRunning ?? 'all'), ...ofFleet(change.target, step?.newRunning ?? 'all')];
  }
  if (mixed !== undefined) return [...ofFleet(live, mixed.oldRunning), ...ofFleet(mixed.fleet, mixed.newRunning)];
  return ofFleet(live, 'all');
}

function ofFleet({ configName, variants }: Fleet, running: number | 'all'): Running[] {
  return variants.flatMap(({ name, instanceType, desiredInstanceCount }) => {
    const count = running === 'all' ? desiredInstanceCount : running;
    return instanceType === undefined || count === 0 ? [] : [{ configName, variant: name, instanceType, count }];
  });
}
