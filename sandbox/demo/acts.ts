import { ACTIONS } from '../../blocks/ids.ts';
import type { ServiceState } from '../../src/rollout/state.ts';
import { cardNoted, type Demo, newestRollout, PROD, STAGING, serves, shown, toTheGate, until } from './demo-parts.ts';
import { PEOPLE } from './people.ts';
import { eventsOf } from './record.ts';

const { olivia, bea, alice, adam, sam, gus } = PEOPLE;

export async function firstRollout(demo: Demo): Promise<string> {
  demo.transcript.act('A first rollout to staging');
  const id = await toTheGate(demo, bea, 'deploy staging --model 1 -- the first model');
  await demo.stage.showCard(id);
  await serves(demo, STAGING, 1);
  const [smoke] = eventsOf(await demo.record.entries(), 'SmokeFinished');
  const numbers = smoke?.event.result.numbers;
  demo.transcript.claim(
    'the smoke report is recorded',
    smoke?.event.result.verdict === 'passed',
    `${numbers?.n} requests`,
  );
  return id;
}

export async function refusedPresses(demo: Demo, id: string): Promise<void> {
  demo.transcript.act('Promote, pressed by the wrong people');
  for (const person of [bea, sam, gus]) await demo.stage.presses(person, ACTIONS.promote, 'Promote to prod');
  const refusals = eventsOf(await demo.record.entries(), 'CommandRefused').filter(
    ({ event }) => event.rolloutId === id,
  );
  const who = refusals.map(({ event }) => event.by);
  const all = [bea, sam, gus].every((person) => who.includes(person.id));
  demo.transcript.claim('each refusal is in the record', all && who.length === 3, `${who.length} entries`);
  demo.transcript.claim('SageMaker: there is no prod endpoint', (await demo.world.serving(PROD)) === null);
}

export async function promotion(
  demo: Demo,
  id: string,
  version: number,
  person: typeof alice | typeof adam,
): Promise<void> {
  demo.transcript.act(`${person.name} promotes version ${version}`);
  await demo.stage.presses(person, ACTIONS.promote, 'Promote to prod');
  const state = await until(demo, 'prod is checked', (s) => s.ended.some((r) => r.id === id));
  await shown(demo, id, /promoted|prod runs/i);
  await demo.stage.showCard(id);
  await serves(demo, PROD, version);
  const entries = await demo.record.entries();
  const approved = eventsOf(entries, 'PromotionApproved').find(({ event }) => event.rolloutId === id);
  const calls = eventsOf(entries, 'CallIntended').filter(
    ({ entry, event }) => event.environment === 'prod' && entry.rolloutId === id,
  );
  const after =
    approved !== undefined && calls.length === 1 && calls.every(({ entry }) => entry.seq > approved.entry.seq);
  demo.transcript.claim(
    'the record: approved first, then one call to prod',
    after,
    `approved by ${approved?.event.by.join(', ')}`,
  );
  const check = state.ended.find((r) => r.id === id)?.prodCheck;
  const base = `p95 ${check?.numbers.p95Ms ?? '?'} ms, error rate ${check?.numbers.errorRate ?? '?'}`;
  demo.transcript.claim("prod's base latency and error rate are recorded", check?.verdict === 'passed', base);
}

export async function wrongAnswers(demo: Demo): Promise<void> {
  demo.transcript.act('A model whose answers are wrong');
  const before = (await demo.sandbox.sagemaker.control.journal()).length;
  await demo.stage.types(olivia, 'deploy staging --model 2');
  const done = (s: ServiceState) =>
    s.rollouts.length === 0 && s.environments.staging.rollback === null && s.ended[0]?.candidate.version === 2;
  const state = await until(demo, 'staging went back', done);
  const id = state.ended[0]?.id ?? '';
  await shown(demo, id, /smoke tests failed/i);
  await demo.stage.showCard(id);
  await serves(demo, STAGING, 1);
  const gates = eventsOf(await demo.record.entries(), 'GateOpened').filter(({ event }) => event.rolloutId === id);
  demo.transcript.claim('no gate was opened for it', gates.length === 0);
  const calls = (await demo.sandbox.sagemaker.control.journal())
    .slice(before)
    .filter((j) => j.kind === 'call' && j.endpoint === PROD);
  demo.transcript.claim('SageMaker: prod was not touched', calls.length === 0);
}

export async function silentRollback(demo: Demo): Promise<void> {
  demo.transcript.act('SageMaker goes back silently and says InService');
  await demo.sandbox.sagemaker.control.setFault({ kind: 'silentRollback', endpoint: STAGING, count: 1 });
  await demo.stage.types(olivia, 'deploy staging');
  const failed = (s: ServiceState) => s.ended[0]?.candidate.version === 3 && s.rollouts.length === 0;
  const state = await until(demo, 'the deployment is called a failure', failed);
  await shown(demo, state.ended[0]?.id ?? '', /went back|Failed|failed/);
  await demo.stage.showCard(state.ended[0]?.id ?? '');
  const seen = await demo.world.serving(STAGING);
  demo.transcript.claim(
    'SageMaker: staging says InService',
    seen?.status === 'InService',
    `with version ${seen?.version}`,
  );
  demo.transcript.claim(
    'titanic calls it what it is',
    state.ended[0]?.outcome === 'failed',
    state.ended[0]?.reason.code ?? '',
  );
}

export async function rollback(demo: Demo): Promise<void> {
  demo.transcript.act('An incident: /titanic rollback');
  const before = (await demo.sandbox.sagemaker.control.journal()).length;
  await demo.stage.types(olivia, 'rollback -- error rate is up');
  await demo.stage.types(alice, 'rollback');
  const state = await until(
    demo,
    'prod is back',
    (s) => s.environments.prod.rollback === null && s.endedRollbacks[0]?.environment === 'prod',
  );
  await shown(demo, state.endedRollbacks[0]?.id ?? '', /back at/);
  await demo.stage.showCard(state.endedRollbacks[0]?.id ?? '');
  await serves(demo, PROD, 1);
  const calls = (await demo.sandbox.sagemaker.control.journal())
    .slice(before)
    .filter((j) => j.kind === 'call' && j.endpoint === PROD);
  demo.transcript.claim('SageMaker: two people asked, one call was made', calls.length === 1);
  const held = state.environments.prod.holds.some((h) => h.kind === 'after-rollback');
  demo.transcript.claim('prod is held until somebody releases it', held);
  await demo.stage.types(olivia, 'unlock prod -- the cause is found');
}

/** Staging takes a minute. */
const UNHURRIED = 6;

export async function killed(demo: Demo): Promise<void> {
  const { sandbox, transcript, stage } = demo;
  transcript.act('kill -9 in the middle of a deployment');
  const { control } = sandbox.sagemaker;
  const before = (await control.journal()).length;
  const { speed } = await control.state();
  // The bot is to die in the deployment, and not in the smoke run that follows it at once.
  await control.setSpeed(UNHURRIED);
  await stage.types(olivia, 'deploy staging -- the bot dies in this one');
  const begun = await until(demo, 'SageMaker is at work', (s) => s.environments.staging.deployment?.followed != null);
  await cardNoted(demo, newestRollout(begun)?.id ?? '');
  const dead = sandbox.bot();
  await dead.end('SIGKILL');
  transcript.note(`the bot (process ${dead.pid}) is gone`);
  const next = await sandbox.startBot();
  transcript.note(`another one (process ${next.pid}) starts`);
  await control.setSpeed(speed);
  const state = await until(demo, 'the gate opens', (s) => newestRollout(s)?.status === 'gate');
  const id = newestRollout(state)?.id ?? '';
  await shown(demo, id, /Promote to prod/);
  await serves(demo, STAGING, 3);
  const calls = (await control.journal())
    .slice(before)
    .filter((j) => j.kind === 'call' && j.endpoint === STAGING && j.outcome === 'accepted');
  transcript.claim('SageMaker: one update was made, not two', calls.length === 1);
  const cards = (await sandbox.slack.control.channel({ channel: 'C0TITANIC', as: alice.id })).filter(
    (m) => m.threadTs === undefined && JSON.stringify(m.blocks).includes(id),
  );
  transcript.claim('the channel shows one card of it', cards.length === 1);
  await stage.types(olivia, `cancel ${id}`);
}

export async function secondVersion(demo: Demo): Promise<string> {
  demo.transcript.act('The newest approved version, to staging');
  const id = await toTheGate(demo, olivia, 'deploy staging -- with age as a feature');
  await serves(demo, STAGING, 3);
  return id;
}
