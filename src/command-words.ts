/** What was typed, apart from what it means. */
export type Words = {
  readonly words: readonly string[];
  /** What follows `--`; absent where nothing does. */
  readonly freeText?: string;
};

const SPACES = /[\s\u00a0\u2007\u202f\u2060\u200b\ufeff]+/gu;
/** What phones make of `--`, or of `-`: en dash, em dash, horizontal bar, minus. */
const LONG_DASH = /[\u2012-\u2015\u2212\u2e3a\u2e3b\ufe58]/u;
const HYPHENS = /[\u2010\u2011\ufe63\uff0d]/gu;
const DOUBLE_QUOTES = /[\u201c-\u201f\u00ab\u00bb\u2033\uff02]/gu;
const SINGLE_QUOTES = /[\u2018-\u201b\u2032\uff07]/gu;
/** Control characters, halves of surrogate pairs, and what turns the direction of writing. */
const UNSHOWABLE = /[\p{Cc}\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]/gu;

/**
 * Splits what was typed at white space and at the first `--` that stands alone. Long dashes, curly quotes and
 * no-break spaces before it are read as what was meant; free text keeps its dashes and quotes.
 */
export function splitWords(typed: string): Words {
  const words = showable(typed)
    .split(' ')
    .filter((word) => word !== '');
  const separator = words.findIndex((word) => word === '--' || (LONG_DASH.test(word) && [...word].every(isDash)));
  const before = separator === -1 ? words : words.slice(0, separator);
  const after = separator === -1 ? '' : words.slice(separator + 1).join(' ');
  const meant = before.map(plainWord).filter((word) => word !== '');
  return { words: meant, ...(after === '' ? {} : { freeText: after }) };
}

/** One line without anything that a terminal or a message could trip over. */
export function showable(text: string): string {
  return text.replace(SPACES, ' ').replace(UNSHOWABLE, ' ').replace(/ +/g, ' ').trim();
}

function plainWord(word: string): string {
  const [, dashes = '', rest = ''] = /^([-\u2010-\u2015\u2212\u2e3a\u2e3b\ufe58]*)(.*)$/su.exec(word) ?? [];
  const opening = LONG_DASH.test(dashes) ? '--' : dashes.replace(HYPHENS, '-');
  const inner = rest
    .replace(new RegExp(LONG_DASH, 'gu'), '-')
    .replace(HYPHENS, '-')
    .replace(DOUBLE_QUOTES, '"')
    .replace(SINGLE_QUOTES, "'");
  return unquoted(`${opening}${inner}`);
}

/** Nobody needs quotes, since no word holds a space, but many write them. */
function unquoted(word: string): string {
  return word.replace(/^(["'])(.*)\1$/s, '$2').replace(/=(["'])(.*)\1$/s, '=$2');
}

function isDash(letter: string): boolean {
  return letter === '-' || LONG_DASH.test(letter);
}
