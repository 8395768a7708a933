import type { LogStore, StoredEntry, StoredSnapshot } from '../../src/ports/log-store.ts';

/** What goes wrong with the next append. */
type Fault =
  /** It is stored, and its reply is lost; so are this many reads after it. */
  | { readonly kind: 'reply-lost'; readonly readsToo?: number }
  /** It is stored, its reply is lost, and the client's own retry finds its first try. */
  | { readonly kind: 'retried' }
  /** Neither stored nor answered now; it lands when `landLate` is called. */
  | { readonly kind: 'late' }
  | { readonly kind: 'refused'; readonly why: string }
  /** As the real one says it before it sends anything. */
  | { readonly kind: 'too-large' };

/** The table in memory: as strict as the real one about places that are taken, and faulty only where it is told. */
export interface MemoryLogStore extends LogStore {
  /** The next append meets this; behind others that were given before. `whole`: these are forgotten. */
  nextAppend(fault: Fault | 'whole'): void;
  /** What was late arrives now; a place that was taken meanwhile stays taken. */
  landLate(): void;
  /** This many reads fail from now on. */
  failReads(count: number): void;
  /** Somebody tampers with what is stored. */
  rewrite(service: string, change: (items: readonly StoredEntry[]) => readonly StoredEntry[]): void;
  stored(service: string): readonly StoredEntry[];
  readonly snapshots: ReadonlyMap<string, StoredSnapshot>;
}

export function createMemoryLogStore(): MemoryLogStore {
  const logs = new Map<string, Map<number, StoredEntry>>();
  const snapshots = new Map<string, StoredSnapshot>();
  const late: { readonly service: string; readonly entry: StoredEntry }[] = [];
  const faults: Fault[] = [];
  let failingReads = 0;

  function logOf(service: string): Map<number, StoredEntry> {
    const log = logs.get(service) ?? new Map<number, StoredEntry>();
    logs.set(service, log);
    return log;
  }

  function inOrder(service: string): readonly StoredEntry[] {
    return [...logOf(service)].sort(([a], [b]) => a - b).map(([, entry]) => entry);
  }

  function put(service: string, entry: StoredEntry): 'stored' | 'exists' {
    const log = logOf(service);
    if (log.has(entry.seq)) return 'exists';
    log.set(entry.seq, entry);
    return 'stored';
  }

  async function reading<T>(answer: () => T): Promise<T> {
    await Promise.resolve();
    if (failingReads > 0) {
      failingReads -= 1;
      throw new Error('the table does not answer');
    }
    return answer();
  }

  return {
    snapshots,
    nextAppend(fault) {
      if (fault === 'whole') faults.length = 0;
      else faults.push(fault);
    },
    landLate() {
      for (const { service, entry } of late.splice(0)) put(service, entry);
    },
    failReads(count) {
      failingReads = count;
    },
    rewrite(service, change) {
      const items = change(inOrder(service));
      logs.set(service, new Map(items.map((item) => [item.seq, item])));
    },
    stored: inOrder,
    after: (service, seq, upTo = Number.POSITIVE_INFINITY) =>
      reading(() => inOrder(service).filter((entry) => entry.seq > seq && entry.seq <= upTo)),
    read: (service, seq) => reading(() => logOf(service).get(seq) ?? null),
    async append(service, entry) {
      await Promise.resolve();
      const fault = faults.shift();
      switch (fault?.kind) {
        case undefined:
          return { kind: put(service, entry) };
        case 'reply-lost':
          put(service, entry);
          failingReads = fault.readsToo ?? failingReads;
          return { kind: 'unclear' };
        case 'retried':
          put(service, entry);
          return { kind: 'exists' };
        case 'late':
          late.push({ service, entry });
          return { kind: 'unclear' };
        case 'refused':
          return { kind: 'refused', why: fault.why };
        case 'too-large':
          return { kind: 'too-large', bytes: 400_000, most: 390_000 };
        default: {
          const never: never = fault;
          throw new Error(`Unknown fault ${JSON.stringify(never)}`);
        }
      }
    },
    snapshot: (service) => reading(() => snapshots.get(service) ?? null),
    async saveSnapshot(service, snapshot) {
      snapshots.set(service, snapshot);
    },
  };
}
