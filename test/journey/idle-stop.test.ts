import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventsOf } from '../../sandbox/demo/record.ts';
import { sendTraffic } from '../../sandbox/sagemaker/send-traffic.ts';
import { CHANNEL, type Journey, STAGING, startJourney, UNPACED, WHO } from '../support/journey.ts';
import { normalised } from '../support/normalised.ts';

const { olivia, alice } = WHO;
const IDLE_MS = 2_000;

describe('staging that nobody uses', { timeout: 90_000 }, () => {
  let journey: Journey;
  beforeAll(async () => {
    journey = await startJourney({ delivery: 'socket', config: 'idle', times: { ...UNPACED, idleStopMs: IDLE_MS } });
  }, 90_000);
  afterAll(() => journey.close());

  const isStopped = () => journey.until('staging is stopped', (s) => s.environments.staging.stopped !== null);
  /** What titanic said in the channel and in no thread. */
  async function told(about: RegExp): Promise<readonly string[]> {
    const seen = await journey.slack.channel({ channel: CHANNEL, as: alice });
    return seen.flatMap(({ threadTs, rendered }) =>
      threadTs === undefined && about.test(rendered) ? [normalised(rendered)] : [],
    );
  }
  const accepted = async (since: number) =>
    (await journey.calls(STAGING, since))
      .filter(({ outcome, operation }) => outcome === 'accepted' && !operation.startsWith('Describe'))
      .map(({ operation }) => operation);

  it('stays up while a gate waits for its approvers, and while somebody sends it requests', async () => {
    const id = await journey.toTheGate(olivia, 'deploy staging --model 1');
    const people = sendTraffic(journey.sandbox.sagemaker.url, STAGING);
    await journey.promotes(alice, id);
    // Twice as long as it may be idle by the record alone.
    const { usedAt } = (await journey.record.state()).environments.staging;
    const unusedMs = () => Date.now() - Date.parse(usedAt ?? '');
    await expect.poll(unusedMs, { timeout: 20_000 }).toBeGreaterThan(2 * IDLE_MS);
    expect((await journey.record.state()).environments.staging.stopped).toBeNull();
    await people.stop();
  });

  it('is stopped then, once, and the channel hears what that saves', async () => {
    const mark = await journey.mark();
    await isStopped();
    expect(await journey.world.serving(STAGING)).toBeNull();
    expect((await accepted(mark)).filter((operation) => operation !== 'InvokeEndpoint')).toEqual(['DeleteEndpoint']);
    await expect.poll(() => told(/^staging is stopped/), { timeout: 20_000 }).toHaveLength(1);
    expect([
      ...(await told(/^staging is being stopped/)),
      ...(await told(/^staging is stopped/)),
    ]).toMatchInlineSnapshot(`
      [
        "staging is being stopped. Nobody used it for 0 minutes; last used <time>. It ran on ml.m5.large × 1: that saves 0.23 USD an hour, 167.90 USD a month. Its config and model are kept",
        "staging is stopped. What it ran is kept, and comes back by itself with the next deploy, smoke run or rollback there.",
      ]
    `);
    expect(await journey.types(olivia, 'status')).toContain('staging is stopped since');
    const verified = await journey.types(olivia, 'verify');
    expect(verified).toContain('survival: as the record says');
    expect(verified).toContain('staging endpoint  none');
    expect(verified).toContain('staging kept config  titanic-survival-staging-v1');
    expect(eventsOf(await journey.record.entries(), 'IdleStopDecided')).toHaveLength(1);
  });

  it('comes back for a smoke run with what it ran, which is measured then', async () => {
    expect(await journey.types(olivia, 'smoke staging')).toMatchInlineSnapshot(
      `"staging is stopped, because nobody used it. Version 1 comes back, which takes minutes, and is then measured."`,
    );
    const state = await journey.until('it is back', (s) => s.environments.staging.known);
    expect(state.environments.staging.stopped).toBeNull();
    await journey.until('it is measured', (s) => s.environments.staging.baseline !== null);
    expect(await journey.world.serving(STAGING)).toMatchObject({ version: 1 });
    await expect.poll(() => told(/survival staging: version 1 is back/), { timeout: 20_000 }).toHaveLength(1);
  });

  it('is stopped again, and comes back with the next deploy', async () => {
    await isStopped();
    const mark = await journey.mark();
    const id = await journey.toTheGate(olivia, 'deploy staging --model 3');
    expect(await accepted(mark)).toContain('CreateEndpoint');
    expect(await journey.world.serving(STAGING)).toMatchObject({ version: 3 });
    await journey.promotes(alice, id);
  });
});
