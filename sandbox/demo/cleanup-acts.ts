import { fileURLToPath } from 'node:url';
import { ACTIONS } from '../../blocks/ids.ts';
import { startSandbox } from '../start-sandbox.ts';
import { type Demo, demoOf, PROD, STAGING, serves, shown, toTheGate, until } from './demo-parts.ts';
import { PEOPLE } from './people.ts';
import { openRecord } from './record.ts';

const { olivia, bea, alice } = PEOPLE;
const SECOND = { prefix: 'second-', table: 'second-rollouts', service: 'survival' };
const CONFIG = fileURLToPath(new URL('titanic.second.yml', import.meta.url));

/** The names of everything in SageMaker and of its alarms in CloudWatch, by their own answer. */
async function namesIn({ sandbox }: Pick<Demo, 'sandbox'>, prefix: string): Promise<readonly string[]> {
  const { endpoints, endpointConfigs, models, alarms } = await sandbox.sagemaker.control.state();
  const names = [
    ...endpoints.map((each) => String(each.EndpointName)),
    ...endpointConfigs.map((each) => String(each.EndpointConfigName)),
    ...models.map((each) => String(each.ModelName)),
    ...alarms.map((each) => String(each.AlarmName)),
  ];
  return names.filter((name) => name.startsWith(prefix)).sort();
}

/** What nothing needs any more, as a plan; only looking. */
export async function cleanupPlan(demo: Demo): Promise<void> {
  const { transcript, stage } = demo;
  transcript.act('A clean-up plan: what nothing needs any more');
  const before = await namesIn(demo, 'titanic-');
  const plan = await stage.types(alice, 'cleanup');
  const going = [...plan.matchAll(/^delete\s.*\s(titanic-\S+)/gm)].map(([, name]) => name ?? '');
  const { endpoints } = await demo.sandbox.sagemaker.control.state();
  const used = endpoints.map((each) => String(each.EndpointConfigName));
  const apart = going.length > 0 && going.every((name) => before.includes(name) && !used.includes(name));
  transcript.claim(
    'SageMaker: what it would delete is there, and no endpoint uses it',
    apart,
    `${going.length} things`,
  );
  const after = await namesIn(demo, 'titanic-');
  transcript.claim('SageMaker: the plan deleted nothing', after.join() === before.join(), `${after.length} things`);
}

/** Everything of a second install is deleted, and nothing of the first; then it begins anew. */
export async function cleanupOfAll(demo: Demo): Promise<void> {
  const { transcript, sandbox, world } = demo;
  transcript.act('A second install in the same account, and clean-up of all of it');
  const beside = await startSandbox({ beside: sandbox, configPath: CONFIG, table: SECOND.table });
  const record = openRecord(sandbox.dynamo.url, SECOND.table, SECOND.service);
  try {
    await beside.startBot();
    transcript.note('a second install runs: its own prefix, tags, table and channel, the same AWS account');
    await removeAll(demo, demoOf({ sandbox: beside, record, world, transcript }, '#titanic-rollouts of the second'));
  } finally {
    record.close();
    await beside.close();
  }
}

async function removeAll(first: Demo, second: Demo): Promise<void> {
  const { transcript, stage } = second;
  const { control } = first.sandbox.sagemaker;
  const rollout = await toTheGate(second, olivia, 'deploy staging --model 1');
  await stage.types(alice, `promote ${rollout}`);
  await until(second, 'prod is checked', (s) => s.ended.some((r) => r.id === rollout && r.outcome === 'promoted'));
  const own = await namesIn(second, SECOND.prefix);
  const others = await namesIn(first, 'titanic-');
  const { modelPackages } = await control.state();
  const entries = await second.record.entries();
  transcript.claim('SageMaker: it has endpoints, configs and models', own.length === 6, `${own.length} things`);

  await stage.types(alice, 'cleanup --target all --apply');
  const asked = await until(second, 'a plan is proposed', (s) => s.cleanup !== null);
  const id = asked.cleanup?.id ?? '';
  await shown(second, id, /to confirm/);
  await stage.showCard(id);
  await stage.presses(alice, ACTIONS.confirmCleanup, 'Delete 6');
  await stage.presses(bea, ACTIONS.confirmCleanup, 'Delete 6');
  await until(second, 'it is over', (s) => s.endedCleanups[0]?.id === id);
  await shown(second, id, /is done/);
  await stage.showCard(id);
  const left = await namesIn(second, SECOND.prefix);
  transcript.claim('SageMaker: nothing of the second install is left', left.length === 0);
  const untouched = (await namesIn(first, 'titanic-')).join() === others.join();
  transcript.claim('SageMaker: everything of the first one is there', untouched, `${others.length} things`);
  const registry = (await control.state()).modelPackages.length;
  transcript.claim('SageMaker: the registry stays', registry === modelPackages.length, `${registry} versions`);
  const now = await second.record.entries();
  const kept = entries.every(({ hash }, index) => now[index]?.hash === hash);
  transcript.claim('the record stays, and tells of it', kept && now.length > entries.length, `${now.length} entries`);

  const mark = (await control.journal()).at(-1)?.seq ?? 0;
  const again = await toTheGate(second, olivia, 'deploy staging --model 3 -- from nothing');
  const endpoint = STAGING.replace('titanic-', SECOND.prefix);
  const calls = (await control.journal(mark)).flatMap((each) =>
    each.kind === 'call' && each.endpoint === endpoint ? [each.operation] : [],
  );
  transcript.claim(
    'SageMaker: the next deploy creates its endpoint',
    calls.join() === 'CreateEndpoint',
    calls.join(', '),
  );
  const card = (await stage.card(again))?.rendered ?? '';
  const nothing = 'Model nothing in prod → version 3';
  transcript.claim('its card says that it starts from nothing', card.includes(nothing), nothing);
  await serves(first, PROD, 4);
}
