import { sha256 } from '../evidence/canonical.ts';
import type { StoredEntry } from '../ports/log-store.ts';
import type { Break } from './entry.ts';
import type { BrokenPlace, Entry } from './events.ts';
import { evolve } from './evolve.ts';
import type { ServiceState } from './state.ts';

type OpenEntry = (item: StoredEntry, after: Place) => Entry | Break;
type Place = { readonly seq: number; readonly hash: string };

/** What stands from a break on. */
export interface Past {
  /** What can still be read, in order. */
  readonly entries: readonly Entry[];
  /** Where the chain does not hold. */
  readonly breaks: readonly BrokenPlace[];
  /** The last place of the log, readable or not. */
  readonly last: Place;
  /** An entry of a newer titanic: nobody can answer for what is not understood. */
  readonly newer: boolean;
  /** An approver answered for every break, as it stands now. */
  readonly acknowledged: boolean;
}

/**
 * Reads a log on behind a break. An entry that was tampered with says nothing; one that merely does not follow is read,
 * and the break is noted at its place. Breaks that were acknowledged count as that only while they stand unchanged.
 */
export function readPast(after: Place, items: readonly StoredEntry[], open: OpenEntry): Past {
  const entries: Entry[] = [];
  const breaks: BrokenPlace[] = [];
  const answered = new Set<string>();
  let last = after;
  let newer = false;
  for (const item of items) {
    if (item.seq > last.seq + 1)
      breaks.push({ seq: last.seq + 1, hash: gapHash(last, item), why: 'an entry is missing' });
    const before = { seq: item.seq - 1, hash: item.seq === last.seq + 1 ? last.hash : item.prevHash };
    const entry = follow(item, before, breaks, open);
    if (entry === 'newer') newer = true;
    else if (entry !== null) {
      entries.push(entry);
      for (const event of entry.events) {
        if (event.type === 'BreakAcknowledged') for (const place of event.breaks) answered.add(keyOf(place));
      }
    }
    last = { seq: item.seq, hash: item.hash };
  }
  return { entries, breaks, last, newer, acknowledged: !newer && breaks.every((place) => answered.has(keyOf(place))) };
}

function follow(item: StoredEntry, before: Place, breaks: BrokenPlace[], open: OpenEntry): Entry | 'newer' | null {
  const found = open(item, before);
  if (!('kind' in found)) return found;
  if (found.kind === 'newer') return 'newer';
  // Of all that stands there and of what it should follow, so that any other change is another break.
  breaks.push({ seq: item.seq, hash: placeHash(item, before), why: found.why });
  // Whole in itself? Then it is the entry before that was changed, and this one still says what it said.
  const alone = open(item, { seq: item.seq - 1, hash: item.prevHash });
  return 'kind' in alone ? null : alone;
}

function placeHash({ body, hash, prevHash }: StoredEntry, before: Place): string {
  return sha256(JSON.stringify([before.hash, body, hash, prevHash]));
}

/** Of both edges, so that a gap that grows is another gap. */
function gapHash(last: Place, next: StoredEntry): string {
  return sha256(JSON.stringify([last.seq, last.hash, next.seq, next.prevHash]));
}

function keyOf({ seq, hash }: BrokenPlace): string {
  return `${seq} ${hash}`;
}

/** The state over what can be read, at the last place, so that the next entry follows what really stands there. */
export function statePast(state: ServiceState, past: Past): ServiceState {
  const folded = past.entries.reduce(evolve, state);
  return { ...folded, seq: past.last.seq, hash: past.last.hash };
}
