import type { StoredEntry } from '../ports/log-store.ts';
import type { Entry } from '../rollout/events.ts';
import { digest } from './canonical.ts';
import { type EvidenceDocument, evidenceSchema, FORMAT } from './document.ts';
import { summarise } from './summary.ts';

/** The entries of what a file is about, from its first to its last without a gap, and what stands around them. */
export interface Collected {
  readonly service: string;
  readonly id: string;
  readonly previous: StoredEntry | null;
  readonly stored: readonly StoredEntry[];
  /** The same, read. */
  readonly entries: readonly Entry[];
  readonly next: StoredEntry | null;
}

/** The file of evidence. Pure: the same entries always give the same file, byte for byte. */
export function exportEvidence(collected: Collected): EvidenceDocument {
  const { service, id, previous, stored, entries, next } = collected;
  const summary = summarise(id, entries);
  const first = stored[0];
  const last = stored.at(-1);
  if (summary === null || first === undefined || last === undefined) {
    throw new Error(`The entries do not begin ${id}.`);
  }
  const content: Omit<EvidenceDocument, 'digest'> = {
    format: FORMAT,
    service,
    id,
    summary,
    chain: {
      first: { seq: first.seq, hash: first.hash },
      last: { seq: last.seq, hash: last.hash },
      previous: previous === null ? null : { seq: previous.seq, hash: previous.hash },
      entries: stored.map(({ seq, body, hash, prevHash }) => ({ seq, body, hash, prevHash })),
      next: next === null ? null : { seq: next.seq, hash: next.hash, prevHash: next.prevHash },
    },
  };
  return { ...content, digest: digest(content) };
}

/** The exact text of the file. */
export function evidenceText(document: EvidenceDocument): string {
  return layout(evidenceSchema.parse(document));
}

/** Fields in the order of the schema, which parsing gives them, so that one changed byte anywhere shows. */
export function layout(parsed: EvidenceDocument): string {
  return `${JSON.stringify(parsed, null, 2)}\n`;
}
