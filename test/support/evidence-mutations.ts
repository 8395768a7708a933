import { canonical, digest, sha256 } from '../../src/evidence/canonical.ts';
import type { EvidenceDocument, EvidenceEntry } from '../../src/evidence/document.ts';
import { summarise } from '../../src/evidence/summary.ts';
import type { Entry } from '../../src/rollout/events.ts';

/** One change of a file of evidence, and the entries of which at least one has to be named. */
export interface Mutation {
  readonly kind: string;
  readonly about: readonly number[];
  readonly text: string;
}

/** `THOROUGH=1`: many more places, for the figure that is published. */
const THOROUGH = process.env.THOROUGH === '1';
const POSITIONS_PER_BODY = THOROUGH ? 150 : 6;
const RAW_STEP = THOROUGH ? 5 : 251;

/** Everything that can be done to single entries and to what stands around them. */
export function mutationsOf(text: string): readonly Mutation[] {
  const document: EvidenceDocument = JSON.parse(text);
  const { entries } = document.chain;
  const entryChanges = [
    ...entries.flatMap((entry, index) => flips(entry).map((changed) => at(entries, index, 'flip', changed))),
    ...entries.map(
      (entry, index): Change => ({ kind: 'drop', about: [entry.seq], entries: entries.toSpliced(index, 1) }),
    ),
    ...entries.slice(1).map((_, index) => swapped(entries, index)),
    ...entries.slice(1).map((entry, index): Change => {
      return { kind: 'truncate', about: [entry.seq], entries: entries.slice(0, index + 1) };
    }),
    ...entries.slice(1).map((_, index): Change => {
      return { kind: 'behead', about: [entries[0]?.seq ?? 0], entries: entries.slice(index + 1) };
    }),
    ...entries.flatMap((entry, index) => inserted(entries, entry, index)),
    ...entries.flatMap((entry, index) => rehashed(entry).map((changed) => at(entries, index, 're-hash', changed))),
  ];
  return [
    ...entryChanges.map(({ kind, about, entries: changed }) => ({
      kind,
      about,
      text: written({ ...document, chain: { ...document.chain, entries: changed } }),
    })),
    ...entryChanges
      .filter((change) => !undetectable(document, change))
      .map(({ kind, about, entries: changed }) => ({
        kind: `${kind}, the rest made to fit`,
        about,
        text: written(repaired(document, changed)),
      })),
    ...aroundTheEntries(document),
    ...bytes(text),
  ];
}

interface Change {
  readonly kind: string;
  readonly about: readonly number[];
  readonly entries: EvidenceEntry[];
}

function at(entries: readonly EvidenceEntry[], index: number, kind: string, changed: EvidenceEntry): Change {
  const seq = entries[index]?.seq ?? 0;
  return { kind, about: [seq], entries: entries.with(index, changed) };
}

/**
 * While a rollout goes on, nothing stands behind its last entry yet: a file that leaves out the last ones and is made
 * to fit is the export of a moment before, and a last entry that is made anew or added has nobody to contradict it but
 * the log.
 */
function undetectable({ chain }: EvidenceDocument, { kind, about }: Change): boolean {
  if (chain.next !== null) return false;
  return kind === 'truncate' || (about.includes(chain.last.seq) && ['re-hash', 'drop', 'insert'].includes(kind));
}

function flips(entry: EvidenceEntry): readonly EvidenceEntry[] {
  const { body, hash, prevHash } = entry;
  const step = Math.max(1, Math.floor(body.length / POSITIONS_PER_BODY));
  const places = Array.from({ length: Math.ceil(body.length / step) }, (_, index) => index * step);
  return [
    ...places.map((place) => ({ ...entry, body: flipped(body, place) })),
    ...[0, 31, 63].map((place) => ({ ...entry, hash: hexFlipped(hash, place) })),
    ...(prevHash === '' ? [] : [0, 31, 63].map((place) => ({ ...entry, prevHash: hexFlipped(prevHash, place) }))),
    { ...entry, seq: entry.seq + 1_000 },
  ];
}

function flipped(text: string, place: number): string {
  const letter = String.fromCharCode((text.codePointAt(place) ?? 0) ^ 1);
  return text.slice(0, place) + letter + text.slice(place + 1);
}

function hexFlipped(text: string, place: number): string {
  return text.slice(0, place) + (text[place] === '0' ? '1' : '0') + text.slice(place + 1);
}

function swapped(entries: readonly EvidenceEntry[], index: number): Change {
  const [one, two] = entries.slice(index, index + 2);
  if (one === undefined || two === undefined) throw new Error('nothing to swap');
  return { kind: 'swap', about: [one.seq, two.seq], entries: entries.with(index, two).with(index + 1, one) };
}

function inserted(entries: readonly EvidenceEntry[], entry: EvidenceEntry, index: number): readonly Change[] {
  const forged = sealed({ ...JSON.parse(entry.body), nonce: 'forged', prevHash: entry.hash, seq: entry.seq + 1 });
  const beyond = sealed({ ...JSON.parse(entry.body), nonce: 'forged', prevHash: entry.hash, seq: entry.seq + 500 });
  return [
    { kind: 'insert', about: [entry.seq], entries: entries.toSpliced(index, 0, entry) },
    { kind: 'insert', about: [entry.seq, forged.seq], entries: entries.toSpliced(index + 1, 0, forged) },
    // It is the last one then, so that what is missing before it is named.
    { kind: 'insert', about: [entry.seq, beyond.seq], entries: entries.toSpliced(index + 1, 0, beyond) },
  ];
}

/** Another content with a hash that fits it: what somebody would do who knows how the chain is made. */
function rehashed(entry: EvidenceEntry): readonly EvidenceEntry[] {
  const content = JSON.parse(entry.body);
  return [
    sealed({ ...content, at: '2020-01-01T00:00:00.000Z' }),
    sealed({ ...content, actor: { kind: 'person', id: 'U0MALLORY', via: 'slack' } }),
    sealed({ ...content, reason: null, nonce: 'other' }),
    sealed({ ...content, events: [] }),
    sealed({ ...content, prevHash: sha256('another') }),
    // The same facts, written in another order.
    { ...entry, body: ` ${entry.body}`, hash: sha256(` ${entry.body}`) },
  ];
}

function sealed(content: { readonly seq: number; readonly prevHash: string }): EvidenceEntry {
  const body = canonical(content);
  return { seq: content.seq, body, hash: sha256(body), prevHash: content.prevHash };
}

/** Ends, summary and digest as if the entries had always been these. */
function repaired(document: EvidenceDocument, entries: readonly EvidenceEntry[]): EvidenceDocument {
  const first = entries[0];
  const last = entries.at(-1);
  const { digest: _, ...content } = document;
  let summary = document.summary;
  try {
    const read = entries.map((entry): Entry => ({ ...JSON.parse(entry.body), hash: entry.hash }));
    summary = summarise(document.id, read) ?? summary;
  } catch {
    // What cannot be read has no summary of its own.
  }
  const chain = {
    ...document.chain,
    entries: [...entries],
    first: { seq: first?.seq ?? 0, hash: first?.hash ?? '' },
    last: { seq: last?.seq ?? 0, hash: last?.hash ?? '' },
  };
  const whole = { ...content, summary, chain };
  return { ...whole, digest: digest(whole) };
}

function aroundTheEntries(document: EvidenceDocument): readonly Mutation[] {
  const { chain } = document;
  const { previous, next } = chain;
  const withChain = (changed: Partial<EvidenceDocument['chain']>) =>
    [{ ...document, chain: { ...chain, ...changed } }].flatMap((d) => [d, repairedDigest(d)]);
  const changed: readonly EvidenceDocument[] = [
    ...(previous === null ? [] : withChain({ previous: { ...previous, hash: hexFlipped(previous.hash, 5) } })),
    ...(previous === null ? [] : withChain({ previous: null })),
    ...(next === null ? [] : withChain({ next: { ...next, prevHash: hexFlipped(next.prevHash, 5) } })),
    ...(next === null ? [] : withChain({ next: { ...next, seq: next.seq + 1 } })),
    ...withChain({ first: { ...chain.first, hash: hexFlipped(chain.first.hash, 5) } }),
    ...withChain({ last: { ...chain.last, hash: hexFlipped(chain.last.hash, 5) } }),
    ...leaves(document.summary).map((summary) => repairedDigest({ ...document, summary })),
    repairedDigest({ ...document, id: `${document.id}1` }),
    repairedDigest({ ...document, service: 'other' }),
    { ...document, digest: hexFlipped(document.digest, 7) },
  ];
  return changed.map((d) => ({ kind: 'around', about: [], text: written(d) }));
}

function repairedDigest(document: EvidenceDocument): EvidenceDocument {
  const { digest: _, ...content } = document;
  return { ...content, digest: digest(content) };
}

/** The summary once for each of its leaves, with that leaf changed. */
function leaves<T>(value: T): readonly T[] {
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    return items.flatMap((item, index) => leaves(item).map((changed) => items.with(index, changed) as T));
  }
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, item]) =>
      leaves(item).map((changed) => ({ ...value, [key]: changed })),
    );
  }
  return [changedLeaf(value) as T];
}

function changedLeaf(value: unknown): unknown {
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  return typeof value === 'string' ? `${value}x` : 'x';
}

/** Single bytes of the file as it is on disk. */
function bytes(text: string): readonly Mutation[] {
  const places = Array.from({ length: Math.floor(text.length / RAW_STEP) }, (_, index) => index * RAW_STEP);
  return [
    ...places.map((place) => ({ kind: 'byte', about: [], text: flipped(text, place) })),
    { kind: 'byte', about: [], text: text.slice(0, -1) },
    { kind: 'byte', about: [], text: `${text} ` },
    { kind: 'byte', about: [], text: text.slice(0, text.length / 2) },
    { kind: 'byte', about: [], text: JSON.stringify(JSON.parse(text)) },
  ];
}

function written(document: EvidenceDocument): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
