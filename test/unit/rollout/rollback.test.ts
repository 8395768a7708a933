import { describe, expect, test } from 'vitest';
import { known, unknown } from '../../../src/rollout/observation.ts';
import { reason } from '../../../src/rollout/reasons.ts';
import { eventOf, types } from '../../support/decision-facts.ts';
import { expectDone, expectRefused } from '../../support/expect-decision.ts';
import { approver, both, operator, requester, secondApprover } from '../../support/rollout-facts.ts';
import { cancel, deploy, lock, promote, recreate, rollback, unlock } from '../../support/sayings.ts';
import { type Story, story } from '../../support/story.ts';

const two = story().promotes(1).promotes(2);
const three = two.promotes(3);

/** All the way back. */
function back(told: Story, saying = rollback()): Story {
  return told.tells(operator, saying).goesBack('prod').reaches('prod');
}

describe('rollback', () => {
  test('acts at once and without a second approval, and holds prod', () => {
    const decision = three.says(operator, rollback('prod', { reason: 'too slow' }));
    expectDone(decision, 'rollback-started', { environment: 'prod', version: 2 });
    expect(types(decision)).toEqual(['RollbackStarted', 'HoldPlaced']);
    expect(eventOf(decision, 'RollbackStarted')).toMatchObject({
      cause: 'asked',
      leaving: three.config('prod', 3),
      target: { version: 2 },
      by: 'U0OLGA',
    });
    expect(eventOf(decision, 'HoldPlaced')).toMatchObject({
      kind: 'after-rollback',
      by: 'U0OLGA',
      reason: 'too slow',
      until: null,
    });
    const next = three.after(decision).sees();
    expect(eventOf(next, 'DeploymentStarted')).toMatchObject({ kind: 'rollback', target: { version: 2 } });
  });

  test('of a message leaves what that was about, and nothing else', () => {
    const third = three.subject;
    expectDone(three.says(operator, rollback('prod', { leaving: third })), 'rollback-started', { version: 2 });
    expectRefused(three.says(operator, rollback('prod', { leaving: two.subject })), 'runs-another', { runs: third });
    // Whoever was asked meanwhile has done it: the second one leaves nothing more.
    const going = three.tells(operator, rollback('prod', { leaving: third })).goesBack('prod');
    expectRefused(going.says(approver, rollback('prod', { leaving: third })), 'already-going-back', { version: 2 });
    expectRefused(going.reaches('prod').says(approver, rollback('prod', { leaving: third })), 'already-back', {});
    const next = three.begins(4).to('prod').sends('prod');
    expectRefused(next.says(operator, rollback('prod', { leaving: third })), 'runs-another', { runs: next.subject });
    expectDone(next.says(operator, rollback('prod', { leaving: next.subject })), 'rollback-waits', { version: 3 });
  });

  test('uses the config of before as it was, proves that it is still there, and ends reached', () => {
    const going = three.tells(operator, rollback()).goesBack('prod');
    const shown = { configName: three.config('prod', 3) };
    const decision = going.sees({ prod: shown });
    expect(eventOf(decision, 'CallIntended').call).toMatchObject({
      kind: 'update',
      configName: three.config('prod', 2),
    });
    const gone = going.sees({ prod: { ...shown, look: { targetPresent: known(false) } } });
    expect(eventOf(gone, 'RollbackEnded')).toMatchObject({ reached: false, reason: { code: 'target-missing' } });
    expect(going.sees({ prod: { ...shown, look: { targetPresent: unknown('') } } })).toMatchObject({
      events: [],
      wakeInMs: 5_000,
    });
    const reached = going.sends('prod').sees({ prod: {} });
    expect(types(reached)).toEqual(['DeploymentSucceeded', 'RollbackEnded']);
    expect(eventOf(reached, 'RollbackEnded')).toMatchObject({ reached: true });
  });

  test('takes what was left off the stack for good', () => {
    const after = back(three);
    expect(after.versions('prod')).toEqual([1, 2]);
    const decision = after.says(operator, rollback('prod', { to: 3 }));
    expectRefused(decision, 'not-a-rollback-target', { version: 3, targets: '1' });
  });

  test('a second time, while it runs or while prod is held by it, answers and does nothing', () => {
    const going = three.tells(operator, rollback());
    expectRefused(going.says(approver, rollback()), 'already-going-back', { version: 2, by: 'U0OLGA' });
    expectRefused(going.goesBack('prod').sends('prod').says(approver, rollback()), 'already-going-back');
    const after = back(three);
    expectRefused(after.says(approver, rollback()), 'already-back', { version: 2, by: 'U0OLGA' });
    const released = after.tells(operator, unlock('prod'));
    expectDone(released.says(approver, rollback()), 'rollback-started', { version: 1 });
  });

  test('further back needs the version or the button of that very rollback', () => {
    const after = back(three);
    const { rollbackId } = after.state.environments.prod.returned ?? { rollbackId: '' };
    expectDone(after.says(operator, rollback('prod', { to: 1 })), 'rollback-started', { version: 1 });
    expectDone(after.says(operator, rollback('prod', { furtherThan: rollbackId })), 'rollback-started', { version: 1 });
    expectRefused(after.says(operator, rollback('prod', { furtherThan: 'survival-1' })), 'already-back');
    const furthest = back(after, rollback('prod', { furtherThan: rollbackId }));
    expect(furthest.versions('prod')).toEqual([1]);
    // The button was pressed on the card of the first one.
    expectRefused(furthest.says(operator, rollback('prod', { furtherThan: rollbackId })), 'already-back', {
      version: 1,
    });
    const released = furthest.tells(operator, unlock('prod'));
    expectRefused(released.says(operator, rollback('prod', { furtherThan: rollbackId })), 'nothing-to-go-back-to');
  });

  test('to another version replaces one that runs', () => {
    const going = three.tells(operator, rollback()).goesBack('prod').sends('prod');
    expectRefused(going.says(approver, rollback('prod', { to: 2 })), 'already-going-back', { version: 2 });
    const decision = going.says(approver, rollback('prod', { to: 1 }));
    expect(decision).toMatchObject({ accepted: true, reason: { code: 'rollback-waits' } });
    expect(types(decision)).toEqual(['DeploymentAbortMarked', 'RollbackEnded', 'RollbackStarted']);
    const replaced = going.after(decision);
    expect(replaced.state.environments.prod).toMatchObject({ rollback: { target: { version: 1 } }, holds: [{}] });
    expect(replaced.versions('prod')).toEqual([1]);
    const arrived = replaced.sees({ prod: { configName: three.config('prod', 2) } });
    expect(types(arrived)).toEqual(['DeploymentFailed']);
    const next = replaced.after(arrived).sees({ prod: { configName: three.config('prod', 2) } });
    expect(eventOf(next, 'DeploymentStarted').target.version).toBe(1);
  });

  test('with nothing to go back to is an answer', () => {
    for (const told of [story(), story().promotes(1)]) {
      expectRefused(told.says(operator, rollback()), 'nothing-to-go-back-to', { environment: 'prod' });
    }
    expectRefused(story().says(operator, rollback('prod', { to: 7 })), 'not-a-rollback-target', { targets: 'none' });
  });

  test('of a first deployment that runs stops it, and that is all', () => {
    const first = story().begins(1).to('prod').sends('prod');
    const decision = first.says(operator, rollback());
    expectDone(decision, 'stopping-only', { environment: 'prod' });
    expect(types(decision)).toEqual(['DeploymentAbortMarked', 'RolloutEnded']);
    expectRefused(first.after(decision).says(approver, rollback()), 'nothing-to-go-back-to');
  });

  test('while a deployment or an open call runs says why it waits', () => {
    const prod = two.begins(3).to('prod');
    expectDone(prod.says(operator, rollback()), 'rollback-started', { version: 2 });
    expectDone(prod.intends('prod').says(operator, rollback()), 'rollback-waits', {
      version: 2,
      why: 'a call has no known outcome yet',
    });
    expectDone(prod.sends('prod').says(operator, rollback()), 'rollback-waits', { why: 'an update is under way' });
    const moving = prod.sends('prod');
    const words = moving.after(moving.sees({ prod: { status: 'Updating', words: 'creating variants' } }));
    expectDone(words.says(operator, rollback()), 'rollback-waits', { why: 'creating variants' });
  });

  test('of an open call that landed follows it to its end, and then goes back', () => {
    const open = two.begins(3).to('prod').intends('prod').tells(operator, rollback());
    const ours = {
      pendingConfigName: open.deployment('prod').target.configName,
      status: 'Updating',
      lastModified: 'later',
    };
    const landed = open.after(open.sees({ prod: ours, ageMs: 120_000 }));
    expect(landed.state.environments.prod.intent).toBeNull();
    expect(types(landed.sees({ prod: ours }))).toEqual(['ProgressSeen']);
    const ended = landed.sees({ prod: { configName: ours.pendingConfigName } });
    expect(types(ended)).toEqual(['DeploymentFailed']);
    expect(eventOf(landed.after(ended).sees(), 'DeploymentStarted')).toMatchObject({
      kind: 'rollback',
      target: { version: 2 },
    });
  });

  test('of staging ends what waits there, and never holds staging', () => {
    for (const status of ['testing', 'tested', 'held', 'gate', 'approved'] as const) {
      const told = two.begins(3).to(status);
      const decision = told.says(operator, rollback('staging'));
      expectDone(decision, 'rollback-started', { environment: 'staging', version: 2 });
      expect(types(decision)).not.toContain('HoldPlaced');
      expect(eventOf(decision, 'RolloutEnded')).toMatchObject({
        outcome: 'rolled-back',
        reason: reason('staging-rolled-back', { by: 'U0OLGA' }),
      });
      const after = told.after(decision).goesBack('staging').reaches('staging');
      expect(after.says(operator, deploy(4)).accepted).toBe(true);
    }
  });

  test('leaves a rollout that has not reached prod alone, except for its approvals', () => {
    const told = two.begins(3).to('approved');
    const decision = told.says(operator, rollback());
    expect(eventOf(decision, 'ApprovalsVoided').reason.code).toBe('approvals-void');
    expect(types(decision)).not.toContain('RolloutEnded');
    const untouched = two.begins(3).to('gate').says(operator, rollback());
    expect(types(untouched)).toEqual(['RollbackStarted', 'HoldPlaced']);
  });

  test('is stopped by no hold, and places only one of its own', () => {
    const held = back(three.tells(operator, lock('prod')));
    const decision = held.says(operator, rollback('prod', { to: 1 }));
    expectDone(decision, 'rollback-started');
    expect(types(decision)).toEqual(['RollbackStarted']);
    expect(held.state.environments.prod.holds.map((h) => h.kind)).toEqual(['lock', 'after-rollback']);
  });

  test('of a failed deployment begins by itself where something else than the last good config is live', () => {
    const sent = two.begins(3).to('prod').sends('prod');
    const decision = sent.sees({ prod: { configName: 'foreign' } });
    expect(types(decision)).toEqual(['DeploymentFailed', 'RolloutEnded', 'RollbackStarted', 'HoldPlaced']);
    expect(eventOf(decision, 'RollbackStarted')).toMatchObject({ cause: 'deployment-failed', target: { version: 2 } });
    expect(eventOf(decision, 'HoldPlaced').reason).toBe('Somebody else changed the endpoint: it runs foreign');
  });

  test('with the last known membership says so in the record', () => {
    const lastKnown = {
      ...both,
      standing: { kind: 'member', approver: true, operator: false, lastKnown: true },
    } as const;
    const decision = three.says(lastKnown, rollback());
    expect(eventOf(decision, 'RollbackStarted').reason).toContain('last known membership');
    expectRefused(three.says(lastKnown, promote()), 'groups-unreadable');
  });
});

describe('recreate', () => {
  const sent = two.begins(3).to('prod').sends('prod');
  const failed = sent.after(sent.sees({ prod: { status: 'Failed' } }));

  test('deletes a Failed prod endpoint and creates it with the last that succeeded', () => {
    const decision = failed.says(approver, recreate({ status: 'Failed' }));
    expectDone(decision, 'recreate-started', { version: 2 });
    expect(eventOf(decision, 'RollbackStarted')).toMatchObject({
      cause: 'recreate',
      recreate: true,
      target: { version: 2 },
    });
  });

  test('is refused where it does not apply', () => {
    expectRefused(failed.says(operator, recreate({ status: 'Failed' })), 'not-an-approver');
    expectRefused(failed.says(approver, recreate(unknown('down'))), 'endpoint-unreadable');
    expectRefused(failed.says(approver, recreate({})), 'endpoint-not-failed');
    expectRefused(failed.says(approver, recreate(null)), 'endpoint-not-failed');
    expectRefused(sent.says(approver, recreate({ status: 'Failed' })), 'prod-busy', { what: sent.subject });
    const going = failed.tells(approver, recreate({ status: 'Failed' }));
    expectRefused(going.says(secondApprover, recreate({ status: 'Failed' })), 'already-going-back', { by: 'U0ANNA' });
    const never = story().begins(1).to('prod').sends('prod');
    const broken = never.after(never.sees({ prod: { status: 'Failed', configName: 'c' } }));
    expectRefused(broken.says(approver, recreate({ status: 'Failed', configName: 'c' })), 'nothing-to-go-back-to');
  });
});

describe('holds', () => {
  test('end by themselves where they have an end', () => {
    const locked = two.tells(operator, lock('staging', 7_200));
    expectRefused(locked.says(operator, deploy(3)), 'environment-held', { environment: 'staging', by: 'U0OLGA' });
    expect(locked.later(7_200_000).says(operator, deploy(3)).accepted).toBe(true);
    expectRefused(locked.later(7_200_000).says(operator, unlock('staging')), 'not-held');
  });

  test('are released by name, so that one placed in the same moment stands', () => {
    const locked = two.tells(operator, lock('prod')).tells(both, lock('prod', null, 'second'));
    const decision = two.tells(operator, lock('prod')).says(operator, unlock('prod'));
    expectDone(decision, 'hold-released');
    const after = locked.after(decision);
    expect(after.state.environments.prod.holds).toMatchObject([{ by: 'U0BO', reason: 'second' }]);
  });

  test('need a reason to be placed and to be released', () => {
    expectRefused(two.says(operator, lock('prod', null, '  ')), 'reason-missing');
    expectRefused(two.tells(operator, lock('prod')).says(operator, unlock('prod', '')), 'reason-missing');
  });

  test('of prod do not keep staging from being deployed to', () => {
    expect(two.tells(operator, lock('prod')).says(operator, deploy(3)).accepted).toBe(true);
  });

  test('of the staging lock do not undo what runs', () => {
    const told = two.begins(3).tells(operator, lock('staging'));
    expect(told.says(requester, cancel()).accepted).toBe(true);
  });
});
