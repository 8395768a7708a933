import { escapeMrkdwn, visible } from './escape.ts';
import { cut, LIMITS } from './limits.ts';
import { moment } from './when.ts';

/**
 * A piece of a line. One model with two renderings, rich text and escaped mrkdwn, so that the blocks and the fallback
 * text cannot say different things, and no outside text is ever parsed for markup.
 */
export type Inline =
  | { readonly kind: 'text'; readonly text: string; readonly style?: 'bold' | 'code' }
  | { readonly kind: 'person'; readonly id: string }
  | { readonly kind: 'moment'; readonly iso: string }
  /** Only addresses that Slack itself gave us. */
  | { readonly kind: 'link'; readonly url: string; readonly text: string };

export type Line = readonly Inline[];

const PERSON_ID = /^[UW][A-Z0-9]{4,20}$/;

export function isPersonId(text: string): boolean {
  return PERSON_ID.test(text);
}

/** Outside or own text, made visible and cut. */
export function text(value: string, max = 400): Inline {
  return { kind: 'text', text: cut(visibleEnds(value), max) };
}

export function bold(value: string): Inline {
  return { kind: 'text', text: cut(visibleEnds(value), 200), style: 'bold' };
}

export function code(value: string): Inline {
  return { kind: 'text', text: cut(visibleEnds(value), 200), style: 'code' };
}

/** A person of this workspace as Slack names them; whoever else (a pipeline's ARN) as text. */
export function person(id: string): Inline {
  return isPersonId(id) ? { kind: 'person', id } : text(id, 120);
}

export function at(iso: string): Inline {
  return moment(iso) === null ? text(iso, 40) : { kind: 'moment', iso };
}

export function link(url: string, words: string): Inline {
  return /^https?:\/\/[^\s<>|"]+$/.test(url) ? { kind: 'link', url, text: words } : text(words);
}

/** `visible`, but a blank at either end stays: it stands between this piece and the next. */
function visibleEnds(value: string): string {
  const inner = visible(value);
  if (inner === '') return value === '' ? '' : ' ';
  return `${/^\s/.test(value) ? ' ' : ''}${inner}${/\s$/.test(value) ? ' ' : ''}`;
}

/** People, comma-separated, at most five by name. */
export function people(ids: readonly string[], max = 5): Line {
  const shown = ids.slice(0, max).flatMap((id, index) => (index === 0 ? [person(id)] : [text(', '), person(id)]));
  return ids.length > max ? [...shown, text(` … +${ids.length - max}`)] : shown;
}

function richElement(inline: Inline): object {
  switch (inline.kind) {
    case 'text': {
      const style = inline.style === undefined ? {} : { style: { [inline.style]: true } };
      return { type: 'text', text: inline.text, ...style };
    }
    case 'person':
      return { type: 'user', user_id: inline.id };
    case 'moment': {
      const seen = moment(inline.iso);
      if (seen === null) return { type: 'text', text: inline.iso };
      return { type: 'date', timestamp: seen.unixSeconds, format: seen.format, fallback: seen.fallback };
    }
    case 'link':
      return { type: 'link', url: inline.url, text: inline.text };
  }
}

function isShown(inline: Inline): boolean {
  return inline.kind !== 'text' || inline.text !== '';
}

/** Lines as the elements of one rich text section. */
export function richElements(lines: readonly Line[]): readonly object[] {
  return lines.flatMap((line, index) => {
    const shown = line.filter(isShown).map(richElement);
    return index === 0 ? shown : [{ type: 'text', text: '\n' }, ...shown];
  });
}

function mrkdwn(inline: Inline): string {
  switch (inline.kind) {
    case 'text':
      // No style marks: outside text between them could close them and open others.
      return escapeMrkdwn(inline.text);
    case 'person':
      return `<@${inline.id}>`;
    case 'moment': {
      const seen = moment(inline.iso);
      return seen === null
        ? escapeMrkdwn(inline.iso)
        : `<!date^${seen.unixSeconds}^${seen.format}|${escapeMrkdwn(seen.fallback)}>`;
    }
    case 'link':
      return `<${inline.url}|${escapeMrkdwn(inline.text)}>`;
  }
}

/** Lines as a message's `text`: escaped, and never longer than Slack takes, cut between pieces so that no escape breaks. */
export function fallbackText(lines: readonly Line[], before = ''): string {
  const budget = LIMITS.messageText - 100;
  let out = before;
  const pieces = lines.flatMap((line, index) =>
    index === 0 ? line : [{ kind: 'text', text: '\n' } as const, ...line],
  );
  for (const [index, piece] of pieces.entries()) {
    const next = mrkdwn(piece);
    if (out.length + next.length > budget) return `${out}… +${pieces.length - index}`;
    out += next;
  }
  return out;
}
