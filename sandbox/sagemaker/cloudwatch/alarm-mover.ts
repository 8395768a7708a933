/** Evaluates alarms at the instants at which CloudWatch would, and writes into the journal what changes. */
import type { EmulatedClock } from '../emulated-clock.ts';
import type { Journal } from '../journal.ts';
import type { JsonObject } from '../wire/json-value.ts';
import type { World } from '../world.ts';
import { type AlarmDefinition, type AlarmRecord, definitionOf } from './alarm-record.ts';
import { evaluateAlarm, evaluationRange } from './evaluate-alarm.ts';
import { keysOf, valueOfQuery } from './metric-query.ts';
import type { MetricSource } from './metric-store.ts';

export interface AlarmMover {
  /** When the next evaluation is due, milliseconds of the real clock; Infinity: no alarm can change by itself. */
  nextDueMs(): number;
  /** Carries out the evaluations that are due next; answers whether an alarm changed its state. */
  evaluateNext(): boolean;
}

export interface AlarmMoverDeps {
  readonly world: Pick<World, 'alarms'>;
  readonly clock: EmulatedClock;
  readonly source: MetricSource;
  readonly journal: Journal;
}

/** Alarms with a period below a minute are looked at every ten seconds, all others every minute. */
const MINUTE_MS = 60_000;
const HIGH_RESOLUTION_MS = 10_000;

export function createAlarmMover({ world, clock, source, journal }: AlarmMoverDeps): AlarmMover {
  const definitions = new WeakMap<JsonObject, AlarmDefinition>();

  function definitionFor({ members }: AlarmRecord): AlarmDefinition {
    const definition = definitions.get(members) ?? definitionOf(members);
    definitions.set(members, definition);
    return definition;
  }

  /** Emulated. With nothing but old and settled data in its range an alarm stays as it is, and is skipped until data come. */
  function dueAt(record: AlarmRecord, definition: AlarmDefinition): number {
    const everyMs = definition.periodMs < MINUTE_MS ? HIGH_RESOLUTION_MS : MINUTE_MS;
    const gridAfter = (ms: number) => (Math.floor(ms / everyMs) + 1) * everyMs;
    const next = gridAfter(record.evaluatedMs);
    if (record.unsettled) return next;
    const oldest = record.evaluatedMs - evaluationRange(definition) * definition.periodMs;
    const starts = keysOf(definition.queries).flatMap((key) => source.firstFrom(key, oldest) ?? []);
    return starts.length === 0 ? Number.POSITIVE_INFINITY : Math.max(next, gridAfter(Math.min(...starts)));
  }

  function due(): { readonly atMs: number; readonly all: [AlarmRecord, AlarmDefinition][] } {
    let atMs = Number.POSITIVE_INFINITY;
    let all: [AlarmRecord, AlarmDefinition][] = [];
    for (const record of world.alarms.values()) {
      const definition = definitionFor(record);
      const at = dueAt(record, definition);
      if (at < atMs) [atMs, all] = [at, []];
      if (at === atMs && Number.isFinite(at)) all.push([record, definition]);
    }
    return { atMs, all };
  }

  function evaluate(record: AlarmRecord, definition: AlarmDefinition, emulatedMs: number): boolean {
    const { periodMs } = definition;
    const range = Array.from({ length: evaluationRange(definition) }, (_, age) => {
      const fromMs = emulatedMs - (age + 1) * periodMs;
      const value = valueOfQuery(definition.queries, definition.id, { fromMs, periodMs }, source);
      return { atMs: clock.realAt(fromMs), value };
    });
    const judged = evaluateAlarm(definition, range);
    const changes = judged !== null && judged.state !== record.state;
    const evaluated = { ...record, evaluatedMs: emulatedMs, unsettled: changes };
    if (!changes) {
      world.alarms.set(record.name, evaluated);
      return false;
    }
    const atMs = clock.realAt(emulatedMs);
    const { state, reason } = judged;
    world.alarms.set(record.name, {
      ...evaluated,
      state,
      reason,
      reasonData: undefined,
      stateUpdatedMs: atMs,
      transitionedMs: atMs,
    });
    journal.append({ kind: 'alarm', atMs, alarm: record.name, from: record.state, to: state, reason });
    return true;
  }

  return {
    nextDueMs() {
      const { atMs } = due();
      return Number.isFinite(atMs) ? clock.realAt(atMs) : atMs;
    },
    evaluateNext() {
      const { atMs, all } = due();
      return all.map(([record, definition]) => evaluate(record, definition, atMs)).includes(true);
    },
  };
}
