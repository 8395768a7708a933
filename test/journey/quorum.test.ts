import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACTIONS } from '../../blocks/ids.ts';
import { eventsOf } from '../../sandbox/demo/record.ts';
import { type Journey, PROD, startJourney, WHO } from '../support/journey.ts';

const { bea, alice, adam } = WHO;

describe('where two people have to approve', { timeout: 90_000 }, () => {
  let journey: Journey;
  let rollout: string;
  beforeAll(async () => {
    journey = await startJourney({ delivery: 'http', config: 'quorum' });
    rollout = await journey.toTheGate(bea, 'deploy staging');
  }, 90_000);
  afterAll(() => journey.close());

  it('counts the first once, though the press is delivered three times, and shows who it was', async () => {
    await journey.slack.addDeliveryFault({ duplicates: 2, times: 1 });
    expect(await journey.presses(alice, ACTIONS.promote, rollout)).toMatchInlineSnapshot(
      `"Your approval of survival-N is recorded: 1 of 2."`,
    );
    expect(await journey.shows(rollout, 'Approvals 1 of 2')).toMatchInlineSnapshot(`
      "# survival version 3: ✋ waits for approval
      Asked by @bea, <time>
      Model nothing in prod → version 3
      Image none → sha256:09805f4f7146…
      Instances staging ml.m5.large × 1, prod ml.m5.large × 2
      Description Survival by class, sex and age; a child is younger than 13.
      Commit <hash>
      Made by titanic-sandbox, <time>
      Metrics accuracy 0.7783, brierScore 0.1621
      Change the endpoint of prod is created; no guardrail, because there is nothing in prod yet to go back to
      Takes not known: prod was not changed like this yet
      Cost per hour staging 0.115 USD, prod 0.23 USD
      Per month of 730 hours staging 83.95 USD, prod 167.90 USD
      Prices AWS Price List, usage type USE1-Host:ml.m5.large (2026-07-30)
      A rollback returns to nothing: there is no earlier deployment
      In the registry approved outside of titanic
      Approvals 1 of 2 by approvers other than @bea: @alice; open until <time>
      Smoke test  This version  prod, recorded
      Cases passed  2 of 2  –
      Requests  60  –
      Errors  0.0 %  –
      p50  # ms  –
      p95 (95 % interval)  # ms (# ms to # ms)  –
      p99  # ms  –
      [line chart] Latency of the smoke tests
        This version: p10 #, p25 #, p50 #, p75 #, p90 #, p95 #, p99 #
      [Promote to prod] [Reject] [Withdraw my approval]
      survival-N ✓ staging # ms ✓ smoke tests # ms ● approval ○ prod ○ check of prod"
    `);
    expect(await journey.world.serving(PROD)).toBeNull();
  });

  it('counts nobody twice, and never who asked for it', async () => {
    expect(await journey.presses(alice, ACTIONS.promote, rollout)).toMatchInlineSnapshot(
      `"⛔ You approved this already; one more press changes nothing. 1 of 2."`,
    );
    expect(await journey.presses(bea, ACTIONS.promote, rollout)).toMatchInlineSnapshot(
      `"⛔ You asked for this rollout, so your approval does not count. Another approver has to decide."`,
    );
    expect(eventsOf(await journey.record.entries(), 'ApprovalGiven')).toHaveLength(1);
  });

  it('lets somebody take their own approval back, and nobody another one’s', async () => {
    expect(await journey.presses(adam, ACTIONS.withdraw, rollout)).toMatchInlineSnapshot(
      `"⛔ You have no approval of survival-N that could be withdrawn."`,
    );
    expect(await journey.presses(alice, ACTIONS.withdraw, rollout)).toMatchInlineSnapshot(
      `"Your approval of survival-N is withdrawn: 0 of 2."`,
    );
    expect(await journey.shows(rollout, 'Approvals 0 of 2')).not.toContain('Withdraw');
    expect(await journey.types(alice, `promote ${rollout} --at 2020-01-01T09:00Z`)).toMatchInlineSnapshot(
      `"⛔ <time> is in the past. Name a later time."`,
    );
    expect(await journey.types(alice, `promote ${rollout} --at 2099-01-01T09:00`)).toMatchInlineSnapshot(
      `"⛔ The approval counts until <time>, so it cannot be kept until <time>. Name an earlier time."`,
    );
  });

  it('goes to prod with the second, at the time that one of them chose', async () => {
    const at = new Date(Date.now() + 8_000).toISOString().replace(/\.\d+Z$/, 'Z');
    expect(await journey.types(alice, `promote ${rollout} --at ${at}`)).toMatchInlineSnapshot(
      `"Your approval of survival-N is recorded: 1 of 2."`,
    );
    expect(await journey.presses(adam, ACTIONS.promote, rollout)).toMatchInlineSnapshot(
      `"survival-N is approved and goes to prod at <time>."`,
    );
    expect(await journey.types(bea, 'status')).toContain('to prod not before');
    const state = await journey.until('prod is checked', (s) => s.ended.some((r) => r.id === rollout));
    expect(state.ended[0]).toMatchObject({ outcome: 'promoted', approvedBy: [alice, adam] });
    const entries = await journey.record.entries();
    const begun = entries.find((e) => e.events.some((x) => x.type === 'DeploymentStarted' && x.environment === 'prod'));
    expect(Date.parse(begun?.at ?? '')).toBeGreaterThanOrEqual(Date.parse(at));
    expect(await journey.world.serving(PROD)).toMatchObject({ version: 3, status: 'InService' });
  });
});
