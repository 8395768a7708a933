import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMAND_ACTION } from '../../blocks/ids.ts';
import { type Journey, PROD, startJourney, WHO } from '../support/journey.ts';

const { olivia, alice, adam } = WHO;
/** Slow enough for people to press while a canary bakes: ten minutes of SageMaker's are five seconds. */
const SPEED = 120;

describe('a guarded change of prod on its card', { timeout: 120_000 }, () => {
  let journey: Journey;
  beforeAll(async () => {
    journey = await startJourney({ delivery: 'socket', config: 'guarded', speed: SPEED });
    await journey.promotes(alice, await journey.toTheGate(olivia, 'deploy staging --model 1'));
  });
  afterAll(() => journey.close());

  it('says at the gate how traffic would move, what takes it back, and what both fleets cost', async () => {
    const id = await journey.toTheGate(olivia, 'deploy staging --model 3');
    expect(await journey.shows(id, 'waits for approval')).toMatchInlineSnapshot(`
      "# survival version 3: ✋ waits for approval
      Asked by @olivia, <time>
      Model version 1 → version 3
      Image sha256:81333e14b003… → sha256:09805f4f7146…
      Instances staging ml.m5.large × 1, prod ml.m5.large × 2
      Description Survival by class, sex and age; a child is younger than 13.
      Commit <hash> (prod <hash>)
      Made by titanic-sandbox, <time>
      Metrics accuracy 0.7783 (prod 0.7760), brierScore 0.1621 (prod 0.1640)
      Change 50 % for 10 minutes, then all; the old fleet is kept 60 minutes more
      Taken back by more than 5 % errors, a new fleet worse than the old one (1 minute after it is seen) or a rollback
      Both fleets billed for 70 minutes and while the new one starts: 0.2683 USD or more on top
      Takes not known: prod was not changed like this yet
      Cost per hour staging 0.115 USD, prod 0.23 USD (as now)
      Per month of 730 hours staging 83.95 USD, prod 167.90 USD
      Prices titanic.yml
      A rollback returns to version 1: no instance starts while the old fleet stands; afterwards a new fleet starts, which takes minutes
      In the registry approved outside of titanic
      Approvals 0 of 1 by approvers other than @olivia; open until <time>
      Smoke test  This version  prod, recorded
      Cases passed  2 of 2  2 of 2
      Requests  60  60
      Errors  0.0 %  0.0 %
      p50  # ms  # ms
      p95 (95 % interval)  # ms (# ms to # ms)  # ms (# ms to # ms)
      p99  # ms  # ms
      [line chart] Latency of the smoke tests
        This version: p10 #, p25 #, p50 #, p75 #, p90 #, p95 #, p99 #
        prod, recorded: p10 #, p25 #, p50 #, p75 #, p90 #, p95 #, p99 #
      [Promote to prod] [Reject]
      survival-N ✓ staging # ms ✓ smoke tests # ms ● approval ○ prod ○ check of prod"
    `);
    await journey.types(olivia, `cancel ${id}`);
  });

  it('serves with the old fleet kept as a state of its own, and goes back at a press', async () => {
    const id = await journey.toTheGate(olivia, 'deploy staging --model 3');
    await journey.types(alice, `promote ${id}`);
    const bakes = /^prod Baking: Baking for 600 seconds .* canary capacity of 1 instance\(s\)\. Until about /m;
    const baking = await journey.shows(id, bakes);
    expect(baking).toMatch(/^# survival version 3: going to prod$/m);
    expect(baking).toMatch(/^Shift 50 % for 10 minutes, then all; the old fleet is kept 60 minutes more$/m);
    expect(baking).toMatch(/^Alarms errors (OK|no data yet)$/m);
    expect(baking).toMatch(/^\[Roll back now\]/m);
    const serving = await journey.shows(id, 'serving in prod');
    expect(serving).toMatch(
      /^Serving version 3 answers all traffic; the old fleet \(version 1\) is kept until <time>, for 0\.23 USD an hour$/m,
    );
    expect(serving).toMatch(/^SageMaker cannot pause or hurry a change/m);
    const status = await journey.types(adam, 'status');
    expect(status).toMatch(/all traffic is on the new version; the old fleet is kept until <time>$/m);
    expect(status).toMatch(/version 3: serving in prod, the old fleet is kept; asked by @olivia$/m);
    const card = await journey.card(id);
    const mark = await journey.mark();
    expect(await journey.presses(adam, `${COMMAND_ACTION}.0`, id)).toMatchInlineSnapshot(
      `"prod goes back to version 1: SageMaker is told to undo the running update. The old fleet still stands, so no instance has to start."`,
    );
    const state = await journey.until('prod is back', (s) => s.endedRollbacks.length === 1);
    expect(await journey.world.serving(PROD)).toMatchObject({ version: 1, status: 'InService' });
    expect(state.endedRollbacks[0]?.ended?.reached).toBe(true);
    // SageMaker undid it itself: nothing was updated for it.
    expect((await journey.calls(PROD, mark)).map(({ operation }) => operation)).toEqual([]);
    expect(await journey.shows(id, 'rolled back')).toMatchInlineSnapshot(`
      "# survival version 3: ↩ rolled back
      Asked by @olivia, <time>
      Model version 1 → version 3
      Image sha256:81333e14b003… → sha256:09805f4f7146…
      Instances staging ml.m5.large × 1, prod ml.m5.large × 2
      Approved by @alice
      Smoke test  This version  prod, recorded
      Cases passed  2 of 2  2 of 2
      Requests  60  60
      Errors  0.0 %  0.0 %
      p50  # ms  # ms
      p95 (95 % interval)  # ms (# ms to # ms)  # ms (# ms to # ms)
      p99  # ms  # ms
      [line chart] Latency of the smoke tests
        This version: p10 #, p25 #, p50 #, p75 #, p90 #, p95 #, p99 #
        prod, recorded: p10 #, p25 #, p50 #, p75 #, p90 #, p95 #, p99 #
      Ended <time> by @adam, # ms after it was asked for
      Rolled back by @adam: a rollback was asked for.
      prod goes back to version 1: survival-N; prod is held until /titanic unlock prod -- reason
      Next /titanic deploy staging --model 3 tries this version again, /titanic models lists others; prod takes it once it is unlocked
      [Deploy version 3 again] [Verify] [Unlock prod]
      survival-N ✓ staging # ms ✓ smoke tests # ms ✓ approval # ms ✗ prod # ms"
    `);
    expect(await journey.shows(state.endedRollbacks[0]?.id ?? '', 'back at')).toMatchInlineSnapshot(`
      "# ↩ survival prod: back at version 1
      Started by @adam, <time>: asked for
      Image sha256:81333e14b003…
      Left for good titanic-survival-prod-v3-rN
      Ended <time>, after # ms
      prod already ran version 1.
      prod is held by @adam: prod went back to version 1
      Released by /titanic unlock prod -- reason
      [Unlock prod]
      survival-N"
    `);
    // A press on the card as it was a moment ago goes no step further.
    expect(await journey.presses(alice, `${COMMAND_ACTION}.0`, id, card)).toMatchInlineSnapshot(
      `"⛔ Version 1 is no rollback target of prod. Possible: none."`,
    );
  });
});
