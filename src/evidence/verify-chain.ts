import { canonical, sha256 } from './canonical.ts';
import type { EvidenceDocument, EvidenceEntry } from './document.ts';
import { type Finding, finding } from './finding.ts';

type Chain = EvidenceDocument['chain'];

/**
 * Hashes, order and links of the entries in a file. Pure and offline; every entry that is not right is named.
 * `begins`: the entry that the file has to begin with, by the id of what it is about.
 */
export function verifyChain(chain: Chain, begins: number): readonly Finding[] {
  const ends = chain.next === null ? chain.last.seq : chain.next.seq - 1;
  return [
    ...chain.entries.flatMap(verifyEntry),
    ...verifyOrder(chain.entries, begins, ends),
    ...verifyLinks(chain),
    ...verifyFirst(chain, begins),
    ...verifyLast(chain, ends),
  ];
}

/** One entry in itself: what is hashed is what is there, in the only form that it can have. */
function verifyEntry(entry: EvidenceEntry): readonly Finding[] {
  const { seq, body, hash, prevHash } = entry;
  const wrong = (says: string) => [finding('entry', seq, `Entry ${seq}: ${says}.`)];
  if (sha256(body) !== hash) return wrong('its hash does not fit its content');
  let content: unknown;
  try {
    content = JSON.parse(body);
    if (canonical(content) !== body) return wrong('its content is not in canonical form');
  } catch {
    return wrong('its content is not JSON');
  }
  const said: { readonly seq?: unknown; readonly prevHash?: unknown } =
    typeof content === 'object' && content !== null ? content : {};
  if (said.seq !== seq) return wrong(`its content says that it is entry ${String(said.seq)}`);
  return said.prevHash === prevHash ? [] : wrong('the hash before it is not the one in its content');
}

/** Every number from the first to the last, each once, one after the other. */
function verifyOrder(entries: Chain['entries'], from: number, to: number): readonly Finding[] {
  const found: Finding[] = [];
  const seen = new Set<number>();
  let highest = from - 1;
  for (const { seq } of entries) {
    if (seen.has(seq)) found.push(finding('order', seq, `Entry ${seq} is there more than once.`));
    else if (seq < from || seq > to) {
      found.push(finding('order', seq, `Entry ${seq} does not belong: the file has to go from ${from} to ${to}.`));
    } else if (seq < highest) {
      found.push(finding('order', seq, `Entry ${seq} stands behind entry ${highest}, where it does not belong.`));
    }
    seen.add(seq);
    highest = Math.max(highest, seq);
  }
  return [
    ...found,
    ...missing(
      [...seen].sort((a, b) => a - b),
      from,
      to,
    ),
  ];
}

/** Ranges, not numbers: a file may claim to hold any number of entries. */
function missing(present: readonly number[], from: number, to: number): readonly Finding[] {
  const found: Finding[] = [];
  let expected = from;
  for (const seq of [...present.filter((n) => n >= from && n <= to), to + 1]) {
    if (seq > expected) found.push(missingRange(expected, seq - 1));
    expected = seq + 1;
  }
  return found;
}

function missingRange(from: number, to: number): Finding {
  return finding('order', from, from === to ? `Entry ${from} is missing.` : `Entries ${from} to ${to} are missing.`);
}

function verifyLinks({ entries }: Chain): readonly Finding[] {
  return entries.flatMap((entry, index) => {
    const before = entries[index - 1];
    if (before === undefined || entry.seq !== before.seq + 1 || entry.prevHash === before.hash) return [];
    return [brokenLink(before.seq, entry.seq)];
  });
}

function brokenLink(before: number, after: number): Finding {
  return finding(
    'link',
    before,
    `Entry ${before} was changed after it was written: entry ${after} follows another entry ${before} than this one.`,
  );
}

function verifyFirst({ entries, first, previous }: Chain, begins: number): readonly Finding[] {
  const [entry] = entries;
  const { seq, hash } = first;
  const found: Finding[] = [];
  if (seq !== begins)
    found.push(finding('end', begins, `The file says that it begins with entry ${seq}, not ${begins}.`));
  if (entry?.seq !== seq || entry.hash !== hash) {
    found.push(finding('entry', seq, `Entry ${seq} is not the one that the file says it begins with.`));
  }
  if (previous === null && begins > 1) {
    found.push(finding('end', begins, `The hash before entry ${begins} is missing.`));
  }
  if (previous !== null && previous.seq !== begins - 1) {
    found.push(finding('end', begins, `What stands before entry ${begins} is said to be entry ${previous.seq}.`));
  }
  if (entry?.seq === begins && entry.prevHash !== (previous?.hash ?? '')) {
    found.push(finding('link', begins, `Entry ${begins} follows another entry than the file says.`));
  }
  return found;
}

function verifyLast({ entries, last, next }: Chain, ends: number): readonly Finding[] {
  const entry = entries.at(-1);
  const { seq, hash } = last;
  const found: Finding[] = [];
  if (seq !== ends) found.push(finding('end', ends, `The file says that it ends with entry ${seq}, not ${ends}.`));
  if (entry?.seq !== seq || entry.hash !== hash) {
    found.push(finding('entry', seq, `Entry ${seq} is not the one that the file says it ends with.`));
  }
  if (next !== null && entry?.seq === ends && next.prevHash !== entry.hash) found.push(brokenLink(ends, next.seq));
  return found;
}
