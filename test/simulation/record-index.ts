import type { StoredEntry } from '../../src/ports/log-store.ts';
import type { Entry, Event, EventOf } from '../../src/rollout/events.ts';

/** An entry with what the world knows about it: when it really was stored, and by which process. */
export interface Recorded {
  readonly entry: Entry;
  readonly atMs: number;
  readonly by: string;
}

export interface Said<T extends Event['type']> {
  readonly event: EventOf<T>;
  readonly seq: number;
  readonly atMs: number;
  readonly by: string;
  readonly commandKey: string | null;
}

/**
 * A service's log as plain facts, kept by type and never folded: the invariants must not trust the fold they check.
 */
export interface RecordIndex {
  readonly service: string;
  readonly entries: readonly Recorded[];
  add(stored: StoredEntry, atMs: number, by: string): Recorded;
  all<T extends Event['type']>(type: T): readonly Said<T>[];
  find<T extends Event['type']>(type: T, seq: number): Said<T> | undefined;
}

export function parseEntry(stored: StoredEntry): Entry {
  const body = JSON.parse(stored.body) as Omit<Entry, 'hash'>;
  return { ...body, hash: stored.hash };
}

export function createRecordIndex(service: string): RecordIndex {
  const entries: Recorded[] = [];
  const byType = new Map<Event['type'], Said<Event['type']>[]>();

  return {
    service,
    entries,
    add(stored, atMs, by) {
      const entry = parseEntry(stored);
      const recorded = { entry, atMs, by };
      entries.push(recorded);
      for (const event of entry.events) {
        const said = { event, seq: entry.seq, atMs, by, commandKey: entry.commandKey };
        const list = byType.get(event.type);
        if (list === undefined) byType.set(event.type, [said]);
        else list.push(said);
      }
      return recorded;
    },
    all: (type) => (byType.get(type) ?? []) as unknown as readonly Said<typeof type>[],
    find: (type, seq) => byType.get(type)?.find((s) => s.seq === seq) as Said<typeof type> | undefined,
  };
}
