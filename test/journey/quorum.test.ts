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
      A rollback returns to nothing: there is no earlier deployment
      In the registry approved outside of titanic
      Approvals 1 of 2: @alice; open until <time>
      Smoke test  This version  prod, recorded
      Cases passed  2 of 2  –
      Requests  60  –
      Errors  0.0 %  –
      p50  # ms  –
      p95 (95 % interval)  # ms (# ms to # ms)  –
      p99  # ms  –
      [Promote to prod] [Reject]
      survival-N ✓ staging ✓ smoke tests ● approval ○ prod ○ check of prod"
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

  it('goes to prod with the second', async () => {
    expect(await journey.presses(adam, ACTIONS.promote, rollout)).toMatchInlineSnapshot(
      `"survival-N is approved and goes to prod now."`,
    );
    const state = await journey.until('prod is checked', (s) => s.ended.some((r) => r.id === rollout));
    expect(state.ended[0]).toMatchObject({ outcome: 'promoted', approvedBy: [alice, adam] });
    expect(await journey.world.serving(PROD)).toMatchObject({ version: 3, status: 'InService' });
  });
});
