import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendTraffic } from '../../sandbox/sagemaker/send-traffic.ts';
import { CHANNEL, type Journey, PROD, startJourney, WHO } from '../support/journey.ts';

const { olivia, alice, adam } = WHO;
/** A bake of ten minutes is five seconds, and the kept hour half a minute. */
const UNHURRIED = 120;
const HASTE = 4_000;

describe('a guarded change of prod', { timeout: 90_000 }, () => {
  let journey: Journey;
  beforeAll(async () => {
    journey = await startJourney({ delivery: 'socket', config: 'guarded' });
    const first = await journey.toTheGate(olivia, 'deploy staging --model 1');
    await journey.promotes(alice, first);
  });
  afterAll(() => journey.close());

  const control = () => journey.sandbox.sagemaker.control;

  /** Promotes and waits until SageMaker has a part of the traffic on the new fleet. */
  async function toTheBake(words: string): Promise<{ readonly id: string; readonly configName: string }> {
    const id = await journey.toTheGate(olivia, words);
    await control().setSpeed(UNHURRIED);
    await journey.types(adam, `promote ${id}`);
    await expect.poll(traffic, { timeout: 30_000 }).toEqual([0.5, 0.5]);
    const [, fresh] = (await control().state()).traffic[PROD] ?? [];
    return { id, configName: fresh?.configName ?? '' };
  }
  /** At least so many requests, by several people at once. */
  async function askProd(count: number): Promise<void> {
    const people = Array.from({ length: 8 }, () => sendTraffic(journey.sandbox.sagemaker.url, PROD));
    const asked = () => people.reduce((sum, one) => sum + one.counts().answered + one.counts().failed, 0);
    await expect.poll(asked, { timeout: 30_000 }).toBeGreaterThan(count);
    await Promise.all(people.map((one) => one.stop()));
  }
  const traffic = async () => ((await control().state()).traffic[PROD] ?? []).map(({ share }) => share);
  /** What titanic says below the card of a rollout. */
  async function inTheThread(id: string): Promise<string> {
    const card = await journey.card(id);
    const seen = await journey.slack.channel({ channel: CHANNEL, as: alice });
    return seen.flatMap(({ threadTs, rendered }) => (threadTs === card?.ts ? [rendered] : [])).join('\n');
  }
  const prodCalls = async (since: number) =>
    (await journey.calls(PROD, since))
      .filter(({ outcome }) => outcome === 'accepted')
      .map(({ operation }) => operation);

  it('serves with the old fleet kept, and is deployed once that one is gone', async () => {
    const mark = await journey.mark();
    const { id } = await toTheBake('deploy staging --model 3');
    await control().setSpeed(600);
    await journey.until(
      'all traffic is on the new fleet',
      (s) => s.environments.prod.deployment?.serving !== undefined,
    );
    await expect.poll(() => inTheThread(id), { timeout: 20_000 }).toContain('The old fleet is kept until');
    expect(await journey.world.serving(PROD)).toMatchObject({ version: 1, status: 'Updating' });
    expect(await traffic()).toEqual([1]);
    await control().setSpeed(HASTE);
    const state = await journey.until('it is deployed', (s) => s.ended.some((r) => r.id === id));
    expect(state.ended[0]).toMatchObject({ id, outcome: 'promoted' });
    expect(await journey.world.serving(PROD)).toMatchObject({ version: 3, status: 'InService' });
    expect(await prodCalls(mark)).toEqual(['UpdateEndpoint']);
  });

  it('is undone by its alarm where the new fleet errs for real traffic only', async () => {
    const mark = await journey.mark();
    const { id, configName } = await toTheBake('deploy staging --model 1 -- errs in prod');
    await control().setFault({ kind: 'modelError', config: configName });
    const people = sendTraffic(journey.sandbox.sagemaker.url, PROD);
    const state = await journey.until('SageMaker went back', (s) => s.ended.some((r) => r.id === id));
    await people.stop();
    await control().clearFaults();
    expect(people.counts().failed).toBeGreaterThan(0);
    expect(state.ended[0]).toMatchObject({ id, outcome: 'failed', reason: { code: 'rolled-back-by-alarm' } });
    expect(await journey.shows(id, 'failed')).toMatch(/because of titanic-survival-prod-v1-rN-errors/);
    expect(await journey.world.serving(PROD)).toMatchObject({ version: 3, status: 'InService' });
    expect(await prodCalls(mark)).toEqual(['UpdateEndpoint']);
  });

  it('goes back by itself where titanic sees that the new fleet is worse, and nobody is there', async () => {
    const { id, configName } = await toTheBake('deploy staging --model 1 -- worse than before');
    // For the alarm, which wants two minutes, this one never ends.
    await control().setSpeed(0.01);
    await control().setFault({ kind: 'modelError', config: configName });
    await askProd(400);
    await control().clearFaults();
    const counting = await journey.until(
      'it counts down',
      (s) => s.environments.prod.deployment?.analysis?.dueAt != null,
    );
    const analysis = counting.environments.prod.deployment?.analysis;
    expect(analysis).toMatchObject({ verdict: 'worse', fleets: { old: { errors: 0 } } });
    expect(analysis?.fleets?.fresh.errors).toBe(analysis?.fleets?.fresh.requests);
    await expect.poll(() => inTheThread(id), { timeout: 20_000 }).toContain('prod goes back by itself at');
    expect(await journey.types(olivia, 'snooze -- I know why')).toContain('Only approvers');
    // SageMaker is done before the minute is over, and keeps the worse one: so titanic takes it back.
    await control().setSpeed(HASTE);
    const state = await journey.until(
      'prod is back',
      (s) => s.environments.prod.rollback === null && s.ended[0]?.id === id,
    );
    expect(state.ended[0]).toMatchObject({ id, outcome: 'failed', reason: { code: 'fleet-worse' } });
    expect(await journey.world.serving(PROD)).toMatchObject({ version: 3, status: 'InService' });
    await journey.types(olivia, 'unlock prod -- understood');
  });

  it('is undone by a person while it bakes, without a new fleet', async () => {
    const mark = await journey.mark();
    const { configName } = await toTheBake('deploy staging --model 1 -- somebody sees it');
    expect(await journey.types(olivia, 'rollback -- numbers look odd')).toMatchInlineSnapshot(
      `"prod goes back to version 3: SageMaker is told to undo the running update. The old fleet still stands, so no instance has to start."`,
    );
    // The old fleet answers all again long before the bake would have been over.
    await expect.poll(traffic, { timeout: 10_000 }).toEqual([1]);
    await control().setSpeed(HASTE);
    await journey.until(
      'the rollback is over',
      (s) => s.environments.prod.rollback === null && s.endedRollbacks.length > 0,
    );
    expect(await journey.world.serving(PROD)).toMatchObject({ version: 3, status: 'InService' });
    expect(await prodCalls(mark)).toEqual(['UpdateEndpoint']);
    const { alarms } = await control().state();
    expect(alarms).toContainEqual(
      expect.objectContaining({ AlarmName: `${configName}-kill-switch`, StateValue: 'ALARM' }),
    );
    await journey.types(olivia, 'unlock prod -- understood');
  });

  it('is undone by a person in the kept hour, though the bot was killed in between', async () => {
    const mark = await journey.mark();
    const before = (await journey.record.state()).endedRollbacks.length;
    await toTheBake('deploy staging --model 1 -- the bot dies in this one');
    await journey.sandbox.bot().end('SIGKILL');
    await control().setSpeed(300);
    await expect.poll(traffic, { timeout: 10_000 }).toEqual([1]);
    await control().setSpeed(UNHURRIED);
    await journey.sandbox.startBot();
    await journey.until(
      'all traffic is on the new fleet',
      (s) => s.environments.prod.deployment?.serving !== undefined,
    );
    await journey.types(olivia, 'rollback -- complaints');
    await journey.until(
      'the rollback is over',
      (s) => s.environments.prod.rollback === null && s.endedRollbacks.length > before,
    );
    await control().setSpeed(HASTE);
    expect(await journey.world.serving(PROD)).toMatchObject({ version: 3, status: 'InService' });
    expect(await prodCalls(mark)).toEqual(['UpdateEndpoint']);
  });
});
