import type { CommandWord } from '../../wire.ts';

/** A word that may come next. */
export interface Suggestion {
  /** The whole text of the composer once it is taken. */
  readonly text: string;
  readonly label: string;
  readonly does: string;
}

/** What the sandbox has at the moment, for words that name something. */
export interface KnownNames {
  readonly rollouts: readonly string[];
  readonly versions: readonly { readonly version: number; readonly does: string }[];
}

const MOST = 8;
const ENVIRONMENTS = ['staging', 'prod'] as const;
const OPTION_DOES: Readonly<Record<string, string>> = {
  service: 'where there are several',
  model: 'a version of the registry; without it the newest approved one',
  to: 'the version to go back to',
  for: 'how long, such as 2h',
  target: 'leftovers, staging, prod or all',
  apply: 'not only a plan',
};

/** How a slash command that is being typed can go on. Empty: any words, or nothing to say. */
export function complete(
  typed: string,
  command: string,
  table: readonly CommandWord[],
  known: KnownNames,
): readonly Suggestion[] {
  if (!typed.startsWith('/') || typed.includes('\n') || / -- /.test(typed)) return [];
  if (!typed.startsWith(`${command} `)) {
    return command.startsWith(typed) ? [{ text: `${command} `, label: command, does: 'rolls out models' }] : [];
  }
  const words = typed.slice(command.length + 1).split(/ +/);
  const last = words.at(-1) ?? '';
  const before = typed.slice(0, typed.length - last.length);
  const offer = (list: readonly (readonly [string, string])[]): readonly Suggestion[] =>
    list
      .filter(([word]) => word.startsWith(last) && word !== last)
      .slice(0, MOST)
      .map(([word, does]) => ({ text: `${before}${word} `, label: word, does }));

  if (words.length <= 1) return offerVerbs(table, last, before);
  const row = table.find(({ verb }) => verb === words[0]);
  if (row === undefined) return [];
  if (words.length === 2 && !last.startsWith('-')) return offer(wordsFor(row, table, known));
  const previous = words.at(-2);
  if (previous === '--model' || previous === '--to') {
    return offer(known.versions.map(({ version, does }) => [String(version), does] as const));
  }
  return last.startsWith('-') ? offer(row.options.map((name) => [`--${name}`, OPTION_DOES[name] ?? ''] as const)) : [];
}

/** All verbs can be scrolled to; beginnings of the typed word first would hide what else there is. */
function offerVerbs(table: readonly CommandWord[], last: string, before: string): readonly Suggestion[] {
  return table
    .filter(({ verb }) => verb.startsWith(last) && !(verb === last && last !== ''))
    .map(({ verb, words, does }) => ({
      text: `${before}${verb} `,
      label: words === '' ? verb : `${verb} ${words}`,
      does,
    }));
}

function wordsFor(
  row: CommandWord,
  table: readonly CommandWord[],
  known: KnownNames,
): readonly (readonly [string, string])[] {
  switch (row.word) {
    case 'environment':
      // A new version always begins on staging.
      return ENVIRONMENTS.filter((one) => row.verb !== 'deploy' || one === 'staging').map((one) => [one, ''] as const);
    case 'rollout':
      return known.rollouts.map((id) => [id, ''] as const);
    case 'version':
      return known.versions.map(({ version, does }) => [String(version), does] as const);
    case 'verb':
      return table.map(({ verb, does }) => [verb, does] as const);
    default:
      return [];
  }
}
