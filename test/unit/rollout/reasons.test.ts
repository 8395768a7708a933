import { describe, expect, test } from 'vitest';
import type { Decision } from '../../../src/rollout/input.ts';
import { known, unknown } from '../../../src/rollout/observation.ts';
import { REASON_CODES, type ReasonCode, reason } from '../../../src/rollout/reasons.ts';
import { seal } from '../../../src/rollout/seal.ts';
import { planFor, withLeftover } from '../../support/cleanup-facts.ts';
import { ALL_REFUSED, carriedOut, removing } from '../../support/cleanup-rounds.ts';
import { checked, codesIn } from '../../support/decision-facts.ts';
import { IDLE, stopped, stops, UNUSED_MS } from '../../support/idle.ts';
import { alarms, canary, compared } from '../../support/guarded.ts';
import * as people from '../../support/rollout-facts.ts';
import { sees, WORSE } from '../../support/fleets.ts';
import * as say from '../../support/sayings.ts';
import { type Story, story } from '../../support/story.ts';

/** Produced outside of `decide`, and tested there: by the edges, the adapters and what submits a command. */
const ELSEWHERE = [
  'not-a-member',
  'requester-unknown',
  'shared-channel',
  'slow-down',
  'time-zone-unknown',
  'already-ended',
  'no-service',
  'record-broken',
  'record-newer',
  'record-unreachable',
  'record-unclear',
  'entry-too-large',
  'no-approved-package',
  'package-not-found',
  'package-of-other-group',
  'registry-unreadable',
  'access-denied',
  'alarm-gone',
  'alarm-refused',
  'call-refused',
  'name-taken',
  'waits-for-back-off',
] as const satisfies readonly ReasonCode[];

const { approver, operator, requester, stranger, unreadable } = people;
const one = story().promotes(1);
const two = one.promotes(2);
const gate = two.begins(3).to('gate');
const staging = two.begins(3).prepared('staging');
const sent = staging.sends('staging');
const prod = two.begins(3).to('prod').prepared('prod');
const watched = two.begins(3, { strategy: compared }).to('prod').prepared('prod').sends('prod');
const worse = watched.after(watched.sees({ prod: { status: 'Updating', words: 'under way', ...sees(WORSE) } }));
const guarded = two.begins(3, { strategy: canary }).to('prod').prepared('prod');
const waitsForData = {
  ...canary,
  alarms: { ...canary.alarms, named: ['errors-of-all'], namedWithoutData: 'wait' },
} as const;
const unused = story({ idleStop: IDLE }).promotes(1).later(UNUSED_MS);
const spared = story({ idleStop: { ...IDLE, whileGateOpen: true } })
  .promotes(1)
  .begins(2)
  .to('tested');
const atGate = spared.after(spared.sees()).later(UNUSED_MS);
const held = two.begins(3).to('held');
const approved = gate.to('approved');
const measuring = two.begins(3).to('testing').measures('staging', 'gate');
const checking = two.begins(3).to('verifying').measures('prod', 'check');
const sentConfig = sent.deployment('staging').target.configName;
const failedProd = prod.sends('prod').after(prod.sends('prod').sees({ prod: { status: 'Failed' } }));
const proposed = two.tells(approver, say.cleanup('all'));
const cleaning = proposed.tells(people.secondApprover, say.confirmCleanup());
const pending = two.tells(operator, say.deployPending(4));
const toRegister = pending.tells(approver, say.approveModel());
const DENIED = reason('access-denied', { words: 'not authorized.' });
const NOT_OURS = { look: { ours: known(false) } };

const lockedGlass = story({ breakGlass: true }).begins(1).to('gate').tells(operator, say.lock('prod'));
const broken = lockedGlass.tells(approver, say.breakGlass());
const frozen = (nowMs: number) => ({
  name: 'weekend',
  owner: 'platform team',
  reason: 'nobody is here',
  untilMs: nowMs + 3_600_000,
});

function back(told: Story): Story {
  return told.tells(operator, say.rollback()).goesBack('prod');
}

function failed(failureReason: string): () => Decision {
  return () => sent.sees({ staging: { status: 'Failed', failureReason } });
}

function refusedPackage(changed: Parameters<typeof people.packageSeen>[1]): () => Decision {
  return () => {
    const sealing = seal(people.packageSeen(4, changed), people.PLANS);
    if (sealing.kind === 'sealed') throw new Error('sealed');
    return one.says(operator, say.deployProblem(sealing.reason));
  };
}

function throttledTo(told: Story, refusals: number): Story {
  const words = { words: 'Rate exceeded.' };
  const outcome = { kind: 'refused', requestId: null, reason: reason('call-refused', words), retryable: true } as const;
  return refusals === 0
    ? told
    : throttledTo(told.decided('staging', outcome).later(70_000).intends('staging'), refusals - 1);
}

/** For each code a decision that says it. Complete by type: a new code needs a line here or in one of the lists above. */
const SCENES: Readonly<Record<Exclude<ReasonCode, (typeof ELSEWHERE)[number]>, () => Decision>> = {
  'rollout-started': () => one.says(operator, say.deploy(2)),
  'approval-recorded': () => story({ quorum: 2 }).begins(1).to('gate').says(approver, say.promote()),
  'promotion-approved': () => gate.says(approver, say.promote()),
  'approval-not-mandatory': () => story({ mandatoryGroup: true }).begins(1).to('gate').says(approver, say.promote()),
  'promotion-scheduled': () => gate.says(approver, say.promote(null, { inMs: 3_600_000 })),
  'approval-withdrawn': () =>
    story({ quorum: 2 }).begins(1).to('gate').tells(approver, say.promote()).says(approver, say.withdraw()),
  'glass-broken': () => lockedGlass.says(approver, say.breakGlass()),
  'glass-reviewed': () => broken.says(people.secondApprover, say.review(broken.subject)),
  'rollout-rejected': () => gate.says(approver, say.reject()),
  'rollout-cancelled': () => gate.says(requester, say.cancel()),
  'cancel-going-back': () => staging.says(requester, say.cancel()),
  'rollback-started': () => two.says(operator, say.rollback()),
  'rollback-waits': () => sent.says(operator, say.rollback('staging')),
  'lock-placed': () => one.says(operator, say.lock('prod')),
  'hold-released': () => one.tells(operator, say.lock('prod')).says(operator, say.unlock('prod')),
  'smoke-started': () => one.says(operator, say.smoke('prod')),
  'smoke-after-return': () => stopped(unused).says(operator, say.smoke('staging', null)),
  'smoke-repeat': () => held.says(requester, say.smokeAgain()),
  'gave-up': () => held.says(requester, say.giveUp()),
  'endpoint-adopted': () => story().says(approver, say.adopt('prod', { configName: 'old' })),
  'recreate-started': () => failedProd.says(approver, say.recreate({ status: 'Failed' })),
  'already-recorded': () => one.records([], { commandKey: 'k' }).says(operator, say.promote(), 'k'),

  'not-an-approver': () => gate.says(stranger, say.promote()),
  'not-an-operator': () => one.says(stranger, say.deploy(2)),
  'not-an-operator-or-approver': () => two.says(stranger, say.rollback()),
  'not-the-requester': () => gate.says(stranger, say.cancel()),
  'requester-cannot-approve': () => gate.says(people.requesterApprover, say.promote()),
  'pipeline-cannot-approve': () => gate.says(people.pipeline, say.promote()),
  'approved-already': () =>
    story({ quorum: 2 }).begins(1).to('gate').tells(approver, say.promote()).says(approver, say.promote()),
  'nothing-to-withdraw': () => gate.says(approver, say.withdraw()),
  'time-passed': () => gate.says(approver, say.promote(null, { inMs: -1 })),
  'time-after-expiry': () => gate.says(approver, say.promote(null, { inMs: 100_000_000 })),
  'prod-frozen': () => story({ frozen }).begins(1).to('gate').says(approver, say.promote()),
  'no-break-glass': () => gate.says(approver, say.breakGlass()),
  'nothing-to-break': () => story({ breakGlass: true }).begins(1).to('gate').says(approver, say.breakGlass()),
  'glass-broken-already': () => broken.says(people.secondApprover, say.breakGlass()),
  'nothing-to-review': () => gate.says(approver, say.review('survival-1')),
  'own-glass': () => broken.says(approver, say.review(broken.subject)),
  'groups-unreadable': () => gate.says(unreadable, say.promote()),

  'staging-busy': () => staging.says(operator, say.deploy(4)),
  'prod-busy': () => prod.says(approver, say.recreate({ status: 'Failed' })),
  'nothing-open': () => one.says(approver, say.promote()),
  'no-rollout': () => one.says(approver, say.promote('survival-999')),
  'several-rollouts': () => prod.sends('prod').begins(4).says(approver, say.promote()),
  'not-at-the-gate': () => staging.says(approver, say.promote()),
  'not-waiting-for-smoke': () => gate.says(approver, say.giveUp()),
  'smoke-not-passed': () => held.says(approver, say.promote()),
  'already-decided': () => approved.says(people.secondApprover, say.promote()),
  'stopping-only': () => story().begins(1).to('prod').says(operator, say.rollback()),
  'environment-held': () => gate.tells(operator, say.lock('prod')).says(approver, say.promote()),
  'prod-endpoint-failed': () => failedProd.begins(4).to('gate').says(approver, say.promote()),
  'endpoint-not-failed': () => one.says(approver, say.recreate()),
  'nothing-to-go-back-to': () => one.says(operator, say.rollback()),
  'already-going-back': () => back(two).says(operator, say.rollback()),
  'already-back': () => back(two).reaches('prod').says(operator, say.rollback()),
  'runs-another': () => two.says(operator, say.rollback('prod', { leaving: 'survival-1' })),
  'not-a-rollback-target': () => two.says(operator, say.rollback('prod', { to: 7 })),
  'not-held': () => one.says(operator, say.unlock('prod')),
  'smoke-would-void': () => stopped(atGate).says(operator, say.smoke('staging', null)),
  'no-endpoint': () => story().says(operator, say.smoke('prod')),
  'endpoint-known': () => one.says(approver, say.adopt('prod')),
  'endpoint-busy': () => staging.says(operator, say.smoke('staging')),
  'endpoint-not-ours': () => story().says(operator, say.deploy(1, { shown: NOT_OURS })),
  'endpoint-unreadable': () => story().says(operator, say.deploy(1, { shown: unknown('timed out') })),
  'reason-missing': () => one.says(operator, say.lock('prod', null, '')),

  'not-new-to-staging': () => two.says(people.itself, say.deployItself(2)),
  'tick-served': () => {
    const tick = { kind: 'schedule', at: '2026-03-02T06:00:00.000Z' } as const;
    return two.tells(people.itself, say.deployItself(3, tick)).ends().says(people.itself, say.deployItself(4, tick));
  },
  'waits-for-people': () => gate.says(people.itself, say.deployItself(4)),
  'model-approval-asked': () => two.says(operator, say.deployPending(4)),
  'model-approval-recorded': () => pending.says(approver, say.approveModel()),
  'model-rejection-recorded': () => pending.says(approver, say.rejectModel()),
  'too-many-approvals': () => {
    let told = two;
    for (let version = 10; version < 20; version += 1) told = told.tells(operator, say.deployPending(version));
    return told.says(operator, say.deployPending(20));
  },
  'no-model-approval': () => two.says(approver, say.approveModel({ id: 'survival-999' })),
  'model-decided': () => toRegister.says(people.secondApprover, say.rejectModel()),
  'model-is-already': () => two.says(approver, say.approveModel({ id: null, found: known(people.packageSeen(2)) })),
  'model-left-already': () => two.says(operator, say.leaveRejected()),
  'requester-cannot-approve-model': () =>
    two.tells(people.both, say.deployPending(4)).says(people.both, say.approveModel()),
  'model-approved': () => toRegister.sees({ model: { approval: 'Approved' } }),
  'model-approved-outside': () => pending.sees({ model: { approval: 'Approved' } }),
  'model-approved-not-started': () =>
    toRegister.tells(operator, say.lock('staging')).sees({ model: { approval: 'Approved' } }),
  'model-rejected': () => pending.tells(approver, say.rejectModel()).sees({ model: { approval: 'Rejected' } }),
  'model-rejected-outside': () => pending.sees({ model: { approval: 'Rejected' } }),
  'model-approval-expired': () => pending.later(90_000_000).sees(),
  'model-gone': () => pending.sees({ model: null }),
  'registry-refused': () => {
    const intended = toRegister.after(toRegister.sees());
    const outcome = { kind: 'refused', requestId: null, reason: DENIED, retryable: false } as const;
    const [about] = intended.state.approvals;
    const input = { approvalId: about?.id ?? '', intent: about?.intent?.seq ?? 0, outcome };
    return intended.decides({ kind: 'registry-decided', ...input });
  },

  'cleanup-proposed': () => {
    const plan = known(planFor(two, 'leftovers', withLeftover));
    return two.says(approver, say.cleanup('leftovers', { plan }));
  },
  'cleanup-started': () => proposed.says(people.secondApprover, say.confirmCleanup()),
  'cleanup-discarded': () => proposed.says(approver, say.stopCleanup()),
  'cleanup-stopping': () => cleaning.says(approver, say.stopCleanup()),
  'nothing-to-clean': () => two.says(approver, say.cleanup('leftovers')),
  'cleanup-open': () => cleaning.says(approver, say.cleanup('leftovers')),
  'cleanup-busy': () => gate.says(approver, say.cleanup('prod')),
  'cleanup-unreadable': () => two.says(approver, say.cleanup('all', { plan: unknown('throttled') })),
  'cleanup-changed': () => two.says(people.pipeline, say.cleanup('all', { confirm: 'delete all 000000' })),
  'cleanup-over': () => two.says(approver, say.stopCleanup()),
  'cleanup-phrase-missing': () => two.says(people.pipeline, say.cleanup('all')),
  'cleanup-in-the-way': () => cleaning.says(operator, say.deploy(4)),
  'requester-cannot-confirm': () => proposed.says(approver, say.confirmCleanup()),
  'removed-by-cleanup': () => removing(cleaning).sees({ prod: null }),
  'cleaned-up': () => carriedOut(cleaning).last,
  'cleaned-up-partly': () => carriedOut(cleaning, ALL_REFUSED).last,
  'cleanup-failed': () => {
    const failed = removing(cleaning).fails('prod', reason('no-trace')).fails('staging', reason('no-trace'));
    return failed.sees();
  },
  'cleanup-stopped': () => carriedOut(cleaning.tells(approver, say.stopCleanup())).last,
  'cleanup-late': () => carriedOut(cleaning.later(7_200_000)).last,
  'cleanup-expired': () => proposed.later(7_200_000).sees(),

  'package-pending': () => pending.says(operator, say.deployPending(4)),
  'package-rejected': refusedPackage({ approval: 'Rejected' }),
  'package-not-completed': refusedPackage({ status: 'Failed' }),
  'package-unversioned': refusedPackage({ group: null }),
  'package-unsupported': refusedPackage({ containers: [] }),

  'seal-changed': () => approved.sees({ seal: known(['image']) }),
  'seal-unreadable': () => approved.sees({ seal: unknown('timed out') }),
  'waits-for-approval-to-show': () =>
    story().begins(1).to('staging').prepared('staging').sees({ approval: 'PendingManualApproval' }),
  'package-no-longer-approved': () => approved.sees({ approval: 'Rejected' }),

  'guardrail-missing': () =>
    two
      .begins(3, { strategy: { ...canary, required: true } })
      .to('prod')
      .sees({ prod: { variants: [] } }),
  'fleet-worse': () => worse.later(61_000).sees(),
  'auto-rollback-snoozed': () => worse.says(approver, say.snooze()),
  'nothing-to-snooze': () => one.says(approver, say.snooze()),
  'snoozed-already': () => worse.tells(approver, say.snooze()).says(approver, say.snooze()),
  'alarms-unreadable': () => guarded.sees({ prod: { look: { alarms: unknown('timed out') } } }),
  'alarm-missing': () => guarded.sees({ prod: { look: { alarms: known([]) } } }),
  'alarm-on': () => guarded.sees({ prod: alarms(guarded, 'ALARM') }),
  'alarm-without-data': () => {
    const waiting = two.begins(3, { strategy: waitsForData }).to('prod').prepared('prod');
    return waiting.sees({ prod: alarms(waiting, 'INSUFFICIENT_DATA') });
  },
  'waits-for-sagemaker': () => staging.sees({ staging: { status: 'SystemUpdating' } }),
  'waits-for-prod': () => prod.sends('prod').begins(4).to('tested').sees({ ageMs: 0 }),
  'waits-for-lock': () => approved.tells(operator, say.lock('prod')).sees(),
  'waits-for-group': () => approved.sees({ approvers: unknown('timed out') }),
  'mandatory-lost': () =>
    story({ mandatoryGroup: true })
      .begins(1)
      .to('approved')
      .sees({ mandatory: known(['U0MAYA']) }),
  'waits-for-time': () => gate.tells(approver, say.promote(null, { inMs: 3_600_000 })).sees(),
  'waits-for-freeze': () => story({ frozen }).begins(1).to('approved').sees(),
  'quorum-lost': () => approved.sees({ approvers: known([]) }),
  'waits-for-staging-look': () => approved.sees({ ageMs: 0 }),
  'break-acknowledged': () => gate.says(approver, say.acknowledge()),
  'record-was-broken': () => gate.says(approver, say.acknowledge()),
  'record-whole': () => gate.says(approver, say.acknowledge([])),
  'waits-for-preparation': () => two.begins(3).prepares('staging', { kind: 'later', why: 'throttled' }),
  'waits-for-endpoint-reading': () => staging.sees({ staging: unknown('timed out') }),

  'stopped-idle': () => stops(unused).sends('staging', 'delete').sees({ staging: null }),
  'not-stopped': () => stops(unused).later(3_600_000).sees(),
  deployed: () => sent.sees({ staging: { configName: sentConfig } }),
  removed: () => {
    const first = story({ onStagingFailure: 'delete' }).begins(1).to('testing').measures('staging', 'gate');
    return first.after(first.finishes('staging', people.smokeResult('failed'))).sees({ staging: null });
  },
  'already-there': () => staging.sees({ staging: { configName: sentConfig } }),
  'rollback-by-kill-switch': () => guarded.sends('prod').says(operator, say.rollback()),
  'update-undone': () => {
    const stopped = guarded.sends('prod').tells(operator, say.rollback());
    return stopped.sees({ prod: { lastModified: 'later' } });
  },
  'rolled-back-by-alarm': () => {
    const { look } = alarms(guarded, 'ALARM');
    return guarded.sends('prod').sees({ prod: { lastModified: 'later', look } });
  },
  'rolled-back-silently': () => sent.sees({ staging: { lastModified: 'later' } }),
  'endpoint-failed': failed('It broke'),
  'update-rollback-failed': () => sent.sees({ staging: { status: 'UpdateRollbackFailed' } }),
  'quota-exceeded': failed('ResourceLimitExceeded'),
  'capacity-missing': failed('InsufficientInstanceCapacity'),
  'role-invalid': failed('The execution role is invalid'),
  'image-missing': failed('CannotPullContainerError'),
  'model-data-missing': failed('Failed to download model data'),
  'health-check-failed': failed('It did not pass the ping health check'),
  'too-many-refusals': () =>
    throttledTo(two.begins(3).intends('staging'), 9).hears('staging', {
      kind: 'refused',
      requestId: null,
      reason: reason('call-refused', { words: 'Rate exceeded.' }),
      retryable: true,
    }),
  'deadline-passed': () => staging.later(4_000_000).sees(),
  overdue: () => sent.later(4_000_000).sees({ staging: { configName: sentConfig } }),
  'no-trace': () => sent.sees({ staging: {} }),
  'changed-outside': () => sent.sees({ staging: { configName: 'foreign' } }),
  'wrong-chain': () => sent.sees({ staging: { configName: sentConfig, images: ['other'] } }),
  aborted: () => staging.tells(requester, say.cancel()).sees(),
  'target-missing': () =>
    back(two).sees({ prod: { configName: two.config('prod', 2), look: { targetPresent: known(false) } } }),

  'smoke-failed': () => measuring.finishes('staging', people.smokeResult('failed')),
  'smoke-inconclusive': () => inconclusive(measuring),
  'smoke-void': () => measuring.finishes('staging', people.smokeResult('passed'), { after: null }),
  'smoke-abandoned': () => measuring.sees({ ageMs: 90_000 }),

  promoted: () => checking.finishes('prod', people.smokeResult('passed')),
  'rejected-by': () => gate.says(approver, say.reject()),
  'cancelled-by': () => gate.says(requester, say.cancel()),
  'given-up-by': () => held.says(requester, say.giveUp()),
  'superseded-by': () => gate.says(operator, say.deploy(4)),
  'approval-expired': () => gate.later(90_000_000).sees(),
  'rolled-back-by': () => prod.says(operator, say.rollback()),
  'staging-rolled-back': () => gate.says(operator, say.rollback('staging')),
  'staging-changed': () => approved.sees({ staging: { lastModified: 'later' } }),
  'prod-check-failed': () => checking.finishes('prod', people.smokeResult('failed')),
  'prod-check-inconclusive': () => inconclusive(checking),
  'approvals-void': () => approved.says(operator, say.rollback()),
  manual: () => story().says(approver, say.adopt('prod', { configName: 'old' })),
};

/** The third run without a verdict. */
function inconclusive(told: Story): Decision {
  const environment = told.state.environments.prod.smoke === null ? 'staging' : 'prod';
  let measured = told;
  for (let run = 1; run < 3; run += 1) {
    const finished = measured.after(measured.finishes(environment, people.smokeResult('inconclusive')));
    measured = finished.after(finished.sees());
  }
  return measured.finishes(environment, people.smokeResult('inconclusive'));
}

describe('the list of reasons', () => {
  test.each(Object.keys(SCENES) as (keyof typeof SCENES)[])('%s is said, with all that its sentence needs', (code) => {
    expect(codesIn(checked(SCENES[code]()))).toContain(code);
  });

  test('has nothing that is said nowhere', () => {
    expect([...Object.keys(SCENES), ...ELSEWHERE].sort()).toEqual([...REASON_CODES].sort());
  });
});
