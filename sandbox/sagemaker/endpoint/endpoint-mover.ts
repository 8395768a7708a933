/** Moves endpoints by the clock, and writes into journal and history what moved. */
import type { EmulatorSettings } from '../emulator-settings.ts';
import type { Fault, FaultKind, FaultTarget } from '../faults.ts';
import type { EndpointGlance, Journal } from '../journal.ts';
import type { World } from '../world.ts';
import { turnedBack } from './begin-change.ts';
import { completeChange } from './complete-change.ts';
import { pendingConfigName } from './describe-endpoint.ts';
import { createEndpointHistory, type EndpointHistory } from './endpoint-history.ts';
import { nextStepMs, statusAt } from './endpoint-phase.ts';
import type { Change, EndpointRecord } from './endpoint-record.ts';
import { createFleetLedger } from './fleet-ledger.ts';
import { changeSpeed, reachedAtMs } from './pace.ts';

export interface EndpointMover {
  /** When the next step of a change is over; Infinity: nothing is under way. */
  nextDueMs(): number;
  /** Goes on to what is due next; answers whether there was something. */
  goOn(): boolean;
  /** Turns back what one of its alarms is on for; answers whether there was something. */
  heedAlarms(nowMs: number): boolean;
  /** Notes what a call just began for an endpoint, given its record before the call. */
  noteBegun(name: string | undefined, earlier: EndpointRecord | undefined, nowMs: number): void;
  /** An endpoint at rest is something else from now on. */
  become(record: EndpointRecord, nowMs: number): void;
  /** What is under way goes on at another speed. */
  changeSpeed(nowMs: number, speed: number): void;
  glance(name: string, nowMs: number): EndpointGlance | null;
  readonly asOf: EndpointHistory['asOf'];
}

export interface EndpointMoverDeps {
  readonly world: World;
  readonly settings: EmulatorSettings;
  readonly journal: Journal;
  speed(): number;
  takeFault(kind: FaultKind, target: FaultTarget): Fault | undefined;
}

/** The words are ours. */
const TOO_LONG =
  'The update took longer than MaximumExecutionTimeoutInSeconds and the endpoint was rolled back to its old fleet.';
const tripped = (alarm: string) =>
  `The CloudWatch alarm ${alarm} is in the ALARM state and the endpoint was rolled back to its old fleet.`;

/** Infinity: it has time enough. */
function givenUpMs({ pace, givenUpAt }: Change): number {
  return givenUpAt === undefined ? Number.POSITIVE_INFINITY : reachedAtMs(pace, givenUpAt);
}

/** The last of the old fleet is being taken down, and alarms are not looked at any more. */
function isOverTheHill({ steps, stepsOver }: Change): boolean {
  return steps[stepsOver]?.phase === 'terminating' && stepsOver === steps.length - 1;
}

export function createEndpointMover(deps: EndpointMoverDeps): EndpointMover {
  const { world, settings, journal } = deps;
  const { endpoints } = world;
  const ledger = createFleetLedger(world.uses);
  const history = createEndpointHistory(endpoints);

  function end(record: EndpointRecord, atMs: number): void {
    const after = completeChange(record, settings);
    if (after === undefined) {
      endpoints.delete(record.name.toLowerCase());
      world.tags.delete(record.arn);
    } else {
      endpoints.set(record.name.toLowerCase(), after);
    }
    history.note(endpoints, atMs);
    ledger.note(record.name, after, atMs);
    journal.append({
      kind: 'transition',
      atMs,
      endpoint: record.name,
      from: statusAt(record, atMs),
      to: after === undefined ? 'gone' : statusAt(after, atMs),
      configName: (after ?? record).live.configName,
      asAsked: record.change?.outcome.ends !== 'badly',
      reason: after?.failureReason,
      by: record.change?.by ?? 'api',
    });
  }

  function turnBack(record: EndpointRecord, nowMs: number, reason: string): void {
    if (record.change === undefined) return;
    const rolling = record.change.deploymentConfig?.RollingUpdatePolicy !== undefined;
    const target = { operation: 'UpdateEndpoint', endpoint: record.name };
    const fails = rolling && deps.takeFault('failRollback', target) !== undefined;
    const change = turnedBack(settings, record, record.change, { nowMs, speed: deps.speed(), reason, fails });
    const turned = { ...record, change };
    endpoints.set(record.name.toLowerCase(), turned);
    history.note(endpoints, nowMs);
    ledger.note(record.name, turned, nowMs);
  }

  function next(): { readonly record: EndpointRecord; readonly atMs: number } | undefined {
    let first: { record: EndpointRecord; atMs: number } | undefined;
    for (const record of endpoints.values()) {
      if (record.change === undefined) continue;
      const atMs = Math.min(nextStepMs(record.change), givenUpMs(record.change));
      if (first === undefined || atMs < first.atMs) first = { record, atMs };
    }
    return first;
  }

  return {
    asOf: history.asOf,
    nextDueMs: () => next()?.atMs ?? Number.POSITIVE_INFINITY,
    goOn() {
      const due = next();
      if (due === undefined) return false;
      const { record, atMs } = due;
      const { change } = record;
      if (change === undefined) return false;
      if (givenUpMs(change) <= atMs) {
        turnBack(record, atMs, TOO_LONG);
      } else if (change.stepsOver >= change.steps.length - 1) {
        end(record, atMs);
      } else {
        const further = { ...record, change: { ...change, stepsOver: change.stepsOver + 1 } };
        endpoints.set(record.name.toLowerCase(), further);
        history.note(endpoints, atMs);
        ledger.note(record.name, further, atMs);
      }
      return true;
    },
    heedAlarms(nowMs) {
      let turned = false;
      for (const record of endpoints.values()) {
        const { change } = record;
        const alarm = change?.alarms.find((name) => world.alarms.get(name)?.state === 'ALARM');
        if (change === undefined || alarm === undefined || isOverTheHill(change)) continue;
        if (deps.takeFault('heedNoAlarm', { operation: 'UpdateEndpoint', endpoint: record.name }) !== undefined)
          continue;
        turnBack(record, nowMs, tripped(alarm));
        turned = true;
      }
      return turned;
    },
    noteBegun(name, earlier, nowMs) {
      history.note(endpoints, nowMs);
      const record = name === undefined ? undefined : endpoints.get(name.toLowerCase());
      if (record !== undefined && record !== earlier) ledger.note(record.name, record, nowMs);
      if (record?.change === undefined || record === earlier) return;
      journal.append({
        kind: 'transition',
        atMs: nowMs,
        endpoint: record.name,
        from: earlier === undefined ? 'absent' : statusAt(earlier, nowMs),
        to: statusAt(record, nowMs),
        configName: record.live.configName,
        asAsked: true,
        by: record.change.by,
      });
    },
    become(record, nowMs) {
      const before = endpoints.get(record.name.toLowerCase());
      endpoints.set(record.name.toLowerCase(), record);
      history.note(endpoints, nowMs);
      ledger.note(record.name, record, nowMs);
      journal.append({
        kind: 'transition',
        atMs: nowMs,
        endpoint: record.name,
        from: before === undefined ? 'absent' : statusAt(before, nowMs),
        to: statusAt(record, nowMs),
        configName: record.live.configName,
        asAsked: false,
        by: 'console',
      });
    },
    changeSpeed(nowMs, speed) {
      for (const [key, record] of endpoints) {
        if (record.change === undefined) continue;
        const pace = changeSpeed(record.change.pace, nowMs, speed);
        endpoints.set(key, { ...record, change: { ...record.change, pace } });
      }
      history.note(endpoints, nowMs);
    },
    glance(name, nowMs) {
      const record = endpoints.get(name.toLowerCase());
      if (record === undefined) return null;
      return {
        status: statusAt(record, nowMs),
        configName: record.live.configName,
        pendingConfigName: pendingConfigName(record),
        lastModifiedMs: record.lastModifiedMs,
      };
    },
  };
}
