import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACTIONS } from '../../blocks/ids.ts';
import { type Journey, PROD, rolloutOf, STAGING, startJourney, WHO } from '../support/journey.ts';

const { olivia, bea, alice, adam } = WHO;
const GROUP = 'arn:aws:sagemaker:us-east-1:123456789012:model-package/titanic-survival';
const HASTE = 4_000;
const SPEED = 1_200;

describe('what keeps an approved version from prod, and what happens to prod', { timeout: 90_000 }, () => {
  let journey: Journey;
  let rollout: string;
  beforeAll(async () => {
    journey = await startJourney({ delivery: 'http' });
  });
  afterAll(() => journey.close());

  const sagemaker = () => journey.sandbox.sagemaker.control;

  const approval = (version: number, ModelApprovalStatus: string) =>
    sagemaker().console('UpdateModelPackage', { ModelPackageArn: `${GROUP}/${version}`, ModelApprovalStatus });

  it('voids an approval when somebody changed staging after its test', async () => {
    rollout = await journey.toTheGate(olivia, 'deploy staging --model 1');
    await sagemaker().console('UpdateEndpointWeightsAndCapacities', {
      EndpointName: STAGING,
      DesiredWeightsAndCapacities: [{ VariantName: 'AllTraffic', DesiredWeight: 0.5 }],
    });
    const state = await journey.promotes(alice, rollout);
    expect(state.ended[0]).toMatchObject({ id: rollout, outcome: 'voided', reason: { code: 'staging-changed' } });
    expect(await journey.calls(PROD)).toEqual([]);
    expect(await journey.shows(rollout, 'void')).toMatchInlineSnapshot(`
      "# survival version 1: ⏹ void
      Asked by @olivia, <time>
      Model nothing in prod → version 1
      Image none → sha256:81333e14b003…
      Instances staging ml.m5.large × 1, prod ml.m5.large × 2
      Approved by @alice
      Smoke test  This version  prod, recorded
      Cases passed  2 of 2  –
      Requests  60  –
      Errors  0.0 %  –
      p50  # ms  –
      p95 (95 % interval)  # ms (# ms to # ms)  –
      p99  # ms  –
      [line chart] Latency of the smoke tests
        This version: p10 #, p25 #, p50 #, p75 #, p90 #, p95 #, p99 #
      Ended <time>, # ms after it was asked for
      staging is not as it was when it was tested: LastModifiedTime differs. Deploy again.
      Next /titanic deploy staging --model 1 tries this version again, /titanic models lists others
      [Deploy version 1 again] [Verify]
      survival-N ✓ staging # ms ✓ smoke tests # ms ✓ approval # ms"
    `);
  });

  it('voids an approval when the package was rejected in the registry after the gate opened', async () => {
    rollout = await journey.toTheGate(bea, 'deploy staging --model 1');
    await approval(1, 'Rejected');
    const state = await journey.promotes(adam, rollout);
    expect(state.ended[0]).toMatchObject({ outcome: 'voided', reason: { code: 'package-no-longer-approved' } });
    expect(await journey.calls(PROD)).toEqual([]);
    expect(await journey.shows(rollout, 'void')).toMatchInlineSnapshot(`
      "# survival version 1: ⏹ void
      Asked by @bea, <time>
      Model nothing in prod → version 1
      Image none → sha256:81333e14b003…
      Instances staging ml.m5.large × 1, prod ml.m5.large × 2
      Approved by @adam
      Smoke test  This version  prod, recorded
      Cases passed  2 of 2  –
      Requests  60  –
      Errors  0.0 %  –
      p50  # ms  –
      p95 (95 % interval)  # ms (# ms to # ms)  –
      p99  # ms  –
      [line chart] Latency of the smoke tests
        This version: p10 #, p25 #, p50 #, p75 #, p90 #, p95 #, p99 #
      Ended <time>, # ms after it was asked for
      Version 1 is Rejected in the Model Registry by now. The rollout is void.
      Next /titanic deploy staging --model 1 tries this version again, /titanic models lists others
      [Deploy version 1 again] [Verify]
      survival-N ✓ staging # ms ✓ smoke tests # ms ✓ approval # ms"
    `);
    expect(await journey.types(bea, 'deploy staging --model 1')).toMatchInlineSnapshot(
      `"⛔ Version 1 is Rejected in the Model Registry. Choose another version."`,
    );
    await approval(1, 'Approved');
  });

  it('offers to make prod again when its endpoint is Failed, and nothing else until then', async () => {
    rollout = await journey.toTheGate(olivia, 'deploy staging --model 1');
    await journey.promotes(alice, rollout);
    expect(await journey.world.serving(PROD)).toMatchObject({ version: 1, status: 'InService' });
    // Somebody deletes prod in the console, and the next promotion finds a container that does not answer.
    await sagemaker().console('DeleteEndpoint', { EndpointName: PROD });
    await expect.poll(() => journey.world.serving(PROD), { timeout: 30_000 }).toBeNull();
    await sagemaker().setFault({ kind: 'failHealthCheck', endpoint: PROD, count: 1 });
    rollout = await journey.toTheGate(bea, 'deploy staging');
    await sagemaker().setSpeed(HASTE);
    await journey.promotes(adam, rollout);
    await sagemaker().setSpeed(SPEED);
    expect(await journey.world.serving(PROD)).toMatchObject({ status: 'Failed' });
    expect(await journey.shows(rollout, 'Recreate prod')).toMatchInlineSnapshot(`
      "# survival version 3: ⛔ failed on prod
      Asked by @bea, <time>
      Model version 1 → version 3
      Image sha256:81333e14b003… → sha256:09805f4f7146…
      Instances staging ml.m5.large × 1, prod ml.m5.large × 2
      Approved by @adam
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
      Ended <time>, # ms after it was asked for
      The container did not pass its health check: The primary container for production variant AllTraffic did not pass the ping health check. Please check CloudWatch logs for this endpoint. See the CloudWatch logs of the endpoint.
      Next an approver presses Recreate prod
      [Recreate prod]
      survival-N ✓ staging # ms ✓ smoke tests # ms ✓ approval # ms ✗ prod # ms"
    `);
    const next = await journey.toTheGate(olivia, 'deploy staging');
    expect(await journey.types(alice, `promote ${next}`)).toMatchInlineSnapshot(
      `"⛔ The prod endpoint is Failed; AWS allows only its deletion. An approver can press Recreate prod."`,
    );
    expect(rolloutOf(await journey.record.state(), next)?.status).toBe('gate');
  });

  it('deletes and creates prod with the last version that succeeded when an approver presses', async () => {
    const mark = await journey.mark();
    expect(await journey.presses(olivia, ACTIONS.recreate, rollout)).toMatchInlineSnapshot(
      `"⛔ Only approvers may do this. Ask one of the approvers to do it."`,
    );
    expect(await journey.presses(alice, ACTIONS.recreate, rollout)).toMatchInlineSnapshot(
      `"prod is deleted and created again with version 1."`,
    );
    const state = await journey.until('prod is back', (s) => s.endedRollbacks.length > 0);
    expect(state.endedRollbacks[0]).toMatchObject({ cause: 'recreate', ended: { reached: true } });
    expect(await journey.world.serving(PROD)).toMatchObject({ version: 1, status: 'InService' });
    expect((await journey.calls(PROD, mark)).map(({ operation }) => operation)).toEqual([
      'DeleteEndpoint',
      'CreateEndpoint',
    ]);
    expect(await journey.shows(state.endedRollbacks[0]?.id ?? '', 'back at')).toMatchInlineSnapshot(`
      "# ↩ survival prod: back at version 1
      Started by @alice, <time>: the endpoint was Failed and is made again
      Image sha256:81333e14b003…
      Reason the endpoint was Failed
      Ended <time>, after # ms
      prod runs version 1.
      prod is held by @alice: the endpoint was Failed
      Released by /titanic unlock prod -- reason
      [Unlock prod]
      survival-N"
    `);
  });

  it('goes back by itself when prod fails its own check, holds prod, and calls the approvers', async () => {
    await journey.types(olivia, 'unlock prod -- it is back');
    rollout = await journey.toTheGate(bea, 'deploy staging');
    await sagemaker().setFault({ kind: 'wrongModel', endpoint: PROD });
    await journey.promotes(alice, rollout);
    await sagemaker().clearFaults();
    const state = await journey.until('prod is back', (s) => s.endedRollbacks[0]?.cause === 'check-failed');
    expect(state.environments.prod.holds).toMatchObject([{ kind: 'after-rollback' }]);
    expect(await journey.world.serving(PROD)).toMatchObject({ version: 1, status: 'InService' });
    expect(await journey.shows(rollout, '⛔ failed')).toMatchInlineSnapshot(`
      "# survival version 3: ⛔ failed on prod
      Asked by @bea, <time>
      Model version 1 → version 3
      Image sha256:81333e14b003… → sha256:09805f4f7146…
      Instances staging ml.m5.large × 1, prod ml.m5.large × 2
      Approved by @alice
      Smoke test  This version, staging  This version, prod  prod before, recorded
      Cases passed  2 of 2  0 of 2  2 of 2
      Requests  60  60  60
      Errors  0.0 %  0.0 %  0.0 %
      p50  # ms  # ms  # ms
      p95 (95 % interval)  # ms (# ms to # ms)  # ms (# ms to # ms)  # ms (# ms to # ms)
      p99  # ms  # ms  # ms
      [line chart] Latency of the smoke tests
        This version: p10 #, p25 #, p50 #, p75 #, p90 #, p95 #, p99 #
        prod, recorded: p10 #, p25 #, p50 #, p75 #, p90 #, p95 #, p99 #
      Ended <time>, # ms after it was asked for
      The check of prod failed: case first-class woman: answer did not match ^0?\\.[5-9]|^1; case third-class man: the value at /probability is not at least 0 and at most 0.5.
      prod goes back to version 1: survival-N; prod is held until /titanic unlock prod -- reason
      Next /titanic deploy staging --model 3 tries this version again, /titanic models lists others; prod takes it once it is unlocked
      Check of prod failed: 60 requests, p95 # ms, 0.0 % errors, cases 0 of 2
      [Deploy version 3 again] [Verify] [Unlock prod]
      survival-N ✓ staging # ms ✓ smoke tests # ms ✓ approval # ms ✓ prod # ms ✗ check of prod # ms"
    `);
    expect(await journey.shows(state.endedRollbacks[0]?.id ?? '', 'back at')).toMatchInlineSnapshot(`
      "# ↩ survival prod: back at version 1
      Started by titanic, <time>: the check of prod failed
      Image sha256:81333e14b003…
      Reason its check failed
      Left for good titanic-survival-prod-v3-rN
      Ended <time>, after # ms
      prod runs version 1.
      prod is held by titanic: its check failed
      Released by /titanic unlock prod -- reason
      [Unlock prod]
      survival-N"
    `);
  });
});
