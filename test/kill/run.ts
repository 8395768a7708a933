/**
 * Real processes and real `kill -9`: `npm run test:kill -- [--lives 20] [--seed 1] [--lanes 4] [--bots 3]`. Three bots
 * share one table, one SageMaker and one Slack, and are killed and stopped at random moments; what SageMaker's journal
 * says is compared with the log. Last line: lives, lost, doubled. Exit 1 when anything was.
 * `--open-intent 300` shows that the check bites: an open call is then decided before it can have landed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { eventsOf } from '../../sandbox/demo/record.ts';
import { type Sandbox, startSandbox } from '../../sandbox/start-sandbox.ts';
import { createChance } from '../simulation/chance.ts';
import { followRecord } from '../support/followed-record.ts';
import { judge, type Verdict } from './judge.ts';
import { LifeLost, live } from './life.ts';
import { type Replicas, startReplicas } from './replicas.ts';
import { type Lane, lanesOf, putPeople, TIMES, writeConfig } from './setting.ts';

const { values } = parseArgs({
  options: {
    lives: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    lanes: { type: 'string', default: '4' },
    bots: { type: 'string', default: '3' },
    'open-intent': { type: 'string', default: String(TIMES.openIntentMs) },
  },
});
const [lives, seed, bots] = [Number(values.lives), Number(values.seed), Number(values.bots)];
const lanes = lanesOf(Math.min(Number(values.lanes), lives));
const SPEED = 400;
/** Half of the calls are answered late, so that many die between a call's effect and its outcome. */
const LATE_REPLY = { kind: 'delayReply', ms: 500, rate: 0.5 } as const;
/** And some take effect only after a while, whether or not their sender still lives. */
const LATE_EFFECT = { kind: 'landLate', ms: 800, rate: 0.3 } as const;
/** How often the journal is looked at for a call to strike at. Milliseconds. */
const WATCH_EVERY_MS = 25;
const STRUCK_AT_CALLS = 0.2;

const startedMs = Date.now();
const folder = mkdtempSync(join(tmpdir(), 'titanic-kill-'));
const chance = createChance(seed, 'misfortunes');
const sandbox = await startSandbox({
  speed: SPEED,
  configPath: writeConfig(folder, lanes),
  logLevel: 'warn',
  env: { TITANIC_TEST_TIMES: JSON.stringify({ ...TIMES, openIntentMs: Number(values['open-intent']) }) },
});
const { control: slack } = sandbox.slack;
const { control: sagemaker } = sandbox.sagemaker;
await slack.setRateLimits({ enabled: false });
await putPeople(slack, lanes);
for (const operation of ['CreateEndpoint', 'UpdateEndpoint']) {
  for (const fault of [LATE_REPLY, LATE_EFFECT]) await sagemaker.setFault({ ...fault, operation });
}
const replicas = await startReplicas(sandbox.env, bots, chance);
const watching = new AbortController();
const watched = strikeAtCalls(replicas, watching.signal);

let lived = 0;
const failures: string[] = [];
await Promise.all(lanes.map(liveThrough));
watching.abort();
await watched;
await replicas.close();
const verdicts = await Promise.all(lanes.map((lane) => verdictOf(sandbox, lane)));
const lost = [...failures, ...verdicts.flatMap((verdict) => verdict.lost)];
const doubled = verdicts.flatMap((verdict) => verdict.doubled);
await report();
await sandbox.close();
rmSync(folder, { recursive: true, force: true });
console.log(`lives ${lived}, lost ${lost.length}, doubled ${doubled.length}`);
process.exit(lost.length + doubled.length === 0 && lived === lives ? 0 : 1);

/** A lane's share of the lives, one after the other. */
async function liveThrough(lane: Lane, index: number): Promise<void> {
  const record = followRecord(sandbox.dynamo.url, lane.service);
  for (let life = index; life < lives; life += lanes.length) {
    try {
      await live({ lane, slack, record, chance: createChance(seed, `life ${life}`) });
    } catch (error) {
      if (!(error instanceof LifeLost)) throw error;
      failures.push(error.message);
      const last = (await record.entries())
        .slice(-15)
        .map(({ seq, at, events }) => `${seq} ${at} ${events.map((e) => e.type)}`);
      console.log([`✗ ${error.message}`, ...last, ...replicas.tails()].join('\n'));
    }
    lived += 1;
    console.log(`life ${life + 1} of ${lives} (${lane.service}), ${seconds()} s`);
  }
  record.close();
}

/** Misfortune likes the moment right after a call, when its outcome is not recorded. */
async function strikeAtCalls(victims: Replicas, signal: AbortSignal): Promise<void> {
  let seen = 0;
  while (!signal.aborted) {
    const news = await sagemaker.journal(seen);
    seen = news.at(-1)?.seq ?? seen;
    for (const { kind } of news) if (kind === 'call' && chance.happens(STRUCK_AT_CALLS)) victims.strike();
    await wait(WATCH_EVERY_MS);
  }
}

async function verdictOf({ dynamo }: Sandbox, { service }: Lane): Promise<Verdict> {
  const record = followRecord(dynamo.url, service);
  const entries = await record.entries();
  record.close();
  const { endpoints } = await sagemaker.state();
  const serving = (environment: string) => {
    const found = endpoints.find(({ EndpointName }) => EndpointName === `titanic-${service}-${environment}`);
    if (found === undefined) return null;
    return { config: String(found.EndpointConfigName), status: String(found.EndpointStatus) };
  };
  const told = (await slack.channel({ channel: 'C0TITANIC', as: '*' })).filter(({ ephemeral }) => ephemeral);
  return judge({
    service,
    entries,
    journal: await sagemaker.journal(),
    serving: { staging: serving('staging'), prod: serving('prod') },
    answers: told.map(({ rendered }) => rendered),
  });
}

async function report(): Promise<void> {
  const outcomes = new Map<string, number>();
  let entries = 0;
  for (const { service } of lanes) {
    const record = followRecord(sandbox.dynamo.url, service);
    const all = await record.entries();
    record.close();
    entries += all.length;
    for (const { event } of eventsOf(all, 'CallDecided')) {
      outcomes.set(event.outcome.kind, (outcomes.get(event.outcome.kind) ?? 0) + 1);
    }
  }
  const calls = [...outcomes].map(([kind, count]) => `${count} ${kind}`).join(', ');
  console.log(
    `${replicas.killed()} kills, ${replicas.stopped()} stops, ${entries} entries, calls: ${calls}; ${seconds()} s, seed ${seed}`,
  );
  for (const line of lost) console.log(`lost: ${line}`);
  for (const line of doubled) console.log(`doubled: ${line}`);
}

function seconds(): string {
  return ((Date.now() - startedMs) / 1_000).toFixed(0);
}
