import { setTimeout as wait } from 'node:timers/promises';
import { ACTIONS } from '../../blocks/ids.ts';
import type { Rollout, ServiceState } from '../../src/rollout/state.ts';
import type { Sandbox } from '../start-sandbox.ts';
import { createStage, PEOPLE, type Person, type Stage } from './people.ts';
import { eventsOf, type Record } from './record.ts';
import type { World } from './serving.ts';
import type { Transcript } from './transcript.ts';

export interface Demo {
  readonly sandbox: Sandbox;
  readonly record: Record;
  readonly world: World;
  readonly transcript: Transcript;
  readonly stage: Stage;
}

const STAGING = 'titanic-survival-staging';
const PROD = 'titanic-survival-prod';
const STEP_WITHIN_MS = 40_000;
const LOOK_EVERY_MS = 100;
const { olivia, bea, alice, adam, sam, gus } = PEOPLE;

export function demoOf(parts: Omit<Demo, 'stage'>): Demo {
  return { ...parts, stage: createStage(parts.sandbox.slack.control, parts.transcript) };
}

/** Waits until the record says so; the record, not the bot. */
async function until(demo: Demo, what: string, holds: (state: ServiceState) => boolean): Promise<ServiceState> {
  const end = Date.now() + STEP_WITHIN_MS;
  while (Date.now() < end) {
    const state = await demo.record.state();
    if (holds(state)) return state;
    await wait(LOOK_EVERY_MS);
  }
  throw new Error(`Not within ${STEP_WITHIN_MS / 1_000} s: ${what}\n${demo.sandbox.bot().tail().join('\n')}`);
}

/** Waits until the channel shows a card in some state: announcements may lag the record. */
async function shown(demo: Demo, id: string, words: RegExp): Promise<void> {
  const end = Date.now() + STEP_WITHIN_MS;
  while (Date.now() < end) {
    if (words.test((await demo.stage.card(id))?.rendered ?? '')) return;
    await wait(LOOK_EVERY_MS);
  }
  throw new Error(`The card of ${id} never showed ${words}`);
}

const newestRollout = (state: ServiceState): Rollout | undefined => state.rollouts.at(-1) ?? state.ended[0];

/** Deploys, waits for the gate, and returns the rollout's id. */
async function toTheGate(demo: Demo, who: Person, words: string): Promise<string> {
  await demo.stage.types(who, words);
  const state = await until(demo, 'the gate opens', (s) => newestRollout(s)?.status === 'gate');
  const id = newestRollout(state)?.id ?? '';
  await shown(demo, id, /Promote to prod/);
  return id;
}

async function serves(demo: Demo, endpoint: string, version: number): Promise<void> {
  const seen = await demo.world.serving(endpoint);
  const holds = seen?.version === version && seen.status === 'InService';
  demo.transcript.claim(`SageMaker: ${endpoint} serves version ${version}`, holds, seen?.status ?? 'no such endpoint');
}

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

export async function killed(demo: Demo): Promise<void> {
  const { sandbox, transcript, stage } = demo;
  transcript.act('kill -9 in the middle of a deployment');
  const before = (await sandbox.sagemaker.control.journal()).length;
  await stage.types(olivia, 'deploy staging -- the bot dies in this one');
  await until(demo, 'SageMaker is at work', (s) => s.environments.staging.deployment?.followed != null);
  const dead = sandbox.bot();
  await dead.end('SIGKILL');
  transcript.note(`the bot (process ${dead.pid}) is gone`);
  const next = await sandbox.startBot();
  transcript.note(`another one (process ${next.pid}) starts`);
  const state = await until(demo, 'the gate opens', (s) => newestRollout(s)?.status === 'gate');
  const id = newestRollout(state)?.id ?? '';
  await shown(demo, id, /Promote to prod/);
  await serves(demo, STAGING, 3);
  const calls = (await sandbox.sagemaker.control.journal())
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

/** The evidence of one rollout, entry by entry; reading it checked every hash from the first entry on. */
export async function evidence(demo: Demo, id: string): Promise<void> {
  demo.transcript.act(`The record of ${id}`);
  const entries = await demo.record.entries();
  const own = entries.filter((e) => e.rolloutId === id);
  const rows = own.map((e) => {
    const who = e.actor.kind === 'titanic' ? 'titanic' : e.actor.id;
    return `${String(e.seq).padStart(4)}  ${e.at.slice(11, 23)}  ${who.padEnd(10)}  ${e.hash.slice(0, 8)}  ${e.events.map((v) => v.type).join(', ')}`;
  });
  demo.transcript.shows(
    'the table titanic-rollouts',
    ['   #  at (UTC)      who         hash      what', ...rows].join('\n'),
  );
  const linked = entries.every((e, i) => e.prevHash === (entries[i - 1]?.hash ?? '') && e.seq === i + 1);
  demo.transcript.claim('the chain of all entries is whole', linked, `${entries.length} entries`);
}
