import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACTIONS } from '../../blocks/ids.ts';
import { type Journey, rolloutOf, startJourney, WHO } from '../support/journey.ts';

const { olivia, alice, adam, bea } = WHO;
const ARN = 'arn:aws:sagemaker:us-east-1:123456789012:model-package/titanic-survival/4';

describe('a pending model package', { timeout: 90_000 }, () => {
  let journey: Journey;
  let rollout = '';
  beforeAll(async () => {
    journey = await startJourney({ delivery: 'socket' });
  });
  afterAll(() => journey.close());

  it('is put before the approvers, approved by one of them, and deployed by itself', async () => {
    await journey.promotes(alice, await journey.toTheGate(olivia, 'deploy staging --model 1'));
    expect(await journey.types(bea, 'deploy staging --model 4 -- the new one')).toMatchInlineSnapshot(
      `"Version 4 is PendingManualApproval, so an approver other than you decides on its card. Once it is approved, it is deployed by itself."`,
    );
    const asked = await journey.until('it is asked', (s) => s.approvals.length === 1);
    const id = asked.approvals[0]?.id ?? '';
    expect(await journey.shows(id, 'to approve')).toMatchInlineSnapshot(`
      "# survival: model version 4 to approve
      To be deployed for @bea, <time>
      Note the new one
      Until <time> an approver who did not ask for it decides
      What the registry says  Version 4  In prod
      version  4  1
      description  Survival by class, sex and age, trained again; a child is younger than 13.  Survival by class and sex.
      accuracy  0.7783  0.7760
      brierScore  0.1621  0.1640
      features  class, sex, age  class, sex
      model quality  s3://titanic-models/survival/4/quality.json  s3://titanic-models/survival/1/quality.json
      trainedOn  Dawson 1995, 2,201 people  Dawson 1995, 2,201 people
      made by  arn:aws:iam::<hash>:user/titanic-sandbox  arn:aws:iam::<hash>:user/titanic-sandbox
      made at  <time>  <time>
      from commit  fb7334afe2e9445cb9dc31f707241f87cc36c8e1  e600c0cb4a6ef7d2b2a43e69159ced5b64118839
      of  https://git.example.com/titanic/survival  https://git.example.com/titanic/survival
      image  <hash>.dkr.ecr.us-east-1.amazonaws.com/titanic-survival:4  <hash>.dkr.ecr.us-east-1.amazonaws.com/titanic-survival:1
      digest  sha256:0f072241be76…  sha256:81333e14b003…
      model data  s3://titanic-models/survival/4/model.tar.gz  s3://titanic-models/survival/1/model.tar.gz
      [Approve model] [Reject model]
      survival-N"
    `);
    expect(await journey.presses(bea, ACTIONS.approveModel, id)).toMatchInlineSnapshot(
      `"⛔ You asked for the deploy of this version, so another approver has to decide about it."`,
    );
    expect(await journey.presses(olivia, ACTIONS.approveModel, id)).toMatchInlineSnapshot(
      `"⛔ Only approvers may do this. Ask one of the approvers to do it."`,
    );
    expect(await journey.presses(alice, ACTIONS.approveModel, id)).toMatchInlineSnapshot(
      `"Your approval of version 4 is recorded, and the Model Registry is told."`,
    );
    const state = await journey.until('the gate opens', (s) => s.rollouts[0]?.status === 'gate');
    rollout = state.rollouts[0]?.id ?? '';
    expect(rolloutOf(state, rollout)).toMatchObject({ requester: bea, modelApprovedBy: alice, note: 'the new one' });
    expect(await journey.shows(id, 'is approved')).toMatchInlineSnapshot(`
      "# ✅ survival: model version 4 is approved
      To be deployed for @bea, <time>
      Note the new one
      Approved by @alice, <time>
      What the registry says  Version 4  In prod
      version  4  1
      description  Survival by class, sex and age, trained again; a child is younger than 13.  Survival by class and sex.
      accuracy  0.7783  0.7760
      brierScore  0.1621  0.1640
      features  class, sex, age  class, sex
      model quality  s3://titanic-models/survival/4/quality.json  s3://titanic-models/survival/1/quality.json
      trainedOn  Dawson 1995, 2,201 people  Dawson 1995, 2,201 people
      made by  arn:aws:iam::<hash>:user/titanic-sandbox  arn:aws:iam::<hash>:user/titanic-sandbox
      made at  <time>  <time>
      from commit  fb7334afe2e9445cb9dc31f707241f87cc36c8e1  e600c0cb4a6ef7d2b2a43e69159ced5b64118839
      of  https://git.example.com/titanic/survival  https://git.example.com/titanic/survival
      image  <hash>.dkr.ecr.us-east-1.amazonaws.com/titanic-survival:4  <hash>.dkr.ecr.us-east-1.amazonaws.com/titanic-survival:1
      digest  sha256:0f072241be76…  sha256:81333e14b003…
      model data  s3://titanic-models/survival/4/model.tar.gz  s3://titanic-models/survival/1/model.tar.gz
      Ended <time>
      Version 4 is approved by @alice.
      survival-N"
    `);
    const evidence = await journey.types(alice, `evidence ${id}`);
    expect(evidence).toContain('ModelDecided');
    expect(evidence).toContain('is in the thread of its card');
    expect(await journey.shows(rollout, 'waits for approval')).toContain('In the registry approved by @alice');
    const seen = await journey.sandbox.sagemaker.control.console('DescribeModelPackage', { ModelPackageName: ARN });
    expect(seen).toMatchObject({
      ModelApprovalStatus: 'Approved',
      ApprovalDescription: `Approved by ${alice} in Slack, ${id} of titanic`,
      ModelLifeCycle: { Stage: 'Staging' },
    });
  });

  it('that is rejected while prod runs it is told, with the way back', async () => {
    const promoted = await journey.promotes(adam, rollout);
    expect(promoted.environments.prod.stack).toMatchObject([{ version: 1 }, { version: 4 }]);
    expect(await journey.types(adam, 'reject-model 4 -- it is biased')).toMatchInlineSnapshot(
      `"Your rejection of version 4 is recorded, and the Model Registry is told."`,
    );
    const told = await journey.until('it is told', (s) => s.rejectedInProd !== null);
    const id = told.rejectedInProd?.id ?? '';
    expect(await journey.shows(id, 'prod runs it')).toMatchInlineSnapshot(`
      "# ⛔ survival: model version 4 is rejected
      Rejected by @adam, <time>
      Reason it is biased
      What the registry says  Version 4
      version  4
      description  Survival by class, sex and age, trained again; a child is younger than 13.
      accuracy  0.7783
      brierScore  0.1621
      features  class, sex, age
      model quality  s3://titanic-models/survival/4/quality.json
      trainedOn  Dawson 1995, 2,201 people
      made by  arn:aws:iam::<hash>:user/titanic-sandbox
      made at  <time>
      from commit  fb7334afe2e9445cb9dc31f707241f87cc36c8e1
      of  https://git.example.com/titanic/survival
      image  <hash>.dkr.ecr.us-east-1.amazonaws.com/titanic-survival:4
      digest  sha256:0f072241be76…
      model data  s3://titanic-models/survival/4/model.tar.gz
      Ended <time>
      Version 4 is rejected by @adam: it is biased.
      prod runs it. An operator or approver can go back.
      [Roll back prod]
      survival-N"
    `);
    expect(await journey.presses(bea, ACTIONS.leaveRejected, id)).toMatchInlineSnapshot(
      `"prod goes back to version 1. SageMaker starts its fleet anew, which takes minutes."`,
    );
    expect(await journey.types(olivia, 'deploy staging --model 4')).toMatchInlineSnapshot(
      `"⛔ Version 4 is Rejected in the Model Registry. Choose another version."`,
    );
  });
});
