/** What happened to the account, in order: every call that would change something, and every change of status. */

import type { AlarmState } from './cloudwatch/alarm-record.ts';
import type { EndpointStatus } from './endpoint/endpoint-phase.ts';
import type { ChangedBy } from './endpoint/endpoint-record.ts';
import type { JsonObject } from './wire/json-value.ts';

/** What an endpoint showed right before a call. */
export interface EndpointGlance {
  readonly status: EndpointStatus;
  readonly configName: string;
  readonly pendingConfigName?: string | undefined;
  readonly lastModifiedMs: number;
}

export interface CallEntry {
  readonly kind: 'call';
  readonly seq: number;
  /** When it took effect or was refused, by the emulator's clock. */
  readonly atMs: number;
  readonly by: ChangedBy;
  readonly operation: string;
  readonly requestId: string;
  readonly endpoint?: string | undefined;
  readonly parameters: JsonObject;
  readonly outcome: 'accepted' | 'refused';
  readonly error?: { readonly code: string; readonly message: string } | undefined;
  /** The endpoint named by the call as it was before; `null` when there was none. */
  readonly before?: EndpointGlance | null | undefined;
  /** The access key id and user agent of the sender, so that several processes can be told apart. */
  readonly accessKeyId?: string | undefined;
  readonly userAgent?: string | undefined;
}

export interface TransitionEntry {
  readonly kind: 'transition';
  readonly seq: number;
  readonly atMs: number;
  readonly endpoint: string;
  readonly from: EndpointStatus | 'absent';
  readonly to: EndpointStatus | 'gone';
  /** The config that is live after it. */
  readonly configName: string;
  /** Whether a change brought what was asked for; `false` is a rollback or a failed create. */
  readonly asAsked: boolean;
  readonly reason?: string | undefined;
  readonly by: ChangedBy;
}

/** An evaluation gave an alarm another state. One that is set by a call is that call's entry. */
export interface AlarmEntry {
  readonly kind: 'alarm';
  readonly seq: number;
  readonly atMs: number;
  readonly alarm: string;
  readonly from: AlarmState;
  readonly to: AlarmState;
  readonly reason: string;
}

export type JournalEntry = CallEntry | TransitionEntry | AlarmEntry;
export type NewJournalEntry = Omit<CallEntry, 'seq'> | Omit<TransitionEntry, 'seq'> | Omit<AlarmEntry, 'seq'>;

/** How many entries are kept in memory; the file beside the state keeps all. */
const KEPT_ENTRIES = 20_000;

export interface Journal {
  append(entry: NewJournalEntry): void;
  /** Entries after a sequence number, oldest first. */
  after(seq: number): JournalEntry[];
}

/** A journal that goes on after `earlier` and hands each new entry to `write`. */
export function createJournal(earlier: readonly JournalEntry[], write: (entry: JournalEntry) => void): Journal {
  const entries = [...earlier];
  let lastSeq = entries.at(-1)?.seq ?? 0;
  return {
    append(entry) {
      lastSeq += 1;
      const numbered = { ...entry, seq: lastSeq };
      entries.push(numbered);
      if (entries.length > KEPT_ENTRIES) entries.shift();
      write(numbered);
    },
    after: (seq) => entries.filter((entry) => entry.seq > seq),
  };
}
