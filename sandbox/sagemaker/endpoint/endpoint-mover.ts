/** Moves endpoints by the clock, and writes into journal and history what moved. */
import type { EmulatorSettings } from '../emulator-settings.ts';
import type { EndpointGlance, Journal } from '../journal.ts';
import type { World } from '../world.ts';
import { completeChange } from './complete-change.ts';
import { pendingConfigName } from './describe-endpoint.ts';
import { createEndpointHistory, type EndpointHistory } from './endpoint-history.ts';
import { statusAt } from './endpoint-phase.ts';
import type { EndpointRecord } from './endpoint-record.ts';
import { changeSpeed, dueAtMs } from './pace.ts';

export interface EndpointMover {
  /** When the next change ends; Infinity: nothing is under way. */
  nextDueMs(): number;
  /** Ends the change that ends next; answers whether there was one. */
  endNext(): boolean;
  /** Notes what a call just began for an endpoint, given its record before the call. */
  noteBegun(name: string | undefined, earlier: EndpointRecord | undefined, nowMs: number): void;
  /** What is under way goes on at another speed. */
  changeSpeed(nowMs: number, speed: number): void;
  glance(name: string, nowMs: number): EndpointGlance | null;
  readonly asOf: EndpointHistory['asOf'];
}

export interface EndpointMoverDeps {
  readonly world: World;
  readonly settings: EmulatorSettings;
  readonly journal: Journal;
}

export function createEndpointMover({ world, settings, journal }: EndpointMoverDeps): EndpointMover {
  const { endpoints } = world;
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

  function next(): { readonly record: EndpointRecord; readonly atMs: number } | undefined {
    let first: { record: EndpointRecord; atMs: number } | undefined;
    for (const record of endpoints.values()) {
      if (record.change === undefined) continue;
      const atMs = dueAtMs(record.change.pace);
      if (first === undefined || atMs < first.atMs) first = { record, atMs };
    }
    return first;
  }

  return {
    asOf: history.asOf,
    nextDueMs: () => next()?.atMs ?? Number.POSITIVE_INFINITY,
    endNext() {
      const due = next();
      if (due !== undefined) end(due.record, due.atMs);
      return due !== undefined;
    },
    noteBegun(name, earlier, nowMs) {
      history.note(endpoints, nowMs);
      const record = name === undefined ? undefined : endpoints.get(name.toLowerCase());
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
