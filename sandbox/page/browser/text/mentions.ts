import type { Json, PageMessage } from '../../wire.ts';
import { isObject, wordsOf } from './json.ts';
import { type Piece, parseMrkdwn } from './mrkdwn.ts';

/** Whom a message calls, by id; `everybody` for `@channel` and the like. Words that only look like a call are none. */
export function calledIn({ text, blocks }: Pick<PageMessage, 'text' | 'blocks'>): ReadonlySet<string> {
  const called = new Set<string>();
  // Where there are blocks, they are what is read; the text is for those who cannot see them.
  if (blocks.length === 0) addPieces(parseMrkdwn(text), called);
  for (const block of blocks) addJson(block, called);
  return called;
}

export const EVERYBODY = 'everybody';

function addPieces(pieces: readonly Piece[], called: Set<string>): void {
  for (const piece of pieces) {
    if (piece.kind === 'person' || piece.kind === 'group') called.add(piece.id);
    else if (piece.kind === 'broadcast') called.add(EVERYBODY);
    else if ('pieces' in piece) addPieces(piece.pieces, called);
  }
}

function addJson(value: Json | undefined, called: Set<string>): void {
  if (Array.isArray(value)) for (const one of value) addJson(one, called);
  if (!isObject(value)) return;
  if (value.type === 'mrkdwn') addPieces(parseMrkdwn(wordsOf(value.text)), called);
  else if (value.type === 'user') called.add(wordsOf(value.user_id));
  else if (value.type === 'usergroup') called.add(wordsOf(value.usergroup_id));
  else if (value.type === 'broadcast') called.add(EVERYBODY);
  else for (const member of Object.values(value)) addJson(member, called);
}
