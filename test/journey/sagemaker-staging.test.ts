import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FaultRequest } from '../../sandbox/sagemaker/faults.ts';
import type { EndedRollout } from '../../src/rollout/state.ts';
import { type Journey, PROD, rolloutOf, STAGING, startJourney, WHO } from '../support/journey.ts';

const { olivia, bea } = WHO;
/** A container that does not answer keeps SageMaker busy for 24 minutes. */
const HASTE = 4_000;
const SPEED = 1_200;

describe('what SageMaker may do to staging', { timeout: 90_000 }, () => {
  let journey: Journey;
  beforeAll(async () => {
    journey = await startJourney({ delivery: 'socket' });
  });
  afterAll(() => journey.close());

  const sagemaker = () => journey.sandbox.sagemaker.control;

  /** Deploys into a fault and waits for the end. */
  async function failsWith(fault: FaultRequest, words: string, person: string = olivia): Promise<EndedRollout> {
    await sagemaker().setFault({ endpoint: STAGING, count: 1, ...fault });
    const id = await journey.deploys(person, words);
    const state = await journey.until(`${id} ends`, (s) => s.ended.some((r) => r.id === id));
    const ended = state.ended.find((r) => r.id === id);
    if (ended === undefined) throw new Error(`${id} has not ended`);
    return ended;
  }

  const operations = async (since: number) =>
    (await journey.calls(STAGING, since)).map(({ operation, outcome }) => `${operation} ${outcome}`);

  it('calls a first endpoint failed whose container does not answer its health check', async () => {
    await sagemaker().setSpeed(HASTE);
    const ended = await failsWith({ kind: 'failHealthCheck' }, 'deploy staging --model 1');
    await sagemaker().setSpeed(SPEED);
    expect(ended).toMatchObject({ outcome: 'failed', reason: { code: 'health-check-failed' } });
    expect(await journey.world.serving(STAGING)).toMatchObject({ status: 'Failed' });
    expect(await journey.shows(ended.id, '⛔ failed')).toMatchInlineSnapshot(`
      "# survival version 1: ⛔ failed on staging
      Asked by @olivia, <time>
      Model nothing in prod → version 1
      Image none → sha256:81333e14b003…
      Instances staging ml.m5.large × 1, prod ml.m5.large × 2
      Ended <time>, # ms after it was asked for
      The container did not pass its health check: The primary container for production variant AllTraffic did not pass the ping health check. Please check CloudWatch logs for this endpoint. See the CloudWatch logs of the endpoint.
      Next /titanic deploy staging --model 1 tries this version again, /titanic models lists others
      [Deploy version 1 again] [Other versions]
      survival-N ✗ staging # ms"
    `);
  });

  it('deletes a Failed endpoint and creates it again at the next deploy', async () => {
    const mark = await journey.mark();
    await journey.toTheGate(olivia, 'deploy staging --model 1');
    expect(await operations(mark)).toEqual(['DeleteEndpoint accepted', 'CreateEndpoint accepted']);
    expect(await journey.world.serving(STAGING)).toMatchObject({ version: 1, status: 'InService' });
  });

  it('says which quota is in the way, and leaves staging as it was', async () => {
    const mark = await journey.mark();
    const ended = await failsWith({ kind: 'quota', limit: 1 }, 'deploy staging', bea);
    expect(ended).toMatchObject({ outcome: 'failed', reason: { code: 'quota-exceeded' } });
    expect(await operations(mark)).toEqual(['UpdateEndpoint refused']);
    expect(await journey.world.serving(STAGING)).toMatchObject({ version: 1, status: 'InService' });
    expect(await journey.shows(ended.id, '⛔ failed')).toMatchInlineSnapshot(`
      "# survival version 3: ⛔ failed on staging
      Asked by @bea, <time>
      Model nothing in prod → version 3
      Image none → sha256:09805f4f7146…
      Instances staging ml.m5.large × 1, prod ml.m5.large × 2
      Ended <time>, # ms after it was asked for
      An AWS quota is in the way: The account-level service limit 'ml.m5.large for endpoint usage' is 1 Instances, with current utilization of 1 Instances and a request delta of 1 Instances. Please use AWS Service Quotas to request an increase for this quota. If AWS Service Quotas is not available, contact AWS support to request an… Ask for an increase in Service Quotas or use another instance type.
      Next /titanic deploy staging --model 3 tries this version again, /titanic models lists others
      [Deploy version 3 again] [Other versions]
      survival-N ✗ staging # ms"
    `);
  });

  it('sends a throttled call again, as an intent of its own', async () => {
    const mark = await journey.mark();
    await sagemaker().setFault({ kind: 'throttle', operation: 'UpdateEndpoint', count: 1 });
    await journey.toTheGate(bea, 'deploy staging');
    expect(await operations(mark)).toEqual(['UpdateEndpoint refused', 'UpdateEndpoint accepted']);
  });

  it('calls it a failure when SageMaker goes back silently and says InService', async () => {
    const ended = await failsWith({ kind: 'silentRollback' }, 'deploy staging --model 1');
    expect(ended).toMatchObject({ outcome: 'failed', reason: { code: 'rolled-back-silently' } });
    expect(await journey.world.serving(STAGING)).toMatchObject({ version: 3, status: 'InService' });
    expect(await journey.shows(ended.id, '⛔ failed')).toMatchInlineSnapshot(`
      "# survival version 1: ⛔ failed on staging
      Asked by @olivia, <time>
      Model nothing in prod → version 1
      Image none → sha256:81333e14b003…
      Instances staging ml.m5.large × 1, prod ml.m5.large × 2
      Ended <time>, # ms after it was asked for
      SageMaker went back to the old config: The new fleet was not brought into service and the endpoint was rolled back.
      Next /titanic deploy staging --model 1 tries this version again, /titanic models lists others
      [Deploy version 1 again] [Other versions]
      survival-N ✗ staging # ms"
    `);
  });

  it('goes back when another image runs than the one that was sealed', async () => {
    const ended = await failsWith({ kind: 'otherDigest' }, 'deploy staging --model 1', bea);
    expect(ended).toMatchObject({
      outcome: 'failed',
      reason: { code: 'wrong-chain', params: { field: 'image digest' } },
    });
    const state = await journey.until('staging is back', (s) => s.endedRollbacks.length > 0);
    expect(state.endedRollbacks[0]).toMatchObject({ cause: 'deployment-failed', ended: { reached: true } });
    expect(await journey.world.serving(STAGING)).toMatchObject({ version: 3, status: 'InService' });
    expect(await journey.shows(ended.id, '⛔ failed')).toMatchInlineSnapshot(`
      "# survival version 1: ⛔ failed on staging
      Asked by @bea, <time>
      Model nothing in prod → version 1
      Image none → sha256:81333e14b003…
      Instances staging ml.m5.large × 1, prod ml.m5.large × 2
      Ended <time>, # ms after it was asked for
      The endpoint does not lead to the sealed package: image digest differs.
      staging goes back to version 3: survival-N
      Next /titanic deploy staging --model 1 tries this version again, /titanic models lists others
      [Deploy version 1 again] [Other versions]
      survival-N ✗ staging # ms"
    `);
  });

  it('sends nothing a second time when the reply to a call is lost, and says that its outcome is open', async () => {
    const mark = await journey.mark();
    await sagemaker().setFault({ kind: 'loseReply', operation: 'UpdateEndpoint', count: 1 });
    const id = await journey.deploys(olivia, 'deploy staging --model 1');
    await expect.poll(() => operations(mark), { timeout: 30_000 }).toEqual(['UpdateEndpoint accepted']);
    await expect.poll(() => journey.world.serving(STAGING), { timeout: 30_000 }).toMatchObject({ version: 1 });
    // The update has ended by now; it still is not counted, for an earlier look could be mistaken.
    expect(await journey.shows(id, 'not known')).toMatchInlineSnapshot(`
      "# survival version 1: going to staging
      Asked by @olivia, <time>
      Model nothing in prod → version 1
      Image none → sha256:81333e14b003…
      Instances staging ml.m5.large × 1, prod ml.m5.large × 2
      A rollback returns to nothing: there is no earlier deployment
      staging the outcome of a call to SageMaker is not known yet
      survival-N ● staging ○ smoke tests ○ approval ○ prod ○ check of prod"
    `);
    expect(await journey.types(olivia, 'status')).toMatchInlineSnapshot(`
      "# survival
      staging runs version 3 since <time>
       going to version 1 (survival-N)
       the outcome of a call to SageMaker is not known yet
      prod runs nothing that titanic deployed
      survival-N version 1: going to staging; asked by @olivia"
    `);
    expect(await journey.types(bea, 'deploy staging')).toMatchInlineSnapshot(
      `"⛔ staging is busy with survival-N (by @olivia): staging is being changed. Wait for it or cancel it."`,
    );
    expect(await operations(mark)).toEqual(['UpdateEndpoint accepted']);
    const state = await journey.record.state();
    expect(state.environments.staging.intent).not.toBeNull();
    expect(rolloutOf(state, id)?.status).toBe('staging');
    expect(await journey.calls(PROD)).toEqual([]);
  });
});
