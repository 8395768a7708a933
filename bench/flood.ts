import { setTimeout as wait } from 'node:timers/promises';
import type { Histogram } from 'hdr-histogram-js';
import { openRecord } from '../sandbox/demo/record.ts';
import type { SlackControl } from '../sandbox/slack/control/slack-control.ts';
import { type Sandbox, startSandbox } from '../sandbox/start-sandbox.ts';
import type { Entry } from '../src/rollout/events.ts';
import { openLoop } from './open-loop.ts';
import { startBareBolt } from './start-bare-bolt.ts';
import { createSender, signAhead, type Typed } from './typed-commands.ts';

export const CHANNEL = 'C0TITANIC';
/** Who goes back in the middle of it, and floods nobody. */
const GOES_BACK = 'U0BOTH';
const LOOK_EVERY_MS = 1_000;
/** How long bare Bolt is flooded for comparison. Seconds. */
const BARE_SECONDS = 10;
/** What was acknowledged may still be answered after the flood. Milliseconds. */
const AFTERWARDS_MS = 5_000;

/** What a flood did. */
export interface Flooded {
  /** From the first command until nothing was looked at any more. */
  readonly seconds: number;
  readonly sent: number;
  /** Not acknowledged with a 2xx. */
  readonly failed: number;
  /** From the moment when it was due to its acknowledgement. Microseconds. */
  readonly ack: Histogram;
  /** The same for Bolt that does nothing but acknowledge, for some seconds right before. */
  readonly bareAck: Histogram;
  /** Of a processor, for each command. Milliseconds. */
  readonly cpuMs: { readonly titanic: number; readonly bare: number };
  /** The latest that a command was sent after its moment; it says how busy the machine is with other things. */
  readonly sentLateMs: number;
  /** From the arrival at the bot: the share within 100 ms and within 3 s. */
  readonly ackAtBot: { readonly within100ms: number; readonly within3s: number };
  /** Of the bot's process. Megabytes. */
  readonly memory: { readonly before: number; readonly most: number };
  readonly logLines: number;
  readonly entries: number;
  /** Calls of the Web API by method, and those that Slack refused for their number. */
  readonly calls: ReadonlyMap<string, number>;
  readonly refusedCalls: number;
  /** From the typed words to the entry, and to the call that carries it out; null: it never came. Milliseconds. */
  readonly rollback: {
    readonly recordedMs: number | null;
    readonly calledMs: number | null;
    readonly lastKnown: boolean;
  };
  /** The most often that one person was told to slow down. */
  readonly toldMost: number;
}

/** `typed(n)`: who types the nth command, and which. Rate and duration bound it; all on 127.0.0.1. */
export async function flood(options: {
  readonly ratePerSecond: number;
  readonly seconds: number;
  readonly people: readonly string[];
  readonly typed: (n: number) => Typed;
}): Promise<Flooded> {
  const { ratePerSecond, seconds, people, typed } = options;
  const sandbox = await startSandbox({ delivery: 'http', logLevel: 'info', speed: 1_200 });
  const { control } = sandbox.slack;
  await putPeople(control, people);
  const bare = await floodBareBolt(sandbox, ratePerSecond, Math.min(BARE_SECONDS, seconds), typed);
  const bot = await sandbox.startBot();
  const record = openRecord(sandbox.dynamo.url, 'titanic-rollouts', 'survival');
  for (const model of [1, 3]) {
    await control.command({ user: GOES_BACK, channel: CHANNEL, text: `deploy staging --model ${model}` });
    while ((await record.state()).rollouts.at(-1)?.candidate.version !== model) await wait(100);
    while ((await record.state()).rollouts.at(-1)?.status !== 'gate') await wait(100);
  }
  // The rates count for whole minutes; what the beginning used up is not the flood's.
  await control.setRateLimits({});
  const before = { lines: bot.lines(), entries: (await record.entries()).length, memory: await memoryOf(bot.url) };
  const seen = watch(sandbox);
  const sender = createSender(`${bot.url}/slack/events`);
  const middle = Math.round((ratePerSecond * seconds) / 2);
  const back = { user: GOES_BACK, text: 'rollback staging -- in the middle of it' };
  const commands = await signAhead(sandbox.slack, CHANNEL, ratePerSecond * seconds, (n) =>
    n === middle ? back : typed(n),
  );
  let sent = 0;
  let backAtMs = 0;
  const begunAt = performance.now();
  const cpuBefore = await cpuOf(bot.url);
  const { latency, failed, latestMs } = await openLoop({
    ratePerSecond,
    requests: commands.length,
    send() {
      sent += 1;
      if (sent === middle) backAtMs = Date.now();
      return sender.send(commands[sent - 1] ?? { headers: {}, body: '' });
    },
  });
  const cpuMs = (await cpuOf(bot.url)) - cpuBefore;
  await wait(AFTERWARDS_MS);
  const { most, calls, refusedCalls } = await seen.end();
  const entries = await record.entries();
  const journal = await sandbox.sagemaker.control.journal();
  const called = journal.find(
    (one) => one.kind === 'call' && one.operation === 'UpdateEndpoint' && one.atMs >= backAtMs,
  );
  const result: Flooded = {
    seconds: (performance.now() - begunAt) / 1_000,
    sent,
    bareAck: bare.latency,
    cpuMs: { titanic: cpuMs / commands.length, bare: bare.cpuMs },
    sentLateMs: Math.max(latestMs, bare.latestMs),
    ackAtBot: await acksOf(bot.url),
    failed,
    ack: latency,
    memory: { before: before.memory, most },
    logLines: bot.lines() - before.lines,
    entries: entries.length - before.entries,
    calls,
    refusedCalls,
    rollback: { ...wentBack(entries, backAtMs), calledMs: called === undefined ? null : called.atMs - backAtMs },
    toldMost: await toldMost(control),
  };
  sender.close();
  record.close();
  await sandbox.close();
  return result;
}

async function putPeople(control: SlackControl, people: readonly string[]): Promise<void> {
  const { world } = await control.workspace();
  for (const id of people) if (!world.users.some((user) => user.id === id)) await control.putUser({ id });
  const members = world.channels.find(({ id }) => id === CHANNEL)?.members ?? [];
  await control.putChannel({ id: CHANNEL, members: [...new Set([...members, ...people])] });
}

/** Looks at the bot's memory and at its calls now and then, because the call log forgets. */
function watch({ slack, bot }: Sandbox) {
  const calls = new Map<string, number>();
  let [most, refusedCalls, afterSeq, ended] = [0, 0, 0, false];
  const look = async (): Promise<void> => {
    most = Math.max(most, await memoryOf(bot().url));
    for (const call of await slack.control.calls({ afterSeq })) {
      afterSeq = call.seq;
      calls.set(call.method, (calls.get(call.method) ?? 0) + 1);
      if (call.status === 429) refusedCalls += 1;
    }
  };
  const first = slack.control.calls().then((before) => {
    afterSeq = before.at(-1)?.seq ?? 0;
  });
  const looking = (async () => {
    await first;
    while (!ended) {
      await look();
      await wait(LOOK_EVERY_MS);
    }
    await look();
  })();
  return {
    async end() {
      ended = true;
      await looking;
      return { most, calls, refusedCalls };
    },
  };
}

async function floodBareBolt(
  sandbox: Sandbox,
  ratePerSecond: number,
  seconds: number,
  typed: (n: number) => Typed,
): Promise<{ readonly latency: Histogram; readonly latestMs: number; readonly cpuMs: number }> {
  const bare = await startBareBolt(sandbox.env, sandbox.slack.signingSecret);
  const commands = await signAhead(sandbox.slack, CHANNEL, ratePerSecond * seconds, typed);
  const sender = createSender(bare.url);
  let sent = 0;
  const before = await bare.cpuMs();
  const { latency, latestMs } = await openLoop({
    ratePerSecond,
    requests: commands.length,
    send() {
      sent += 1;
      return sender.send(commands[sent - 1] ?? { headers: {}, body: '' });
    },
  });
  const cpuMs = ((await bare.cpuMs()) - before) / commands.length;
  sender.close();
  bare.end();
  return { latency, latestMs, cpuMs };
}

async function acksOf(url: string): Promise<Flooded['ackAtBot']> {
  const count = (le: string) => metric(url, `titanic_slack_ack_seconds_bucket{le="${le}",delivery="http"}`);
  const all = await count('+Inf');
  return { within100ms: (await count('0.1')) / all, within3s: (await count('3')) / all };
}

/** Megabytes. */
async function memoryOf(url: string): Promise<number> {
  return (await metric(url, 'process_resident_memory_bytes')) / 1e6;
}

/** Milliseconds. */
async function cpuOf(url: string): Promise<number> {
  return (await metric(url, 'process_cpu_seconds_total')) * 1_000;
}

async function metric(url: string, name: string): Promise<number> {
  const lines = (await (await fetch(`${url}/metrics`)).text()).split('\n');
  return Number(lines.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1) ?? Number.NaN);
}

function wentBack(entries: readonly Entry[], atMs: number): Pick<Flooded['rollback'], 'recordedMs' | 'lastKnown'> {
  const entry = entries.find(({ events }) => events.some((event) => event.type === 'RollbackStarted'));
  if (entry === undefined) return { recordedMs: null, lastKnown: false };
  return { recordedMs: Date.parse(entry.at) - atMs, lastKnown: JSON.stringify(entry.events).includes('lastKnown') };
}

async function toldMost(control: SlackControl): Promise<number> {
  const told = new Map<string, number>();
  for (const { ephemeralTo, text } of await control.channel({ channel: CHANNEL, as: '*' })) {
    if (ephemeralTo === undefined || !text.includes('Too many commands')) continue;
    told.set(ephemeralTo, (told.get(ephemeralTo) ?? 0) + 1);
  }
  return Math.max(0, ...told.values());
}
