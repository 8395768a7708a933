import type { LogStore, StoredEntry } from '../ports/log-store.ts';
import { openEntry } from '../rollout/entry.ts';
import type { Entry } from '../rollout/events.ts';
import type { Collected } from './export.ts';
import { beginOf, firstSeqOf, follow, isOver, type Progress } from './subject.ts';

export type Collecting =
  | { readonly kind: 'found'; readonly collected: Collected }
  /** Nothing that has evidence begins there. */
  | { readonly kind: 'none' }
  /** The record itself is not whole there, or was written by a newer titanic. */
  | { readonly kind: 'broken'; readonly seq: number; readonly why: string };

const PAGE = 200;
/** 2 million entries between a rollout's first and its last. */
const MOST_PAGES = 10_000;

/**
 * Reads what belongs to a rollout, a rollback, a clean-up or a model approval: from its first entry to the one after
 * which nothing of it moves any more, or to the end of the log while it goes on. What lies before and behind is not
 * read, so the length of the log does not matter. Throws when the store cannot be read.
 */
export async function collectEvidence(
  store: Pick<LogStore, 'after' | 'read'>,
  service: string,
  id: string,
): Promise<Collecting> {
  const first = firstSeqOf(service, id);
  if (first === null) return { kind: 'none' };
  const previous = first === 1 ? null : await store.read(service, first - 1);
  if (first > 1 && previous === null) return { kind: 'none' };

  const stored: StoredEntry[] = [];
  const entries: Entry[] = [];
  let progress: Progress = beginOf(id);
  let last = { seq: first - 1, hash: previous?.hash ?? '' };
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const items = await store.after(service, last.seq, last.seq + PAGE);
    for (const item of items) {
      if (isOver(progress)) return found(item);
      const entry = openEntry(item, last);
      if ('kind' in entry) {
        return { kind: 'broken', seq: entry.seq, why: entry.kind === 'newer' ? 'a newer titanic wrote it' : entry.why };
      }
      progress = follow(progress, entry);
      if (!progress.begun) return { kind: 'none' };
      stored.push(item);
      entries.push(entry);
      last = entry;
    }
    // Not at the first short page: what is missing at its end must not look like the end of the log.
    if (items.length === 0) return stored.length === 0 ? { kind: 'none' } : found(null);
  }
  return { kind: 'broken', seq: last.seq, why: `more than ${PAGE * MOST_PAGES} entries belong to it` };

  function found(next: StoredEntry | null): Collecting {
    return { kind: 'found', collected: { service, id, previous, stored, entries, next } };
  }
}
