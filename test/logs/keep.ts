/**
 * Writes the log of a life full of events to `test/logs/VERSION.jsonl`, one stored item a line. Run once for each
 * release, and whenever an event type was added: `node test/logs/keep.ts`. What is written is never changed again.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { canonical } from '../../src/evidence/canonical.ts';
import { startJourney, WHO } from '../support/journey.ts';

const { olivia, alice, adam, bea, sam } = WHO;
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const { values } = parseArgs({ options: { name: { type: 'string', default: version } } });
const file = fileURLToPath(new URL(`${values.name}.jsonl`, import.meta.url));
if (existsSync(file)) throw new Error(`${values.name}.jsonl is kept already; name another with --name.`);

const journey = await startJourney({ delivery: 'socket' });
const { control } = journey.sandbox.sagemaker;
try {
  const first = await journey.toTheGate(bea, 'deploy staging --model 1 -- the first model');
  await journey.types(sam, 'deploy staging');
  await journey.types(bea, `promote ${first}`);
  await journey.promotes(alice, first);

  await control.setFault({ kind: 'throttle', operation: 'UpdateEndpoint', count: 1 });
  const third = await journey.toTheGate(olivia, 'deploy staging -- with age as a feature');
  await journey.types(olivia, 'lock prod --for 2h -- the fair is on');
  await journey.types(adam, `promote ${third}`);
  await journey.types(olivia, 'unlock prod -- it is over');
  await journey.promotes(adam, third);

  await journey.types(olivia, 'rollback -- the error rate is up');
  await journey.until('prod is back', (s) => s.endedRollbacks.length === 1);
  await journey.types(olivia, 'unlock prod -- the cause is found');
  await journey.types(olivia, 'smoke staging');
  await journey.until('the run is over', (s) => s.environments.staging.smoke === null);

  // Answers that are wrong: its smoke tests fail, and staging goes back.
  await journey.deploys(olivia, 'deploy staging --model 2');
  await journey.until('staging is back', (s) => s.endedRollbacks.length === 2);

  await control.setFault({ kind: 'silentRollback', count: 1 });
  const lost = await journey.deploys(olivia, 'deploy staging --model 3');
  await journey.until('it failed', (s) => s.ended.some((r) => r.id === lost));

  const cancelled = await journey.toTheGate(olivia, 'deploy staging --model 3');
  await journey.types(olivia, `cancel ${cancelled}`);
  const rejected = await journey.toTheGate(olivia, 'deploy staging --model 1');
  await journey.types(alice, `reject ${rejected} -- not before the fair`);
  const superseded = await journey.toTheGate(olivia, 'deploy staging --model 3');
  await journey.toTheGate(bea, 'deploy staging --model 1');
  await journey.until('it gave way', (s) => s.ended.some((r) => r.id === superseded));

  const items = (await journey.record.entries()).map(({ hash, ...body }) => {
    return { seq: body.seq, body: canonical(body), hash, prevHash: body.prevHash };
  });
  writeFileSync(file, items.map((item) => `${JSON.stringify(item)}\n`).join(''));
  console.log(`${items.length} entries are kept in test/logs/${values.name}.jsonl.`);
} finally {
  await journey.close();
}
