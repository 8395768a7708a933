import type { Cursor, CursorStore, LogStore, StoredEntry, StoredSnapshot } from '../../src/ports/log-store.ts';
import type { Call } from './calls.ts';

/** How a process reaches the world. */
export type CallOut = <T>(call: Call<T>) => Promise<T>;

/** The table itself: what is really stored. */
export interface LogTable {
  entries(service: string): readonly StoredEntry[];
  last(service: string): number;
  entry(service: string, seq: number): StoredEntry | undefined;
  put(service: string, entry: StoredEntry, by: string, unconditional: boolean): 'stored' | 'exists';
  readonly snapshots: Map<string, StoredSnapshot>;
  readonly cursors: Map<string, Cursor>;
}

export interface LogTableHooks {
  stored(service: string, entry: StoredEntry, by: string): void;
  overwritten(service: string, entry: StoredEntry, by: string): void;
  snapshotSaved(service: string, snapshot: StoredSnapshot, by: string): void;
}

export function createLogTable(hooks: LogTableHooks): LogTable {
  const logs = new Map<string, Map<number, StoredEntry>>();

  function logOf(service: string): Map<number, StoredEntry> {
    const found = logs.get(service) ?? new Map<number, StoredEntry>();
    logs.set(service, found);
    return found;
  }

  return {
    snapshots: new Map(),
    cursors: new Map(),
    entries: (service) => [...logOf(service).values()].sort((a, b) => a.seq - b.seq),
    last: (service) => logOf(service).size,
    entry: (service, seq) => logOf(service).get(seq),
    put(service, entry, by, unconditional) {
      const log = logOf(service);
      if (log.has(entry.seq)) {
        if (!unconditional) return 'exists';
        hooks.overwritten(service, entry, by);
      }
      log.set(entry.seq, entry);
      hooks.stored(service, entry, by);
      return 'stored';
    },
  };
}

/** The real adapter gives a write 5 s, and a read 20 s with its retries. */
const STORE_TIMEOUT_MS = 8_000;
const POLL_WEIGHT = 1;
const APPEND_WEIGHT = 25;

export interface SimLogStoreOptions {
  readonly unconditional: boolean;
  readonly unclearIs: 'unclear' | 'stored' | 'refused';
  /** The SDK's own retry finds the item of its first try. */
  retriedByItself(): boolean;
}

/** One process's view of the table, through a network. */
export function createSimLogStore(
  table: LogTable,
  by: string,
  call: CallOut,
  hooks: Pick<LogTableHooks, 'snapshotSaved'>,
  options: SimLogStoreOptions,
): LogStore & CursorStore {
  function read<T>(name: string, detail: string, apply: () => T, idle?: () => boolean): Promise<T> {
    return call({
      name,
      detail,
      ...(idle === undefined ? {} : { idle }),
      weight: POLL_WEIGHT,
      timeoutMs: STORE_TIMEOUT_MS,
      apply,
      lost: (why) => {
        throw new Error(`DynamoDB: ${why}`);
      },
      throttled: () => {
        throw new Error('DynamoDB: ProvisionedThroughputExceededException');
      },
    });
  }

  return {
    after: (service, seq) =>
      read(
        'store.after',
        `${service}>${seq}`,
        () => {
          const found: StoredEntry[] = [];
          for (let at = seq + 1; at <= table.last(service); at++) {
            const entry = table.entry(service, at);
            if (entry !== undefined) found.push(entry);
          }
          return found;
        },
        () => table.last(service) <= seq,
      ),
    read: (service, seq) => read('store.read', `${service}#${seq}`, () => table.entry(service, seq) ?? null),
    append: (service, entry) =>
      call<Awaited<ReturnType<LogStore['append']>>>({
        name: 'store.append',
        detail: `${service}#${entry.seq}`,
        weight: APPEND_WEIGHT,
        tense: true,
        timeoutMs: STORE_TIMEOUT_MS,
        apply: () => ({ kind: table.put(service, entry, by, options.unconditional) }),
        lost(why) {
          if (options.unclearIs === 'stored') return { kind: 'stored' };
          if (options.unclearIs === 'refused') return { kind: 'refused', why };
          const applied = table.entry(service, entry.seq) !== undefined;
          return applied && options.retriedByItself() ? { kind: 'exists' } : { kind: 'unclear' };
        },
        throttled: () => ({ kind: 'refused', why: 'ProvisionedThroughputExceededException' }),
      }),
    snapshot: (service) => read('store.snapshot', service, () => table.snapshots.get(service) ?? null),
    saveSnapshot: (service, snapshot) =>
      read('store.saveSnapshot', `${service}#${snapshot.seq}`, () => {
        table.snapshots.set(service, snapshot);
        hooks.snapshotSaved(service, snapshot, by);
      }),
    cursor: (service) =>
      read(
        'store.cursor',
        service,
        () => table.cursors.get(service) ?? null,
        () => true,
      ),
    saveCursor: (service, cursor, expectedVersion) =>
      read('store.saveCursor', `${service}v${cursor.version}`, () => {
        const stands = table.cursors.get(service)?.version ?? null;
        if (stands !== expectedVersion) return false;
        table.cursors.set(service, cursor);
        return true;
      }),
  };
}

/** A mutant: what this process is about to append is shown at once, whether or not it wins its place. */
export function earlyStore(
  store: LogStore & CursorStore,
  shown: LogStore & CursorStore,
): { readonly store: LogStore & CursorStore; readonly shown: LogStore & CursorStore } {
  const pending = new Map<string, StoredEntry>();
  return {
    store: {
      ...store,
      append(service, entry) {
        pending.set(service, entry);
        return store.append(service, entry);
      },
    },
    shown: {
      ...shown,
      async after(service, seq) {
        const stored = await shown.after(service, seq);
        const next = pending.get(service);
        const last = stored.at(-1)?.seq ?? seq;
        return next !== undefined && next.seq === last + 1 ? [...stored, next] : stored;
      },
    },
  };
}

/** Tells up to which entry a process has read the log. */
export function watchedStore(
  store: LogStore & CursorStore,
  hasRead: (service: string, seq: number) => void,
): LogStore & CursorStore {
  return {
    ...store,
    async after(service, seq) {
      const entries = await store.after(service, seq);
      hasRead(service, entries.at(-1)?.seq ?? seq);
      return entries;
    },
  };
}
