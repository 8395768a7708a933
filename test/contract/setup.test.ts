import { execFile } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { parseEnv, promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/start-sandbox.ts';
import { loadConfig } from '../../src/config.ts';
import { httpManifest } from '../../src/http-manifest.ts';
import { titanicHere } from '../support/titanic-here.ts';

const EXAMPLE = readFileSync(new URL('../../titanic.yml', import.meta.url), 'utf8');
const ROLE = 'arn:aws:iam::123456789012:role/titanic-sagemaker-execution';
const ANSWERS = [
  ...['--channel', '#titanic-rollouts', '--approvers', '@approvers', '--operators', 'operators'],
  ...['--execution-role', ROLE, '--instance-type', 'ml.m5.large'],
  ...['--smoke-body', '1,female,29', '--smoke-match', '^0'],
];

// A busy machine is slow to start all parts.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

let sandbox: Sandbox;
let folder: string;
let envFile: string;
let configFile: string;

async function setup(
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
  typed: readonly string[] = [],
) {
  const here = { ...sandbox.env, TITANIC_CONFIG: configFile, ...env };
  return titanicHere(['setup', '--env-file', envFile, '--infra', join(folder, 'infra'), ...words], here, typed);
}

const read = (path: string) => readFileSync(path, 'utf8');

function asTheBotReadsIt() {
  return loadConfig({
    env: { ...sandbox.env, ...parseEnv(read(envFile)), TITANIC_CONFIG: configFile },
    readFile: read,
  });
}

beforeAll(async () => {
  sandbox = await startSandbox();
  await sandbox.slack.control.setRateLimits({ enabled: false });
});

afterAll(async () => {
  await sandbox.close();
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'titanic-setup-'));
  envFile = join(folder, '.env');
  configFile = join(folder, 'titanic.yml');
  return () => rmSync(folder, { recursive: true });
});

describe('titanic setup', () => {
  it('fills in both files by options alone, and the bot starts with them', async () => {
    const said = await setup(ANSWERS);
    expect(said.code).toBe(0);
    const loaded = asTheBotReadsIt();
    expect(loaded).toMatchObject({
      ok: true,
      config: {
        slack: {
          channel: 'C0TITANIC',
          approvers: { kind: 'usergroup', usergroup: 'S0APPROVERS', quorum: 1 },
          operators: { kind: 'usergroup', usergroup: 'S0OPERATORS' },
        },
        aws: { table: 'titanic-rollouts', executionRoleArn: ROLE },
        services: [{ name: 'survival', modelPackageGroup: 'titanic-survival' }],
        environment: { slack: { appId: 'A0TITANIC', delivery: { kind: 'socket' } } },
      },
    });
    expect(statSync(envFile).mode & 0o777).toBe(0o600);
    expect(parseEnv(read(envFile))).toMatchObject({ AWS_REGION: 'us-east-1', SLACK_BOT_TOKEN: sandbox.slack.botToken });
  });

  it('shows no secret, whatever it prints', async () => {
    const secrets = [sandbox.slack.botToken, sandbox.slack.appToken];
    for (const words of [
      [...ANSWERS, '--print'],
      ANSWERS,
      [...ANSWERS, '--json'],
      ['--json', '--table', 'other-table'],
    ]) {
      const { out, err } = await setup(words);
      expect(`${out}${err}`.length).toBeGreaterThan(50);
      for (const secret of secrets) expect(`${out}${err}`).not.toContain(secret);
    }
  });

  it('lists all that is missing at once, and writes nothing', async () => {
    const { code, out } = await setup(['--json'], { SLACK_BOT_TOKEN: '', SLACK_APP_TOKEN: '' });
    const { missing, done } = JSON.parse(out) as { done: boolean; missing: { by: string }[] };
    expect([code, done]).toEqual([1, false]);
    expect(missing.map(({ by }) => by)).toEqual([
      'SLACK_BOT_TOKEN, in the environment',
      'SLACK_APP_TOKEN, in the environment',
      '--channel',
      '--approvers',
      '--execution-role',
      '--instance-type',
      '--smoke-body',
      '--smoke-match',
    ]);
    expect([existsSync(envFile), existsSync(configFile)]).toEqual([false, false]);
  });

  it('refuses a token that Slack does not take', async () => {
    const { code, err } = await setup(ANSWERS, { SLACK_BOT_TOKEN: 'xoxb-of-another' });
    expect(code).toBe(1);
    expect(err).toContain('Slack does not take the bot token (invalid_auth)');
    expect(err).not.toContain('xoxb-of-another');
  });

  it('asks line by line where it is told to, by number, by name, and again after a wrong answer', async () => {
    const env = { SLACK_BOT_TOKEN: '', SLACK_APP_TOKEN: '' };
    const slack = [sandbox.slack.botToken, sandbox.slack.appToken, '1', '@approvers', '0', '2', ''];
    // Enter takes what is offered: the table, the group and the service, instances, a content type.
    const aws = ['', 'nonsense', ROLE, '', '', '', '', '', ''];
    const answers = [...slack, ...aws, '1,female,29', '^0', 'n'];
    const { code, err } = await setup(['--stdin'], env, answers);
    expect(err).toContain('It must be the ARN of a role');
    expect(err).toContain('It must be a whole number');
    expect(code).toBe(0);
    expect(asTheBotReadsIt()).toMatchObject({
      ok: true,
      config: { slack: { channel: 'C0TITANIC', approvers: { quorum: 2 } } },
    });
  });

  it('says what is missing where the answers end early', async () => {
    const { code, err } = await setup(['--stdin'], {}, ['1']);
    expect(code).toBe(1);
    expect(err).toContain('Nothing was written, because this is missing:\n  - --approvers');
  });

  it('takes what is there as given, and changes nothing the second time', async () => {
    await setup(ANSWERS);
    const before = [read(envFile), read(configFile)];
    const again = await setup(['--json'], { SLACK_BOT_TOKEN: '', SLACK_APP_TOKEN: '' });
    expect(again.code).toBe(0);
    expect(JSON.parse(again.out).files).toMatchObject([{ outcome: 'unchanged' }, { outcome: 'unchanged' }]);
    expect([read(envFile), read(configFile)]).toEqual(before);
  });

  it('changes a file that is there only if it is told to, and keeps what it does not know of', async () => {
    writeFileSync(configFile, EXAMPLE.replace('C0TITANIC ', 'C0ELSEWHERE '));
    const refused = await setup(['--channel', 'random']);
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('slack.channel')]);
    expect(read(configFile)).toContain('C0ELSEWHERE');
    expect((await setup(['--channel', 'random', '--force'])).code).toBe(0);
    expect(read(configFile)).toContain('channel: C0RANDOM');
    expect(read(configFile)).toContain('# where rollouts are announced');
    expect(read(configFile)).toContain('third-class man');
  });

  it('doubts a channel, a group and a role that are of somewhere else', async () => {
    const elsewhere = EXAMPLE.replace('C0TITANIC ', 'C0ELSEWHERE ')
      .replace('S0APPROVERS', 'S0ELSEWHERE')
      .replace('::123456789012:', '::210987654321:')
      .replace('modelPackageGroup: titanic-survival', 'modelPackageGroup: elsewhere');
    writeFileSync(configFile, elsewhere);
    const { out } = await setup(['--json']);
    const { missing } = JSON.parse(out) as { missing: { by: string; why: string }[] };
    expect(missing.map(({ by }) => by)).toEqual(['--channel', '--approvers', '--execution-role']);
    expect(missing.map(({ why }) => why)).toEqual([
      expect.stringContaining('C0ELSEWHERE'),
      expect.stringContaining('S0ELSEWHERE'),
      expect.stringContaining('of another account than 123456789012'),
    ]);
  });

  it('closes a file of secrets that others can read', async () => {
    await setup(ANSWERS);
    chmodSync(envFile, 0o644);
    const kept = await setup([]);
    expect([kept.code, kept.err]).toEqual([1, expect.stringContaining('others on this machine can read it')]);
    expect((await setup(['--force'])).code).toBe(0);
    expect(statSync(envFile).mode & 0o777).toBe(0o600);
  });

  it('takes the table and the roles from Terraform where that was applied', async () => {
    const made = {
      table: 'made-by-terraform',
      executionRoleArn: ROLE,
      stagingRoleArn: `${ROLE}-s`,
      prodRoleArn: `${ROLE}-p`,
    };
    const program = join(folder, 'terraform');
    writeFileSync(
      program,
      `#!/bin/sh\ncase "$*" in *"output -json titanic_yml") echo '${JSON.stringify(made)}';; *) exit 1;; esac\n`,
    );
    chmodSync(program, 0o755);
    const words = ANSWERS.filter((word) => word !== '--execution-role' && word !== ROLE);
    const said = await setup(words, { PATH: `${folder}${delimiter}${process.env.PATH}` });
    expect(said.code).toBe(0);
    expect(said.err).toContain('The table made-by-terraform is not there yet');
    expect(asTheBotReadsIt()).toMatchObject({
      ok: true,
      config: { aws: { ...made, describeLagSeconds: 10 } },
    });
  });

  it('sets HTTP up with the signing secret, so that no socket is opened', async () => {
    const env = { SLACK_APP_TOKEN: '', SLACK_SIGNING_SECRET: sandbox.slack.signingSecret };
    const said = await setup([...ANSWERS, '--url', 'https://bot.example.com/slack/events'], env);
    expect(said.code).toBe(0);
    const [, command = ''] = /^ +node (src.*)$/m.exec(said.err) ?? [];
    const words = command.replace('slack-app.yml', join(folder, 'app.yml')).split(' ');
    await promisify(execFile)(process.execPath, words);
    expect(read(join(folder, 'app.yml'))).toBe(
      httpManifest(read('manifest.yml'), 'https://bot.example.com/slack/events'),
    );
    expect(parseEnv(read(envFile)).SLACK_APP_TOKEN).toBeUndefined();
    expect(parseEnv(read(envFile)).SLACK_SIGNING_SECRET).toBe(sandbox.slack.signingSecret);
  });

  it.each(['http://bot.example.com/slack/events', 'https://bot.example.com', 'bot.example.com'])(
    'refuses an address that Slack would not take: %s',
    async (url) => {
      const { code, err } = await setup([...ANSWERS, '--url', url]);
      expect([code, err]).toEqual([2, expect.stringContaining('https://HOST/slack/events')]);
      expect(existsSync(envFile)).toBe(false);
    },
  );

  it('says what of the environment wins over what it wrote', async () => {
    const said = await setup([...ANSWERS, '--region', 'eu-west-1']);
    expect(said.code).toBe(0);
    expect(said.err).toContain(`otherwise than ${envFile}, and wins where the bot is started: unset AWS_REGION.`);
    expect(parseEnv(read(envFile)).AWS_REGION).toBe('eu-west-1');
    expect((await setup([...ANSWERS, '--force'])).err).not.toContain('wins where the bot is started');
  });

  it('checks what it writes as the bot will read it, the environment first', async () => {
    const { code, err } = await setup(ANSWERS, { PORT: 'eighty' });
    expect([code, err]).toEqual([1, expect.stringContaining('PORT')]);
    writeFileSync(envFile, 'PORT=eighty\n', { mode: 0o600 });
    expect((await setup([...ANSWERS, '--force'])).code).toBe(1);
    expect((await setup([...ANSWERS, '--force'], { PORT: '3000' })).code).toBe(0);
  });

  it('is not in the way of itself where a run before it was killed while it wrote', async () => {
    await setup(ANSWERS);
    writeFileSync(`${configFile}.new`, 'half a fi');
    const said = await setup(['--channel', 'random', '--force']);
    expect([said.code, said.err]).toEqual([0, expect.not.stringContaining('EEXIST')]);
    expect(readdirSync(folder).sort()).toEqual(['.env', 'titanic.yml', 'titanic.yml.new']);
  });

  it('says which file it could not write', async () => {
    const { code, err } = await setup(ANSWERS, { TITANIC_CONFIG: join(folder, 'not-there', 'titanic.yml') });
    expect([code, err]).toEqual([1, expect.stringMatching(/not-there.titanic.yml could not be written: ENOENT/)]);
  });

  it('asks for as many approvals as it is told to, and leaves those of a file alone', async () => {
    expect((await setup([...ANSWERS, '--quorum', '3'])).code).toBe(0);
    expect((await setup([])).code).toBe(0);
    expect(asTheBotReadsIt()).toMatchObject({ ok: true, config: { slack: { approvers: { quorum: 3 } } } });
    expect((await setup(['--quorum', '2', '--force'])).code).toBe(0);
    expect(asTheBotReadsIt()).toMatchObject({ ok: true, config: { slack: { approvers: { quorum: 2 } } } });
    expect((await setup(['--quorum', '0', '--force'])).err).toContain('It must be a whole number');
  });

  it('answers programs in one document, with what doctor finds', async () => {
    const { code, out } = await setup([...ANSWERS, '--json', '--doctor']);
    expect(JSON.parse(out)).toMatchObject({ done: true, doctor: { fine: true, needs: expect.any(Array) } });
    expect(code).toBe(0);
    const broken = await setup(['--json', '--doctor', '--table', 'nowhere', '--force']);
    expect(JSON.parse(broken.out)).toMatchObject({ done: true, doctor: { fine: false } });
    expect(broken.code).toBe(1);
  });

  it.each(['--region', '.env'])('looks in the region that only %s names', async (where) => {
    const elsewhere = { AWS_REGION: '', AWS_DEFAULT_REGION: '', AWS_CONFIG_FILE: '/dev/null' };
    const known = where === '.env' ? [] : ['--region', 'us-east-1'];
    if (where === '.env') writeFileSync(envFile, 'AWS_REGION=us-east-1\n', { mode: 0o600 });
    const words = [...ANSWERS, ...known, '--json', '--doctor', '--force'];
    const { out } = await setup(words, elsewhere);
    const { found, doctor } = JSON.parse(out);
    expect([found.region, doctor.fine]).toEqual(['us-east-1', true]);
    expect(process.env.AWS_REGION).not.toBe('us-east-1');
  });

  it('looks with doctor afterwards', async () => {
    const { code, out } = await setup([...ANSWERS, '--doctor']);
    expect(out).toMatch(/^ok +slack: channel/m);
    expect(out).not.toMatch(/^problem/m);
    expect(code).toBe(0);
  });
});
