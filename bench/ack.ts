/** How soon a signed command is acknowledged, titanic beside bare Bolt, in alternating blocks of one run. */
import { Agent, request } from 'node:http';
import { build, type Histogram } from 'hdr-histogram-js';
import { startSandbox } from '../sandbox/start-sandbox.ts';
import { openLoop } from './open-loop.ts';
import { signedCommand } from './signed-command.ts';
import { startBareBolt } from './start-bare-bolt.ts';

const RATE_PER_SECOND = 100;
const BLOCK = 500;
const BLOCKS = 6;
const agent = new Agent({ keepAlive: true, maxSockets: 64 });

function post(url: string, secret: string): Promise<boolean> {
  const user = `U0BENCH${Math.floor(Math.random() * 5_000)}`;
  const { body, headers } = signedCommand(secret, user, 'help');
  return new Promise((resolve) => {
    const sent = request(url, { method: 'POST', headers, agent }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode === 200));
    });
    sent.on('error', () => resolve(false));
    sent.end(body);
  });
}

const sandbox = await startSandbox({ delivery: 'http', logLevel: 'silent' });
const bot = await sandbox.startBot();
const secret = sandbox.slack.signingSecret;
const bare = await startBareBolt(sandbox.env, secret);

const subjects = {
  titanic: `${bot.url}/slack/events`,
  'bare Bolt': bare.url,
} as const;
const empty = () =>
  build({ lowestDiscernibleValue: 1, highestTrackableValue: 60_000_000, numberOfSignificantValueDigits: 3 });
const totals: Record<keyof typeof subjects, Histogram> = { titanic: empty(), 'bare Bolt': empty() };
let failed = 0;
for (const name of ['titanic', 'bare Bolt'] as const)
  await openLoop({ ratePerSecond: RATE_PER_SECOND, requests: 200, send: () => post(subjects[name], secret) });
for (let block = 0; block < BLOCKS; block += 1) {
  for (const name of ['titanic', 'bare Bolt'] as const) {
    const run = await openLoop({
      ratePerSecond: RATE_PER_SECOND,
      requests: BLOCK,
      send: () => post(subjects[name], secret),
    });
    totals[name].add(run.latency);
    failed += run.failed;
  }
}
const ms = (h: Histogram, p: number) => (h.getValueAtPercentile(p) / 1_000).toFixed(2);
for (const name of ['titanic', 'bare Bolt'] as const) {
  const h = totals[name];
  console.log(`${name.padEnd(10)} n ${h.totalCount}  p50 ${ms(h, 50)} ms  p99 ${ms(h, 99)} ms  max ${ms(h, 100)} ms`);
}
const ratio = (p: number) =>
  (totals.titanic.getValueAtPercentile(p) / totals['bare Bolt'].getValueAtPercentile(p)).toFixed(2);
console.log(
  `ack, titanic to bare Bolt at ${RATE_PER_SECOND}/s: p50 ×${ratio(50)}, p99 ×${ratio(99)}; failed ${failed}`,
);
bare.end();
agent.destroy();
await sandbox.close();
