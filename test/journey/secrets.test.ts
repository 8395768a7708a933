import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BotProcess, startBot } from '../../sandbox/bot-process.ts';
import { openRecord } from '../../sandbox/demo/record.ts';
import { freePort } from '../../sandbox/free-port.ts';
import { startInferenceApi } from '../../sandbox/inference-process.ts';
import { faultKinds } from '../../sandbox/sagemaker/faults.ts';
import type { FaultEffect } from '../../sandbox/slack/faults.ts';
import { type Sandbox, startSandbox } from '../../sandbox/start-sandbox.ts';
import { awsErrorAnswer, type FaultyProxy, type ProxyMode, startFaultyProxy } from '../support/faulty-proxy.ts';
import { CHANNEL, WHO } from '../support/journey.ts';

const CANARY = 'CaNaRy';
const KEY = 'ASIACANARYCANARY1234';
const TABLE = 'titanic-rollouts';
const WITHIN = { timeout: 20_000, interval: 50 };
const PEOPLE = Object.values(WHO);
/** A question and a change for each fault, so that both ways through the program meet it. */
const WORDS = [
  'status',
  'models',
  'verify',
  'history',
  'cleanup',
  'evidence survival-1',
  'smoke staging',
  'deploy staging --model 1',
  'rollback',
  'lock prod -- x',
  'unlock prod -- x',
  'promote',
  'cancel',
  'approve-model 2',
  'adopt prod -- x',
];
/** What the store does, and what the log then says. */
const STORE: readonly (readonly [ProxyMode, RegExp])[] = [
  [
    awsErrorAnswer(
      'InvalidSignatureException',
      `no.\n\nThe Canonical String for this request should have been\n'x-amz-security-token:${CANARY}`,
    ),
    /InvalidSignatureException: no/,
  ],
  [{ kind: 'answer', status: 200, body: `${CANARY} of a reply` }, /the reply is not JSON/],
  [{ kind: 'answer', status: 500, body: CANARY }, /the reply is not JSON/],
  [{ kind: 'lose-reply' }, /could not (?:be read|announce)/],
];
const SLACK: readonly (readonly [FaultEffect, RegExp])[] = [
  [{ kind: 'error', error: 'invalid_blocks' }, /"why":"invalid_blocks"/],
  [{ kind: 'error', error: 'ratelimited', retryAfterSeconds: 1 }, /"why":"ratelimited"/],
  [{ kind: 'status', status: 500 }, /"why":"http_500"/],
  [{ kind: 'lost' }, /"why":"unreachable"/],
  [{ kind: 'cut' }, /"why":"unreachable"/],
];

describe('secrets and payloads', { timeout: 120_000 }, () => {
  let folder: string;
  let sandbox: Sandbox;
  let proxy: FaultyProxy;
  let env: Record<string, string>;
  /** Everything that any process wrote, on either stream. */
  let written = '';
  const hear = (text: string) => {
    written += text;
  };
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'titanic-secrets-'));
    sandbox = await startSandbox({
      speed: 1_200,
      tableThrough: async (url) => {
        proxy = await startFaultyProxy(url);
        return proxy.url;
      },
    });
    await sandbox.slack.control.setRateLimits({ enabled: false });
    const config = join(folder, 'titanic.yml');
    const file = readFileSync('test/support/titanic.journey.yml', 'utf8');
    writeFileSync(config, file.replace('"1,female,29"', `"1,female,29 ${CANARY}"`));
    env = {
      ...sandbox.env,
      AWS_ACCESS_KEY_ID: KEY,
      AWS_SECRET_ACCESS_KEY: `${CANARY}/aws+secret/of/forty/characters/0`,
      AWS_SESSION_TOKEN: `${CANARY}//aws+session+token==`,
      SLACK_SIGNING_SECRET: sandbox.slack.signingSecret,
      TITANIC_CONFIG: config,
      TITANIC_TEST_TIMES: JSON.stringify({ postsPerMinute: 6_000, cardGapMs: 100, atRestMs: 1_000, lingerMs: 50 }),
      LOG_LEVEL: 'trace',
    };
  });
  afterAll(async () => {
    await sandbox.close();
    await proxy.close();
    rmSync(folder, { recursive: true });
  });

  /** What must be nowhere: values of the environment, and what stood in payloads and replies. */
  const secrets = () => {
    const { botToken, appToken, signingSecret } = sandbox.slack;
    // A part of a token is as bad.
    return [CANARY, KEY, botToken.slice(8), appToken.slice(8), signingSecret];
  };
  const leaks = (text: string) => text.split('\n').filter((line) => secrets().some((secret) => line.includes(secret)));

  async function start(more: Record<string, string> = {}): Promise<BotProcess> {
    return startBot({ ...env, ...more, PORT: String(await freePort()) }, hear);
  }
  const type = async (text: string, n: number) => {
    const user = PEOPLE[n % 5] ?? '';
    await sandbox.slack.control.command({ user, channel: CHANNEL, text });
  };

  it('are in nothing that a bot writes or says while everything around it fails in every way', async () => {
    const bot = await start();
    await bot.ready();
    const { control } = sandbox.slack;
    const { control: sagemaker } = sandbox.sagemaker;
    const record = openRecord(sandbox.dynamo.url, TABLE, 'survival');
    await control.command({ user: WHO.olivia, channel: CHANNEL, text: 'deploy staging --model 1' });
    await expect
      .poll(async () => (await record.state()).rollouts[0]?.status ?? (await record.state()).ended.length, WITHIN)
      .not.toBe('staging');
    let n = 0;
    const next = () => type(WORDS[n++ % WORDS.length] ?? '', n);
    for (const kind of faultKinds) {
      await sagemaker.setFault({ kind, count: 3, ms: 200, ...(kind === 'quota' ? { limit: 0 } : {}) });
      await Promise.all([next(), next()]);
      await wait(60);
      await sagemaker.clearFaults();
    }
    // Until the log says so: whatever a fault leaves there has to be there.
    const met = async (says: RegExp) => {
      const from = written.length;
      await Promise.all([next(), next()]);
      await expect.poll(() => written.slice(from), WITHIN).toMatch(says);
    };
    for (const [mode, says] of STORE) {
      proxy.mode = () => mode;
      await met(says);
    }
    proxy.mode = () => ({ kind: 'pass' });
    for (const [effect, says] of SLACK) {
      await control.addFault({ method: '*', effect });
      await met(says);
      await control.clearFaults();
    }
    await bot.ready();
    const pages = await Promise.all(
      ['healthz', 'readyz', 'metrics'].map(async (path) => (await fetch(`${bot.url}/${path}`)).text()),
    );
    await bot.end('SIGTERM');
    const seen = JSON.stringify([
      await control.channel({ channel: CHANNEL, as: '*', deleted: true }),
      await control.files(),
    ]);
    expect(seen.length).toBeGreaterThan(10_000);
    expect(leaks([written, ...pages, seen].join('\n'))).toEqual([]);
    record.close();
  });

  it('are in nothing over HTTP, whatever is sent there', async () => {
    const { SLACK_APP_TOKEN: _, ...http } = env;
    env = http;
    const bot = await start();
    await bot.ready();
    sandbox.slack.setRequestUrl(`${bot.url}/slack/events`);
    const payload = await sandbox.slack.control.commandPayload({
      user: WHO.olivia,
      channel: CHANNEL,
      text: `lock prod -- ${'x'.repeat(600)}`,
    });
    const { control } = sandbox.slack;
    await control.raw({ kind: 'slash_commands', payload: { ...payload, user_id: 7, token: CANARY } as never });
    await control.raw({
      kind: 'slash_commands',
      payload: { ...payload, response_url: `https://evil.example/${CANARY}` },
    });
    const post = (body: string, headers: Record<string, string>) =>
      fetch(`${bot.url}/slack/events`, { method: 'POST', body, headers });
    const answers = await Promise.all([
      post(CANARY, {}),
      post(`{"${CANARY}`, {
        'content-type': 'application/json',
        'x-slack-signature': CANARY,
        'x-slack-request-timestamp': CANARY,
      }),
      post(`payload=${CANARY}`, { 'content-type': 'application/x-www-form-urlencoded', authorization: CANARY }),
    ]);
    const said = await Promise.all(answers.map(async (answer) => `${answer.status} ${await answer.text()}`));
    await bot.end('SIGTERM');
    sandbox.slack.setRequestUrl(undefined);
    env = { ...env, SLACK_APP_TOKEN: sandbox.slack.appToken };
    expect(written).toContain('A request to /slack/events was refused');
    expect(leaks([written, ...said].join('\n'))).toEqual([]);
  });

  it('are in nothing that a process says when it dies of an error that nobody caught', async () => {
    const carried =
      '{ request: { headers: { authorization: process.env.SLACK_BOT_TOKEN } }, data: process.env.AWS_SESSION_TOKEN, cause: new Error(process.env.AWS_SESSION_TOKEN) }';
    const ways = [
      `Promise.reject(Object.assign(new Error('lost ' + process.env.AWS_SECRET_ACCESS_KEY), ${carried}))`,
      `throw ${carried}`,
    ];
    const died = await Promise.all(
      ways.map(async (way) => {
        const code = encodeURIComponent(`process.on('SIGUSR2', () => { ${way} })`);
        const bot = await start({ NODE_OPTIONS: `--import data:text/javascript,${code}` });
        await bot.ready(45_000);
        process.kill(bot.pid, 'SIGUSR2');
        const alive = () =>
          fetch(`${bot.url}/healthz`).then(
            () => true,
            () => false,
          );
        await expect.poll(alive, WITHIN).toBe(false);
        return bot.tail().filter((line) => line.includes('An error that nobody caught ends the process'));
      }),
    );
    expect(died.map((lines) => lines.length)).toEqual(ways.map(() => 1));
    expect(died.flat().join('\n')).toContain('lost [secret]');
    expect(leaks(written)).toEqual([]);
  });

  it('are in nothing that the inference API says, to callers or in its log', async () => {
    const keys = join(folder, 'keys.json');
    writeFileSync(
      keys,
      JSON.stringify({ keys: [{ id: 'a', sha256: '0'.repeat(64), scopes: ['predict'], perMinute: 9 }] }),
    );
    const { TITANIC_TEST_TIMES: _, ...aws } = env;
    const api = await startInferenceApi({
      ...aws,
      INFERENCE_API_ENDPOINT: 'titanic-survival-staging',
      INFERENCE_API_AUTH: 'api-keys',
      INFERENCE_API_KEYS_FILE: keys,
    });
    const ask = (path: string, headers: Record<string, string>, body: string) =>
      fetch(`${api.url}${path}`, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
    const answers = await Promise.all(
      ['/v1/predict', `/v1/${CANARY}`].flatMap((path) => [
        ask(path, { 'x-api-key': `titanic_${CANARY}` }, `{"name":"${CANARY}"}`),
        ask(path, { authorization: `Bearer ${CANARY}` }, CANARY),
        ask(path, {}, CANARY.repeat(60_000)),
      ]),
    );
    const said = await Promise.all(answers.map(async (answer) => `${answer.status} ${await answer.text()}`));
    writeFileSync(keys, `{"keys":[{"id":"${CANARY}`);
    await wait(100);
    await api.end();
    expect(said.every((words) => /^4\d\d /.test(words))).toBe(true);
    expect(leaks([...said, ...api.tail()].join('\n'))).toEqual([]);
  });

  it('are in no item of the table and in no export', async () => {
    const client = new DynamoDBClient({
      endpoint: sandbox.dynamo.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    });
    const { Items = [] } = await client.send(new ScanCommand({ TableName: TABLE }));
    client.destroy();
    expect(Items.length).toBeGreaterThan(10);
    const out = join(folder, 'evidence.json');
    const run = promisify(execFile)(
      process.execPath,
      ['src/cli.ts', 'evidence', 'export', 'survival-1', '--out', out],
      { env },
    );
    const { stdout, stderr } = await run;
    expect(leaks([JSON.stringify(Items), readFileSync(out, 'utf8'), stdout, stderr].join('\n'))).toEqual([]);
  });
});
