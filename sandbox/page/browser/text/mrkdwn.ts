/**
 * Slack's markup taken apart. What becomes markup here becomes markup in Slack, so a text that was not escaped shows
 * itself. No part of the result is ever markup of the page.
 */
export type Piece =
  | { readonly kind: 'text' | 'code' | 'pre'; readonly text: string }
  | { readonly kind: 'break' }
  | { readonly kind: 'bold' | 'italic' | 'strike' | 'quote'; readonly pieces: readonly Piece[] }
  | { readonly kind: 'link'; readonly url: string; readonly text: string }
  | { readonly kind: 'person' | 'group' | 'channel'; readonly id: string; readonly label: string | null }
  | { readonly kind: 'broadcast'; readonly range: string }
  | { readonly kind: 'date'; readonly seconds: number; readonly format: string; readonly fallback: string }
  | { readonly kind: 'emoji'; readonly name: string };

const FENCE = /```\n?([\s\S]*?)\n?```/;
const QUOTED = /^(?:&gt;|>) ?/;

/** Everything Slack would read out of a mrkdwn text. */
export function parseMrkdwn(text: string): readonly Piece[] {
  const fence = FENCE.exec(text);
  if (fence === null) return parseLines(text);
  const before = text.slice(0, fence.index).replace(/\n$/, '');
  const after = text.slice(fence.index + fence[0].length).replace(/^\n/, '');
  const pre: Piece = { kind: 'pre', text: unescapeEntities(fence[1] ?? '') };
  return [...parseLines(before), pre, ...(after === '' ? [] : parseMrkdwn(after))];
}

/** Lines that begin with `>` stand together as a quote. */
function parseLines(text: string): Piece[] {
  if (text === '') return [];
  const pieces: Piece[] = [];
  let quote: string[] = [];
  let started = false;
  const endQuote = () => {
    if (quote.length > 0) pieces.push({ kind: 'quote', pieces: parseInline(quote.join('\n')) });
    started = quote.length === 0 && started;
    quote = [];
  };
  for (const line of text.split('\n')) {
    if (QUOTED.test(line)) {
      quote.push(line.replace(QUOTED, ''));
      continue;
    }
    endQuote();
    if (started) pieces.push({ kind: 'break' });
    pieces.push(...parseInline(line));
    started = true;
  }
  endQuote();
  return pieces;
}

const CODE = /`([^`\n]+)`/y;
const ANGLE = /<([^<>\n]+)>/y;
const EMOJI = /:([a-z0-9_+-]+(?:::skin-tone-\d)?):/y;
const BARE_URL = /https?:\/\/[^\s<>|]+[^\s<>|.,;:!?)]/y;
const STYLES = { '*': 'bold', _: 'italic', '~': 'strike' } as const;

type StyleMark = keyof typeof STYLES;

const isMark = (character: string | undefined): character is StyleMark =>
  character !== undefined && Object.hasOwn(STYLES, character);
const isWord = (character: string | undefined) => character !== undefined && /[\p{L}\p{N}]/u.test(character);

function parseInline(text: string): Piece[] {
  const pieces: Piece[] = [];
  let plain = '';
  let at = 0;
  const push = (piece: Piece) => {
    if (plain !== '') pieces.push({ kind: 'text', text: unescapeEntities(plain) });
    plain = '';
    pieces.push(piece);
  };
  while (at < text.length) {
    const found = markedAt(text, at);
    if (found === null) {
      plain += text[at];
      at += 1;
    } else {
      push(found.piece);
      at = found.end;
    }
  }
  if (plain !== '') pieces.push({ kind: 'text', text: unescapeEntities(plain) });
  return pieces;
}

function markedAt(text: string, at: number): { readonly piece: Piece; readonly end: number } | null {
  const match = (pattern: RegExp) => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  if (text[at] === '\n') return { piece: { kind: 'break' }, end: at + 1 };
  const code = match(CODE);
  if (code !== null)
    return { piece: { kind: 'code', text: unescapeEntities(code[1] ?? '') }, end: at + code[0].length };
  const angle = match(ANGLE);
  if (angle !== null) return { piece: angled(angle[1] ?? ''), end: at + angle[0].length };
  const emoji = match(EMOJI);
  if (emoji !== null) return { piece: { kind: 'emoji', name: emoji[1] ?? '' }, end: at + emoji[0].length };
  const url = isWord(text[at - 1]) ? null : match(BARE_URL);
  if (url !== null) {
    const address = unescapeEntities(url[0]);
    return { piece: { kind: 'link', url: address, text: address }, end: at + url[0].length };
  }
  return styledAt(text, at);
}

/** `*bold*`: the marks stand at the edges of words, with no space inside and on one line. */
function styledAt(text: string, at: number): { readonly piece: Piece; readonly end: number } | null {
  const mark = text[at];
  if (!isMark(mark) || isWord(text[at - 1]) || /\s/.test(text[at + 1] ?? ' ') || text[at + 1] === mark) return null;
  for (let end = at + 2; end < text.length && text[end] !== '\n'; end += 1) {
    if (text[end] !== mark || /\s/.test(text[end - 1] ?? ' ') || isWord(text[end + 1])) continue;
    return { piece: { kind: STYLES[mark], pieces: parseInline(text.slice(at + 1, end)) }, end: end + 1 };
  }
  return null;
}

/** What stands between angle brackets: a mention, a date, a link. */
function angled(inner: string): Piece {
  const bar = inner.indexOf('|');
  const target = bar < 0 ? inner : inner.slice(0, bar);
  const label = bar < 0 ? null : unescapeEntities(inner.slice(bar + 1));
  if (target.startsWith('@')) return { kind: 'person', id: target.slice(1), label };
  if (target.startsWith('#')) return { kind: 'channel', id: target.slice(1), label };
  if (target.startsWith('!subteam^')) return { kind: 'group', id: target.slice(9), label };
  if (target.startsWith('!date^')) return dated(target, label);
  if (target.startsWith('!')) return { kind: 'broadcast', range: target.slice(1) };
  const url = unescapeEntities(target);
  return { kind: 'link', url, text: label ?? url.replace(/^mailto:/, '') };
}

function dated(target: string, label: string | null): Piece {
  const [, seconds = '', format = ''] = target.split('^');
  const fallback = label ?? seconds;
  if (!/^\d+$/.test(seconds) || format === '') return { kind: 'text', text: fallback };
  return { kind: 'date', seconds: Number(seconds), format: unescapeEntities(format), fallback };
}

function unescapeEntities(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
