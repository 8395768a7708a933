import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventsOf } from '../../sandbox/demo/record.ts';
import { type Journey, PROD, rolloutOf, STAGING, startJourney, WHO } from '../support/journey.ts';

const { olivia, bea, alice, adam } = WHO;

describe('when the bot dies, stops or is not alone', { timeout: 90_000 }, () => {
  let journey: Journey;
  let first: string;
  beforeAll(async () => {
    journey = await startJourney({ delivery: 'socket', speed: 300 });
  });
  afterAll(() => journey.close());

  it('finishes a deployment during which it was killed, and does nothing twice', async () => {
    first = await journey.deploys(olivia, 'deploy staging --model 1');
    await journey.until('SageMaker is at work', (s) => s.environments.staging.deployment?.followed != null);
    await journey.sandbox.bot().end('SIGKILL');
    await journey.sandbox.startBot();
    await journey.until('the gate opens', (s) => rolloutOf(s, first)?.status === 'gate');
    expect(await journey.calls(STAGING)).toHaveLength(1);
  });

  it('stops cleanly in the middle of a deployment: no call is left without its outcome', async () => {
    const id = await journey.deploys(bea, 'deploy staging');
    // Right now the call is prepared, intended or sent.
    await journey.sandbox.bot().end('SIGTERM');
    const stopped = await journey.record.state();
    expect(stopped.environments.staging.intent).toBeNull();
    await journey.sandbox.startBot();
    await journey.until('the gate opens', (s) => rolloutOf(s, id)?.status === 'gate');
    expect(await journey.world.serving(STAGING)).toMatchObject({ version: 3, status: 'InService' });
    expect(await journey.calls(STAGING)).toHaveLength(2);
  });

  it('intends nothing more once it stops, however long somebody still waits for an answer', async () => {
    const { control } = journey.sandbox.sagemaker;
    await control.setFault({ kind: 'throttle', operation: 'UpdateEndpoint', endpoint: STAGING, count: 1 });
    await journey.deploys(olivia, 'deploy staging --model 1');
    await journey.until('a call was refused', (s) => s.environments.staging.deployment?.refusals === 1);
    // It would be intended again in two seconds, while this answer takes three.
    await control.setFault({ kind: 'delayReply', operation: 'DescribeModelPackage', ms: 3_000, count: 1 });
    const answer = journey.types(bea, 'deploy staging --model 3');
    await expect.poll(async () => (await control.faults()).length).toBe(0);
    const { seq } = await journey.record.state();
    await journey.sandbox.bot().end('SIGTERM');
    expect(await answer).toContain('staging is busy');
    const later = (await journey.record.entries()).filter((entry) => entry.seq > seq);
    expect(eventsOf(later, 'CallIntended')).toEqual([]);
    await journey.sandbox.startBot();
    await journey.until('the gate opens', (s) => s.rollouts.at(-1)?.status === 'gate');
  });

  it('has each effect once though two bots work on the same record', async () => {
    await journey.sandbox.startBot();
    const id = await journey.toTheGate(olivia, 'deploy staging --model 1');
    const answers = await Promise.all([journey.types(alice, `promote ${id}`), journey.types(adam, `promote ${id}`)]);
    expect(answers.filter((answer) => answer.includes('is approved'))).toHaveLength(1);
    await journey.until('prod is checked', (s) => s.ended.some((r) => r.id === id));
    expect((await journey.calls(PROD)).map(({ operation }) => operation)).toEqual(['CreateEndpoint']);
    const entries = await journey.record.entries();
    expect(eventsOf(entries, 'PromotionApproved')).toHaveLength(1);
    // A busy machine may void a run, which is then repeated; one that passed is not.
    const runs = eventsOf(entries, 'SmokeFinished').filter(({ entry }) => entry.rolloutId === id);
    expect(runs.filter(({ event }) => event.result.verdict === 'passed')).toHaveLength(2);
    await journey.shows(id, '✅ promoted to prod');
    expect(await journey.cards(id)).toHaveLength(1);
    await journey.shows(first, 'superseded');
    expect(await journey.cards(first)).toHaveLength(1);
  });

  it('goes on with one bot when the other is killed', async () => {
    const id = await journey.deploys(bea, 'deploy staging');
    await journey.until('SageMaker is at work', (s) => s.environments.staging.deployment?.followed != null);
    await journey.sandbox.bot().end('SIGKILL');
    await journey.until('the gate opens', (s) => rolloutOf(s, id)?.status === 'gate');
    expect(await journey.world.serving(STAGING)).toMatchObject({ version: 3, status: 'InService' });
    // In words, because the card may take its time: who posted it may have died while holding the pen.
    expect(await journey.types(alice, `promote ${id}`)).toContain('is approved');
    await journey.until('prod is checked', (s) => s.ended.some((r) => r.id === id));
    expect((await journey.calls(PROD)).map(({ operation }) => operation)).toEqual(['CreateEndpoint', 'UpdateEndpoint']);
  });
});
