import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/start-sandbox.ts';
import { scopesNeeded } from '../../src/adapters/slack-scopes.ts';
import { versionNeeds } from '../../src/cli/doctor/host-needs.ts';
import type { Need } from '../../src/cli/doctor/need.ts';
import { awsErrorAnswer, type FaultyProxy, type ProxyMode, startFaultyProxy } from '../support/faulty-proxy.ts';
import { titanicHere } from '../support/titanic-here.ts';

const JOURNEY = readFileSync(new URL('../support/titanic.journey.yml', import.meta.url), 'utf8');
const PASS: ProxyMode = { kind: 'pass' };
const AN_HOUR_AGO = () => new Date(Date.now() - 3_600_000).toUTCString();
const DENIED = awsErrorAnswer('AccessDeniedException', 'not authorized to do this');
const AS_BOT = ['--as-bot'];
const BOT = 'U0TITANIC';
const CHANNEL = 'C0TITANIC';

// A busy machine is slow to start all parts.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

let sandbox: Sandbox;
let folder: string;
let dynamo: FaultyProxy;
let aws: FaultyProxy;
let slack: FaultyProxy;

/** How one thing is broken: what a proxy answers, what the file or the environment says, or what Slack has. */
interface Broken {
  readonly dynamo?: Readonly<Record<string, ProxyMode>>;
  readonly aws?: (call: { readonly operation: string; readonly body: string }) => ProxyMode;
  readonly slack?: Readonly<Record<string, ProxyMode>>;
  readonly config?: (text: string) => string;
  readonly env?: Readonly<Record<string, string>>;
  readonly words?: readonly string[];
}

const json = (value: unknown, headers = {}): ProxyMode => ({
  kind: 'answer',
  status: 200,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(value),
});

/** What AWS's DynamoDB says of the table that Terraform makes; the local one has no such protection. */
function tableAnswers({ sk = 'sk', recovery = 'ENABLED', deletion = true } = {}): Record<string, ProxyMode> {
  const named = (name: string) => ({ AttributeName: name, AttributeType: 'S' });
  return {
    DescribeTable: json({
      Table: {
        TableName: 'titanic-rollouts',
        TableStatus: 'ACTIVE',
        AttributeDefinitions: [named('pk'), named(sk)],
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: sk, KeyType: 'RANGE' },
        ],
        DeletionProtectionEnabled: deletion,
      },
    }),
    DescribeContinuousBackups: json({
      ContinuousBackupsDescription: {
        ContinuousBackupsStatus: 'ENABLED',
        PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: recovery },
      },
    }),
  };
}

/** Everything is there: with the protection of a real table, and people of whom one has to approve. */
const HEALTHY = (text: string) =>
  text.replace('quorum: 1 }', 'quorum: 1, mandatory: { users: [U0ALICE, U0ADAM] } }') +
  'github:\n  users: { octo-cat: U0ALICE }\n';

async function doctor(broken: Broken = {}) {
  const answers: Record<string, ProxyMode> = { ...tableAnswers(), ...broken.dynamo };
  dynamo.mode = ({ operation }) => answers[operation.split('.')[1] ?? ''] ?? PASS;
  aws.mode = broken.aws ?? (() => PASS);
  slack.mode = ({ operation }) => broken.slack?.[operation.replace('/api/', '')] ?? PASS;
  const path = join(folder, 'titanic.yml');
  const healthy = HEALTHY(JOURNEY);
  const text = broken.config === undefined ? healthy : broken.config(healthy);
  expect(broken.config === undefined || text !== healthy, 'the file was changed').toBe(true);
  writeFileSync(path, text);
  const said = await titanicHere(['doctor', '--json', ...(broken.words ?? AS_BOT)], {
    ...sandbox.env,
    AWS_ENDPOINT_URL: aws.url,
    AWS_ENDPOINT_URL_DYNAMODB: dynamo.url,
    SLACK_API_URL: `${slack.url}/api/`,
    TITANIC_CONFIG: path,
    ...broken.env,
  });
  const { fine, needs } = JSON.parse(said.out) as { fine: boolean; needs: Need[] };
  const problems = needs.filter(({ status }) => status === 'problem');
  return { ...said, fine, needs, problems };
}

/** Answers of STS. */
const xml = (body: string, headers = {}, status = 200): ProxyMode => ({
  kind: 'answer',
  status,
  headers: { 'content-type': 'text/xml', ...headers },
  body,
});
const CALLER =
  '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>' +
  '<Arn>arn:aws:iam::123456789012:user/somebody</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>';
const REFUSED_BY_STS =
  '<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not authorized to assume</Message>' +
  '</Error></ErrorResponse>';

const GRANTED_BY_STS = () =>
  '<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>' +
  '<AccessKeyId>ROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>' +
  `<Expiration>${new Date(Date.now() + 3_600_000).toISOString()}</Expiration></Credentials></AssumeRoleResult>` +
  '</AssumeRoleResponse>';

const endpointDenied =
  (environment: string) =>
  ({ operation, body }: { readonly operation: string; readonly body: string }) =>
    operation.endsWith('.DescribeEndpoint') && body.includes(`survival-${environment}`) ? DENIED : PASS;

const tokenSays = (changed: object, headers = {}) => ({
  'auth.test': json(
    { ok: true, team_id: 'T0TITANIC', user_id: BOT, bot_id: 'B0TITANIC', ...changed },
    { 'x-oauth-scopes': scopesNeeded().join(','), ...headers },
  ),
});
const without = (scope: string) =>
  scopesNeeded()
    .filter((one) => one !== scope)
    .join(',');

beforeAll(async () => {
  sandbox = await startSandbox();
  await sandbox.slack.control.setRateLimits({ enabled: false });
  [dynamo, aws, slack] = await Promise.all([
    startFaultyProxy(sandbox.dynamo.url),
    startFaultyProxy(sandbox.sagemaker.url),
    startFaultyProxy(sandbox.slack.url),
  ]);
  folder = mkdtempSync(join(tmpdir(), 'titanic-doctor-'));
});

afterAll(async () => {
  await Promise.all([dynamo, aws, slack].map((proxy) => proxy.close()));
  rmSync(folder, { recursive: true });
  await sandbox.close();
});

beforeEach(async () => {
  const { control } = sandbox.slack;
  await control.putGroup({ id: 'S0APPROVERS', state: 'active', users: ['U0ALICE', 'U0ADAM', 'U0BOTH'] });
  await control.putGroup({ id: 'S0OPERATORS', state: 'active', users: ['U0OPERATOR', 'U0BOTH'] });
  await control.putChannel({ id: CHANNEL, isArchived: false, isExtShared: false, members: [BOT, 'U0ALICE'] });
});

describe('titanic doctor', () => {
  it('finds all that is there, one line each, and says what nobody can check without acting', async () => {
    const { code, fine, needs } = await doctor();
    expect(needs.map(({ status, name }) => `${status} ${name}`)).toEqual([
      'ok node',
      'ok titanic',
      'ok configuration',
      'ok credentials',
      'ok clock: AWS',
      'ok table',
      'ok table: point-in-time recovery',
      'ok table: deletion protection',
      'skipped execution role',
      'ok survival: registry',
      'ok survival: record',
      'ok survival: staging',
      'ok survival: prod',
      'ok slack: bot token',
      'ok slack: team',
      'ok slack: app',
      'ok slack: scopes',
      'skipped slack: Home, shortcuts, mentions',
      'ok slack: app token',
      'ok slack: channel',
      'ok slack: approvers',
      'ok slack: mandatory',
      'ok slack: operators',
      'ok clock: Slack',
      'ok github: octo-cat',
    ]);
    expect(needs.find(({ name }) => name === 'execution role')?.detail).toContain('cannot be checked without acting');
    expect({ code, fine }).toEqual({ code: 0, fine: true });
  });

  it('changes nothing: neither in the record, nor in SageMaker, nor in Slack', async () => {
    const before = [dynamo, aws, slack].map((proxy) => proxy.calls.length);
    await doctor();
    const made = [dynamo, aws, slack].flatMap((proxy, index) => proxy.calls.slice(before[index]));
    const changing = /Put|Update|Create|Delete|AssumeRole|chat\.|files\.|views\./;
    expect(made.length).toBeGreaterThan(10);
    // Who was last seen in the groups is kept, as whenever they are read.
    const kept = made.filter(({ body }) => body.includes('"pk":{"S":"slack"}'));
    expect(made.filter((call) => changing.test(call.operation) && !kept.includes(call))).toEqual([]);
  });

  it('is content with a sandbox, where DynamoDB has no protection', async () => {
    const said = await titanicHere(['doctor'], { ...sandbox.env });
    expect(said).toMatchObject({ code: 0, err: '' });
    expect(said.out).toMatch(/^skipped +table: deletion protection +this DynamoDB does not say/m);
    expect(said.out).not.toMatch(/^problem/m);
  });

  it.each<[string, Broken, RegExp]>([
    ['configuration', { config: (text) => `${text}\nnonsense: 1\n` }, /nonsense/],
    ['clock: AWS', { aws: whoAmI(xml(CALLER, { date: AN_HOUR_AGO() })) }, /3[56]\d\d s ahead of that of AWS/],
    ['table', { dynamo: tableAnswers({ sk: 'sort' }) }, /keys are pk .* and sort/],
    ['table: point-in-time recovery', { dynamo: tableAnswers({ recovery: 'DISABLED' }) }, /^off/],
    ['table: point-in-time recovery', { dynamo: { DescribeContinuousBackups: DENIED } }, /AccessDenied/],
    ['table: deletion protection', { dynamo: tableAnswers({ deletion: false }) }, /^off/],
    ['execution role', { config: (text) => text.replace('::123456789012:', '::210987654321:') }, /another account/],
    ['survival: registry', { config: (text) => text.replace('Group: titanic-survival', 'Group: none') }, /none/],
    ['survival: record', { dynamo: { Query: DENIED, GetItem: DENIED } }, /AccessDenied/],
    ['survival: staging', { aws: endpointDenied('staging') }, /AccessDenied/],
    ['survival: prod', { aws: endpointDenied('prod') }, /AccessDenied/],
    ['slack: app', { env: { SLACK_APP_ID: 'A0OTHER' } }, /SLACK_APP_ID says A0OTHER/],
    ['slack: scopes', { slack: tokenSays({}, { 'x-oauth-scopes': without('files:write') }) }, /: files:write$/],
    [
      'slack: scopes',
      { slack: tokenSays({}, { 'x-oauth-scopes': without('app_mentions:read') }) },
      /: app_mentions:read$/,
    ],
    ['slack: app token', { env: { SLACK_APP_TOKEN: 'xapp-1-of-another' } }, /invalid_auth/],
    ['slack: app token', { env: { SLACK_APP_TOKEN: 'of another kind' } }, /malformed/],
    ['slack: signing secret', { env: { SLACK_APP_TOKEN: '' } }, /SLACK_SIGNING_SECRET is missing/],
    ['slack: channel', { config: (text) => text.replace(CHANNEL, 'C0NOWHERE') }, /channel_not_found/],
    ['clock: Slack', { slack: tokenSays({}, { date: AN_HOUR_AGO() }) }, /ahead of that of Slack/],
    ['github: octo-cat', { config: (text) => text.replace('octo-cat: U0ALICE', 'octo-cat: U0GONE') }, /deactivated/],
  ])('names %s alone where that is broken, and what to do', async (name, broken, words) => {
    const { code, fine, problems } = await doctor(broken);
    expect(problems.map((need) => need.name)).toEqual([name]);
    expect(problems[0]?.detail).toMatch(words);
    expect(problems[0]?.todo).toMatch(/^[A-Z].+[.?]$/);
    expect({ code, fine }).toEqual({ code: 1, fine: false });
  });

  it.each<[string, (control: Sandbox['slack']['control']) => Promise<unknown>, RegExp]>([
    ['channel', (c) => c.putChannel({ id: CHANNEL, members: ['U0ALICE'] }), /bot is not in the channel/],
    ['channel', (c) => c.putChannel({ id: CHANNEL, isArchived: true }), /archived/],
    ['channel', (c) => c.putChannel({ id: CHANNEL, isExtShared: true }), /shared with another/],
    ['approvers', (c) => c.putGroup({ id: 'S0APPROVERS', state: 'missing' }), /no_such_subteam/],
    ['mandatory', (c) => c.putGroup({ id: 'S0APPROVERS', users: ['U0OPERATOR', 'U0BOTH'] }), /^Nobody of whom one has/],
    ['operators', (c) => c.putGroup({ id: 'S0OPERATORS', state: 'disabled' }), /no_such_subteam/],
    ['operators', (c) => c.putGroup({ id: 'S0OPERATORS', users: ['U0GONE'] }), /None of 1 operators/],
  ])('names the %s of Slack as what is broken there', async (part, breaks, words) => {
    await breaks(sandbox.slack.control);
    const { code, problems } = await doctor();
    expect(problems.map((need) => need.name)).toEqual([`slack: ${part}`]);
    expect(problems[0]?.detail).toMatch(words);
    expect(code).toBe(1);
  });

  it('names the table where there is none, and the record that is not in it', async () => {
    const nowhere = (text: string) => text.replace('titanic-rollouts', 'nowhere');
    const { problems } = await doctor({ config: nowhere, dynamo: { DescribeTable: PASS } });
    expect(problems.map(({ name }) => name)).toEqual(['table', 'survival: record']);
    expect(problems[0]).toMatchObject({
      detail: 'the table nowhere does not exist',
      todo: 'Apply infra/, or for trying out: titanic create-table.',
    });
  });

  it('finds a group of approvers too small for the quorum', async () => {
    await sandbox.slack.control.putGroup({ id: 'S0APPROVERS', users: ['U0ALICE', 'U0ADAM', 'U0GONE'] });
    const { problems } = await doctor({ config: (text) => text.replace('quorum: 1', 'quorum: 2') });
    expect(problems.map(({ name, detail }) => `${name} ${detail}`)).toEqual([
      expect.stringMatching(/^slack: approvers Only 2 of 3 approvers are active members; 2 are needed/),
    ]);
  });

  it('takes nobody for able of whom Slack does not say who they are', async () => {
    const { problems } = await doctor({ slack: { 'users.info': json({ ok: false, error: 'internal_error' }) } });
    const names = problems.map(({ name }) => name);
    expect(names).toEqual(['slack: approvers', 'slack: mandatory', 'slack: operators']);
    expect(problems[0]?.detail).toBe('Slack does not say who 3 of them are');
    const unknownApp = await doctor({ slack: { 'bots.info': json({ ok: false, error: 'missing_scope' }) } });
    expect(unknownApp.problems.map(({ name }) => name)).toEqual(['slack: app', ...names]);
  });

  it('says that there are no credentials, or none that Slack takes, and goes on with the rest', async () => {
    const nobody = await doctor({ env: { AWS_ENDPOINT_URL_STS: 'http://127.0.0.1:1' } });
    expect(nobody.problems.map(({ name }) => name)).toEqual(['credentials']);
    const stranger = await doctor({ env: { SLACK_BOT_TOKEN: 'xoxb-of-another' } });
    expect(stranger.problems.map(({ name, detail }) => `${name} ${detail}`)).toEqual([
      'slack: bot token Slack does not say whose it is (invalid_auth)',
    ]);
    expect(`${stranger.out}${stranger.err}`).not.toContain('xoxb-of-another');
    const away = await doctor({ slack: { 'auth.test': { kind: 'lose-reply' } } });
    expect(away.problems.map(({ detail }) => detail)).toEqual(['Slack does not say whose it is (unreachable)']);
  });

  it('lets what only the bot needs be absent, unless it is asked as the bot', async () => {
    const env = { SLACK_BOT_TOKEN: '', SLACK_APP_TOKEN: '' };
    const own = await doctor({ env, words: [] });
    expect(own.needs.find(({ name }) => name === 'slack')?.status).toBe('skipped');
    expect(own.code).toBe(0);
    const asBot = await doctor({ env });
    expect(asBot.problems.map(({ name, detail }) => `${name} ${detail}`)).toEqual([
      'slack: bot token SLACK_BOT_TOKEN is not set',
    ]);
  });

  it('takes on the roles of the file only as the bot, and says where that is refused', async () => {
    const roles = (text: string) =>
      text.replace(
        'describeLagSeconds',
        'stagingRoleArn: arn:aws:iam::123456789012:role/staging\n  prodRoleArn: arn:aws:iam::123456789012:role/prod\n  describeLagSeconds',
      );
    const refused = ({ body }: { readonly body: string }) =>
      body.includes('Action=AssumeRole') ? xml(REFUSED_BY_STS, {}, 403) : PASS;
    const own = await doctor({ config: roles, aws: refused, words: [] });
    expect(own.problems).toEqual([]);
    expect(own.needs.find(({ name }) => name === 'roles')?.todo).toContain('--as-bot');
    const asBot = await doctor({ config: roles, aws: refused });
    expect(asBot.problems.map(({ name }) => name)).toEqual(['survival: staging', 'survival: prod']);
    expect(asBot.problems[0]?.detail).toContain('not authorized to assume');
    const granted = ({ body }: { readonly body: string }) =>
      body.includes('Action=AssumeRole') ? xml(GRANTED_BY_STS()) : PASS;
    const { problems, needs } = await doctor({ config: roles, aws: granted });
    expect(problems).toEqual([]);
    expect(needs.find(({ name }) => name === 'survival: prod')?.detail).toBe(
      'titanic-survival-prod: not there yet, by arn:aws:iam::123456789012:role/prod',
    );
    expect(needs.map(({ name }) => name)).not.toContain('roles');
  });

  describe('where prod is guarded', () => {
    const guarded = (alarms: string) => (text: string) =>
      text.replace(
        /^( +)prod: \{(.+)\}$/m,
        (_, indent: string, rest: string) =>
          `${indent}prod: {${rest}, strategy: { kind: canary, size: 50, bakeMinutes: 5${alarms} } }`,
      );
    const named = guarded(', alarms: { named: [basket-value] }');
    const asked = (operation: string, input: Parameters<Sandbox['sagemaker']['control']['console']>[1]) =>
      sandbox.sagemaker.control.console(operation, input);
    const basket = { AlarmName: 'basket-value' };
    const keep = () =>
      asked('PutMetricAlarm', {
        ...basket,
        ...{ Namespace: 'Shop', MetricName: 'BasketValue', Statistic: 'Average', Period: 60, EvaluationPeriods: 1 },
        ...{ ComparisonOperator: 'LessThanThreshold', Threshold: 10, TreatMissingData: 'ignore' },
      });
    const set = (StateValue: string) => asked('SetAlarmState', { ...basket, StateValue, StateReason: 'a test' });
    const alarmNeed = ({ needs }: Awaited<ReturnType<typeof doctor>>) =>
      needs.filter(({ name }) => name.startsWith('survival: alarms'));

    it('asks whether CloudWatch answers, and says where it does not', async () => {
      expect(alarmNeed(await doctor({ config: guarded('') }))).toMatchObject([
        { name: 'survival: alarms', status: 'ok' },
      ]);
      const denied = ({ operation }: { readonly operation: string }) =>
        operation.endsWith('.DescribeAlarms') ? DENIED : PASS;
      const { problems } = await doctor({ config: guarded(''), aws: denied });
      expect(problems).toMatchObject([{ name: 'survival: alarms', detail: expect.stringContaining('AccessDenied') }]);
    });

    it('says of each alarm that is named whether it is there, and whether it holds prod up', async () => {
      const name = 'survival: alarms: basket-value';
      expect((await doctor({ config: named })).problems).toMatchObject([
        { name, detail: expect.stringMatching(/no such alarm/), todo: expect.stringMatching(/named\.$/) },
      ]);
      await keep();
      expect((await doctor({ config: named })).problems).toMatchObject([
        { name, detail: expect.stringMatching(/waits/) },
      ]);
      const starts = guarded(', alarms: { named: [basket-value], namedWithoutData: start }');
      expect(alarmNeed(await doctor({ config: starts }))).toMatchObject([{ name, status: 'ok' }]);
      await set('ALARM');
      expect((await doctor({ config: named })).problems).toMatchObject([
        { name, detail: expect.stringMatching(/^ALARM/) },
      ]);
      await set('OK');
      expect(alarmNeed(await doctor({ config: named }))).toMatchObject([{ name, status: 'ok', detail: 'OK' }]);
    });
  });

  it('says that Node is too old', () => {
    expect(versionNeeds('22.19.0')).toMatchObject([{ name: 'node', status: 'problem' }, { status: 'ok' }]);
    expect(versionNeeds('24.0.0')).toMatchObject([{ name: 'node', status: 'ok' }, { status: 'ok' }]);
  });
});

function whoAmI(answer: ProxyMode) {
  return ({ body }: { readonly body: string }) => (body.includes('Action=GetCallerIdentity') ? answer : PASS);
}
