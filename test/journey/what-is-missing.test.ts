import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BotProcess, startBot } from '../../sandbox/bot-process.ts';
import { openRecord } from '../../sandbox/demo/record.ts';
import { freePort } from '../../sandbox/free-port.ts';
import { type Sandbox, startSandbox } from '../../sandbox/start-sandbox.ts';
import { createTable } from '../../src/adapters/create-table.ts';
import { createSystemClock } from '../../src/adapters/system-clock.ts';
import type { TestTimes } from '../../src/test-times.ts';
import { awsErrorAnswer, type FaultyProxy, startFaultyProxy } from '../support/faulty-proxy.ts';
import { WHO } from '../support/journey.ts';

const JOURNEY = new URL('../support/titanic.journey.yml', import.meta.url);
const WITHIN = { timeout: 20_000, interval: 50 };
const CHANNEL = 'C0LATER';
const TABLE = 'made-later';
const EXPIRED = 'AKIAEXPIREDEXPIRED00';
const GOOD = 'AKIAGOODGOODGOODGOOD';
const TIMES: TestTimes = { postsPerMinute: 6_000, atRestMs: 500, lookAgainMs: 300, credentialsKeptMs: 300 };

describe('a bot that finds nothing of what it needs', { timeout: 60_000 }, () => {
  let folder: string;
  let proxy: FaultyProxy;
  let sandbox: Sandbox;
  let bot: BotProcess;
  let logged = '';
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'titanic-missing-'));
    sandbox = await startSandbox({
      speed: 1_200,
      tableThrough: async (url) => {
        proxy = await startFaultyProxy(url);
        proxy.mode = ({ accessKeyId }) =>
          accessKeyId === EXPIRED
            ? awsErrorAnswer('ExpiredTokenException', 'The security token included in the request is expired')
            : { kind: 'pass' };
        return proxy.url;
      },
    });
    for (const id of ['S0APPROVERS', 'S0OPERATORS']) await sandbox.slack.control.putGroup({ id, state: 'missing' });
    bot = await start(TABLE);
  });
  afterAll(async () => {
    await bot.end('SIGTERM');
    await sandbox.close();
    await proxy.close();
    rmSync(folder, { recursive: true });
  });

  async function start(table: string): Promise<BotProcess> {
    const config = join(folder, `${table}.yml`);
    const text = readFileSync(JOURNEY, 'utf8').replace('titanic-rollouts', table).replace('C0TITANIC', CHANNEL);
    writeFileSync(config, text);
    const { AWS_ACCESS_KEY_ID: _, AWS_SECRET_ACCESS_KEY: __, ...env } = sandbox.env;
    const started = startBot(
      {
        ...env,
        HOME: folder,
        AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
        AWS_CONFIG_FILE: join(folder, 'config'),
        AWS_EC2_METADATA_DISABLED: 'true',
        TITANIC_CONFIG: config,
        TITANIC_TEST_TIMES: JSON.stringify(TIMES),
        PORT: String(await freePort()),
      },
      (text) => {
        logged += text;
      },
    );
    return started;
  }

  const readyz = async () => {
    const answer = await fetch(`${bot.url}/readyz`).catch(() => null);
    return answer === null ? 'not there yet' : `${answer.status} ${(await answer.text()).trim()}`;
  };
  const becomes = (words: RegExp) => expect.poll(readyz, WITHIN).toMatch(words);
  const isLogged = (words: RegExp) => expect.poll(() => logged, WITHIN).toMatch(words);

  /** At once, as whoever renews credentials should. */
  function giveCredentials(id: string): void {
    const lines = ['[default]', `aws_access_key_id = ${id}`, 'aws_secret_access_key = not-a-real-one', ''];
    writeFileSync(join(folder, 'new'), lines.join('\n'));
    renameSync(join(folder, 'new'), join(folder, 'credentials'));
  }
  const client = () =>
    new DynamoDBClient({
      endpoint: sandbox.dynamo.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    });

  it('runs, is not ready, and says in the log what is missing and what to do', async () => {
    await becomes(
      /^503 the table made-later cannot be reached: CredentialsProviderError: .*there are no AWS credentials/,
    );
    await isLogged(/there are no AWS credentials: set AWS_PROFILE/);
    await isLogged(
      /The channel C0LATER cannot be reached \(channel_not_found\): invite the bot, or correct slack\.channel/,
    );
    await isLogged(/The approvers cannot be read from Slack \(no_such_subteam\).*make the group or enable it/);
    await isLogged(/The operators cannot be read from Slack \(no_such_subteam\)/);
  });

  it('finds credentials that appear, and takes newer ones when these have run out', async () => {
    giveCredentials(EXPIRED);
    await becomes(/^503 .*ExpiredTokenException: .*renew them where they come from/);
    await isLogged(/renew them where they come from/);
    giveCredentials(GOOD);
    await becomes(
      /^503 the table made-later does not exist: apply infra\/, or for trying out: titanic create-table\.$/,
    );
    await isLogged(/the table made-later does not exist: apply infra/);
  });

  it('is ready once the table is made, and says what Slack still lacks', async () => {
    const maker = client();
    await createTable({ client: maker, table: TABLE, clock: createSystemClock() });
    maker.destroy();
    await becomes(/^200 ready, but .*The channel C0LATER cannot be reached \(channel_not_found\)/);
    await sandbox.slack.control.putChannel({ id: CHANNEL, members: Object.values(WHO) });
    await becomes(/^200 ready, but .*The bot is not in the channel C0LATER: invite it/);
  });

  it('does its work once it is invited and the groups are there, without having been restarted', async () => {
    const { control } = sandbox.slack;
    const { userId } = (await control.workspace()).world.bot;
    await control.putChannel({ id: CHANNEL, members: [...Object.values(WHO), userId] });
    for (const id of ['S0APPROVERS', 'S0OPERATORS']) await control.putGroup({ id, state: 'active' });
    await becomes(/^200 ready$/);
    await isLogged(/"was":"The bot is not in the channel C0LATER[^"]*","msg":"This is no longer so"/);
    await control.command({ user: WHO.olivia, channel: CHANNEL, text: 'deploy staging --model 1' });
    const record = openRecord(sandbox.dynamo.url, TABLE, 'survival');
    await expect.poll(async () => (await record.state()).rollouts[0]?.status, WITHIN).toBe('gate');
    const shown = async () => (await control.channel({ channel: CHANNEL })).map(({ rendered }) => rendered).join('\n');
    await expect.poll(shown, WITHIN).toContain('waits for approval');
    expect(proxy.calls.at(-1)?.accessKeyId).toBe(GOOD);
    record.close();
  });

  it('writes no record into a table with other keys, and says which these are', async () => {
    await bot.end('SIGTERM');
    const other = client();
    await other.send(
      new CreateTableCommand({
        TableName: 'of-others',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      }),
    );
    bot = await start('of-others');
    const says =
      /the table of-others: its keys are pk \(HASH, S\) in place of pk \(HASH, S\) and sk \(RANGE, S\): name another table in aws\.table/;
    await becomes(new RegExp(`^503 ${says.source}`));
    await isLogged(says);
    const { responses } = await sandbox.slack.control.command({
      user: WHO.olivia,
      channel: CHANNEL,
      text: 'status',
      settleMs: 2_000,
    });
    expect(responses.map(({ rendered }) => rendered).join()).toContain('The record cannot be read right now');
    const { Items = [] } = await other.send(new ScanCommand({ TableName: 'of-others' }));
    expect(Items.filter(({ pk }) => pk?.S?.startsWith('service#'))).toEqual([]);
    other.destroy();
  });
});
