import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Command, parseCommand, type Verb } from '../../src/command.ts';
import { USAGE, usageLines, VERBS } from '../../src/command-usage.ts';
import { formatCommand } from '../../src/format-command.ts';

const ARN = 'arn:aws:sagemaker:eu-west-1:123456789012:model-package/titanic-survival/12';

describe('words that are understood', () => {
  test.each<[string, Command]>([
    ['deploy staging', { verb: 'deploy', environment: 'staging' }],
    ['deploy staging --model 12', { verb: 'deploy', environment: 'staging', model: { kind: 'version', version: 12 } }],
    ['deploy staging --model=v12', { verb: 'deploy', environment: 'staging', model: { kind: 'version', version: 12 } }],
    [`deploy --model ${ARN} staging`, { verb: 'deploy', environment: 'staging', model: { kind: 'arn', arn: ARN } }],
    [
      'deploy staging --service survival -- try the new features -- all of them',
      { verb: 'deploy', environment: 'staging', note: 'try the new features -- all of them', service: 'survival' },
    ],
    ['Deploy Staging', { verb: 'deploy', environment: 'staging' }],
    ['status', { verb: 'status' }],
    ['status --service survival', { verb: 'status', service: 'survival' }],
    ['promote', { verb: 'promote' }],
    ['promote survival-42', { verb: 'promote', rollout: 'survival-42' }],
    ['promote --at 9:05', { verb: 'promote', at: { kind: 'clock', hour: 9, minute: 5 } }],
    [
      'promote survival-42 --at 2026-11-25T09:00',
      { verb: 'promote', rollout: 'survival-42', at: { kind: 'date', date: '2026-11-25', hour: 9, minute: 0 } },
    ],
    ['promote --at 2026-11-25T09:00Z', { verb: 'promote', at: { kind: 'instant', ms: Date.UTC(2026, 10, 25, 9) } }],
    ['promote --break-glass -- fares are wrong', { verb: 'promote', breakGlass: 'fares are wrong' }],
    ['withdraw', { verb: 'withdraw' }],
    ['review survival-42 -- it was needed', { verb: 'review', rollout: 'survival-42', note: 'it was needed' }],
    ['reject survival-42 -- too slow', { verb: 'reject', rollout: 'survival-42', reason: 'too slow' }],
    ['cancel', { verb: 'cancel' }],
    ['rollback', { verb: 'rollback', environment: 'prod' }],
    ['rollback --to 7 -- wrong answers', { verb: 'rollback', environment: 'prod', to: 7, reason: 'wrong answers' }],
    ['rollback staging', { verb: 'rollback', environment: 'staging' }],
    ['approve-model 12', { verb: 'approve-model', version: 12 }],
    ['reject-model v12', { verb: 'reject-model', version: 12 }],
    ['models', { verb: 'models' }],
    ['smoke prod', { verb: 'smoke', environment: 'prod' }],
    ['lock prod --for 2h -- holidays', { verb: 'lock', environment: 'prod', forSeconds: 7200, reason: 'holidays' }],
    ['lock prod --for 30m -- x', { verb: 'lock', environment: 'prod', forSeconds: 1800, reason: 'x' }],
    ['lock staging --for 1d -- x', { verb: 'lock', environment: 'staging', forSeconds: 86_400, reason: 'x' }],
    ['unlock prod -- done', { verb: 'unlock', environment: 'prod', reason: 'done' }],
    ['history', { verb: 'history', count: 10 }],
    ['history 3', { verb: 'history', count: 3 }],
    ['evidence survival-42', { verb: 'evidence', rollout: 'survival-42' }],
    ['verify', { verb: 'verify' }],
    ['cost', { verb: 'cost' }],
    ['recommend --service survival', { verb: 'recommend', service: 'survival' }],
    ['cost --service survival', { verb: 'cost', service: 'survival' }],
    ['cleanup', { verb: 'cleanup', target: 'leftovers', apply: false }],
    ['cleanup --target all --apply', { verb: 'cleanup', target: 'all', apply: true }],
    [
      'adopt prod --service survival -- made by hand',
      { verb: 'adopt', environment: 'prod', reason: 'made by hand', service: 'survival' },
    ],
    ['help', { verb: 'help' }],
    ['help deploy', { verb: 'help', topic: 'deploy' }],
    ['', { verb: 'menu' }],
    ['  \t ', { verb: 'menu' }],
  ])('%j', (typed, command) => {
    expect(parseCommand(typed)).toEqual(command);
  });

  test.each<[string, string]>([
    ['lock prod —for 2h — it’s the “holidays”', 'lock prod --for 2h -- it’s the “holidays”'],
    ['lock prod –for 2h – x', 'lock prod --for 2h -- x'],
    ['lock prod ―for=“2h” — x', 'lock prod --for 2h -- x'],
    ['approve–model 12', 'approve-model 12'],
    ['promote survival—42', 'promote survival-42'],
    ['promote survival\u201142', 'promote survival-42'],
    ['deploy\u00a0staging\u202f—model\u00a0‘12’', 'deploy staging --model 12'],
    ['deploy staging ‐‐model 12', 'deploy staging --model 12'],
    ['deploy staging —\u200b try', 'deploy staging -- try'],
    ['lock prod -- a — b – c', 'lock prod -- a — b – c'],
  ])('what phones make of it: %j is read as %j', (typed, meant) => {
    expect(parseCommand(typed)).toEqual(parseCommand(meant));
    expect(parseCommand(typed).verb).not.toBe('usage-problem');
  });
});

describe('words that are not understood never act', () => {
  test.each<[string, RegExp]>([
    ['deploy prod', /Nothing is deployed to prod directly: `deploy staging`.*`promote`/],
    ['deploy production', /Nothing is deployed to prod directly/],
    ['deploy', /^deploy needs to know more: deploy staging/],
    ['deploy stagin', /“stagin” is no environment/],
    ['deploy staging 12', /“12” is one word too many/],
    ['deploy staging --model', /--model needs a value/],
    ['deploy staging --model --service x', /--model needs a value/],
    ['deploy staging --model 0', /“0” is no version/],
    ['deploy staging --model latest', /“latest” is no version/],
    ['deploy staging --model arn:aws:s3:::bucket', /not the ARN of a model package/],
    ['deploy staging --modle 12', /did you mean --model\?/],
    ['deploy staging -model 12', /did you mean --model\?/],
    ['deploy staging --model 1 --model 2', /--model is there twice/],
    ['deploy staging —try this', /no option “--try”; before a reason or note, “--” stands alone/],
    ['delpoy staging', /“delpoy” is no command; did you mean deploy\?/],
    ['promte', /did you mean promote\?/],
    ['make it so', /“make” is no command\.$/],
    ['promote 42', /“42” is no rollout/],
    ['promote survival-42 --service other', /survival-42 is no rollout of other/],
    ['promote survival-42 -- please', /only with --break-glass/],
    ['promote --break-glass', /needs a reason/],
    ['promote --break-glass --at 09:00 -- now', /takes no --at/],
    ['promote --break-glass=yes -- now', /takes no value/],
    ['promote --at', /needs a value/],
    ['promote --at 25:00', /“25:00” is no time/],
    ['promote --at 2026-02-30T09:00', /is no time/],
    ['promote --at tomorrow', /is no time/],
    ['review survival-42', /needs a reason/],
    ['rollback --to', /--to needs a value/],
    ['smoke', /smoke needs to know more/],
    ['lock prod', /lock needs a reason/],
    ['lock prod --', /lock needs a reason/],
    ['lock -- reason', /lock needs to know more/],
    ['lock prod --for 2 -- x', /“2” is no time/],
    ['lock prod --for 0m -- x', /is no time/],
    ['lock prod --for 31d -- x', /is no time/],
    ['unlock prod --for 2h -- x', /unlock has no option “--for”/],
    ['history 0', /from 1 to 100/],
    ['evidence', /evidence needs to know more/],
    ['cleanup --apply=yes', /--apply takes no value/],
    ['cleanup --target everything', /“everything” is no target/],
    ['status now', /“now” is one word too many/],
    ['-- note', /no command before/],
    ['help dploy', /did you mean deploy\?/],
    [`lock prod -- ${'x'.repeat(501)}`, /longer than 500/],
    ['x'.repeat(3001), /longer than 3000/],
  ])('%j', (typed, message) => {
    const problem = parseCommand(typed);
    expect(problem).toMatchObject({ verb: 'usage-problem', message: expect.stringMatching(message) });
  });

  test('the usage is that of the verb, else of all', () => {
    expect(parseCommand('smoke')).toMatchObject({ usage: ['smoke staging|prod: a smoke run alone'] });
    expect(parseCommand('smok')).toMatchObject({ usage: usageLines() });
    expect(usageLines()).toHaveLength(VERBS.length + 1);
  });
});

const verbs = Object.keys(USAGE) as Verb[];
const word = fc.oneof(
  fc.constantFrom(
    ...verbs,
    'staging',
    'prod',
    '--',
    '—',
    '–',
    '--model',
    '—for',
    '--service',
    '--apply',
    '--target',
    '2h',
    '12',
    'survival-42',
    '“',
    '=',
    '-',
  ),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
);
const typed = fc.oneof(
  fc.array(word, { maxLength: 8 }).map((words) => words.join(' ')),
  fc.string({ unit: 'binary' }),
);

const service = fc.option(fc.constantFrom('survival', 'a-b-2'), { nil: undefined });
const version = fc.integer({ min: 1, max: 999_999_999 });
const environment = fc.constantFrom('staging' as const, 'prod' as const);
const text = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
  .map((raw) => parseCommand(`lock prod -- ${raw}`))
  .filter((command) => command.verb === 'lock')
  .map((command) => command.reason);
const model = fc.oneof(
  version.map((each) => ({ kind: 'version' as const, version: each })),
  fc.constant({ kind: 'arn' as const, arn: ARN }),
);
const maybe = { requiredKeys: ['verb' as const] };
const some = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined });

const command: fc.Arbitrary<Command> = fc
  .oneof(
    fc.record({
      verb: fc.constant('deploy'),
      environment: fc.constant('staging'),
      model: some(model),
      note: some(text),
      service,
    }),
    fc.record({ verb: fc.constantFrom('status', 'models', 'verify'), service }),
    fc.record({ verb: fc.constantFrom('promote', 'cancel'), rollout: fc.constant('survival-42') }, maybe),
    fc.record({ verb: fc.constant('reject'), rollout: fc.constant('survival-42'), reason: text }, maybe),
    fc.record({ verb: fc.constant('rollback'), environment, to: some(version), reason: some(text), service }),
    fc.record({ verb: fc.constantFrom('approve-model', 'reject-model'), version, reason: some(text), service }),
    fc.record({ verb: fc.constant('smoke'), environment, service }),
    fc.record({
      verb: fc.constant('lock'),
      environment,
      forSeconds: some(fc.integer({ min: 1, max: 43_200 }).map((n) => n * 60)),
      reason: text,
      service,
    }),
    fc.record({ verb: fc.constantFrom('unlock', 'adopt'), environment, reason: text, service }),
    fc.record({ verb: fc.constant('acknowledge-break' as const), reason: text, service }),
    fc.record({ verb: fc.constant('history'), count: fc.integer({ min: 1, max: 100 }), service }),
    fc.record({ verb: fc.constant('evidence'), rollout: fc.constant('survival-42') }),
    fc.record({
      verb: fc.constant('cleanup'),
      target: fc.constantFrom('leftovers', 'staging', 'prod', 'all'),
      apply: fc.boolean(),
      service,
    }),
    fc.record({ verb: fc.constant('help'), topic: fc.constantFrom(...verbs) }, maybe),
  )
  .map((fields) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Command);

describe('for any words', () => {
  test('reading never throws, and an answer holds no control characters', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(typed, (words) => {
        const read = parseCommand(words);
        seen.add(read.verb);
        if (read.verb !== 'usage-problem') return;
        expect([read.message, ...read.usage].join('')).not.toMatch(/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u);
        expect(read.message.length).toBeLessThan(400);
      }),
      { numRuns: 3000 },
    );
    expect(seen.size).toBeGreaterThan(3);
  });

  test('what is understood is read the same when it is written out', () => {
    fc.assert(
      fc.property(typed, (words) => {
        const read = parseCommand(words);
        if (read.verb !== 'usage-problem') expect(parseCommand(formatCommand(read))).toEqual(read);
      }),
      { numRuns: 2000 },
    );
  });

  test('every command survives being written and read', () => {
    fc.assert(
      fc.property(command, (each) => {
        expect(parseCommand(formatCommand(each))).toEqual(each);
      }),
      { numRuns: 2000 },
    );
  });
});
