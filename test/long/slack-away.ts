/**
 * Slack away for ten minutes, by the clock and with the waits of production, from the middle of a change of prod on:
 * what is done meanwhile takes as long as with Slack, and afterwards the channel shows what the record says.
 */
import { execFile } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ACTIONS } from '../../blocks/ids.ts';
import { CHANNEL, PROD, rolloutOf, STAGING, startJourney, WHO } from '../support/journey.ts';

const AWAY_MS = 600_000;
/** A minute for an update, which takes about six on AWS. */
const SPEED = 6;
/** Half again as long, which could be the machine's doing, and the poll at rest that finds what the command line wrote. */
const NOT_DELAYED = (ms: number) => ms * 1.5 + 20_000;
/** As the announcer has it. */
const CARD_GAP_MS = 3_000;
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const { olivia, alice, adam } = WHO;
const journey = await startJourney({ delivery: 'socket', times: {} });
const { slack, sandbox } = journey;
const bot = sandbox.bot();
const faults: string[] = [];
const check = (what: string, holds: boolean) => {
  console.log(`${holds ? 'yes' : 'NO '}  ${what}`);
  if (!holds) faults.push(what);
};
const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
const until = async (withinMs: number, holds: () => Promise<boolean>): Promise<boolean> => {
  for (const end = performance.now() + withinMs; performance.now() < end; await wait(250)) {
    if (await holds()) return true;
  }
  return false;
};
const titanic = (...args: string[]) =>
  promisify(execFile)(process.execPath, ['src/cli.ts', ...args], { cwd: ROOT, env: sandbox.env });
const ended = (id: string) => until(240_000, async () => (await journey.record.state()).ended.some((r) => r.id === id));
const isShown = async (id: string, words: string) => ((await journey.card(id))?.rendered ?? '').includes(words);
const toldAll = async () =>
  /^titanic_announcer_behind_entries\{[^}]*\} 0$/m.test(await (await fetch(`${bot.url}/metrics`)).text());
/** From the approval to the end, as the record has it. */
async function prodMs(id: string): Promise<number> {
  const entries = await journey.record.entries();
  const at = (type: string) => entries.find((e) => e.rolloutId === id && e.events.some((v) => v.type === type))?.at;
  return Date.parse(at('RolloutEnded') ?? '') - Date.parse(at('PromotionApproved') ?? '');
}

// With Slack there: version 1 to prod, then version 3 at the pace that is compared.
const first = await journey.toTheGate(olivia, 'deploy staging --model 1');
await journey.promotes(alice, first);
const second = await journey.toTheGate(olivia, 'deploy staging --model 3');
await sandbox.sagemaker.control.setSpeed(SPEED);
await journey.types(alice, `promote ${second}`);
await ended(second);
const withSlackMs = await prodMs(second);

await sandbox.sagemaker.control.setSpeed(1_200);
await slack.setRateLimits({ enabled: true });
const third = await journey.toTheGate(olivia, 'deploy staging --model 1');
await until(30_000, async () => (await isShown(third, 'waits for approval')) && (await toldAll()));
// Somebody deletes the card, and the reply to the post of the next one is lost: one that nobody keeps up to date.
const { ts = '' } = (await journey.card(third)) ?? {};
// A card that was just updated waits for its turn, and then the notice of the lock would be the post that is lost.
await wait(CARD_GAP_MS + 1_000);
await slack.deleteMessage({ channel: CHANNEL, ts });
await slack.addFault({ method: 'chat.postMessage', effect: { kind: 'lost' }, times: 1 });
await journey.types(olivia, 'lock prod -- looking');
check('a lost reply left an orphan card', await until(60_000, async () => (await journey.cards(third)).length === 2));
const [orphan] = await journey.cards(third);
await journey.types(olivia, 'unlock prod -- looked');
await sandbox.sagemaker.control.setSpeed(SPEED);
await journey.types(alice, `promote ${third}`);
await journey.until('SageMaker is at work', (s) => s.environments.prod.deployment?.followed != null);

await slack.setAway({ away: true });
const awayAtMs = performance.now();
const mark = await journey.mark();
check('prod is changed and checked', await ended(third));
const withoutSlackMs = await prodMs(third);
check('no later than with Slack', withoutSlackMs <= NOT_DELAYED(withSlackMs));
check('prod runs version 1', (await journey.world.serving(PROD))?.version === 1);
const backAtMs = performance.now();
await titanic('rollback', 'prod', '--', 'the error rate is up');
check(
  'a rollback on the command line is reached',
  await until(240_000, async () => (await journey.record.state()).endedRollbacks.length === 1),
);
const rollbackMs = performance.now() - backAtMs;
check('as fast as a change with Slack', rollbackMs <= NOT_DELAYED(withSlackMs));
await titanic('deploy', 'staging', '--model', '3');
const fourth = (await journey.record.state()).rollouts.at(-1)?.id ?? '';
check(
  'a deploy on the command line gets to its gate',
  await until(240_000, async () => rolloutOf(await journey.record.state(), fourth)?.status === 'gate'),
);
const untilGateMs = performance.now() - awayAtMs;
check(
  'each change was one call',
  (await journey.calls(PROD, mark)).length === 1 && (await journey.calls(STAGING, mark)).length === 1,
);
check('all that within the ten minutes', untilGateMs < AWAY_MS);
check('the card shows none of it yet', !(await isShown(third, 'promoted to prod')));
await wait(AWAY_MS - (performance.now() - awayAtMs));
const ready = await fetch(`${bot.url}/readyz`);
check(`/readyz says so (${(await ready.text()).trim()})`, ready.status === 503);

await slack.setAway({ away: false });
const returnedAtMs = performance.now();
await bot.ready(60_000);
const readyMs = performance.now() - returnedAtMs;
const rollback = (await journey.record.state()).endedRollbacks[0]?.id ?? '';
check('the channel shows the promotion', await until(120_000, () => isShown(third, '✅ promoted to prod')));
check('the rollback', await until(120_000, () => isShown(rollback, 'back at version 3')));
check('and the gate', await until(120_000, () => isShown(fourth, 'waits for approval')));
const shownMs = performance.now() - returnedAtMs;
check('nothing is left to be told', await until(120_000, toldAll));
check(
  'one card of the rollback, one of the new rollout',
  (await journey.cards(rollback)).length === 1 && (await journey.cards(fourth)).length === 1,
);
if (orphan === undefined) throw new Error('There was no orphan card.');
console.log(await journey.presses(adam, ACTIONS.promote, third, orphan));
const settled = async () =>
  (await slack.message({ channel: orphan.channel, ts: orphan.ts }))?.rendered.includes('is not kept up to date') ??
  false;
check('the orphan card is settled by its first press', await until(30_000, settled));
check('the bot was not restarted', bot.pid === sandbox.bot().pid);
await journey.close();
console.log(
  `Slack away ${seconds(AWAY_MS)}: prod in ${seconds(withoutSlackMs)} (with Slack ${seconds(withSlackMs)}), rollback ${seconds(rollbackMs)}; ` +
    `back: ready after ${seconds(readyMs)}, the channel right after ${seconds(shownMs)}; faults ${faults.length}`,
);
process.exit(faults.length === 0 ? 0 : 1);
