import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACTIONS } from '../../blocks/ids.ts';
import { type Journey, PROD, rolloutOf, startJourney, WHO } from '../support/journey.ts';

const { olivia, bea, alice, adam } = WHO;

describe('going back', { timeout: 90_000 }, () => {
  let journey: Journey;
  beforeAll(async () => {
    journey = await startJourney({ delivery: 'socket', speed: 1_200 });
  });
  afterAll(() => journey.close());

  const versionInProd = async () => (await journey.world.serving(PROD))?.version;

  it('answers that there is nothing to go back to', async () => {
    expect(await journey.types(olivia, 'rollback')).toMatchInlineSnapshot(
      `"⛔ There is nothing to go back to: prod has no earlier deployment that succeeded."`,
    );
    const id = await journey.toTheGate(olivia, 'deploy staging --model 1');
    await journey.promotes(alice, id);
    expect(await journey.types(bea, 'rollback')).toMatchInlineSnapshot(
      `"⛔ There is nothing to go back to: prod has no earlier deployment that succeeded."`,
    );
    expect(await journey.calls(PROD)).toHaveLength(1);
  });

  it('stops a running change of prod as soon as SageMaker allows, and goes back', async () => {
    const id = await journey.toTheGate(olivia, 'deploy staging');
    const mark = await journey.mark();
    await journey.sandbox.sagemaker.control.setSpeed(60);
    await journey.types(alice, `promote ${id}`);
    await journey.until('SageMaker is at work', (s) => s.environments.prod.deployment?.followed != null);
    const answer = await journey.types(bea, 'rollback -- wrong version');
    expect(answer.replace(/: [^:]*\.$/, ': <what SageMaker does>.')).toMatchInlineSnapshot(
      `"prod goes back to version 1 as soon as SageMaker allows: <what SageMaker does>."`,
    );
    await journey.sandbox.sagemaker.control.setSpeed(1_200);
    const state = await journey.until('prod is back', (s) => s.endedRollbacks.length === 1);
    expect(state.ended[0]).toMatchObject({ id, outcome: 'rolled-back', by: bea });
    expect(state.endedRollbacks[0]).toMatchObject({ target: { version: 1 }, ended: { reached: true } });
    expect(state.environments.prod.stack).toMatchObject([{ version: 1 }]);
    expect(await versionInProd()).toBe(1);
    expect(await journey.calls(PROD, mark)).toHaveLength(2);
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
      Ended <time> by @bea, # ms after it was asked for
      Rolled back by @bea: wrong version.
      prod goes back to version 1: survival-N; prod is held until /titanic unlock prod -- reason
      Next /titanic deploy staging --model 3 tries this version again, /titanic models lists others; prod takes it once it is unlocked
      [Deploy version 3 again] [Verify] [Unlock prod]
      survival-N ✓ staging # ms ✓ smoke tests # ms ✓ approval # ms ✗ prod # ms"
    `);
    await journey.types(olivia, 'unlock prod -- go on');
  });

  it('keeps a rollout at its gate while prod is held after going back', async () => {
    await journey.promotes(adam, await journey.toTheGate(olivia, 'deploy staging'));
    await journey.promotes(alice, await journey.toTheGate(bea, 'deploy staging --model 1'));
    const waiting = await journey.toTheGate(olivia, 'deploy staging');
    await journey.types(olivia, 'rollback -- errors');
    const state = await journey.until('prod is back', (s) => s.endedRollbacks.length === 2);
    expect(await versionInProd()).toBe(3);
    expect(rolloutOf(state, waiting)?.status).toBe('gate');
    expect(await journey.types(alice, `promote ${waiting}`)).toMatchInlineSnapshot(
      `"⛔ prod is held by @olivia: errors (until released). /titanic unlock prod -- reason releases it."`,
    );
  });

  it('goes one further back by the button, once, however often it is pressed', async () => {
    const { endedRollbacks } = await journey.record.state();
    const id = endedRollbacks[0]?.id ?? '';
    expect(await journey.shows(id, 'One further back')).toMatchInlineSnapshot(`
      "# ↩ survival prod: back at version 3
      Started by @olivia, <time>: asked for
      Image sha256:09805f4f7146…
      Reason errors
      Left for good titanic-survival-prod-v1-rN
      Ended <time>, after # ms
      prod runs version 3.
      prod is held by @olivia: errors
      Released by /titanic unlock prod -- reason
      [One further back] [Unlock prod]
      survival-N"
    `);
    const card = await journey.card(id);
    const mark = await journey.mark();
    expect(await journey.presses(alice, ACTIONS.furtherProd, id)).toMatchInlineSnapshot(
      `"prod goes back to version 1. SageMaker starts its fleet anew, which takes minutes."`,
    );
    expect(await journey.presses(adam, ACTIONS.furtherProd, id, card)).toMatchInlineSnapshot(
      `"⛔ prod is already going back to version 1, asked by @alice."`,
    );
    await journey.until('prod is back', (s) => s.endedRollbacks.length === 3);
    expect(await versionInProd()).toBe(1);
    expect(await journey.presses(adam, ACTIONS.furtherProd, id, card)).toMatchInlineSnapshot(
      `"⛔ prod is already back at version 1, by @alice. Further back: /titanic rollback prod --to VERSION."`,
    );
    expect(await journey.calls(PROD, mark)).toHaveLength(1);
  });

  it('goes to a version that is named, if it succeeded there and was not gone back from', async () => {
    await journey.types(olivia, 'unlock prod -- go on');
    const [waiting] = (await journey.record.state()).rollouts;
    await journey.promotes(alice, waiting?.id ?? '');
    expect(await versionInProd()).toBe(3);
    expect(await journey.types(olivia, 'rollback --to 9')).toMatchInlineSnapshot(
      `"⛔ Version 9 is no rollback target of prod. Possible: 1."`,
    );
    expect(await journey.types(olivia, 'rollback prod --to 1 -- as agreed')).toMatchInlineSnapshot(
      `"prod goes back to version 1. SageMaker starts its fleet anew, which takes minutes."`,
    );
    await journey.until('prod is back', (s) => s.endedRollbacks.length === 4);
    expect(await versionInProd()).toBe(1);
    expect(await journey.types(olivia, 'status')).toMatchInlineSnapshot(`
      "# survival
      staging runs version 3 since <time>
      prod runs version 1 since <time>
      prod is held by @olivia: as agreed
      Released by /titanic unlock prod -- reason
      Nothing is rolling out. Start with /titanic deploy staging"
    `);
  });
});
