/** Two minutes without the table, by the clock, in the middle of a rollout: what people are told, and what is done once it is back. */
import { setTimeout as wait } from 'node:timers/promises';
import { eventsOf } from '../../sandbox/demo/record.ts';
import { type FaultyProxy, startFaultyProxy } from '../support/faulty-proxy.ts';
import { CHANNEL, rolloutOf, STAGING, startJourney, WHO } from '../support/journey.ts';

const AWAY_MS = 120_000;
const { olivia, alice, bea } = WHO;
let proxy: FaultyProxy | undefined;
const journey = await startJourney({
  delivery: 'socket',
  tableThrough: async (url) => {
    proxy = await startFaultyProxy(url);
    return proxy.url;
  },
});
if (proxy === undefined) throw new Error('The bot has its table without the proxy.');
const faults: string[] = [];
const check = (what: string, holds: boolean) => {
  console.log(`${holds ? 'yes' : 'NO '}  ${what}`);
  if (!holds) faults.push(what);
};
const told = async (person: string) =>
  (await journey.slack.channel({ channel: CHANNEL, as: person })).filter((m) => m.ephemeral).map((m) => m.rendered);
const readyz = async () => (await fetch(`${journey.sandbox.bot().url}/readyz`)).text();

const id = await journey.deploys(olivia, 'deploy staging --model 1');
await journey.until('SageMaker is at work', (s) => s.environments.staging.deployment?.followed != null);
// The lock is stored, its answer is lost, and then nothing can be read for two minutes.
let cutAtMs = 0;
const cut = Promise.withResolvers<void>();
proxy.mode = ({ operation, body }) => {
  if (!operation.endsWith('PutItem') || !body.includes('HoldPlaced')) return { kind: 'pass' };
  cutAtMs = performance.now();
  setImmediate(() => void proxy?.refuse().then(cut.resolve));
  return { kind: 'lose-reply' };
};
const locking = journey.types(bea, 'lock prod -- the answer is lost');
await cut.promise;
const unlocking = journey.types(olivia, 'unlock staging -- nobody can read this');
check('/readyz says that the table cannot be reached', (await readyz()).includes('cannot be reached'));
check('a question is answered with why it cannot be', (await journey.types(alice, 'status')).includes('ECONNREFUSED'));
check('who typed is told that the answer follows', (await locking).includes('No answer yet'));
await unlocking;
await wait(AWAY_MS - (performance.now() - cutAtMs));
const lines = journey.sandbox.bot().lines();
const [ofBea, ofOlivia] = await Promise.all([told(bea), told(olivia)]);
check(
  'what may be recorded is not called undone',
  ofBea.some((words) => words.includes('nobody can say yet')),
);
check(
  'what was never written is called undone',
  ofOlivia.some((words) => words.includes('so nothing was done')),
);
await proxy.accept();
const backAtMs = performance.now();
await journey.sandbox.bot().ready(30_000);
const readyAfterMs = performance.now() - backAtMs;
await journey.until('the gate opens', (s) => rolloutOf(s, id)?.status === 'gate');
const gateAfterMs = performance.now() - backAtMs;
const entries = await journey.record.entries();
check('the lock is recorded once', eventsOf(entries, 'HoldPlaced').length === 1);
check('what was called undone is not recorded', eventsOf(entries, 'HoldReleased').length === 0);
check('staging was called once', (await journey.calls(STAGING)).length === 1);
check('the log was not flooded', lines < 1_000);
await journey.shows(id, 'waits for approval');
await journey.close();
console.log(
  `table away ${AWAY_MS / 1_000} s: ready again after ${(readyAfterMs / 1_000).toFixed(1)} s, ` +
    `the rollout at its gate after ${(gateAfterMs / 1_000).toFixed(1)} s, ${lines} lines of log, faults ${faults.length}`,
);
process.exit(faults.length === 0 ? 0 : 1);
