import { canonical } from '../../src/evidence/canonical.ts';
import type { LogStore, StoredEntry } from '../../src/ports/log-store.ts';
import type { Story } from './story.ts';

/** The entries of a story as they would stand in the table. */
export function storedOf(story: Story): readonly StoredEntry[] {
  return story.entries.map(({ hash, ...content }) => {
    return { seq: content.seq, body: canonical(content), hash, prevHash: content.prevHash };
  });
}

/** A table of these entries; how much of it was read is counted. */
export function storeOf(stored: readonly StoredEntry[]): Pick<LogStore, 'after' | 'read'> & { readEntries(): number } {
  let read = 0;
  return {
    readEntries: () => read,
    async after(_, seq, upTo = Number.POSITIVE_INFINITY) {
      const found = stored.filter((entry) => entry.seq > seq && entry.seq <= upTo);
      read += found.length;
      return found;
    },
    async read(_, seq) {
      read += 1;
      return stored.find((entry) => entry.seq === seq) ?? null;
    },
  };
}
