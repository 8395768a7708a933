/** One log item as it stands in the table: `hash` is the sha256 of exactly `body`. */
export interface StoredEntry {
  readonly seq: number;
  readonly body: string;
  readonly hash: string;
  readonly prevHash: string;
}

export interface StoredSnapshot {
  readonly seq: number;
  readonly hash: string;
  readonly shape: number;
  /** The state as JSON text. */
  readonly state: string;
}

/** What became of an entry that was to be written. */
export type AppendOutcome =
  | { readonly kind: 'stored' | 'exists' | 'unclear' }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'too-large'; readonly bytes: number; readonly most: number };

/**
 * The record of a service. Reads are strongly consistent and throw `Error` when they cannot be done.
 * The only condition that the protocol needs is "not there yet" on one item.
 */
export interface LogStore {
  /** Entries with a greater seq, in order: all of them, or those up to and with `upTo`. */
  after(service: string, seq: number, upTo?: number): Promise<readonly StoredEntry[]>;
  read(service: string, seq: number): Promise<StoredEntry | null>;
  /**
   * `stored`: a definite yes. `exists`: the service says that the seq is taken, which our own retried request may have
   * caused. `unclear`: no reply, or one that says nothing. `refused`: a definite no (throttled, denied). `too-large`:
   * not even tried, because it would be refused each time.
   */
  append(service: string, entry: StoredEntry): Promise<AppendOutcome>;
  /** null where there is none. A cache: losing it costs time only. */
  snapshot(service: string): Promise<StoredSnapshot | null>;
  saveSnapshot(service: string, snapshot: StoredSnapshot): Promise<void>;
}

/** The announcer's place in the log and the messages it made. */
export interface Cursor {
  /** Grows by one with every save; saves are conditional on it. */
  readonly version: number;
  /** Random id of whoever claims it, with a new one for each claim; null: free. */
  readonly claim: string | null;
  readonly seq: number;
  /** Card id (rollout or rollback) → where it was posted. */
  readonly cards: Readonly<Record<string, PostedCard>>;
}

export interface PostedCard {
  readonly channel: string;
  readonly ts: string;
  /** sha256 of what was last shown: nothing is sent when nothing changed. */
  readonly digest: string;
  /** Counts the updates of this card. */
  readonly updates: number;
  /** It was rendered once more some time after its last update, because one in flight may land after a newer one. */
  readonly confirmed: boolean;
}

export interface CursorStore {
  cursor(service: string): Promise<Cursor | null>;
  /** True if saved; false if another version stood there. Throws when unclear: read again. */
  saveCursor(service: string, cursor: Cursor, expectedVersion: number | null): Promise<boolean>;
}
