import type { StoredItem } from '../../wire.ts';
import { isObject, objectsOf, wordsOf } from '../text/json.ts';

/** An entry of the record, checked in this browser against the one before it. */
export interface ChainedEntry {
  readonly seq: number;
  readonly at: string;
  /** A person's id, or `titanic`. */
  readonly actor: string;
  readonly rolloutId: string | null;
  readonly types: readonly string[];
  readonly body: string;
  readonly hash: string;
  /** null: its hash fits its content, and it follows the one before. */
  readonly broken: string | null;
}

/** sha256 of a text's UTF-8 bytes, in lower-case hexadecimal. */
async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Checks items as the continuation of a chain. */
export async function chain(
  items: readonly StoredItem[],
  before: ChainedEntry | undefined,
): Promise<readonly ChainedEntry[]> {
  const entries: ChainedEntry[] = [];
  let last = { seq: before?.seq ?? 0, hash: before?.hash ?? '' };
  for (const item of items) {
    entries.push({ ...read(item), broken: await breakOf(item, last) });
    last = item;
  }
  return entries;
}

async function breakOf(
  item: StoredItem,
  last: { readonly seq: number; readonly hash: string },
): Promise<string | null> {
  if (item.seq !== last.seq + 1) return `entry ${last.seq + 1} is missing before it`;
  if ((await sha256(item.body)) !== item.hash) return 'its hash does not fit its content';
  if (item.prevHash !== last.hash || bodyOf(item).prevHash !== last.hash)
    return 'it does not follow the entry before it';
  return null;
}

function bodyOf({ body }: StoredItem): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function read(item: StoredItem): Omit<ChainedEntry, 'broken'> {
  const body = bodyOf(item);
  const actor = isObject(body.actor) ? body.actor : {};
  return {
    seq: item.seq,
    at: wordsOf(body.at),
    actor: actor.kind === 'titanic' ? 'titanic' : wordsOf(actor.id),
    rolloutId: typeof body.rolloutId === 'string' ? body.rolloutId : null,
    types: objectsOf(body.events).map(({ type }) => wordsOf(type)),
    body: item.body,
    hash: item.hash,
  };
}

/** The events of an entry, for those who look into one. */
export function eventsOf(entry: ChainedEntry): readonly Readonly<Record<string, unknown>>[] {
  return objectsOf(bodyOf({ ...entry, prevHash: '' }).events);
}
