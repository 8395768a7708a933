import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createTable } from '../src/adapters/create-table.ts';
import { createSystemClock } from '../src/adapters/system-clock.ts';
import { type BotProcess, startBot } from './bot-process.ts';
import { freePort } from './free-port.ts';
import { type InferenceService, startInferenceService } from './inference-service.ts';
import { createPage, type Page } from './page/serve-page.ts';
import { seedSurvival } from './sagemaker/seed-survival.ts';
import { type RunningSageMaker, startSageMaker } from './sagemaker/start-sagemaker.ts';
import { type RunningSlack, startSlack } from './slack/start-slack.ts';
import { type RunningDynamo, startDynamo } from './start-dynamo.ts';

export interface SandboxOptions {
  /** Where everything is kept between starts; absent: in memory only. */
  readonly dataDir?: string;
  /** Begins with nothing. */
  readonly fresh?: boolean;
  /** How many times faster than at AWS endpoints move. */
  readonly speed?: number;
  /** Of the local Slack and its page; absent: any free one. */
  readonly port?: number;
  /** How Slack's requests reach the bot; default Socket Mode. */
  readonly delivery?: 'socket' | 'http';
  /** Uses the AWS account of this one: an install of its own beside it, with another table and prefix. */
  readonly beside?: Pick<Sandbox, 'dynamo' | 'sagemaker'>;
  /** Default: the one of the sandbox's own configuration. */
  readonly table?: string;
  /** Another configuration than the sandbox's own. */
  readonly configPath?: string;
  readonly logLevel?: string;
  /** Where the bot finds the table, given where it is: a way that something can go wrong on. */
  readonly tableThrough?: (dynamoUrl: string) => Promise<string>;
  /** More for the bot's environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The embedded default: DynamoDB, SageMaker, Slack, and the bot itself as a process. All on 127.0.0.1. */
export interface Sandbox {
  readonly dynamo: RunningDynamo;
  readonly sagemaker: RunningSageMaker;
  readonly slack: RunningSlack;
  /** What the bot, or a command line, is told by. */
  readonly env: Readonly<Record<string, string>>;
  /** The bot that runs now. */
  bot(): BotProcess;
  /** Starts another one, on its own port; several may run at once. */
  startBot(more?: Readonly<Record<string, string>>): Promise<BotProcess>;
  /** The inference API in front of prod, as a process beside the bot; started when it is first asked for. */
  inferenceApi(): Promise<InferenceService>;
  close(): Promise<void>;
}

const SPEED = 120;
const TABLE = 'titanic-rollouts';
const PROD = 'titanic-survival-prod';
const CONFIG = fileURLToPath(new URL('titanic.sandbox.yml', import.meta.url));

export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { dataDir, delivery = 'socket' } = options;
  if (dataDir !== undefined) {
    if (options.fresh === true) rmSync(dataDir, { recursive: true, force: true });
    mkdirSync(dataDir, { recursive: true });
  }
  const { dynamo, sagemaker } = options.beside ?? (await startAws(options.speed ?? SPEED, dataDir));
  // Mounted on Slack's own origin; it looks at all parts, so it is made last.
  let page: Page | undefined;
  const slack = await startSlack({
    otherwise: (request, response) =>
      page === undefined ? response.writeHead(503).end() : page.listener(request, response),
    ...(options.port === undefined ? {} : { port: options.port }),
    ...kept(dataDir, 'slack.json'),
  });
  const aws = {
    AWS_ACCESS_KEY_ID: 'sandbox',
    AWS_SECRET_ACCESS_KEY: 'sandbox',
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL: sagemaker.url,
    AWS_ENDPOINT_URL_DYNAMODB: (await options.tableThrough?.(dynamo.url)) ?? dynamo.url,
    // A profile of whoever tries this out must not lead to AWS.
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'false',
  };
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = aws;
  const client = new DynamoDBClient({
    endpoint: dynamo.url,
    region: aws.AWS_REGION,
    credentials: { accessKeyId, secretAccessKey },
  });
  await createTable({ client, table: options.table ?? TABLE, clock: createSystemClock() });
  client.destroy();

  const env: Record<string, string> = {
    ...options.env,
    ...aws,
    PATH: process.env.PATH ?? '',
    HOME: process.env.HOME ?? '',
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_API_URL: slack.apiUrl,
    TITANIC_CONFIG: options.configPath ?? CONFIG,
    LOG_LEVEL: options.logLevel ?? 'info',
    ...(delivery === 'socket' ? { SLACK_APP_TOKEN: slack.appToken } : { SLACK_SIGNING_SECRET: slack.signingSecret }),
  };
  if (dataDir !== undefined) writeFileSync(join(dataDir, 'env'), shellWords(env));
  const bots: BotProcess[] = [];
  let inference: Promise<InferenceService> | undefined;

  async function start(more: Readonly<Record<string, string>> = {}): Promise<BotProcess> {
    const port = await freePort();
    const logPath = dataDir === undefined ? undefined : join(dataDir, 'bot.log');
    const keep = (text: string) => {
      if (logPath !== undefined) appendFileSync(logPath, text);
    };
    const bot = startBot({ ...env, ...more, PORT: String(port) }, keep);
    bots.push(bot);
    await bot.ready();
    if (delivery === 'http') slack.setRequestUrl(`${bot.url}/slack/events`);
    return bot;
  }

  const sandbox: Sandbox = {
    dynamo,
    sagemaker,
    slack,
    env,
    bot() {
      const last = bots.at(-1);
      if (last === undefined) throw new Error('No bot was started.');
      return last;
    },
    startBot: start,
    inferenceApi() {
      inference ??= startInferenceService(aws, PROD).catch((error: unknown) => {
        // Whoever asks next tries again.
        inference = undefined;
        throw error;
      });
      return inference;
    },
    async close() {
      page?.close();
      // One that never started has nothing to end.
      await inference?.then(
        (service) => service.end(),
        () => {},
      );
      await Promise.all(bots.map((bot) => bot.end('SIGTERM')));
      await slack.close();
      if (options.beside !== undefined) return;
      await sagemaker.close();
      await dynamo.close();
    },
  };
  page = createPage(sandbox);
  return sandbox;
}

/** For a shell to read: what leads the command line to this sandbox. PATH and HOME are the shell's own. */
function shellWords(env: Readonly<Record<string, string>>): string {
  return Object.entries(env)
    .filter(([name]) => name !== 'PATH' && name !== 'HOME' && name !== 'LOG_LEVEL')
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'\n`)
    .join('');
}

/** DynamoDB and SageMaker, with the packages of the tutorial in the registry. */
async function startAws(speed: number, dataDir: string | undefined): Promise<Pick<Sandbox, 'dynamo' | 'sagemaker'>> {
  const dynamo = await startDynamo(dataDir === undefined ? {} : { path: join(dataDir, 'dynamodb') });
  const sagemaker = await startSageMaker({ speed, ...kept(dataDir, 'sagemaker.json') });
  await sagemaker.control.setSpeed(speed);
  await seedSurvival(sagemaker);
  return { dynamo, sagemaker };
}

function kept(dataDir: string | undefined, name: string): { readonly statePath?: string } {
  return dataDir === undefined ? {} : { statePath: join(dataDir, name) };
}
