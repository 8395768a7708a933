import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ACTIONS } from '../../blocks/ids.ts';
import { CHANNEL, type Journey, PROD, rolloutOf, STAGING, startJourney, WHO } from '../support/journey.ts';
import { normalised } from '../support/normalised.ts';

const { olivia, alice } = WHO;

const pick = ({ ready, trouble }: { readonly ready?: unknown; readonly trouble?: unknown }) => ({ ready, trouble });

describe('when Slack is in trouble', { timeout: 90_000 }, () => {
  let journey: Journey;
  let rollout: string;
  beforeAll(async () => {
    journey = await startJourney({ delivery: 'socket' });
  });
  afterAll(() => journey.close());

  it('says in its log how it is, for whoever reads nothing else', async () => {
    const pulse = await vi.waitUntil(
      () =>
        journey.sandbox
          .bot()
          .tail()
          .find((line) => line.includes('"msg":"pulse"')),
      { timeout: 20_000 },
    );
    // The first one may come before the first socket is open.
    expect([
      { ready: true, trouble: [] },
      { ready: false, trouble: ['no-socket'] },
    ]).toContainEqual(pick(JSON.parse(pulse)));
    expect(JSON.parse(pulse)).toMatchObject({ oldestOpenIntentSeconds: 0, announcerBehindEntries: 0 });
  });

  it('goes on with a rollout while Slack is away, and shows afterwards what became of it', async () => {
    rollout = await journey.deploys(olivia, 'deploy staging --model 1');
    await journey.slack.setAway({ away: true });
    await journey.until('the gate opens', (s) => rolloutOf(s, rollout)?.status === 'gate');
    expect(await journey.world.serving(STAGING)).toMatchObject({ version: 1, status: 'InService' });
    expect((await journey.card(rollout))?.rendered ?? '').not.toContain('waits for approval');
    await journey.slack.setAway({ away: false });
    await journey.sandbox.bot().ready(45_000);
    await journey.shows(rollout, 'waits for approval');
  });

  it('finishes prod without Slack, once approved and begun', async () => {
    await journey.presses(alice, ACTIONS.promote, rollout);
    await journey.until('SageMaker is at work', (s) => s.environments.prod.deployment?.followed != null);
    await journey.slack.setAway({ away: true });
    await journey.until('prod is checked', (s) => s.ended.some((r) => r.id === rollout));
    expect(await journey.world.serving(PROD)).toMatchObject({ version: 1, status: 'InService' });
    await journey.slack.setAway({ away: false });
    await journey.sandbox.bot().ready(45_000);
    await journey.shows(rollout, '✅ promoted to prod');
    expect(await journey.cards(rollout)).toHaveLength(1);
  });

  it('posts a new card when somebody deleted the old one, and its buttons work', async () => {
    rollout = await journey.toTheGate(olivia, 'deploy staging');
    await journey.shows(rollout, 'waits for approval');
    const ts = (await journey.card(rollout))?.ts ?? '';
    await journey.slack.deleteMessage({ channel: CHANNEL, ts });
    // The next change of the card finds that it is gone.
    await journey.types(olivia, 'lock prod -- looking');
    await journey.shows(rollout, 'prod is held');
    expect((await journey.card(rollout))?.ts).not.toBe(ts);
    await journey.types(olivia, 'unlock prod -- looked');
    expect(await journey.presses(olivia, ACTIONS.promote, rollout)).toMatch(/Only approvers/);
  });

  it('shows the plain text, with the way to decide, when Slack refuses the blocks', async () => {
    await journey.slack.addFault({
      method: 'chat.update',
      effect: { kind: 'error', error: 'invalid_blocks' },
      // With its chart, and then without.
      times: 2,
    });
    const { ts } = (await journey.card(rollout)) ?? { ts: '' };
    await journey.types(olivia, 'lock prod -- a freeze');
    const shown = async () => normalised((await journey.slack.message({ channel: CHANNEL, ts }))?.rendered ?? '');
    await expect.poll(shown, { timeout: 30_000 }).toContain('a freeze');
    expect(await shown()).toMatchInlineSnapshot(`
      "survival version 3: ✋ waits for approval
      Asked by @olivia, <time>
      Model version 1 → version 3
      Image sha256:81333e14b003… → sha256:09805f4f7146…
      Instances staging ml.m5.large × 1, prod ml.m5.large × 2
      Description Survival by class, sex and age; a child is younger than 13.
      Commit <hash> (prod <hash>)
      Made by titanic-sandbox, <time>
      Metrics accuracy 0.7783 (prod 0.7760), brierScore 0.1621 (prod 0.1640)
      Change all traffic at once; no guardrail, because titanic.yml asks for none
      Takes not known: prod was not changed like this yet
      Cost per hour staging 0.115 USD, prod 0.23 USD (as now)
      Per month of 730 hours staging 83.95 USD, prod 167.90 USD
      Prices AWS Price List, usage type USE1-Host:ml.m5.large (2026-07-30)
      A rollback returns to version 1: a new fleet starts, which takes minutes
      In the registry approved outside of titanic
      Approvals 0 of 1 by approvers other than @olivia; open until <time>
      Smoke tests passed: 60 requests, p95 # ms, 0.0 % errors, cases 2 of 2
      prod is held by @olivia: a freeze
      Released by /titanic unlock prod -- reason
      Decide with /titanic promote survival-N or /titanic reject survival-N -- reason
       "
    `);
  });
});
