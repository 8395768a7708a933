import type { WrittenTime } from './calendar.ts';
import type { CleanupTarget, Command, ModelChoice, UsageProblem, Verb } from './command-types.ts';
import type { OptionName, Switch } from './command-usage.ts';
import { USAGE, usageLines, VERBS } from './command-usage.ts';
import type { Value } from './command-values.ts';
import {
  readCount,
  readDuration,
  readEnvironmentName,
  readModel,
  readRollout,
  readService,
  readTarget,
  readTime,
  readVersion,
  serviceOfRollout,
  shown,
} from './command-values.ts';
import { splitWords } from './command-words.ts';
import type { EnvironmentName } from './config-types.ts';
import { nearestWord } from './nearest-word.ts';

export type { CleanupTarget, Command, ModelChoice, UsageProblem, Verb } from './command-types.ts';
export { usageLines } from './command-usage.ts';

/** Slack lets somebody type more than anybody needs. */
const LONGEST_TYPED = 3000;
const LONGEST_FREE_TEXT = 500;
const DEFAULT_HISTORY = 10;
const WAY_TO_PROD =
  'Nothing is deployed to prod directly: `deploy staging` starts a rollout, and once its smoke test has passed, `promote` brings it to prod.';

/** Everything that any command can hold, read. Which of it a verb takes is in `USAGE`. */
type Fields = {
  environment?: EnvironmentName;
  rollout?: string;
  version?: number;
  count?: number;
  topic?: Verb;
  service?: string;
  model?: ModelChoice;
  to?: number;
  forSeconds?: number;
  target?: CleanupTarget;
  apply?: boolean;
  at?: WrittenTime;
  breakGlass?: boolean;
  freeText?: string;
};

/**
 * Reads what was typed after `/titanic`, or the words of the command line joined by spaces. Never throws, and
 * never guesses: what is not understood becomes a `UsageProblem`, whatever part of it was. `rollback` alone has a
 * default environment, prod.
 */
export function parseCommand(typed: string): Command | UsageProblem {
  if (typed.length > LONGEST_TYPED) return problem(`That is longer than ${LONGEST_TYPED} characters.`);
  const { words, freeText } = splitWords(typed);
  const [first, ...rest] = words;
  if (first === undefined) {
    return freeText === undefined ? { verb: 'menu' } : problem('There is no command before “--”.');
  }
  const verb = VERBS.find((each) => each === first.toLowerCase());
  if (verb === undefined) return problem(`${shown(first)} is no command${didYouMean(nearestWord(first, VERBS))}`);

  const fields: Fields = {};
  const fault = readWords(verb, rest, fields) ?? readFreeText(verb, freeText, fields);
  if (fault !== undefined) return problem(fault, verb);
  const command = commandOf(verb, fields);
  return typeof command === 'string' ? problem(command, verb) : command;
}

/** Fills `fields` from words and options; the answer is what was not understood, if anything. */
function readWords(verb: Verb, rest: readonly string[], fields: Fields): string | undefined {
  const seen = new Set<string>();
  for (let index = 0; index < rest.length; index += 1) {
    const word = rest[index] ?? '';
    const [, dashes = '', name = '', glued] = /^(-*)([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
    if (dashes === '') {
      if (USAGE[verb].word === 'none' || seen.has('')) return tooMany(verb, word);
      seen.add('');
      const fault = readWord(verb, word, fields);
      if (fault !== undefined) return fault;
      continue;
    }
    const known: readonly OptionName[] = [...USAGE[verb].options, 'service'];
    const option = dashes === '--' ? known.find((each) => each === name.toLowerCase()) : undefined;
    if (option === undefined) return unknownOption(verb, word, nearestWord(name, known));
    if (seen.has(option)) return `--${option} is there twice.`;
    seen.add(option);
    if (isSwitch(option)) {
      if (glued !== undefined) return `--${option} takes no value.`;
      fields[option === 'apply' ? 'apply' : 'breakGlass'] = true;
      continue;
    }
    if (glued === undefined) index += 1;
    const fault = readOption(option, glued ?? rest[index], fields);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function readWord(verb: Verb, word: string, fields: Fields): string | undefined {
  const kind = USAGE[verb].word;
  switch (kind) {
    case 'environment':
      // `production` as well: whoever types it wants to know the way, not the word.
      if (verb === 'deploy' && /^prod/i.test(word)) return WAY_TO_PROD;
      return keep(fields, 'environment', readEnvironmentName(word));
    case 'rollout':
      return keep(fields, 'rollout', readRollout(word));
    case 'version':
      return keep(fields, 'version', readVersion(word));
    case 'count':
      return keep(fields, 'count', readCount(word));
    case 'verb': {
      const topic = VERBS.find((each) => each === word.toLowerCase());
      if (topic === undefined) return `${shown(word)} is no command${didYouMean(nearestWord(word, VERBS))}`;
      fields.topic = topic;
      return undefined;
    }
    case 'none':
      return tooMany(verb, word);
    default: {
      const unknown: never = kind;
      return unknown;
    }
  }
}

function isSwitch(option: OptionName): option is Switch {
  return option === 'apply' || option === 'break-glass';
}

function readOption(option: Exclude<OptionName, Switch>, text: string | undefined, fields: Fields): string | undefined {
  if (text === undefined || text === '' || text.startsWith('-')) return `--${option} needs a value after it.`;
  switch (option) {
    case 'service':
      return keep(fields, 'service', readService(text));
    case 'model':
      return keep(fields, 'model', readModel(text));
    case 'to':
      return keep(fields, 'to', readVersion(text));
    case 'for':
      return keep(fields, 'forSeconds', readDuration(text));
    case 'at':
      return keep(fields, 'at', readTime(text));
    case 'target':
      return keep(fields, 'target', readTarget(text));
    default: {
      const unknown: never = option;
      return unknown;
    }
  }
}

function readFreeText(verb: Verb, freeText: string | undefined, fields: Fields): string | undefined {
  const wanted = USAGE[verb].freeText;
  if (freeText === undefined) return wanted === 'required' ? `${verb} needs a reason after “--”.` : undefined;
  if (wanted === 'none') return `${verb} takes no text after “--”.`;
  if (freeText.length > LONGEST_FREE_TEXT) return `The text after “--” is longer than ${LONGEST_FREE_TEXT} characters.`;
  fields.freeText = freeText;
  return undefined;
}

/** The command, or what is missing or contradicts itself. */
function commandOf(verb: Verb, fields: Fields): Command | string {
  const { environment, rollout, version, count, topic, service, model, to, forSeconds, target, apply } = fields;
  const { at, breakGlass, freeText } = fields;
  const named = rollout === undefined ? service : serviceOfRollout(rollout);
  if (service !== undefined && service !== named) return `${rollout} is no rollout of ${service}.`;
  const common = given({ service });
  const missing = `${verb} needs to know more: ${verb} ${USAGE[verb].words}.`;
  switch (verb) {
    case 'deploy':
      if (environment === 'prod') return WAY_TO_PROD;
      return environment === undefined
        ? missing
        : { verb, environment, ...given({ model, note: freeText }), ...common };
    case 'promote':
      if (breakGlass !== true) {
        if (freeText === undefined) return { verb, ...given({ rollout, at }), ...common };
        return 'promote takes a text after “--” only with --break-glass.';
      }
      if (at !== undefined) return '--break-glass is for now, so it takes no --at.';
      if (freeText === undefined) return '--break-glass needs a reason after “--”.';
      return { verb, ...given({ rollout, breakGlass: freeText }), ...common };
    case 'review':
      if (rollout === undefined || freeText === undefined) return missing;
      return { verb, rollout, note: freeText, ...common };
    case 'withdraw':
    case 'cancel':
      return { verb, ...given({ rollout }), ...common };
    case 'reject':
      return { verb, ...given({ rollout, reason: freeText }), ...common };
    case 'snooze':
      return freeText === undefined ? missing : { verb, ...given({ rollout }), reason: freeText, ...common };
    case 'rollback':
      return { verb, environment: environment ?? 'prod', ...given({ to, reason: freeText }), ...common };
    case 'approve-model':
    case 'reject-model':
      return version === undefined ? missing : { verb, version, ...given({ reason: freeText }), ...common };
    case 'smoke':
      return environment === undefined ? missing : { verb, environment, ...common };
    case 'lock':
      if (environment === undefined || freeText === undefined) return missing;
      return { verb, environment, ...given({ forSeconds }), reason: freeText, ...common };
    case 'unlock':
    case 'adopt':
      if (environment === undefined || freeText === undefined) return missing;
      return { verb, environment, reason: freeText, ...common };
    case 'acknowledge-break':
      return freeText === undefined ? missing : { verb, reason: freeText, ...common };
    case 'history':
      return { verb, count: count ?? DEFAULT_HISTORY, ...common };
    case 'evidence':
      return rollout === undefined ? missing : { verb, rollout, ...common };
    case 'cleanup':
      return { verb, target: target ?? 'leftovers', apply: apply ?? false, ...common };
    case 'help':
      return { verb, ...given({ topic }), ...common };
    case 'menu':
    case 'status':
    case 'models':
    case 'verify':
    case 'cost':
    case 'recommend':
      return { verb, ...common };
    default: {
      const unknown: never = verb;
      return unknown;
    }
  }
}

function keep<Key extends keyof Fields>(
  fields: Fields,
  key: Key,
  read: Value<NonNullable<Fields[Key]>>,
): string | undefined {
  if (!read.ok) return read.message;
  fields[key] = read.value;
  return undefined;
}

/** Without the keys that hold nothing: an absent key is absent, not `undefined`. */
function given<T extends object>(fields: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>;
  };
}

function tooMany(verb: Verb, word: string): string {
  const hint = USAGE[verb].freeText === 'none' ? '' : '; a reason or note comes after “--”';
  return `${shown(word)} is one word too many${hint}.`;
}

function unknownOption(verb: Verb, word: string, nearest: OptionName | undefined): string {
  if (nearest !== undefined) return `${verb} has no option ${shown(word)}; did you mean --${nearest}?`;
  const hint = USAGE[verb].freeText === 'none' ? '' : '; before a reason or note, “--” stands alone';
  return `${verb} has no option ${shown(word)}${hint}.`;
}

function didYouMean(nearest: string | undefined): string {
  return nearest === undefined ? '.' : `; did you mean ${nearest}?`;
}

function problem(message: string, verb?: Verb): UsageProblem {
  return { verb: 'usage-problem', message, usage: usageLines(verb) };
}
