import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { type ConfigRefusal, loadConfig, loadSettings, Secret } from '../../src/config.ts';
import { jsonSchemaText } from '../../src/config-schema.ts';

const EXAMPLE = readFileSync('titanic.yml', 'utf8');
const ENV = { SLACK_BOT_TOKEN: 'xoxb-canary-1', SLACK_SIGNING_SECRET: 'canary0123456789abcdef' };

const load = (file: string, env: Record<string, string | undefined> = ENV) => loadConfig({ env, readFile: () => file });

function config(file = EXAMPLE, env: Record<string, string | undefined> = ENV) {
  const loaded = load(file, env);
  if (!loaded.ok) throw new Error(loaded.message);
  return loaded.config;
}

function refusal(file: string, env: Record<string, string | undefined> = ENV): ConfigRefusal {
  const loaded = load(file, env);
  if (loaded.ok) throw new Error('accepted');
  return loaded;
}

/** The example with one part of it written otherwise. */
function changed(from: string | RegExp, to: string): string {
  const file = EXAMPLE.replace(from, to);
  if (file === EXAMPLE) throw new Error(`the example has no ${from}`);
  return file;
}

const staging = (keys: string) => changed('{ instanceType: ml.m5.large, instanceCount: 1 }', `{ ${keys} }`);
const expecting = (keys: string) => changed('{ match: "^0?\\\\.[5-9]|^1" }', `{ ${keys} }`);

describe('the example configuration', () => {
  test('is accepted, with defaults filled in and names derived', () => {
    const { services, aws, slack, environment } = config();
    expect(services[0]).toMatchObject({
      name: 'survival',
      staging: {
        endpointName: 'titanic-survival-staging',
        capacity: { kind: 'instance', instanceType: 'ml.m5.large', instanceCount: 1 },
        containerEnv: {},
        networkIsolation: false,
        deadlineMinutes: 60,
        tags: { project: 'titanic-sagemaker', tutorial_phase: '04' },
        onFailure: 'keep',
      },
      prod: { endpointName: 'titanic-survival-prod', deadlineMinutes: 120 },
      smoke: { requests: 300, warmUpRequests: 50, timeoutMs: 5000, compareWithProd: false },
      approvalExpiresAfterHours: 24,
    });
    expect(services[0]?.smoke.cases.map((each) => each.expect.kind)).toEqual(['match', 'schema']);
    expect(aws.describeLagSeconds).toBe(10);
    expect(slack.approvers).toEqual({ kind: 'usergroup', usergroup: 'S0APPROVERS', quorum: 1, breakGlass: false });
    expect(environment).toMatchObject({ port: 3000, logLevel: 'info', slack: { delivery: { kind: 'http' } } });
  });

  test('is frozen all the way down', () => {
    const { services } = config();
    expect(() => Object.assign(services[0]?.smoke.cases[0]?.expect ?? {}, { kind: 'x' })).toThrow(TypeError);
    expect(Object.isFrozen(services[0]?.staging.tags)).toBe(true);
  });

  test('fits the schema for editors, which is the one generated from the definition', () => {
    expect(readFileSync('titanic.schema.json', 'utf8')).toBe(jsonSchemaText());
    const fits = new Ajv({ strict: false }).compile(JSON.parse(jsonSchemaText()));
    expect(fits(parse(EXAMPLE))).toBe(true);
    expect(fits({ ...parse(EXAMPLE), zzz: 1 })).toBe(false);
  });

  test('can be read without Slack, for the command line', () => {
    expect(loadSettings({ env: {}, readFile: () => EXAMPLE }).ok).toBe(true);
    expect(load(EXAMPLE, {}).ok).toBe(false);
  });
});

describe('optional keys', () => {
  test('are taken over', () => {
    const [service] = config(
      staging(
        'endpointName: old-name, serverless: { memoryMb: 2048, maxConcurrency: 5 }, containerEnv: { LOG: "1" }, kmsKeyId: alias/key, ' +
          'startupTimeoutSeconds: 120, modelDownloadTimeoutSeconds: 600, deadlineMinutes: 20, tags: { team: a, project: b }, onFailure: delete',
      ),
    ).services;
    expect(service?.staging).toEqual({
      endpointName: 'old-name',
      resourceName: 'titanic-survival-staging',
      capacity: { kind: 'serverless', memoryMb: 2048, maxConcurrency: 5 },
      containerEnv: { LOG: '1' },
      kmsKeyId: 'alias/key',
      networkIsolation: false,
      startupTimeoutSeconds: 120,
      modelDownloadTimeoutSeconds: 600,
      deadlineMinutes: 20,
      tags: { project: 'b', tutorial_phase: '04', team: 'a' },
      onFailure: 'delete',
    });
  });

  const PRICES = 'prices: { currency: USD, perInstanceHour: { ml.m5.large: 0.23 } }\n';

  test('a monthly look at the size of endpoints is off unless it is asked for', () => {
    expect(config(EXAMPLE).recommend).toBe('off');
    expect(config(`${EXAMPLE}recommend: monthly\n`).recommend).toBe('monthly');
    expect(refusal(`${EXAMPLE}recommend: weekly\n`).message).toMatch(/recommend: must be off or monthly/);
  });

  test('prices are read, and left out there are none', () => {
    expect(config(`${EXAMPLE}${PRICES}`).prices).toEqual({ currency: 'USD', perInstanceHour: { 'ml.m5.large': 0.23 } });
    expect(config(EXAMPLE).prices).toBeUndefined();
    const dated = config(`${EXAMPLE}${PRICES.replace('USD,', 'USD, asOf: "2026-11-01",')}`);
    expect(dated.prices).toMatchObject({ currency: 'USD', asOf: '2026-11-01' });
  });

  test.each([
    ['USD', 'dollars', /prices\.currency: must be a currency in three letters/],
    ['USD,', 'USD, asOf: november,', /prices\.asOf: must be a day such as 2026-11-01/],
    ['0.23', '-1', /prices\.perInstanceHour\S*ml\.m5\.large\S*: must be 0 or more/],
    ['0.23', 'cheap', /prices\.perInstanceHour\S*ml\.m5\.large\S*: must be a number/],
    ['ml.m5.large', 'm5.large', /is no instance type/],
  ])('prices with %j written as %j are refused', (right, wrong, message) => {
    expect(refusal(`${EXAMPLE}${PRICES.replace(right, wrong)}`).message).toMatch(message);
  });

  const idling = (keys: string) => changed('staging: { ', `staging: { idleStop: { ${keys} }, `);

  test('staging is stopped when nobody uses it only where that is said, and not while a gate is open', () => {
    expect(config().services[0]?.staging.idleStop).toBeUndefined();
    expect(config(idling('afterHours: 2')).services[0]?.staging.idleStop).toEqual({
      afterHours: 2,
      whileGateOpen: false,
    });
  });

  test.each([
    ['whileGateOpen: true', /staging\.idleStop\.afterHours: is missing; it must be a number of hours/],
    ['afterHours: 0.1', /staging\.idleStop\.afterHours: must be at least 0\.25/],
    ['afterHours: 200', /staging\.idleStop\.afterHours: must be at most 168 hours/],
    ['afterHours: 2, whileGateOpen: perhaps', /staging\.idleStop\.whileGateOpen: must be true or false/],
    ['afterHour: 2', /did you mean afterHours/],
  ])('idleStop with { %s } is refused', (keys, message) => {
    expect(refusal(idling(keys)).message).toMatch(message);
  });

  const reminding = (keys: string) => changed('quorum: 1', `quorum: 1, reminders: { ${keys} }`);
  const HOURS = 'workingHours: { from: "09:00", to: "17:30", timeZone: Europe/Berlin }';

  test('reminders are read, with three at most and Monday to Friday if nothing else is said', () => {
    expect(config().slack.approvers.reminders).toBeUndefined();
    expect(config(reminding('afterHours: 4')).slack.approvers.reminders).toEqual({ afterHours: 4, most: 3 });
    expect(config(reminding(`afterHours: 0.5, most: 1, ${HOURS}`)).slack.approvers.reminders).toEqual({
      afterHours: 0.5,
      most: 1,
      workingHours: {
        days: ['mon', 'tue', 'wed', 'thu', 'fri'],
        from: '09:00',
        to: '17:30',
        timeZone: 'Europe/Berlin',
      },
    });
  });

  test.each([
    ['most: 2', /reminders\.afterHours: is missing; it must be a number of hours/],
    ['afterHours: 0', /reminders\.afterHours: must be at least 0\.25/],
    ['afterHours: 4, most: 0', /reminders\.most: must be a whole number of reminders from 1 to 10/],
    ['afterHours: 4, often: 2', /reminders: has an unknown key "often"/],
    [`afterHours: 4, ${HOURS.replace('Berlin', 'Berln')}`, /workingHours\.timeZone: is no time zone/],
    [`afterHours: 4, ${HOURS.replace('"17:30"', '"9:30"')}`, /workingHours\.to: must be a time of day as HH:MM/],
    [`afterHours: 4, ${HOURS.replace('"17:30"', '"09:00"')}`, /workingHours\.to: must be later than from/],
    [`afterHours: 4, ${HOURS.replace('from', 'days: [mon, mon], from')}`, /workingHours\.days: names a day twice/],
    [`afterHours: 4, ${HOURS.replace('from', 'days: [monday], from')}`, /days\S*: must be one of mon, tue/],
  ])('reminders with { %s } are refused', (keys, message) => {
    expect(refusal(reminding(keys)).message).toMatch(message);
  });

  const stagedBy = (keys: string) => changed('name: survival', `name: survival\n    autoStage: { ${keys} }`);

  test('rollouts by themselves are read, and there are none if nothing is said', () => {
    expect(config().services[0]?.autoStage).toBeUndefined();
    expect(config(stagedBy('approvedPackages: true')).services[0]?.autoStage).toEqual({ approvedPackages: true });
    const weekdays = 'schedule: { cron: "0 6 * * 1-5", timeZone: Europe/Berlin }';
    expect(config(stagedBy(weekdays)).services[0]?.autoStage).toEqual({
      approvedPackages: false,
      schedule: { cron: '0 6 * * 1-5', timeZone: 'Europe/Berlin' },
    });
  });

  test.each([
    ['approvedPackages: false', /autoStage: does nothing: give it approvedPackages: true or a schedule/],
    ['approvedPackages: always', /autoStage\.approvedPackages: must be true or false/],
    ['schedule: { cron: "0 6 * *", timeZone: UTC }', /autoStage\.schedule\.cron: is no cron expression: it needs five/],
    ['schedule: { cron: "0 6 * * *", timeZone: CEST+1 }', /autoStage\.schedule\.timeZone: is no time zone/],
    ['schedule: { cron: "0 6 * * *" }', /autoStage\.schedule\.timeZone: is missing; it must be the name/],
    ['packages: true', /autoStage: has an unknown key "packages"/],
  ])('rollouts by themselves with { %s } are refused', (keys, message) => {
    expect(refusal(stagedBy(keys)).message).toMatch(message);
  });

  const FREEZE = `freezes:
  - { name: weekend, owner: platform team, reason: nobody is here, cron: "0 18 * * 5", hours: 62, timeZone: Europe/Berlin }
`;

  test('freezes are read, and left out there are none', () => {
    expect(config(`${EXAMPLE}${FREEZE}`).freezes).toEqual([
      {
        name: 'weekend',
        owner: 'platform team',
        reason: 'nobody is here',
        cron: '0 18 * * 5',
        hours: 62,
        timeZone: 'Europe/Berlin',
      },
    ]);
    expect(config(EXAMPLE).freezes).toEqual([]);
  });

  test.each([
    ['Europe/Berlin', 'Europe/Berln', /freezes\[0\]\.timeZone: is no time zone/],
    ['0 18 * * 5', '0 18 * *', /freezes\[0\]\.cron: is no cron expression: it needs five fields/],
    ['hours: 62', 'hours: 0', /freezes\[0\]\.hours: must be at least/],
    ['hours: 62', 'hours: 62, services: [fares]', /freezes\[0\]\.services: names fares, which is no service here/],
    ['hours: 62', 'hour: 62', /unknown key "hour"; did you mean hours/],
  ])('a freeze with %j written as %j is refused', (right, wrong, message) => {
    expect(refusal(`${EXAMPLE}${FREEZE.replace(right, wrong)}`).message).toMatch(message);
  });

  test('people may be listed by id, and operators left out', () => {
    const file = changed('usergroup: S0APPROVERS, quorum: 1', 'users: [U0ALICE, U0BOBBY], quorum: 2').replace(
      / {2}operators.*\n/,
      '',
    );
    const { approvers, operators } = config(file).slack;
    expect(approvers).toEqual({ kind: 'users', users: ['U0ALICE', 'U0BOBBY'], quorum: 2, breakGlass: false });
    expect(operators).toBeUndefined();
  });

  test('GitHub users are known by their logins in lower case', () => {
    const file = changed('prefix:', 'github: { users: { Octo-Cat: U0ALICE, ops_corp: W0BOBBY } }\nprefix:');
    expect(config(file).githubUsers).toEqual({ 'octo-cat': 'U0ALICE', ops_corp: 'W0BOBBY' });
    expect(config(EXAMPLE).githubUsers).toEqual({});
  });
});

describe('a fault in titanic.yml is named with its place and what to do', () => {
  test.each<[string, string, string, RegExp]>([
    [
      'an unknown key',
      changed('requests: 300', 'reqests: 300'),
      'services[0].smoke',
      /unknown key "reqests"; did you mean requests\?/,
    ],
    [
      'an unknown key far from any',
      changed('prefix:', 'zzz: 1\nprefix:'),
      '',
      /unknown key "zzz"; known are slack, github, aws/,
    ],
    ['a missing key', changed('      maxP95Ms: 300\n', ''), 'services[0].smoke.maxP95Ms', /^is missing/],
    ['a missing group', changed(/ {4}prod: .*\n/, ''), 'services[0].prod', /^is missing/],
    ['a number that should be text', changed('"04"', '04'), 'tags.tutorial_phase', /put it in quotes/],
    ['too few requests', changed('requests: 300', 'requests: 58'), 'services[0].smoke.requests', /from 59/],
    ['a percentage', changed('0.01', '1'), 'services[0].smoke.maxErrorRate', /write 1 % as 0.01/],
    ['no case', changed(/cases:\n.*\n.*\n/, 'cases: []\n'), 'services[0].smoke.cases', /at least one case/],
    ['a channel by name', changed('C0TITANIC', '"#titanic"'), 'slack.channel', /id of a channel/],
    [
      'a person by name',
      changed('usergroup: S0APPROVERS', 'users: ["@alice"]'),
      'slack.approvers.users[0]',
      /id of a person/,
    ],
    [
      'both kinds of people',
      changed('usergroup: S0APPROVERS', 'usergroup: S0APPROVERS, users: [U0ALICE]'),
      'slack.approvers',
      /only one/,
    ],
    [
      'a GitHub user by a Slack name',
      changed('prefix:', 'github: { users: { octo-cat: "@alice" } }\nprefix:'),
      'github.users.octo-cat',
      /id of a person/,
    ],
    [
      'what is no GitHub login',
      changed('prefix:', 'github: { users: { "dependabot[bot]": U0ALICE } }\nprefix:'),
      'github.users.dependabot[bot]',
      /no GitHub login of a person/,
    ],
    [
      'a GitHub user twice',
      changed('prefix:', 'github: { users: { octo-cat: U0ALICE, Octo-Cat: U0BOBBY } }\nprefix:'),
      'github.users.Octo-Cat',
      /same login for GitHub/,
    ],
    ['no people', changed('usergroup: S0OPERATORS', ''), 'slack.operators', /needs either usergroup or users/],
    [
      'a quorum nobody can reach',
      changed('usergroup: S0APPROVERS, quorum: 1', 'users: [U0ALICE], quorum: 2'),
      'slack.approvers.quorum',
      /only 1 can approve/,
    ],
    [
      'somebody twice',
      changed('usergroup: S0APPROVERS', 'users: [U0ALICE, U0ALICE]'),
      'slack.approvers.users',
      /twice/,
    ],
    [
      'half of the instances',
      staging('instanceType: ml.m5.large'),
      'services[0].staging',
      /no instanceCount; give both/,
    ],
    [
      'no capacity',
      staging('deadlineMinutes: 5'),
      'services[0].staging',
      /needs instanceType and instanceCount, or serverless/,
    ],
    [
      'no instance at all',
      staging('instanceType: ml.m5.large, instanceCount: 0'),
      'services[0].staging.instanceCount',
      /from 1/,
    ],
    [
      'two capacities',
      staging('instanceType: ml.m5.large, instanceCount: 1, serverless: { memoryMb: 1024, maxConcurrency: 1 }'),
      'services[0].staging',
      /keep one/,
    ],
    [
      'half of serverless',
      staging('serverless: { memoryMb: 1024 }'),
      'services[0].staging.serverless.maxConcurrency',
      /missing/,
    ],
    [
      'a memory size that is not offered',
      staging('serverless: { memoryMb: 1500, maxConcurrency: 1 }'),
      'services[0].staging.serverless.memoryMb',
      /multiple of 1024/,
    ],
    [
      'a VPC with serverless',
      staging(
        'serverless: { memoryMb: 1024, maxConcurrency: 1 }, vpc: { subnets: [subnet-1], securityGroups: [sg-1] }',
      ),
      'services[0].staging.vpc',
      /remove it/,
    ],
    [
      'half of a VPC',
      staging('instanceType: ml.m5.large, instanceCount: 1, vpc: { subnets: [subnet-1] }'),
      'services[0].staging.vpc.securityGroups',
      /missing/,
    ],
    ['a tag of AWS', changed('project:', '"aws:x":'), 'tags.aws:x', /is no tag key/],
    ['no tags', changed(/tags: .*/, 'tags: {}'), 'tags', /give at least one/],
    ['a prefix without its dash', changed('prefix: titanic-', 'prefix: titanic'), 'prefix', /end with a dash/],
    ['a name in capitals', changed('name: survival ', 'name: Survival '), 'services[0].name', /lower-case/],
    [
      'a name without room',
      changed('name: survival ', `name: ${'s'.repeat(28)} `),
      'services[0].name',
      /shorten it or the prefix by 1$/,
    ],
    [
      'an endpoint for two',
      changed('ml.m5.large, instanceCount: 2', 'ml.m5.large, instanceCount: 2, endpointName: Titanic-survival-STAGING'),
      'services[0].prod',
      /same endpoint as services\[0\].staging/,
    ],
    [
      'a regular expression that is none',
      expecting('match: "("'),
      'services[0].smoke.cases[0].expect.match',
      /Invalid regular expression/,
    ],
    [
      'a schema that is none',
      expecting('schema: { type: objekt }'),
      'services[0].smoke.cases[0].expect.schema',
      /schema is invalid/,
    ],
    ['no expectation', expecting(''), 'services[0].smoke.cases[0].expect', /needs one of/],
    ['two expectations', expecting('equals: 1, match: a'), 'services[0].smoke.cases[0].expect', /only one/],
    ['an empty range', expecting('between: { min: 2, max: 1 }'), 'services[0].smoke.cases[0].expect.between', /swap/],
    [
      'a range without ends',
      expecting('between: { path: /a }'),
      'services[0].smoke.cases[0].expect.between',
      /needs min, max or both/,
    ],
    [
      'a path that is no pointer',
      expecting('between: { min: 1, path: a.b }'),
      'services[0].smoke.cases[0].expect.between.path',
      /JSON Pointer/,
    ],
    [
      'a timeout below the limit',
      changed('requests: 300', 'requests: 300\n      timeoutMs: 300'),
      'services[0].smoke.timeoutMs',
      /longer than maxP95Ms/,
    ],
    [
      'a run of hours',
      changed('ratePerSecond: 20', 'ratePerSecond: 0.1'),
      'services[0].smoke.requests',
      /at most 1800/,
    ],
    ['a case twice', changed('third-class man', 'first-class woman'), 'services[0].smoke.cases[1].name', /own/],
    [
      'a role that is none',
      changed(/executionRoleArn: .*/, 'executionRoleArn: my-role'),
      'aws.executionRoleArn',
      /ARN of a role/,
    ],
    [
      'a key twice',
      changed('prefix:', 'prefix: a-\nprefix:'),
      '',
      /is not YAML; mend it: Map keys must be unique at line/,
    ],
    ['no YAML', 'a: [', '', /is not YAML/],
    ['nothing', '', '', /is missing/],
    ['a list', '- a', '', /must be a group of keys/],
  ])('%s', (_, file, place, message) => {
    const { faults } = refusal(file);
    const where = place === '' ? 'titanic.yml' : `titanic.yml, ${place}`;
    expect(faults).toContainEqual({ where, message: expect.stringMatching(message) });
  });

  test('two services of one name, and more tags than there is room for', () => {
    const service = EXAMPLE.slice(EXAMPLE.indexOf('  - name:'));
    expect(refusal(EXAMPLE + service).faults).toEqual([
      { where: 'titanic.yml, services[1].name', message: expect.stringMatching(/taken/) },
    ]);
    const many = Array.from({ length: 46 }, (_, n) => `t${n}: x`).join(', ');
    expect(refusal(changed(/tags: .*/, `tags: { ${many} }`)).faults[0]?.message).toMatch(/46 tags/);
  });

  test('all faults come at once, those of the environment too', () => {
    const file = changed('usergroup: S0APPROVERS', 'usergroop: S0APPROVERS')
      .replace('instanceCount: 1', 'instnceCount: 1')
      .replace('requests: 300', 'requests: 1')
      .replace('^0?', '(^0?');
    const { faults, message } = refusal(file, { PORT: 'x' });
    expect(faults.map(({ where }) => where)).toEqual([
      'environment, SLACK_BOT_TOKEN',
      'environment, SLACK_SIGNING_SECRET',
      'environment, PORT',
      'titanic.yml, slack.approvers',
      'titanic.yml, services[0].staging',
      'titanic.yml, services[0].smoke.requests',
      'titanic.yml, slack.approvers',
      'titanic.yml, services[0].staging',
      'titanic.yml, services[0].smoke.cases[0].expect.match',
    ]);
    expect(message.split('\n')).toHaveLength(10);
  });

  test('every wrong kind of value is answered in our words', { timeout: 90_000 }, () => {
    const whole = JSON.stringify({
      ...parse(EXAMPLE),
      aws: { ...parse(EXAMPLE).aws, stagingRoleArn: 'x', describeLagSeconds: 1 },
      slack: parse(
        '{ channel: C0TITANIC, approvers: { usergroup: S0APPROVERS, reminders: { afterHours: 1, workingHours: { days: [mon], from: "09:00", to: "10:00", timeZone: UTC } } } }',
      ),
      services: [
        {
          ...parse(EXAMPLE).services[0],
          autoStage: { approvedPackages: true, schedule: { cron: '0 6 * * *', timeZone: 'UTC' } },
          staging: parse(
            '{ endpointName: a, instanceType: b, instanceCount: 1, serverless: { memoryMb: 1, maxConcurrency: 1 }, containerEnv: { A: b }, ' +
              'vpc: { subnets: [a], securityGroups: [b] }, kmsKeyId: a, networkIsolation: true, startupTimeoutSeconds: 1, ' +
              'modelDownloadTimeoutSeconds: 1, deadlineMinutes: 1, tags: { a: b }, onFailure: keep }',
          ),
        },
      ],
    });
    for (const wrong of [null, 'x', -1.5, [], {}]) {
      // Each value of the file in turn, groups as well.
      for (let turn = 0; ; turn += 1) {
        let visited = -1;
        const file = JSON.parse(whole, (_, value) => {
          visited += 1;
          return visited === turn ? wrong : value;
        });
        if (visited < turn) break;
        const loaded = load(stringify(file));
        const messages = loaded.ok ? [] : loaded.faults.map(({ message }) => message);
        expect(messages.join('\n')).not.toMatch(/Invalid|expected|received|Too (small|big)|Unrecognized/);
      }
    }
  });

  test('a describe lag that AWS does not keep is accepted only for a SageMaker of this machine', () => {
    const quick = (seconds: number) => changed(/^aws:$/m, `aws:\n  describeLagSeconds: ${seconds}`);
    const here = { ...ENV, AWS_ENDPOINT_URL: 'http://127.0.0.1:1' };
    const elsewhere = [
      ENV,
      { ...here, AWS_ENDPOINT_URL_SAGEMAKER: 'https://api.sagemaker.eu-central-1.amazonaws.com' },
      { ...here, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' },
    ];
    expect(config(quick(1), here).aws.describeLagSeconds).toBe(1);
    expect(config(quick(5)).aws.describeLagSeconds).toBe(5);
    expect(refusal(quick(0), here).message).toContain('describeLagSeconds: must be at least 0.1 seconds');
    for (const env of elsewhere) expect(refusal(quick(1), env).message).toContain('set it to 5 or more');
  });

  test('a file that is not there is told with its path', () => {
    const readFile = (path: string): string => readFileSync(path, 'utf8');
    const loaded = loadSettings({ env: { TITANIC_CONFIG: '/nowhere/at-all.yml' }, readFile });
    expect(loaded).toMatchObject({
      faults: [{ where: '/nowhere/at-all.yml', message: expect.stringMatching(/ENOENT.*TITANIC_CONFIG/) }],
    });
  });

  test('whatever the file holds, it is refused with reasons, never with an exception', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json().map((json) => stringify(JSON.parse(json))),
        ),
        (file) => {
          expect(refusal(file).faults.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('the environment', () => {
  test.each<[string, Record<string, string>, string, RegExp]>([
    ['a foreign Web API', { SLACK_API_URL: 'https://slack.example/api/' }, 'SLACK_API_URL', /SLACK_API_URL_TRUSTED=1/],
    ['an address that looks local', { SLACK_API_URL: 'http://127.0.0.1.evil.example/' }, 'SLACK_API_URL', /leads away/],
    ['an address with a password', { SLACK_API_URL: 'http://a:b@127.0.0.1/' }, 'SLACK_API_URL', /malformed/],
    ['a user token', { SLACK_BOT_TOKEN: 'xoxp-canary' }, 'SLACK_BOT_TOKEN', /bot token/],
    ['a malformed app token', { SLACK_APP_TOKEN: 'canary' }, 'SLACK_APP_TOKEN', /xapp-/],
    ['an empty token', { SLACK_BOT_TOKEN: '' }, 'SLACK_BOT_TOKEN', /missing/],
    ['a port out of range', { PORT: '70000' }, 'PORT', /65535/],
    ['an unknown level', { LOG_LEVEL: 'loud' }, 'LOG_LEVEL', /one of trace/],
    ['an app by name', { SLACK_APP_ID: 'titanic' }, 'SLACK_APP_ID', /id/],
  ])('refuses %s', (_, env, variable, message) => {
    const { faults, message: all } = refusal(EXAMPLE, { ...ENV, ...env });
    expect(faults).toEqual([{ where: `environment, ${variable}`, message: expect.stringMatching(message) }]);
    expect(all).not.toContain('canary');
  });

  test('an app token means Socket Mode, which needs no signing secret', () => {
    const { slack } = config(EXAMPLE, { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' }).environment;
    expect(slack.delivery.kind).toBe('socket');
  });

  test.each(['http://127.0.0.1:4000/api', 'http://[::1]:4000/api/', 'http://localhost/api/'])(
    '%s is on this machine',
    (url) => {
      expect(config(EXAMPLE, { ...ENV, SLACK_API_URL: url }).environment.slack.apiUrl).toMatch(/\/api\/$/);
    },
  );

  test('another Web API is possible if it is meant', () => {
    const env = { ...ENV, SLACK_API_URL: 'https://slack.example/api/', SLACK_API_URL_TRUSTED: '1' };
    expect(config(EXAMPLE, env).environment.slack.apiUrl).toBe('https://slack.example/api/');
  });
});

describe('secrets', () => {
  test('show nothing however they are printed, until they are asked for', () => {
    const { environment } = config();
    const secret = environment.slack.botToken;
    const printed = [
      String(secret),
      `${secret}`,
      JSON.stringify({ secret }),
      inspect({ secret }),
      inspect(environment, { depth: 9 }),
      JSON.stringify(environment),
    ];
    expect(printed.join(' ')).not.toContain('canary');
    expect(inspect(new Secret('canary'))).toBe('[secret]');
    expect(secret.reveal()).toBe('xoxb-canary-1');
  });
});
