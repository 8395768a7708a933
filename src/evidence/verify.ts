import { isDeepStrictEqual } from 'node:util';
import { openEntry } from '../rollout/entry.ts';
import type { Entry } from '../rollout/events.ts';
import { digest } from './canonical.ts';
import { type EvidenceDocument, evidenceSchema, FORMAT } from './document.ts';
import { layout } from './export.ts';
import { type Finding, finding } from './finding.ts';
import { beginOf, firstSeqOf, follow, isOver } from './subject.ts';
import { summarise } from './summary.ts';
import { verifyChain } from './verify-chain.ts';

export interface Verified {
  /** Empty: the file is whole. */
  readonly findings: readonly Finding[];
  /** null: the file could not be read as evidence at all. */
  readonly document: EvidenceDocument | null;
}

/** How many faults of form are named. */
const MOST_FAULTS = 10;

/**
 * Whether a file of evidence is exactly what titanic exported: hashes, order and links of its entries, that none is
 * missing, and that its summary says what the entries say. Offline: nothing of AWS or Slack is asked. A file that was
 * consistently written anew from its first entry to its last cannot be told from a true one by itself; comparing it
 * with the log can.
 */
export function verifyEvidence(text: string): Verified {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { document: null, findings: [finding('file', null, 'This is not JSON: the file was cut off or changed.')] };
  }
  const format: { readonly format?: unknown } = typeof json === 'object' && json !== null ? json : {};
  if (typeof format.format === 'string' && format.format !== FORMAT && /^titanic-evidence\/\d+$/.test(format.format)) {
    const says = `This is ${format.format}, and this titanic reads ${FORMAT}: use the release that wrote it.`;
    return { document: null, findings: [finding('newer', null, says)] };
  }
  if (typeof json === 'object' && json !== null && !('format' in json) && !('chain' in json)) {
    return {
      document: null,
      findings: [finding('file', null, `This is no file of evidence: ${FORMAT} is not in it.`)],
    };
  }
  const parsed = evidenceSchema.safeParse(json);
  if (!parsed.success) {
    const faults = parsed.error.issues
      .slice(0, MOST_FAULTS)
      .map((issue) =>
        finding(
          'file',
          entryAt(json, issue.path),
          `${issue.path.map(String).join('.') || 'The file'}: ${issue.message}.`,
        ),
      );
    return { document: null, findings: [...chainAlone(json), ...faults] };
  }
  const document = parsed.data;
  const chain = chainOf(document);
  const content = chain.length === 0 ? verifyContent(document) : [];
  return { document, findings: [...chain, ...content, ...verifyForm(document, text)] };
}

/** Where only the rest of the file is no evidence, its entries are still looked at. */
function chainAlone(json: unknown): readonly Finding[] {
  const parsed = evidenceSchema.pick({ service: true, id: true, chain: true }).strip().safeParse(json);
  return parsed.success ? chainOf(parsed.data) : [];
}

function chainOf({ service, id, chain }: Pick<EvidenceDocument, 'service' | 'id' | 'chain'>): readonly Finding[] {
  const begins = firstSeqOf(service, id);
  if (begins !== null) return verifyChain(chain, begins);
  return [finding('file', null, `${id} is no id of ${service}.`)];
}

/** Which entry a fault of form is in. */
function entryAt(json: unknown, path: readonly PropertyKey[]): number | null {
  const [chain, entries, index] = path;
  if (chain !== 'chain' || entries !== 'entries' || typeof index !== 'number') return null;
  const file = json as { readonly chain?: { readonly entries?: readonly { readonly seq?: unknown }[] } };
  const seq = file.chain?.entries?.[index]?.seq;
  return typeof seq === 'number' ? seq : null;
}

/** The entries are whole: do they begin and end what the file is about, and does the summary say what they say? */
function verifyContent(document: EvidenceDocument): readonly Finding[] {
  const { id, chain, summary } = document;
  const entries: Entry[] = [];
  let last = { seq: chain.first.seq - 1, hash: chain.previous?.hash ?? '' };
  for (const item of chain.entries) {
    const entry = openEntry(item, last);
    if ('kind' in entry) {
      const says =
        entry.kind === 'newer'
          ? `Entry ${entry.seq} was written by a newer titanic: verify the file with that release.`
          : `Entry ${entry.seq}: ${entry.why}.`;
      return [finding(entry.kind === 'newer' ? 'newer' : 'entry', entry.seq, says)];
    }
    entries.push(entry);
    last = entry;
  }
  const found = [...verifyExtent(document, entries)];
  const said = summarise(id, entries);
  if (said === null) return [...found, finding('end', chain.first.seq, `The entries do not begin ${id}.`)];
  return [...found, ...summaryDifferences(summary, said).map((path) => summaryFinding(path))];
}

/** It ends exactly where nothing of it moves any more; while it goes on, with the log. */
function verifyExtent({ id, chain }: EvidenceDocument, entries: readonly Entry[]): readonly Finding[] {
  const { last, next } = chain;
  const before = entries.slice(0, -1).reduce(follow, beginOf(id));
  if (isOver(before)) {
    return [finding('end', last.seq, `Entry ${last.seq} does not belong: ${id} was over before it.`)];
  }
  const whole = entries.slice(-1).reduce(follow, before);
  if (isOver(whole) || next === null) return [];
  return [
    finding(
      'end',
      last.seq,
      `The file ends with entry ${last.seq}, but ${id} went on: entries are missing at the end.`,
    ),
  ];
}

function summaryFinding(path: string): Finding {
  return finding('summary', null, `summary.${path} is not what the entries say.`);
}

/** Paths of the fields that differ. */
function summaryDifferences(said: unknown, computed: unknown, path = ''): readonly string[] {
  if (isDeepStrictEqual(said, computed)) return [];
  if (!isRecord(said) || !isRecord(computed)) return [path];
  const keys = new Set([...Object.keys(said), ...Object.keys(computed)]);
  return [...keys].flatMap((key) => summaryDifferences(said[key], computed[key], path === '' ? key : `${path}.${key}`));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** The whole of it, byte for byte. */
function verifyForm(document: EvidenceDocument, text: string): readonly Finding[] {
  const { digest: said, ...content } = document;
  const found: Finding[] = [];
  if (digest(content) !== said) {
    found.push(finding('file', null, 'The digest does not fit: something in the file was changed.'));
  }
  if (layout(document) !== text) {
    found.push(
      finding(
        'file',
        null,
        'The layout is not what titanic writes: the file was changed or formatted anew; export it again.',
      ),
    );
  }
  return found;
}
