import type { Verb } from './command-types.ts';

/** One row of the table that the parser, the usage lines and the help are made of. */
export type Usage = {
  /** After the verb, as written in the help. */
  readonly words: string;
  readonly does: string;
  /** What the one word after the verb is, if one may follow. */
  readonly word: 'none' | 'environment' | 'rollout' | 'version' | 'count' | 'verb';
  /** Besides `--service NAME`, which every verb takes. */
  readonly options: readonly OptionName[];
  readonly freeText: 'none' | 'optional' | 'required';
};

/** All but `apply` and `break-glass` take a value. */
export type OptionName = 'service' | 'model' | 'to' | 'for' | 'at' | 'target' | Switch;
export type Switch = 'apply' | 'break-glass';

export const USAGE: Readonly<Record<Verb, Usage>> = {
  deploy: row('staging [--model VERSION|ARN] [-- note]', 'starts a rollout', 'environment', ['model'], 'optional'),
  menu: row('', 'what can be done now, as buttons; so does /titanic alone'),
  status: row('', 'what runs where, what is rolling out, what waits for whom'),
  promote: row(
    '[ROLLOUT] [--at TIME] [--break-glass -- reason]',
    'to prod, now or at a time: for approvers, not for who asked for the rollout',
    'rollout',
    ['at', 'break-glass'],
    'optional',
  ),
  withdraw: row('[ROLLOUT]', 'takes your approval back, until it is decided', 'rollout'),
  review: row('ROLLOUT -- note', 'signs off a rollout that somebody broke the glass for', 'rollout', [], 'required'),
  reject: row('[ROLLOUT] [-- reason]', 'ends a rollout at its gate', 'rollout', [], 'optional'),
  cancel: row('[ROLLOUT]', 'stops what can still be stopped', 'rollout'),
  rollback: row(
    '[staging|prod] [--to VERSION] [-- reason]',
    'back to the last deployment that succeeded; prod if nothing is named, which is then held',
    'environment',
    ['to'],
    'optional',
  ),
  snooze: row(
    '[ROLLOUT] -- reason',
    'waits with a prod that is about to go back by itself; once, for approvers',
    'rollout',
    [],
    'required',
  ),
  'approve-model': row('VERSION [-- reason]', 'approves a package in the Model Registry', 'version', [], 'optional'),
  'reject-model': row('VERSION [-- reason]', 'rejects a package in the Model Registry', 'version', [], 'optional'),
  models: row('', 'packages of the group: status, metrics, where they run'),
  smoke: row('staging|prod', 'a smoke run alone', 'environment'),
  lock: row('staging|prod [--for 2h] -- reason', 'holds an environment', 'environment', ['for'], 'required'),
  unlock: row('staging|prod -- reason', 'releases it', 'environment', [], 'required'),
  history: row('[N]', 'the last rollouts', 'count'),
  evidence: row('ID', 'the record of a rollout, rollback, clean-up or model approval, and as a file', 'rollout'),
  verify: row('', 'does what runs equal what the record says; is the record whole'),
  cost: row('', 'what staging and prod cost an hour and a month, by what runs now; of all services if none is named'),
  recommend: row('', 'whether staging and prod would do with less, by their load of the last 14 days'),
  cleanup: row(
    '[--target leftovers|staging|prod|all] [--apply]',
    'a plan of what can be deleted; with --apply, an approver confirms it on its card',
    'none',
    ['target', 'apply'],
  ),
  adopt: row(
    'staging|prod -- reason',
    'takes over an endpoint that titanic did not create',
    'environment',
    [],
    'required',
  ),
  'acknowledge-break': row('-- reason', 'answers for a record that somebody changed', 'none', [], 'required'),
  help: row('[COMMAND]', 'this', 'verb'),
};

export const VERBS = Object.keys(USAGE) as readonly Verb[];

/** `deploy staging [--model VERSION|ARN] [-- note]: starts a rollout`, for one verb or for all. */
export function usageLines(verb?: Verb): readonly string[] {
  const lines = (verb === undefined ? VERBS : [verb]).map((each) => {
    const { words, does } = USAGE[each];
    return `${words === '' ? each : `${each} ${words}`}: ${does}`;
  });
  return verb === undefined
    ? [...lines, 'Every command takes --service NAME; it may be left out where there is only one.']
    : lines;
}

function row(
  words: string,
  does: string,
  word: Usage['word'] = 'none',
  options: readonly OptionName[] = [],
  freeText: Usage['freeText'] = 'none',
): Usage {
  return { words, does, word, options, freeText };
}
