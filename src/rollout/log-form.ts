import { digest } from '../evidence/canonical.ts';
import type { StoredEntry, StoredSnapshot } from '../ports/log-store.ts';
import { type Break, type Draft, openEntry, seal } from './entry.ts';
import type { Entry } from './events.ts';
import { stateOf } from './snapshot.ts';
import type { ServiceState } from './state.ts';

/**
 * How entries and snapshots are written and read. There is one; the simulation brings another for lives that are not
 * about the chain, because hashing and checking each entry anew in every replica is most of what such a life costs.
 */
export interface LogForm {
  seal(draft: Draft, seq: number, prevHash: string): StoredEntry;
  open(item: StoredEntry, after: { readonly seq: number; readonly hash: string }): Entry | Break;
  /** null: not a state, or not the one that it says. */
  stateOf(snapshot: StoredSnapshot): ServiceState | null;
  /** Of what was last shown in a message, to tell whether it changed. */
  digest(value: unknown): string;
}

export const LOG_FORM: LogForm = { seal, open: openEntry, stateOf, digest };
