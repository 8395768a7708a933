import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACTIONS } from '../../blocks/ids.ts';
import { CHANNEL, type Journey, PROD, startJourney, WHO } from '../support/journey.ts';

const { bea, alice, adam, olivia } = WHO;

describe('while prod is frozen', { timeout: 90_000 }, () => {
  let journey: Journey;
  let rollout: string;
  beforeAll(async () => {
    journey = await startJourney({ delivery: 'socket', config: 'policy' });
    rollout = await journey.toTheGate(bea, 'deploy staging');
  }, 90_000);
  afterAll(() => journey.close());

  it('nothing is promoted, and everybody is told by whom, why and until when', async () => {
    expect(await journey.presses(adam, ACTIONS.promote, rollout)).toMatchInlineSnapshot(
      `"⛔ prod is frozen by platform team: year-end, nobody is here to look at it (until <time>). Promote afterwards, or for a later time: /titanic promote --at TIME."`,
    );
    expect(await journey.types(olivia, 'status')).toMatchInlineSnapshot(`
      "# survival
      staging runs version 3 since <time>
      prod runs nothing that titanic deployed
      prod is frozen by platform team: year-end, nobody is here to look at it, until <time>
      survival-N version 3: ✋ waits for approval; asked by @bea
       waits for approvers: 0 of 1, until <time>"
    `);
    expect(await journey.world.serving(PROD)).toBeNull();
  });

  it('only an approver may break the glass, with a reason', async () => {
    expect(await journey.types(olivia, `promote ${rollout} --break-glass -- fares are wrong`)).toMatchInlineSnapshot(
      `"⛔ Only approvers may do this. Ask one of the approvers to do it."`,
    );
    expect(await journey.types(alice, `promote ${rollout} --break-glass`)).toMatchInlineSnapshot(`
      "--break-glass needs a reason after “--”. Nothing was done.
      promote [ROLLOUT] [--at TIME] [--break-glass -- reason]: to prod, now or at a time: for approvers, not for who asked for the rollout"
    `);
  });

  it('one approver takes it to prod alone, and all approvers are told past what', async () => {
    expect(await journey.types(bea, `promote ${rollout} --break-glass -- fares are wrong`)).toMatchInlineSnapshot(
      `"survival-N goes to prod now, past what stood in the way. All approvers are told, and another one has to sign it off."`,
    );
    const state = await journey.until('prod is checked', (s) => s.ended.some((r) => r.id === rollout));
    expect(state.ended[0]).toMatchObject({ outcome: 'promoted', approvedBy: [bea] });
    expect(await journey.world.serving(PROD)).toMatchObject({ version: 3, status: 'InService' });
    expect(await journey.shows(rollout, 'Ended')).toMatchInlineSnapshot(`
      "# survival version 3: ✅ promoted to prod
      Asked by @bea, <time>
      Model nothing in prod → version 3
      Image none → sha256:09805f4f7146…
      Instances staging ml.m5.large × 1, prod ml.m5.large × 2
      Approved by @bea
      Glass broken by @bea: fares are wrong
      In its way who asked for it approves it; 0 of 1 approvals; nobody of the mandatory group; prod is frozen by platform team: year-end, nobody is here to look at it (until <time>)
      Not signed off. Another approver: /titanic review survival-N -- note
      Smoke test  This version, staging  This version, prod  prod before, recorded
      Cases passed  2 of 2  2 of 2  –
      Requests  60  60  –
      Errors  0.0 %  0.0 %  –
      p50  # ms  # ms  –
      p95 (95 % interval)  # ms (# ms to # ms)  # ms (# ms to # ms)  –
      p99  # ms  # ms  –
      [line chart] Latency of the smoke tests
        This version: p10 #, p25 #, p50 #, p75 #, p90 #, p95 #, p99 #
      Ended <time>, # ms after it was asked for
      Version 3 went to prod and passed its check there.
      Check of prod passed: 60 requests, p95 # ms, 0.0 % errors, cases 2 of 2
      survival-N ✓ staging # ms ✓ smoke tests # ms ✓ approval # ms ✓ prod # ms ✓ check of prod # ms"
    `);
    const card = await journey.card(rollout);
    const thread = await journey.slack.channel({ channel: CHANNEL, as: '*' });
    const told = thread.filter((m) => m.threadTs === card?.ts && m.text.includes('The glass is broken'));
    expect(told.map((m) => m.text)).toEqual([expect.stringMatching(/^<!subteam\^S0APPROVERS> /)]);
  });

  it('another approver has to sign it off', async () => {
    expect(await journey.types(bea, `review ${rollout} -- fine`)).toMatchInlineSnapshot(
      `"⛔ You broke the glass for survival-N yourself, so another approver has to sign it off."`,
    );
    expect(await journey.types(olivia, 'status')).toContain('waits to be signed off');
    expect(await journey.types(alice, `review ${rollout} -- looked at it, it was needed`)).toMatchInlineSnapshot(
      `"survival-N is signed off."`,
    );
    expect(await journey.shows(rollout, 'Signed off')).toContain('looked at it, it was needed');
    expect(await journey.types(olivia, 'status')).not.toContain('waits to be signed off');
  });
});
