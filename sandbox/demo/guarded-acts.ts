import { ACTIONS } from '../../blocks/ids.ts';
import { sendTraffic } from '../sagemaker/send-traffic.ts';
import { type Demo, PROD, serves, shown, toTheGate, until } from './demo-parts.ts';
import { PEOPLE } from './people.ts';
import { eventsOf } from './record.ts';

const { olivia, adam } = PEOPLE;
/** So that a bake of ten minutes lasts ten seconds, and somebody can do something in it. */
const UNHURRIED = 60;
const STEP_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 50;

/** A candidate that passes its smoke tests and fails for real traffic. */
export async function undoneByAlarm(demo: Demo): Promise<void> {
  const { transcript } = demo;
  const { control } = demo.sandbox.sagemaker;
  transcript.act('A canary, undone by its alarm');
  const { speed } = await control.state();
  const { id, configName, since } = await toTheBake(demo, 'deploy staging --model 3');
  await control.setFault({ kind: 'modelError', config: configName });
  transcript.note('real traffic comes, and the new fleet answers it with errors');
  const people = sendTraffic(demo.sandbox.sagemaker.url, PROD);
  const state = await until(demo, 'SageMaker goes back', (s) => s.ended.some((r) => r.id === id));
  await people.stop();
  await control.clearFaults({ kind: 'modelError' });
  await shown(demo, id, /went back/);
  await demo.stage.showCard(id);
  const { answered, failed } = people.counts();
  const byCanary = (await control.state()).invocations[`${PROD}/${configName}/AllTraffic`] ?? 0;
  transcript.claim(
    'people met errors, and only of the canary',
    failed > 0 && failed === byCanary,
    `${failed} of ${answered + failed}`,
  );
  const alarm = `${configName}-errors`;
  const on = (await control.journal(since)).find((j) => j.kind === 'alarm' && j.alarm === alarm && j.to === 'ALARM');
  transcript.claim('CloudWatch: the alarm of the new fleet went off', on !== undefined, alarm);
  const end = state.ended.find((r) => r.id === id);
  transcript.claim('the record names it', end?.reason.code === 'rolled-back-by-alarm', end?.outcome);
  await serves(demo, PROD, 1);
  await oneCall(demo, since);
  await control.setSpeed(speed);
}

/** Somebody does not like what the canary answers. */
export async function undoneByPerson(demo: Demo): Promise<void> {
  const { transcript } = demo;
  const { control } = demo.sandbox.sagemaker;
  transcript.act('A canary, undone by a person');
  const before = (await demo.record.state()).endedRollbacks.length;
  const { speed } = await control.state();
  const { configName, since } = await toTheBake(demo, 'deploy staging --model 3');
  const askedMs = Date.now();
  await demo.stage.types(olivia, 'rollback -- the numbers look odd');
  await within(demo, 'the old fleet answers all', (all) => all.length === 1 && all[0]?.configName !== configName);
  const tookMs = Date.now() - askedMs;
  const trips = eventsOf(await demo.record.entries(), 'KillSwitchIntended');
  const bySwitch = trips.at(-1)?.event.alarm === `${configName}-kill-switch`;
  transcript.claim('the record: the kill switch was set', bySwitch, trips.at(-1)?.event.alarm);
  transcript.claim(
    'SageMaker: the old fleet answers all again, in the middle of the bake',
    tookMs < 10_000,
    `${(tookMs / 1_000).toFixed(1)} s`,
  );
  await control.setSpeed(speed);
  const state = await until(
    demo,
    'the rollback is over',
    (s) => s.environments.prod.rollback === null && s.endedRollbacks.length > before,
  );
  await shown(demo, state.endedRollbacks[0]?.id ?? '', /back at/);
  await demo.stage.showCard(state.endedRollbacks[0]?.id ?? '');
  await serves(demo, PROD, 1);
  await oneCall(demo, since);
  await demo.stage.types(olivia, 'unlock prod -- the numbers are explained');
}

/** Promotes, and waits until SageMaker has half of the traffic on the new fleet. */
async function toTheBake(demo: Demo, words: string) {
  const { control } = demo.sandbox.sagemaker;
  const since = (await control.journal()).at(-1)?.seq ?? 0;
  const id = await toTheGate(demo, olivia, words);
  await control.setSpeed(UNHURRIED);
  await demo.stage.presses(adam, ACTIONS.promote, 'Promote to prod');
  const fleets = await within(demo, 'the canary has its traffic', (all) => all.length === 2);
  demo.transcript.note(
    `SageMaker: ${fleets.map(({ configName, share }) => `${configName} ${share * 100} %`).join(', ')}`,
  );
  return { id, configName: fleets.at(-1)?.configName ?? '', since };
}

type Fleets = readonly { readonly configName: string; readonly share: number }[];

/** Waits until the emulator says so of the fleets behind prod. */
async function within(demo: Demo, what: string, holds: (fleets: Fleets) => boolean): Promise<Fleets> {
  const end = Date.now() + STEP_WITHIN_MS;
  while (Date.now() < end) {
    const fleets = (await demo.sandbox.sagemaker.control.state()).traffic[PROD] ?? [];
    if (holds(fleets)) return fleets;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  throw new Error(`Not within ${STEP_WITHIN_MS / 1_000} s: ${what}`);
}

async function oneCall(demo: Demo, since: number): Promise<void> {
  const calls = (await demo.sandbox.sagemaker.control.journal(since)).filter(
    (j) => j.kind === 'call' && j.endpoint === PROD && j.outcome === 'accepted',
  );
  demo.transcript.claim('SageMaker: one update, and no second fleet was started to go back', calls.length === 1);
}
