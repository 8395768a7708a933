import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACTIONS } from '../../blocks/ids.ts';
import { eventsOf } from '../../sandbox/demo/record.ts';
import { type Journey, PROD, rolloutOf, STAGING, startJourney, WHO } from '../support/journey.ts';

const { olivia, bea, alice } = WHO;
const FROZEN = 0.01;
const SPEED = 1_200;
/** Speaks neither for nor against a model. */
const NOT_THE_MODEL = { kind: 'throttle', operation: 'InvokeEndpoint', endpoint: STAGING, rate: 0.1 } as const;

describe('what may happen on staging', { timeout: 90_000 }, () => {
  let journey: Journey;
  beforeAll(async () => {
    journey = await startJourney({ delivery: 'socket' });
  });
  afterAll(() => journey.close());

  const sagemaker = () => journey.sandbox.sagemaker.control;

  it('refuses a model whose answers are wrong, and keeps it marked where there is nothing to go back to', async () => {
    const id = await journey.deploys(olivia, 'deploy staging --model 2');
    await journey.until('it fails', (s) => s.ended.some((r) => r.id === id));
    expect(await journey.shows(id, '⛔ failed')).toMatchInlineSnapshot(`
      "# survival version 2: ⛔ failed on staging
      Asked by @olivia, <time>
      Model nothing in prod → version 2
      Image none → sha256:e53732470cfc…
      Instances staging ml.m5.large × 1, prod ml.m5.large × 2
      Smoke test  This version  prod, recorded
      Cases passed  0 of 2  –
      Requests  60  –
      Errors  0.0 %  –
      p50  # ms  –
      p95 (95 % interval)  # ms (# ms to # ms)  –
      p99  # ms  –
      [line chart] Latency of the smoke tests
        This version: p10 #, p25 #, p50 #, p75 #, p90 #, p95 #, p99 #
      • case first-class woman: answer did not match ^0?\\.[5-9]|^1
      • case third-class man: the value at /probability is not at least 0 and at most 0.5
      Ended <time>, # ms after it was asked for
      The smoke tests failed: case first-class woman: answer did not match ^0?\\.[5-9]|^1; case third-class man: the value at /probability is not at least 0 and at most 0.5.
      Next /titanic deploy staging --model 2 tries this version again, /titanic models lists others
      [Deploy version 2 again] [Other versions]
      survival-N ✓ staging # ms ✗ smoke tests # ms"
    `);
    expect(eventsOf(await journey.record.entries(), 'GateOpened')).toEqual([]);
  });

  it('goes back to what ran before when it is cancelled while staging is being changed', async () => {
    await journey.toTheGate(olivia, 'deploy staging --model 1');
    const mark = await journey.mark();
    await sagemaker().setSpeed(FROZEN);
    const id = await journey.deploys(olivia, 'deploy staging --model 3');
    expect(await journey.shows(id, /going to staging[\s\S]*\nstaging Creating/)).toMatchInlineSnapshot(`
      "# survival version 3: going to staging
      Asked by @olivia, <time>
      Model nothing in prod → version 3
      Image none → sha256:09805f4f7146…
      Instances staging ml.m5.large × 1, prod ml.m5.large × 2
      A rollback returns to nothing: there is no earlier deployment
      staging Creating: Launching 1 instance(s).
      Since <time>, usually takes # ms (as the last one did)
      survival-N ● staging ○ smoke tests ○ approval ○ prod ○ check of prod"
    `);
    expect(await journey.types(olivia, 'status')).toMatchInlineSnapshot(`
      "# survival
      staging runs version 1 since <time>
       going to version 3 (survival-N)
       Creating: Launching 1 instance(s).
      prod runs nothing that titanic deployed
      survival-N version 3: going to staging; asked by @olivia"
    `);
    expect(await journey.types(bea, 'deploy staging')).toMatchInlineSnapshot(
      `"⛔ staging is busy with survival-N (by @olivia): staging is being changed. Wait for it or cancel it."`,
    );
    expect(await journey.types(alice, `promote ${id}`)).toMatchInlineSnapshot(
      `"⛔ survival-N cannot be decided yet: staging is being changed."`,
    );
    expect(await journey.types(olivia, `cancel ${id}`)).toMatchInlineSnapshot(
      `"survival-N is being cancelled; staging goes back to what ran before."`,
    );
    await sagemaker().setSpeed(SPEED);
    const state = await journey.until('staging is back', (s) => s.endedRollbacks.length > 0);
    expect(state.endedRollbacks[0]).toMatchObject({
      environment: 'staging',
      cause: 'cancelled',
      ended: { reached: true },
    });
    expect(state.environments.staging.holds).toEqual([]);
    expect(await journey.world.serving(STAGING)).toMatchObject({ version: 1, status: 'InService' });
    expect(await journey.calls(STAGING, mark)).toHaveLength(2);
    expect(await journey.shows(id, /cancelled(?![\s\S]*\nstaging Creating)/)).toMatchInlineSnapshot(`
      "# survival version 3: ⏹ cancelled
      Asked by @olivia, <time>
      Model nothing in prod → version 3
      Image none → sha256:09805f4f7146…
      Instances staging ml.m5.large × 1, prod ml.m5.large × 2
      Ended <time> by @olivia, # ms after it was asked for
      Cancelled by @olivia.
      staging goes back to version 1: survival-N
      Next /titanic deploy staging --model 3 tries this version again, /titanic models lists others
      [Deploy version 3 again] [Other versions]
      survival-N ✗ staging # ms"
    `);
    expect(await journey.shows(state.endedRollbacks[0]?.id ?? '', 'back at')).toMatchInlineSnapshot(`
      "# ↩ survival staging: back at version 1
      Started by @olivia, <time>: the rollout was cancelled
      Image sha256:81333e14b003…
      Reason cancelled survival-N
      Left for good titanic-survival-staging-v3-rN
      Ended <time>, after # ms
      staging runs version 1.
      survival-N"
    `);
  });

  it('holds a rollout whose smoke tests give no verdict, and runs them again when told to', async () => {
    await sagemaker().setFault(NOT_THE_MODEL);
    const id = await journey.deploys(olivia, 'deploy staging');
    await journey.until('it is held', (s) => rolloutOf(s, id)?.status === 'held');
    expect(
      eventsOf(await journey.record.entries(), 'SmokeStarted').filter(({ event }) => event.rolloutId === id),
    ).toHaveLength(3);
    expect(await journey.shows(id, 'on hold')).toMatchInlineSnapshot(`
      "# survival version 3: ✋ on hold: no verdict of the smoke tests
      Asked by @olivia, <time>
      Model nothing in prod → version 3
      Image none → sha256:09805f4f7146…
      Instances staging ml.m5.large × 1, prod ml.m5.large × 2
      A rollback returns to nothing: there is no earlier deployment
      Smoke test  This version  prod, recorded
      Cases passed  2 of 2  –
      Requests  60  –
      Errors  # %  –
      p50  # ms  –
      p95 (95 % interval)  # ms  –
      p99  # ms  –
      [line chart] Latency of the smoke tests
        This version: p10 #, p25 #, p50 #, p75 #, p90 #, p95 #, p99 #
      • error rate # %, at most # %
      • p95 # ms, at most # ms
      On hold. The smoke tests gave no verdict: requests failed before they reached the model; too few requests were answered to judge latency.
      [Run smoke again] [Give up]
      survival-N ✓ staging # ms ● smoke tests ○ approval ○ prod ○ check of prod"
    `);
    expect(await journey.types(alice, `promote ${id}`)).toMatchInlineSnapshot(
      `"⛔ survival-N has not passed its smoke tests: its smoke tests gave no verdict. It cannot be promoted."`,
    );
    await sagemaker().clearFaults();
    expect(await journey.presses(olivia, ACTIONS.smokeAgain, id)).toMatchInlineSnapshot(
      `"The smoke run of survival-N is repeated."`,
    );
    await journey.until('the gate opens', (s) => rolloutOf(s, id)?.status === 'gate');
  });

  it('gives up a held rollout when told to', async () => {
    await sagemaker().setFault(NOT_THE_MODEL);
    const id = await journey.deploys(olivia, 'deploy staging');
    await journey.until('it is held', (s) => rolloutOf(s, id)?.status === 'held');
    await sagemaker().clearFaults();
    await journey.shows(id, 'Give up');
    expect(await journey.presses(alice, ACTIONS.giveUp, id)).toMatchInlineSnapshot(
      `"survival-N is given up; staging stays as it is until the next deploy."`,
    );
    expect(await journey.shows(id, 'given up')).toMatchInlineSnapshot(`
      "# survival version 3: ⏹ given up
      Asked by @olivia, <time>
      Model nothing in prod → version 3
      Image none → sha256:09805f4f7146…
      Instances staging ml.m5.large × 1, prod ml.m5.large × 2
      Smoke test  This version  prod, recorded
      Cases passed  2 of 2  –
      Requests  60  –
      Errors  # %  –
      p50  # ms  –
      p95 (95 % interval)  # ms  –
      p99  # ms  –
      [line chart] Latency of the smoke tests
        This version: p10 #, p25 #, p50 #, p75 #, p90 #, p95 #, p99 #
      • error rate # %, at most # %
      • p95 # ms, at most # ms
      Ended <time> by @alice, # ms after it was asked for
      Given up by @alice after smoke tests without a verdict.
      Next /titanic deploy staging --model 3 tries this version again, /titanic models lists others
      [Deploy version 3 again] [Other versions]
      survival-N ✓ staging # ms ✗ smoke tests # ms"
    `);
  });

  it('locks an environment for a time and for a reason, and releases it', async () => {
    expect(await journey.types(olivia, 'lock staging --for 2h -- a load test')).toMatchInlineSnapshot(
      `"staging is locked: a load test."`,
    );
    expect(await journey.types(bea, 'deploy staging')).toMatchInlineSnapshot(
      `"⛔ staging is held by @olivia: a load test (until <time>). /titanic unlock staging -- reason releases it."`,
    );
    const { staging } = (await journey.record.state()).environments;
    expect(Date.parse(staging.holds[0]?.until ?? '') - Date.parse(staging.holds[0]?.at ?? '')).toBe(2 * 3_600_000);
    expect(await journey.types(bea, 'unlock staging -- done')).toMatchInlineSnapshot(`"staging is released: done."`);
    expect(await journey.types(bea, 'unlock staging -- again')).toMatchInlineSnapshot(
      `"⛔ staging is neither locked nor held."`,
    );
  });

  it('keeps a promotion from a locked prod, and lets it through afterwards', async () => {
    const id = await journey.toTheGate(bea, 'deploy staging');
    await journey.types(bea, 'lock prod -- the quarter is closed');
    expect(await journey.types(alice, `promote ${id}`)).toMatchInlineSnapshot(
      `"⛔ prod is held by @bea: the quarter is closed (until released). /titanic unlock prod -- reason releases it."`,
    );
    expect(await journey.world.serving(PROD)).toBeNull();
    await journey.types(bea, 'unlock prod -- open again');
    await journey.promotes(alice, id);
    expect(await journey.world.serving(PROD)).toMatchObject({ version: 3, status: 'InService' });
  });

  it('measures an endpoint alone, without changing what is decided', async () => {
    const before = await journey.record.state();
    expect(await journey.types(olivia, 'smoke prod')).toMatchInlineSnapshot(`"A smoke run against prod has started."`);
    const after = await journey.until(
      'it is measured',
      (s) => s.seq > before.seq + 1 && s.environments.prod.smoke === null,
    );
    expect(after.ended).toEqual(before.ended);
  });
});
