import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACTIONS } from '../../blocks/ids.ts';
import { type Journey, PROD, STAGING, startJourney, WHO } from '../support/journey.ts';

const { olivia, alice, bea } = WHO;

describe('cleaning up', { timeout: 90_000 }, () => {
  let journey: Journey;
  beforeAll(async () => {
    journey = await startJourney({ delivery: 'socket' });
  });
  afterAll(() => journey.close());

  async function proposes(person: string, words: string): Promise<string> {
    await journey.types(person, words);
    const state = await journey.until('a plan is proposed', (s) => s.cleanup !== null);
    return state.cleanup?.id ?? '';
  }

  it('shows a plan to approvers, and deletes nothing by it', async () => {
    const id = await journey.toTheGate(olivia, 'deploy staging --model 1');
    await journey.promotes(alice, id);
    expect(await journey.types(olivia, 'cleanup')).toMatchInlineSnapshot(
      `"⛔ Only approvers may do this. Ask one of the approvers to do it."`,
    );
    expect(await journey.types(alice, 'cleanup')).toMatchInlineSnapshot(`
      "# survival: clean-up plan
      Of what nothing uses, no rollback can go to and no rollout needs: 0 would be deleted, 6 stay.
      There is nothing to delete.
      Plan  Kind  Name  Because
      keep  endpoint  titanic-survival-prod  it is live
      keep  endpoint  titanic-survival-staging  it is live
      keep  endpoint configuration  titanic-survival-prod-v1-rN  the endpoint titanic-survival-prod uses it
      keep  endpoint configuration  titanic-survival-staging-v1-rN  the endpoint titanic-survival-staging uses it
      keep  model  titanic-survival-prod-v1-rN  the endpoint configuration titanic-survival-prod-v1-rN uses it
      keep  model  titanic-survival-staging-v1-rN  the endpoint configuration titanic-survival-staging-v1-rN uses it"
    `);
    expect(await journey.types(alice, 'cleanup --target all')).toMatchInlineSnapshot(`
      "# survival: clean-up plan
      Of everything of titanic's in SageMaker, live endpoints too: 6 would be deleted, 0 stay.
      To have it confirmed and carried out: /titanic cleanup --target all --apply
      Plan  Kind  Name  Because
      delete  endpoint  titanic-survival-prod  –
      delete  endpoint  titanic-survival-staging  –
      delete  endpoint configuration  titanic-survival-prod-v1-rN  –
      delete  endpoint configuration  titanic-survival-staging-v1-rN  –
      delete  model  titanic-survival-prod-v1-rN  –
      delete  model  titanic-survival-staging-v1-rN  –"
    `);
    expect(await journey.types(alice, 'cleanup --apply')).toMatchInlineSnapshot(
      `"⛔ Of leftovers there is nothing to delete; the plan says why each thing stays."`,
    );
  });

  it('deletes what is live only when another approver confirms exactly this plan', async () => {
    const id = await proposes(alice, 'cleanup --target all --apply');
    expect(await journey.shows(id, 'to confirm')).toMatchInlineSnapshot(`
      "# survival: clean-up to confirm
      Asked by @alice, <time>
      Of everything of titanic's in SageMaker, live endpoints too
      Deletes 6 things in SageMaker
      Until <time> an approver who did not ask for it can confirm it
      − endpoint titanic-survival-prod
      − endpoint titanic-survival-staging
      − endpoint configuration titanic-survival-prod-v1-rN
      − endpoint configuration titanic-survival-staging-v1-rN
      − model titanic-survival-prod-v1-rN
      − model titanic-survival-staging-v1-rN
      [Delete 6] [Discard]
      survival-N"
    `);
    expect(await journey.presses(alice, ACTIONS.confirmCleanup, id)).toMatchInlineSnapshot(
      `"⛔ You asked for this clean-up of what may be live, so another approver has to confirm it."`,
    );
    expect(await journey.presses(olivia, ACTIONS.confirmCleanup, id)).toMatchInlineSnapshot(
      `"⛔ Only approvers may do this. Ask one of the approvers to do it."`,
    );
    // The world changes behind titanic's back.
    await journey.sandbox.sagemaker.control.console('CreateModel', {
      ModelName: 'titanic-survival-prod-v9-r999',
      ExecutionRoleArn: 'arn:aws:iam::123456789012:role/titanic-sagemaker-execution',
      PrimaryContainer: { Image: 'x.example/y:1', ModelDataUrl: 's3://titanic-models/class-sex/model.tar.gz' },
      Tags: [
        { Key: 'project', Value: 'titanic-sagemaker' },
        { Key: 'tutorial_phase', Value: '04' },
      ],
    });
    expect(await journey.presses(bea, ACTIONS.confirmCleanup, id)).toMatchInlineSnapshot(
      `"⛔ What is there now is not what the plan showed, so nothing was deleted. Make a new plan: /titanic cleanup."`,
    );
    expect((await journey.world.serving(PROD))?.version).toBe(1);
  });

  it('leaves nothing with all though the bot is stopped meanwhile, and a deploy starts from nothing', async () => {
    const id = await proposes(alice, 'cleanup --target all --apply');
    await journey.sandbox.sagemaker.control.setSpeed(20);
    expect(await journey.presses(bea, ACTIONS.confirmCleanup, id)).toMatchInlineSnapshot(
      `"survival-N deletes 7 things now."`,
    );
    await journey.until('both endpoints are being deleted', ({ environments: { staging, prod } }) =>
      [staging, prod].every(({ deployment }) => deployment?.followed != null),
    );
    expect(await journey.types(olivia, 'deploy staging')).toMatch(/^⛔ survival-N is deleting all\./);
    await journey.sandbox.bot().end('SIGTERM');
    await journey.sandbox.startBot();
    await journey.sandbox.sagemaker.control.setSpeed(1_200);
    await journey.until('it is over', (s) => s.endedCleanups[0]?.id === id);
    expect(await journey.shows(id, 'is done')).toMatchInlineSnapshot(`
      "# 🧹 survival: clean-up is done
      Asked by @alice, <time>
      Of everything of titanic's in SageMaker, live endpoints too
      Planned to delete 7 things in SageMaker
      Confirmed by @bea, <time>
      staging is gone
      prod is gone
      Ended <time>
      Everything that was planned is deleted (7).
      survival-N"
    `);
    expect([await journey.world.serving(STAGING), await journey.world.serving(PROD)]).toEqual([null, null]);
    const evidence = await journey.types(alice, `evidence ${id}`);
    expect(evidence).toContain('CleanupConfirmed');
    expect(evidence).toContain('is in the thread of its card');
    expect(await journey.types(bea, 'cleanup --target all')).toMatchInlineSnapshot(`
      "# survival: clean-up plan
      Of everything of titanic's in SageMaker, live endpoints too: 0 would be deleted, 0 stay.
      There is nothing to delete."
    `);
    const again = await journey.toTheGate(olivia, 'deploy staging --model 3');
    expect(await journey.shows(again, 'waits for approval')).toContain('Model nothing in prod → version 3');
  });
});
