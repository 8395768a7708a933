/** The whole main job on the embedded default, in words. Exit 1 with the first claim that did not hold. */
import process from 'node:process';
import * as acts from './demo/acts.ts';
import { createAsker } from './demo/asks.ts';
import { cleanupOfAll, cleanupPlan } from './demo/cleanup-acts.ts';
import { demoOf } from './demo/demo-parts.ts';
import { evidence, verified } from './demo/evidence-acts.ts';
import { undoneByAlarm, undoneByPerson } from './demo/guarded-acts.ts';
import { pendingModel } from './demo/model-acts.ts';
import { PEOPLE } from './demo/people.ts';
import { openRecord } from './demo/record.ts';
import { openWorld } from './demo/serving.ts';
import { ClaimFailed, createTranscript } from './demo/transcript.ts';
import { startSandbox } from './start-sandbox.ts';

const SPEED = 240;

const startedMs = Date.now();
const print = (line: string) => console.log(line);
print('titanic: a model goes from the registry to production and back.');
print(
  'Slack, SageMaker and DynamoDB are local and speak the real protocols; the bot is the same program as in production.',
);

const sandbox = await startSandbox({ speed: SPEED });
const record = openRecord(sandbox.dynamo.url, 'titanic-rollouts', 'survival');
const world = openWorld(sandbox.sagemaker.url);
const transcript = createTranscript(print, Date.now);
let code = 0;
try {
  await sandbox.startBot();
  const demo = demoOf({ sandbox, record, world, transcript });
  const ask = createAsker(await sandbox.inferenceApi(), transcript);
  await ask.nobodyServes();
  const first = await acts.firstRollout(demo);
  await acts.refusedPresses(demo, first);
  await acts.promotion(demo, first, 1, PEOPLE.alice);
  await acts.wrongAnswers(demo);
  await acts.silentRollback(demo);
  const second = await acts.secondVersion(demo);
  await ask.answeredBy('before the promotion', 1);
  await acts.promotion(demo, second, 3, PEOPLE.adam);
  await ask.answeredBy('after the promotion', 3);
  await acts.rollback(demo);
  await ask.answeredBy('after the rollback', 1);
  ask.rollbackRestored();
  await undoneByAlarm(demo);
  await undoneByPerson(demo);
  await ask.answeredBy('after both', 1);
  await acts.killed(demo);
  const fourth = await pendingModel(demo);
  await acts.promotion(demo, fourth, 4, PEOPLE.adam);
  await cleanupPlan(demo);
  await cleanupOfAll(demo);
  await verified(demo, 4);
  await evidence(demo, second);
  print('');
  print(`All ${transcript.claims()} claims held, in ${((Date.now() - startedMs) / 1_000).toFixed(0)} s.`);
  print('Play with it yourself: npm run sandbox');
} catch (error) {
  code = 1;
  print('');
  if (error instanceof ClaimFailed) print(`✗ This did not hold: ${error.message}`);
  else print(`✗ ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
} finally {
  record.close();
  world.close();
  await sandbox.close();
}
process.exit(code);
