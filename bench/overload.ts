/**
 * A thousand commands a second for half a minute, from one person and then from many, with a rollback typed in the
 * middle: `node bench/overload.ts [--seconds 30] [--rate 1000]`. Exit 1 when a promise was not kept.
 */
import process from 'node:process';
import { parseArgs } from 'node:util';
import { type Flooded, flood } from './flood.ts';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '30' }, rate: { type: 'string', default: '1000' } },
});
const seconds = Math.min(60, Number(values.seconds));
const ratePerSecond = Math.min(2_000, Number(values.rate));

/** Milliseconds. */
const TOO_BUSY_MS = 250;
const STRANGERS = Array.from({ length: 2_000 }, (_, n) => `U0MANY${n}`);
/** Two that may do much, one that may not, and a guest, more often than the others. */
const LOUD = ['U0OPERATOR', 'U0ALICE', 'U0STRANGER', 'U0GUEST'];
const WORDS = [
  'deploy staging',
  'status',
  'promote',
  'rollback',
  'lock staging -- because',
  'models',
  'depoly staging',
];
const pick = <T>(from: readonly T[], n: number): T => from[n % from.length] as T;

const floods = {
  'one person': { people: [], typed: () => ({ user: 'U0OPERATOR', text: 'deploy staging' }) },
  'two thousand people': {
    people: STRANGERS,
    typed: (n: number) => ({ user: n % 3 === 0 ? pick(LOUD, n / 3) : pick(STRANGERS, n * 7), text: pick(WORDS, n) }),
  },
};

let broken = 0;
for (const [who, { people, typed }] of Object.entries(floods)) {
  const result = await flood({ ratePerSecond, seconds, people, typed });
  console.log(`${ratePerSecond} a second for ${seconds} s from ${who}:`);
  for (const [holds, words] of promises(result)) {
    if (!holds) broken += 1;
    console.log(`  ${holds ? '✓' : '✗'} ${words}`);
  }
}
process.exit(broken === 0 ? 0 : 1);

function promises(f: Flooded): readonly (readonly [boolean, string])[] {
  const at = (ack: Flooded['ack'], percentile: number) => (ack.getValueAtPercentile(percentile) / 1_000).toFixed(0);
  const percent = (share: number) => `${(share * 100).toFixed(2)} %`;
  const ratio = f.ack.getValueAtPercentile(99) / f.bareAck.getValueAtPercentile(99);
  // On a machine that cannot even send in time, what comes late says nothing about titanic.
  const tooBusy = f.sentLateMs >= TOO_BUSY_MS;
  const { recordedMs, calledMs, lastKnown } = f.rollback;
  const groupReads = f.calls.get('usergroups.users.list') ?? 0;
  const others = [...f.calls].filter(([method]) => method !== 'usergroups.users.list');
  return [
    [
      f.failed === 0 && (tooBusy || f.ack.maxValue < 3_000_000),
      `${f.sent} sent, ${f.failed} not acknowledged; from the moment due p50 ${at(f.ack, 50)} ms, p99 ${at(f.ack, 99)} ms, max ${at(f.ack, 100)} ms`,
    ],
    [
      tooBusy || f.ack.maxValue < 3_000_000,
      `bare Bolt just before p50 ${at(f.bareAck, 50)} ms, p99 ${at(f.bareAck, 99)} ms, max ${at(f.bareAck, 100)} ms; p99 ×${ratio.toFixed(2)}; sent at most ${f.sentLateMs.toFixed(0)} ms late${tooBusy ? ', so this machine is too busy to judge times' : ''}`,
    ],
    [
      f.cpuMs.titanic < 4 * f.cpuMs.bare,
      `of a processor for each command ${f.cpuMs.titanic.toFixed(2)} ms, bare Bolt ${f.cpuMs.bare.toFixed(2)} ms: ×${(f.cpuMs.titanic / f.cpuMs.bare).toFixed(2)}`,
    ],
    [
      tooBusy || f.ackAtBot.within3s === 1,
      `from the arrival at the bot ${percent(f.ackAtBot.within100ms)} within 100 ms, ${percent(f.ackAtBot.within3s)} within 3 s`,
    ],
    [f.memory.most < 600, `memory ${f.memory.before.toFixed(0)} MB before, ${f.memory.most.toFixed(0)} MB at most`],
    [f.logLines < 500 && f.entries < 200, `${f.logLines} lines of log, ${f.entries} entries of the record`],
    [
      f.refusedCalls === 0 && !lastKnown,
      `groups read ${groupReads} times in ${f.seconds.toFixed(0)} s; ${f.refusedCalls} calls refused by Slack; ${others.map(([m, n]) => `${m} ${n}`).join(', ')}`,
    ],
    [
      recordedMs !== null && (tooBusy || recordedMs < 3_000),
      `a rollback typed in the middle was recorded after ${recordedMs} ms${lastKnown ? ' by the last known groups' : ''}, and its call made after ${calledMs} ms`,
    ],
    [f.toldMost <= Math.ceil(f.seconds / 60), `told to slow down at most ${f.toldMost} times each`],
  ];
}
