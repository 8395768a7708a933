import { describe, expect, test } from 'vitest';
import { known, unknown } from '../../../src/rollout/observation.ts';
import { reason } from '../../../src/rollout/reasons.ts';
import { sealDifferences } from '../../../src/rollout/seal.ts';
import { eventOf, types } from '../../support/decision-facts.ts';
import { expectDone, expectRefused } from '../../support/expect-decision.ts';
import {
  approver,
  both,
  candidate,
  operator,
  PLANS,
  packageSeen,
  requesterApprover,
  secondApprover,
} from '../../support/rollout-facts.ts';
import { cancel, lock, promote, reject, rollback, unlock } from '../../support/sayings.ts';
import { type Story, story } from '../../support/story.ts';

const HOUR_MS = 3_600_000;
const one = story().promotes(1);
const gate = one.begins(2).to('gate');
const two = story({ quorum: 2 }).promotes(1).begins(2);

describe('the gate', () => {
  const tested = one.begins(2).to('tested');

  test('opens when the seal holds and prod is free, until the approval expires', () => {
    const decision = tested.sees();
    const expiresAt = new Date(tested.nowMs + 24 * HOUR_MS).toISOString();
    expect(decision.events).toEqual([{ type: 'GateOpened', rolloutId: tested.subject, expiresAt }]);
  });

  test('does not open while the seal cannot be read', () => {
    const decision = tested.sees({ seal: unknown('timed out') });
    expect(eventOf(decision, 'WaitNoted').reason).toEqual(reason('seal-unreadable', { why: 'timed out' }));
    expect(tested.after(decision).sees({ seal: null })).toMatchObject({ events: [], wakeInMs: 5_000 });
  });

  test.each(['staging', 'tested', 'approved', 'prod'] as const)(
    'is void at %s when the seal differs, and names the field',
    (status) => {
      const told = one.begins(2).to(status);
      const ready = status === 'staging' || status === 'prod' ? told.prepared(status) : told;
      const decision = ready.sees({ seal: known(['modelDataEtag', 'plan of prod']) });
      expect(eventOf(decision, 'RolloutEnded')).toMatchObject({
        outcome: 'voided',
        reason: reason('seal-changed', { field: 'modelDataEtag, plan of prod' }),
      });
      expect(types(decision)).not.toContain('CallIntended');
    },
  );

  test('waits at staging for an approval that the registry does not show yet, and no longer than two minutes', () => {
    const ready = one.begins(2).to('staging').prepared('staging');
    const pending = { approval: 'PendingManualApproval' };
    const why = reason('waits-for-approval-to-show', { version: 2 });
    expect(ready.sees(pending).events).toEqual([{ type: 'WaitNoted', rolloutId: ready.subject, reason: why }]);
    expect(ready.sees({ approval: 'Rejected' }).events).toContainEqual(
      expect.objectContaining({ type: 'RolloutEnded', outcome: 'voided' }),
    );
    expect(types(ready.later(120_000).sees(pending))).toContain('RolloutEnded');
  });

  test.each(['staging', 'tested', 'approved', 'prod'] as const)(
    'is void at %s when the package is approved no longer',
    (status) => {
      const told = one.begins(2).to(status);
      const ready = status === 'staging' || status === 'prod' ? told.prepared(status) : told;
      const decision = ready.sees({ approval: 'Rejected' });
      expect(eventOf(decision, 'RolloutEnded')).toMatchObject({
        outcome: 'voided',
        reason: reason('package-no-longer-approved', { version: 2, status: 'Rejected' }),
      });
    },
  );

  test('expires by itself at its time, not before', () => {
    expect(gate.later(24 * HOUR_MS - 2_000).sees()).toMatchObject({ events: [], wakeInMs: 1_000 });
    const decision = gate.later(24 * HOUR_MS).sees();
    expect(eventOf(decision, 'RolloutEnded')).toMatchObject({
      outcome: 'expired',
      reason: { code: 'approval-expired' },
    });
  });
});

describe('a press', () => {
  test('at an expired gate is refused, and the expiry is recorded with it', () => {
    const decision = gate.later(24 * HOUR_MS).says(approver, promote());
    expect(decision).toMatchObject({ accepted: false, reason: { code: 'approval-expired' } });
    expect(types(decision)).toEqual(['RolloutEnded', 'CommandRefused']);
  });

  test('approves alone where one is enough', () => {
    const decision = gate.says(approver, promote(gate.subject));
    expectDone(decision, 'promotion-approved');
    expect(types(decision)).toEqual(['ApprovalGiven', 'PromotionApproved']);
    expect(gate.after(decision).rollout).toMatchObject({ status: 'approved', approvedBy: ['U0ANNA'] });
  });

  test('counts one person once, and tells them so', () => {
    const told = two.to('gate').tells(approver, promote());
    expect(told.rollout).toMatchObject({ status: 'gate', gate: { approvals: [{ by: 'U0ANNA' }] } });
    expectRefused(told.says(approver, promote()), 'approved-already', { have: 1, need: 2 });
    const decision = told.says(secondApprover, promote());
    expectDone(decision, 'promotion-approved');
    expect(eventOf(decision, 'PromotionApproved').by).toEqual(['U0ANNA', 'U0ABEL']);
  });

  test('of the requester never counts', () => {
    expectRefused(gate.says(requesterApprover, promote()), 'requester-cannot-approve');
  });

  test('while prod is held is refused with owner, reason and end, and does not count', () => {
    const held = gate.tells(operator, lock('prod', 3_600, 'month end'));
    expectRefused(held.says(approver, promote()), 'environment-held', {
      by: 'U0OLGA',
      reason: 'month end',
      until: `until ${new Date(gate.nowMs + HOUR_MS).toISOString()}`,
    });
    expect(held.later(HOUR_MS).says(approver, promote()).accepted).toBe(true);
  });

  test('that comes late is answered with what was decided, by whom and when', () => {
    const approved = gate.tells(approver, promote());
    const at = 'approvedAt' in approved.rollout ? approved.rollout.approvedAt : '';
    const params = { what: 'promoted', by: 'U0ANNA', at };
    for (const told of [approved, approved.to('prod'), approved.to('verifying')]) {
      expectRefused(told.says(secondApprover, promote()), 'already-decided', params);
      if (told.rollout.status !== 'approved')
        expectRefused(told.says(secondApprover, reject()), 'already-decided', params);
    }
    const rejected = gate.tells(approver, reject(null, 'too slow'));
    expectRefused(rejected.says(secondApprover, promote(rejected.subject)), 'already-decided', {
      what: 'rejected (too slow)',
      by: 'U0ANNA',
    });
    const ended = gate.to('ended');
    expectRefused(ended.says(secondApprover, promote(ended.subject)), 'already-decided', { by: 'U0ANNA' });
  });

  test('that is delivered again is answered with what was decided, and records nothing', () => {
    const pressed = gate.tells(approver, promote(), 'click-1');
    const again = pressed.says(approver, promote(), 'click-1');
    expect(again).toMatchObject({ events: [], effects: [], reason: { code: 'promotion-approved' } });
    // Keys are kept for an hour; after that the state answers.
    const later = pressed.later(HOUR_MS + 60_000).tells(operator, lock('staging'), 'word-2');
    expectRefused(later.says(approver, promote(), 'click-1'), 'already-decided');
  });

  test('on what does not exist, or is not the only one, says so', () => {
    expectRefused(one.says(approver, promote()), 'nothing-open');
    expectRefused(one.says(approver, promote('survival-999')), 'no-rollout', { rollout: 'survival-999' });
    const several = one.begins(2).to('prod').sends('prod').begins(3);
    expectRefused(several.says(approver, promote()), 'several-rollouts');
  });
});

describe('between approval and act', () => {
  const approved = gate.tells(approver, promote());

  function waits(told: Story, sight: Parameters<Story['sees']>[0]): unknown {
    return eventOf(told.sees(sight), 'WaitNoted').reason;
  }

  test('prod is begun when everything holds', () => {
    expect(eventOf(approved.sees(), 'DeploymentStarted')).toMatchObject({ environment: 'prod', kind: 'rollout' });
  });

  test.each(['approved', 'prod'] as const)('all is asked again at %s', (status) => {
    const told = status === 'approved' ? approved : approved.to('prod').prepared('prod');
    expect(waits(told, { approvers: unknown('Slack timed out') })).toEqual(
      reason('waits-for-group', { why: 'Slack timed out' }),
    );
    expect(told.sees({ approvers: null })).toMatchObject({ events: [], asksPeople: true });
    // Nobody is asked for while something else stands in the way.
    const locked = told.tells(operator, lock('prod'));
    for (const [each, sight] of [
      [told, { seal: unknown('down') }],
      [told, { ageMs: 0 }],
      [locked, {}],
    ] as const)
      expect(each.sees({ ...sight, approvers: null })).not.toHaveProperty('asksPeople');
    expect(waits(told, { approvers: known([]) })).toEqual(reason('quorum-lost', { have: 0, need: 1 }));
    expect(waits(told, { seal: unknown('down') })).toEqual(reason('seal-unreadable', { why: 'down' }));
    expect(waits(told, { staging: unknown('down') })).toMatchObject({ code: 'waits-for-endpoint-reading' });
    expect(waits(told.tells(operator, lock('prod')), {})).toMatchObject({ code: 'waits-for-lock' });
    const late = told.later(25 * HOUR_MS).sees(status === 'prod' ? {} : { approvers: unknown('') });
    expect(types(late)).toContain('RolloutEnded');
  });

  test('an approver who left the group and a requester do not count', () => {
    const both2 = two.to('gate').tells(approver, promote()).tells(secondApprover, promote());
    expect(waits(both2, { approvers: known(['U0ANNA', 'U0RUTH']) })).toEqual(
      reason('quorum-lost', { have: 1, need: 2 }),
    );
  });

  test('staging is looked at once more, ten seconds after the last probe', () => {
    expect(approved.sees({ ageMs: 9_000 })).toMatchObject({ events: [{ type: 'WaitNoted' }] });
    const waiting = approved.after(approved.sees({ ageMs: 9_000 }));
    expect(waiting.sees({ ageMs: 9_500 })).toMatchObject({ events: [], wakeInMs: 500 });
    expect(types(waiting.sees({ ageMs: 10_000 }))).toEqual(['DeploymentStarted']);
  });

  test.each([
    ['the endpoint is gone', null],
    ['an update is under way', { pendingConfigName: 'x' }],
    ['LastModifiedTime', { lastModified: '2026-03-02T12:00:00.000Z' }],
    ['EndpointStatus', { status: 'Failed' }],
  ] as const)('is void where staging is not what was tested: %s', (field, staging) => {
    expect(eventOf(approved.sees({ staging }), 'RolloutEnded')).toMatchObject({
      outcome: 'voided',
      reason: reason('staging-changed', { field }),
    });
  });

  test('the approval runs out on time, whatever is waited for and however long', () => {
    const leftMs = Date.parse(approved.rollout.status === 'approved' ? approved.rollout.gate.expiresAt : '');
    const late = approved.tells(operator, lock('prod')).later(leftMs - approved.nowMs - 3_000);
    const waiting = late.after(late.sees());
    expect(waiting.sees().wakeInMs).toBeLessThanOrEqual(2_000);
    expect(eventOf(waiting.later(3_000).sees(), 'RolloutEnded').outcome).toBe('expired');
  });

  test('the approval runs out, and a stop is heeded, while SageMaker cannot be asked', () => {
    const prod = approved.to('prod');
    const away = { prod: unknown('timed out'), staging: unknown('timed out') };
    for (const told of [prod, prod.prepared('prod')]) {
      expect(waits(told, away)).toMatchObject({ code: 'waits-for-endpoint-reading' });
      const decision = told.later(25 * HOUR_MS).sees(away);
      expect(eventOf(decision, 'RolloutEnded').outcome).toBe('expired');
      expect(types(decision)).not.toContain('RollbackStarted');
      const stopped = told.tells(approver, cancel()).sees(away);
      expect(eventOf(stopped, 'DeploymentFailed')).toMatchObject({ environment: 'prod', seen: null });
    }
    // What was sent may have changed something: only a look can end it.
    const sent = prod.prepared('prod').sends('prod');
    const cancelled = sent.tells(approver, cancel());
    expect(cancelled.sees({ ...away, ageMs: 60_000 }).events).toEqual([]);
  });

  test('reasons that take turns are noted ever more seldom', () => {
    const away = { approvers: unknown('Slack timed out') } as const;
    const few = { approvers: known([]) } as const;
    let told: Story = approved;
    let noted = 0;
    for (let round = 0; round < 2_000; round += 1) {
      told = told.later(30_000);
      const decision = told.sees(round % 2 === 0 ? away : few);
      noted += decision.events.length;
      if (decision.events.length > 0) told = told.after(decision);
    }
    // 2,000 turns in 16 hours.
    expect(noted).toBeGreaterThan(10);
    expect(noted).toBeLessThan(100);
  });

  test('another change of prod is waited for', () => {
    const measuring = approved.records([
      {
        ...eventOf(
          one.says(operator, () => ({ verb: 'smoke', environment: 'prod', look: one.look('prod') })),
          'SmokeStarted',
        ),
      },
    ]);
    expect(waits(measuring, { ageMs: 20_000 })).toEqual(reason('waits-for-prod', { what: 'a smoke run' }));
  });

  test('a rollback voids every approval: the rollout waits at its gate again', () => {
    const three = one.promotes(2).begins(3).to('approved');
    const back = three.tells(operator, rollback());
    expect(back.rollout).toMatchObject({ status: 'gate', gate: { approvals: [] } });
    // What it waited for as an approved one is not what it waits for now.
    const waiting = three.after(three.sees({ approvers: unknown('Slack timed out') }));
    expect(waiting.rollout.waiting?.code).toBe('waits-for-group');
    expect(waiting.tells(operator, rollback()).rollout.waiting).toBeNull();
    const free = back.goesBack('prod').reaches('prod').tells(operator, unlock('prod'));
    expect(free.sees().events).toEqual([]);
    expectDone(free.says(both, promote()), 'promotion-approved');
  });
});

describe('reject', () => {
  test('ends a rollout that has not reached prod, with who and why', () => {
    for (const status of ['tested', 'held', 'gate', 'approved'] as const) {
      const told = one.begins(2).to(status);
      const decision = told.says(approver, reject(null, 'too slow'));
      expectDone(decision, 'rollout-rejected');
      expect(eventOf(decision, 'RolloutEnded')).toMatchObject({
        outcome: 'rejected',
        reason: reason('rejected-by', { by: 'U0ANNA', reason: 'too slow' }),
      });
    }
    expect(eventOf(gate.says(approver, reject()), 'RolloutEnded').reason.params).toMatchObject({
      reason: 'no reason given',
    });
  });
});

describe('the seal', () => {
  const sealed = candidate(2);

  test('holds where nothing differs', () => {
    expect(sealDifferences(sealed, packageSeen(2), PLANS)).toEqual([]);
  });

  test.each([
    ['imageDigest', { imageDigest: 'sha256:0' }],
    ['image', { image: 'other' }],
    ['modelDataUrl', { modelDataUrl: 's3://other' }],
    ['modelDataEtag', { modelDataEtag: 'other' }],
  ])('names %s where that differs', (field, changed) => {
    const [container] = packageSeen(2).containers;
    if (container === undefined) throw new Error('no container');
    const found = packageSeen(2, { containers: [{ ...container, ...changed }] });
    expect(sealDifferences(sealed, found, PLANS)).toEqual([field]);
  });

  test('names a package that is gone, its specification, and the plan that changed', () => {
    expect(sealDifferences(sealed, null, PLANS)).toEqual(['ModelPackage']);
    expect(sealDifferences(sealed, packageSeen(2, { inferenceSpec: {} }), PLANS)).toEqual(['inferenceSpecDigest']);
    const prod = { ...PLANS.prod, networkIsolation: true };
    expect(sealDifferences(sealed, packageSeen(2), { ...PLANS, prod })).toEqual(['plan of prod']);
  });

  test('is compared for the rollout that it belongs to', () => {
    // Version 2's call to prod is refused for now, while version 3 is on its way to staging.
    const third = one.begins(2).to('prod').intends('prod').begins(3).prepared('staging');
    const throttled = {
      kind: 'refused',
      requestId: null,
      reason: reason('waits-for-back-off'),
      retryable: true,
    } as const;
    const told = third.decided('prod', throttled);
    // Prod pauses after the refusal; staging does not wait for it, and is judged by its own seal alone.
    const [second, last] = told.state.rollouts.map((r) => r.id);
    const decision = told.sees({ seals: { [second ?? '']: known(['image']) } });
    expect(decision.events).toMatchObject([{ type: 'CallIntended', environment: 'staging' }]);
    const voided = told.sees({ seals: { [last ?? '']: known(['image']) } });
    expect(eventOf(voided, 'RolloutEnded')).toMatchObject({ rolloutId: last, outcome: 'voided' });
    expect(eventOf(told.later(2_000).sees(), 'CallIntended').environment).toBe('prod');
  });
});
