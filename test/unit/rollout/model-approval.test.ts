import { describe, expect, test } from 'vitest';
import { stageChanges } from '../../../src/rollout/model-stages.ts';
import { needsOf } from '../../../src/rollout/needs.ts';
import { known, unknown } from '../../../src/rollout/observation.ts';
import { reason } from '../../../src/rollout/reasons.ts';
import { eventOf, types } from '../../support/decision-facts.ts';
import { expectDone, expectRefused } from '../../support/expect-decision.ts';
import {
  approver,
  both,
  candidate,
  operator,
  packageSeen,
  pipeline,
  secondApprover,
} from '../../support/rollout-facts.ts';
import * as say from '../../support/sayings.ts';
import { type Story, story } from '../../support/story.ts';

const two = story().promotes(1).promotes(2);
const asked = two.tells(operator, say.deployPending(4));
const approved = asked.tells(approver, say.approveModel());
const APPROVED = { model: { approval: 'Approved' } } as const;
const PENDING = { approval: 'PendingManualApproval' } as const;
const REJECTED = { model: { approval: 'Rejected' } } as const;

function intends(told: Story): Story {
  return told.after(told.sees());
}

function hears(told: Story, outcome: object): Story {
  const [about] = told.state.approvals;
  const input = { kind: 'registry-decided', approvalId: about?.id ?? '', intent: about?.intent?.seq ?? 0 } as const;
  return told.after(told.decides({ ...input, outcome: outcome as { kind: 'accepted'; requestId: null } }));
}

describe('a deploy of a pending package', () => {
  test('asks the approvers, and starts nothing', () => {
    const decision = two.says(operator, say.deployPending(4));
    expectDone(decision, 'model-approval-asked', { version: 4 });
    expect(eventOf(decision, 'ModelApprovalAsked')).toMatchObject({ requester: 'U0OLGA', deploys: true });
    expect(types(decision)).toEqual(['ModelApprovalAsked']);
  });

  test('is asked once, however often it is given', () => {
    expectRefused(asked.says(both, say.deployPending(4)), 'package-pending');
  });

  test('is approved by an approver who did not ask for it', () => {
    const mine = two.tells(both, say.deployPending(4));
    expectRefused(mine.says(both, say.approveModel()), 'requester-cannot-approve-model');
    expectDone(mine.says(approver, say.approveModel()), 'model-approval-recorded');
    expectRefused(mine.says(pipeline, say.approveModel()), 'pipeline-cannot-approve');
  });

  test('is not approved by who asked for it, once it was rejected or ran out either', () => {
    const mine = two.tells(both, say.deployPending(4));
    const found = known(packageSeen(4, { approval: 'Rejected' }));
    const mineAgain = say.approveModel({ id: null, found });
    const rejected = mine.tells(both, say.rejectModel());
    const over = rejected.after(rejected.sees(REJECTED));
    expectRefused(over.says(both, mineAgain), 'requester-cannot-approve-model');
    expectDone(over.says(approver, mineAgain), 'model-approval-recorded');
    const late = mine.later(90_000_000);
    const expired = late.after(late.sees());
    expectRefused(expired.says(both, mineAgain), 'requester-cannot-approve-model');
    const reopened = over.tells(approver, say.rejectModel({ id: null, found: known(packageSeen(4)) }));
    expectRefused(reopened.says(both, say.approveModel({ found })), 'requester-cannot-approve-model');
  });

  test('needs one more approval for prod though a later question about its model came to nothing', () => {
    const pending = known(packageSeen(9, PENDING));
    const told = two.tells(both, say.approveModel({ id: null, found: pending }));
    const over = told.after(told.sees(APPROVED));
    const again = over.tells(approver, say.approveModel({ id: null, found: pending }));
    const [question] = again.state.approvals;
    const failed = again.records([
      {
        type: 'ModelApprovalEnded',
        approvalId: question?.id ?? '',
        outcome: 'failed',
        reason: reason('registry-refused', { version: 9, words: 'no' }),
        by: null,
      },
    ]);
    expect(failed.state.approvals).toEqual([]);
    expect(failed.tells(both, say.deploy(9)).rollout.quorum).toBe(2);
  });

  test('needs one more approval for prod if who asks has approved the model', () => {
    const told = two.tells(both, say.approveModel({ id: null, found: known(packageSeen(4, PENDING)) }));
    const over = told.after(told.sees(APPROVED));
    expect(over.state.approvedPackages).toMatchObject([{ packageArn: candidate(4).packageArn, by: 'U0BO' }]);
    expect(over.tells(both, say.deploy(4)).rollout.quorum).toBe(2);
    expect(over.tells(operator, say.deploy(4)).rollout.quorum).toBe(1);
    expect(over.tells(both, say.deploy(3)).rollout.quorum).toBe(1);
    // The same if the registry was not seen to take it.
    const unseen = told.later(90_000_000);
    expect(unseen.after(unseen.sees()).tells(both, say.deploy(4)).rollout.quorum).toBe(2);
  });

  test('by a pipeline goes on in the name of its GitHub user, or in nobody’s', () => {
    const githubUsers = { 'anna-codes': 'U0ANNA' };
    const begins = (githubUser: string) => {
      const told = story({ githubUsers }).tells(pipeline, say.deployPending(4, { githubUser }));
      if (githubUser === 'anna-codes')
        expectRefused(told.says(approver, say.approveModel()), 'requester-cannot-approve-model');
      const judged = intends(told.tells(secondApprover, say.approveModel()));
      const registered = hears(judged, { kind: 'accepted', requestId: 'r1' });
      return registered.after(registered.sees(APPROVED)).rollout;
    };
    expect(begins('anna-codes')).toMatchObject({ requester: 'U0ANNA', githubUser: 'anna-codes', quorum: 1 });
    expect(begins('somebody-else')).toMatchObject({ requester: null, githubUser: 'somebody-else', quorum: 2 });
  });

  test('that was looked at a moment ago is not looked at, nor is staging for it', () => {
    const id = asked.state.approvals[0]?.id ?? '';
    expect(needsOf(asked.state, asked.nowMs)).toMatchObject({ models: { [id]: candidate(4).packageArn } });
    expect(needsOf(asked.state, asked.nowMs, new Set([id]))).toMatchObject({
      endpoints: { staging: null },
      models: {},
    });
    const unseen = { endpoints: { staging: null, prod: null }, seals: {}, approvers: null, models: {}, agesMs: {} };
    expect(asked.decides({ kind: 'observed', observation: unseen })).toMatchObject({ events: [], wakeInMs: 60_000 });
  });

  test('is decided once', () => {
    expectRefused(approved.says(secondApprover, say.approveModel()), 'model-decided', {
      by: 'U0ANNA',
      what: 'approved',
    });
    expectRefused(approved.says(secondApprover, say.rejectModel()), 'model-decided');
  });

  test('tells the registry, and goes on by itself in the name of who asked', () => {
    const intended = intends(approved);
    expect(types(approved.sees())).toEqual(['RegistryCallIntended']);
    expect(approved.sees().effects).toEqual([
      { kind: 'register', approvalId: asked.state.approvals[0]?.id, intent: intended.state.seq },
    ]);
    const told = hears(intended, { kind: 'accepted', requestId: 'r1' });
    // What was taken may be seen a little later.
    expect(told.sees()).toMatchObject({ events: [], wakeInMs: 5_000 });
    const decision = told.sees(APPROVED);
    expect(types(decision)).toEqual(['ModelApprovalEnded', 'RolloutStarted', 'DeploymentStarted']);
    const { rollout } = told.after(decision);
    expect(rollout).toMatchObject({
      requester: 'U0OLGA',
      modelApprovedBy: 'U0ANNA',
      quorum: 1,
      candidate: { version: 4 },
      // What approvers of prod are shown of it.
      about: { model: { version: 4 }, beside: null },
    });
    expectRefused(
      told
        .after(decision)
        .to('gate')
        .says(operator, say.approveModel({ id: 'survival-1' })),
      'not-an-approver',
    );
  });

  test('waits while staging or the registry cannot be read', () => {
    expect(approved.sees({ model: unknown('timed out') })).toMatchObject({ events: [], wakeInMs: 5_000 });
    const seen = { ...APPROVED, staging: unknown('timed out') } as const;
    expect(approved.sees(seen)).toMatchObject({ events: [], wakeInMs: 5_000 });
  });

  test('says so when staging is held by the time it is approved', () => {
    const held = approved.tells(operator, say.lock('staging'));
    expect(eventOf(held.sees(APPROVED), 'ModelApprovalEnded').reason.code).toBe('model-approved-not-started');
  });

  test('starts nothing in an environment that a clean-up deletes', () => {
    const cleaning = approved.tells(approver, say.cleanup('prod')).tells(secondApprover, say.confirmCleanup());
    const { events } = cleaning.sees(APPROVED);
    expect(events.map((e) => e.type)).toEqual(['ModelApprovalEnded']);
    expect(eventOf(cleaning.sees(APPROVED), 'ModelApprovalEnded').reason.code).toBe('model-approved-not-started');
  });

  test('counts an approval from outside, and says so on the rollout', () => {
    const decision = asked.sees(APPROVED);
    expect(eventOf(decision, 'ModelApprovalEnded').outcome).toBe('approved-outside');
    expect(asked.after(decision).rollout).toMatchObject({ candidate: { version: 4 }, modelApprovedBy: null });
  });

  test('ends when it is rejected outside, gone, or nobody decides', () => {
    expect(eventOf(asked.sees(REJECTED), 'ModelApprovalEnded').outcome).toBe('rejected-outside');
    expect(eventOf(asked.sees({ model: null }), 'ModelApprovalEnded').outcome).toBe('failed');
    expect(eventOf(asked.later(90_000_000).sees(), 'ModelApprovalEnded').outcome).toBe('expired');
    expect(asked.sees()).toMatchObject({ events: [], wakeInMs: 60_000 });
  });

  test('ends when it was rejected outside after the registry took the approval', () => {
    const told = hears(intends(approved), { kind: 'accepted', requestId: 'r1' });
    expect(eventOf(told.sees(REJECTED), 'ModelApprovalEnded').outcome).toBe('rejected-outside');
  });

  test('ends when the registry never shows what it took', () => {
    const told = hears(intends(approved), { kind: 'accepted', requestId: 'r1' });
    expect(told.later(119_000).sees()).toMatchObject({ events: [], wakeInMs: 1_000 });
    expect(eventOf(told.later(120_000).sees(), 'ModelApprovalEnded')).toMatchObject({
      outcome: 'failed',
      reason: { code: 'registry-refused' },
    });
  });

  test('ends with its time, whatever it waits for, and starts nothing after it', () => {
    const late = approved.later(90_000_000);
    const outcomeOf = (told: Story, sight: Parameters<Story['sees']>[0]) =>
      eventOf(told.sees(sight), 'ModelApprovalEnded');
    expect(outcomeOf(late, {}).outcome).toBe('failed');
    expect(outcomeOf(late, { model: unknown('timed out') }).outcome).toBe('failed');
    expect(outcomeOf(asked.later(90_000_000), { model: unknown('timed out') }).outcome).toBe('expired');
    for (const sight of [APPROVED, { ...APPROVED, staging: unknown('timed out') }]) {
      expect(outcomeOf(late, sight)).toMatchObject({
        outcome: 'approved',
        reason: { code: 'model-approved-not-started' },
      });
      expect(types(late.sees(sight))).toEqual(['ModelApprovalEnded']);
    }
  });

  test('is not approved against a rejection from outside', () => {
    expect(eventOf(approved.sees(REJECTED), 'ModelApprovalEnded').outcome).toBe('rejected-outside');
  });
});

describe('a call to the registry without an outcome', () => {
  const open = intends(approved);

  test('is decided by a look, and made again if it left no trace', () => {
    expect(open.sees({ ageMs: 119_000 })).toMatchObject({ events: [], wakeInMs: 1_000 });
    expect(eventOf(open.sees(APPROVED), 'RegistryCallDecided').outcome.kind).toBe('landed');
    const lapsed = open.after(open.sees());
    expect(lapsed.state.approvals[0]).toMatchObject({ intent: null, registered: false });
    expect(types(lapsed.later(60_000).sees())).toEqual(['RegistryCallIntended']);
  });

  test('is made again after a refusal that passes, and given up after a definite one', () => {
    const why = reason('waits-for-back-off');
    const throttled = hears(open, { kind: 'refused', requestId: null, reason: why, retryable: true });
    expect(throttled.sees().events).toEqual([]);
    expect(types(throttled.later(60_000).sees())).toEqual(['RegistryCallIntended']);
    const denied = hears(open, { kind: 'refused', requestId: null, reason: why, retryable: false });
    expect(denied.state.endedApprovals[0]?.ended?.outcome).toBe('failed');
  });
});

describe('a rejection', () => {
  test('of a package that nobody asked about is recorded as well', () => {
    const told = two.tells(approver, say.rejectModel({ id: null }));
    expect(told.state.approvals[0]).toMatchObject({ version: 9, deploys: false, verdict: { approve: false } });
    const done = told.sees(REJECTED);
    expect(eventOf(done, 'ModelApprovalEnded')).toMatchObject({ outcome: 'rejected', by: 'U0ANNA' });
    expect(types(done)).toEqual(['ModelApprovalEnded']);
  });

  test('right after an approval is told to the registry, whatever a look of a moment ago still shows', () => {
    const was = known(packageSeen(9, { approval: 'Rejected' }));
    const approving = two.tells(approver, say.approveModel({ id: null, found: was }));
    const approved = approving.after(approving.sees(APPROVED));
    expect(approved.state.endedApprovals[0]).toMatchObject({ version: 9, verdict: { approve: true } });
    // Both the command and the pass after it look at what was before the approval.
    const told = approved.tells(secondApprover, say.rejectModel({ id: null, found: was }));
    expect(types(told.sees(REJECTED))).toEqual(['RegistryCallIntended']);
    expect(types(told.later(130_000).sees(REJECTED))).toEqual(['ModelApprovalEnded']);
  });

  describe.each(['staging', 'testing', 'tested', 'gate', 'approved', 'prod'] as const)('at %s', (status) => {
    const rollout = two.begins(3).to(status);
    const found = known(packageSeen(3));
    const told = rollout.tells(approver, say.rejectModel({ id: null, found }));

    test('voids the rollout of that package in the same entry, before the registry shows it', () => {
      expect(told.entries.at(-1)?.events.map((e) => e.type)).toContain('ModelDecided');
      expect(told.state.rollouts).toEqual([]);
      const why = reason('package-no-longer-approved', { version: 3, status: 'Rejected' });
      expect(told.state.ended[0]).toMatchObject({ outcome: 'voided', reason: why, by: 'U0ANNA' });
    });

    test('leaves nothing behind that goes on', () => {
      const { staging, prod } = told.state.environments;
      expect([staging.smoke, prod.smoke]).toEqual([null, null]);
      for (const e of [staging, prod]) expect(e.deployment?.abort ?? null).toEqual(e.deployment && expect.anything());
    });

    test('leaves rollouts of other packages alone', () => {
      const other = rollout.tells(approver, say.rejectModel({ id: null, found: known(packageSeen(9)) }));
      expect(other.state.rollouts).toEqual(rollout.state.rollouts);
    });
  });

  test('leaves a rollout that prod has taken to its end', () => {
    const taken = two.begins(3).to('verifying');
    const told = taken.tells(approver, say.rejectModel({ id: null, found: known(packageSeen(3)) }));
    expect(told.state.rollouts).toEqual(taken.state.rollouts);
  });

  test('of a package keeps it from being deployed while the registry does not show it yet', () => {
    const told = two.tells(approver, say.rejectModel({ id: null, found: known(packageSeen(3)) }));
    expectRefused(told.says(operator, say.deploy(3)), 'package-rejected');
    expectDone(told.says(operator, say.deploy(4)), 'rollout-started');
  });

  test('of what prod runs is told, with the way back, until prod runs something else', () => {
    const found = known(packageSeen(2));
    const told = two.tells(approver, say.rejectModel({ id: null, found }));
    const [about] = told.state.approvals;
    expect(about?.packageArn).toBe(candidate(2).packageArn);
    const alarmed = told.after(told.sees(REJECTED));
    expect(alarmed.state.rejectedInProd).toMatchObject({ id: about?.id, version: 2, over: false });
    const back = alarmed.tells(operator, say.leaveRejected());
    expect(back.state.environments.prod.rollback?.target.version).toBe(1);
    const left = back.goesBack('prod').reaches('prod');
    expect(left.state.rejectedInProd?.over).toBe(true);
    expectRefused(left.says(operator, say.leaveRejected()), 'model-left-already');
  });

  test('of what prod runs that somebody did outside is told once', () => {
    const seen = { kind: 'model-seen', packageArn: candidate(2).packageArn, approval: 'Rejected' } as const;
    const decision = two.decides(seen);
    expect(eventOf(decision, 'ModelRejectionSeen')).toMatchObject({ version: 2, by: null });
    expect(two.after(decision).decides(seen).events).toEqual([]);
    expect(two.decides({ ...seen, approval: 'Approved' }).events).toEqual([]);
    expect(two.decides({ ...seen, packageArn: candidate(1).packageArn }).events).toEqual([]);
  });
});

describe('the life cycle in the registry', () => {
  test('follows what is deployed, and what is left', () => {
    const before = two.begins(3).to('prod').sends('prod');
    const entry = before.reaches('prod').entries.at(-1);
    if (entry === undefined) throw new Error('no entry');
    expect(stageChanges(before.state, entry)).toMatchObject([
      { packageArn: candidate(3).packageArn, stage: 'prod' },
      { packageArn: candidate(2).packageArn, stage: 'retired' },
    ]);
  });

  test('says at the rollback what is left, which is off the stack once it has arrived', () => {
    const back = two.tells(operator, say.rollback('prod'));
    const changesOf = (before: Story, after: Story) => {
      const entry = after.entries.at(-1);
      if (entry === undefined) throw new Error('no entry');
      return stageChanges(before.state, entry);
    };
    expect(changesOf(two, back)).toMatchObject([{ packageArn: candidate(2).packageArn, stage: 'retired' }]);
    const under = back.goesBack('prod').sends('prod');
    expect(changesOf(under, under.reaches('prod'))).toMatchObject([
      { packageArn: candidate(1).packageArn, stage: 'prod' },
    ]);
    // Staging has no such stage, and what fails to get to prod never was there.
    expect(changesOf(two, two.tells(operator, say.rollback('staging')))).toEqual([]);
    const failing = two.begins(3).to('prod').sends('prod');
    const failed = failing.sees({ prod: { configName: failing.config('prod', 3), images: ['other'] } });
    expect(types(failed)).toContain('RollbackStarted');
    expect(changesOf(failing, failing.after(failed))).toEqual([]);
  });
});
