import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import type { Cursor, PostedCard, StoredEntry, StoredSnapshot } from '../ports/log-store.ts';

/** How the table's items are written and read; the log's form is promised in the documentation, the others are caches. */
export type Item = Record<string, AttributeValue>;

const SEQ_DIGITS = 12;
const LOG_KEY = /^log#(\d{12})$/;

/** Sorts after every entry of a log. */
export const LAST_SORT_KEY = `log#${'9'.repeat(SEQ_DIGITS)}`;

export function partitionKey(service: string): string {
  return `service#${service}`;
}

export function logSortKey(seq: number): string {
  return `log#${String(seq).padStart(SEQ_DIGITS, '0')}`;
}

export function keyOf(service: string, sortKey: string): { pk: AttributeValue; sk: AttributeValue } {
  return { pk: { S: partitionKey(service) }, sk: { S: sortKey } };
}

export function entryItem(service: string, entry: StoredEntry): Item {
  const { seq, body, hash, prevHash } = entry;
  return { ...keyOf(service, logSortKey(seq)), body: { S: body }, hash: { S: hash }, prevHash: { S: prevHash } };
}

/**
 * null: not an entry of the log. A missing attribute is read as empty, so that the chain's check says which entry was
 * tampered with, instead of a read that fails for ever.
 */
export function entryFrom(item: Item): StoredEntry | null {
  const digits = LOG_KEY.exec(item.sk?.S ?? '')?.[1];
  if (digits === undefined) return null;
  return { seq: Number(digits), body: item.body?.S ?? '', hash: item.hash?.S ?? '', prevHash: item.prevHash?.S ?? '' };
}

export function snapshotItem(service: string, { seq, hash, shape, state }: StoredSnapshot): Item {
  return {
    ...keyOf(service, 'head'),
    seq: { N: String(seq) },
    hash: { S: hash },
    shape: { N: String(shape) },
    state: { S: state },
  };
}

const snapshotShape = z.object({
  seq: z.coerce.number().int(),
  hash: z.string(),
  shape: z.coerce.number().int(),
  state: z.string(),
});

/** null where there is none, or none that can be read: it is a cache. */
export function snapshotFrom(item: Item | undefined): StoredSnapshot | null {
  const { seq, hash, shape, state } = item ?? {};
  const parsed = snapshotShape.safeParse({ seq: seq?.N, hash: hash?.S, shape: shape?.N, state: state?.S });
  return parsed.success ? parsed.data : null;
}

export function cursorItem(service: string, cursor: Cursor): Item {
  return {
    ...keyOf(service, 'announcer'),
    version: { N: String(cursor.version) },
    claim: cursor.claim === null ? { NULL: true } : { S: cursor.claim },
    seq: { N: String(cursor.seq) },
    cards: { S: JSON.stringify(cursor.cards) },
  };
}

const cardShape = z.object({
  channel: z.string(),
  ts: z.string(),
  digest: z.string(),
  updates: z.number(),
  confirmed: z.boolean(),
});

/**
 * null where there is none. A card that another release wrote differently is left out, and posted anew when it next
 * changes. Throws without a version and a seq: nothing could be saved over it, so it has to be deleted by hand.
 */
export function cursorFrom(item: Item | undefined): Cursor | null {
  if (item === undefined) return null;
  const version = Number(item.version?.N);
  const seq = Number(item.seq?.N);
  if (!Number.isSafeInteger(version) || !Number.isSafeInteger(seq)) throw new Error('the cursor item is malformed');
  return { version, claim: item.claim?.S ?? null, seq, cards: cardsFrom(item.cards?.S) };
}

function cardsFrom(text: string | undefined): Cursor['cards'] {
  const cards: [string, PostedCard][] = [];
  for (const [id, card] of Object.entries(z.record(z.string(), z.unknown()).parse(JSON.parse(text ?? '{}')))) {
    const parsed = cardShape.safeParse(card);
    if (parsed.success) cards.push([id, parsed.data]);
  }
  return Object.fromEntries(cards);
}
