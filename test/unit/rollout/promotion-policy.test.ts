import { describe, expect, test } from 'vitest';
import type { Freeze } from '../../../src/rollout/input.ts';
import { needsOf } from '../../../src/rollout/needs.ts';
import { known, unknown } from '../../../src/rollout/observation.ts';
import { eventOf } from '../../support/decision-facts.ts';
import {
  approver,
  both,
  mandatoryApprover,
  operator,
  pipeline,
  requesterApprover,
  secondApprover,
} from '../../support/rollout-facts.ts';
import { breakGlass, lock, promote, review, rollback, withdraw } from '../../support/sayings.ts';
import { type Story, story } from '../../support/story.ts';

const HOUR = 3_600_000;
const BEFORE_PROD = story().promotes(1).begins(2).to('gate');

/** A freeze from then on, for so long. */
function freezeFrom(startMs: number, forMs: number) {
  return (nowMs: number): Freeze | null => {
    const untilMs = startMs + forMs;
    const within = nowMs >= startMs && nowMs < untilMs;
    return within ? { name: 'weekend', owner: 'platform team', reason: 'nobody is here', untilMs } : null;
  };
}

function atGate(changed: Parameters<typeof story>[0]): Story {
  return story(changed).promotes(1).begins(2).to('gate');
}

function startsProd(told: Story, sight: Parameters<Story['sees']>[0] = {}): boolean {
  return told.sees(sight).events.some((e) => e.type === 'DeploymentStarted' && e.environment === 'prod');
}

describe('a promotion for later', () => {
  const planned = BEFORE_PROD.tells(approver, promote(null, { inMs: HOUR }));

  test('is approved now and touches prod at its time, and not before', () => {
    expect(planned.rollout.status).toBe('approved');
    expect(startsProd(planned.later(HOUR - 10_000))).toBe(false);
    expect(startsProd(planned.later(HOUR))).toBe(true);
  });

  test('reads nothing of the outside until its time has come', () => {
    const { endpoints, seals } = needsOf(planned.state, planned.nowMs);
    expect({ staging: endpoints.staging, seals }).toEqual({ staging: null, seals: [] });
    expect(needsOf(planned.state, planned.nowMs + HOUR).seals).toEqual([planned.subject]);
  });

  test('sleeps until then', () => {
    const noted = planned.after(planned.sees());
    expect(noted.sees().wakeInMs).toBeGreaterThan(HOUR - 60_000);
  });

  test('is held to everything that must hold, then', () => {
    const then = planned.later(HOUR);
    expect(startsProd(then, { approvers: known([]) })).toBe(false);
    expect(eventOf(then.sees({ seal: known(['image']) }), 'RolloutEnded').outcome).toBe('voided');
    expect(startsProd(then.tells(operator, lock('prod')))).toBe(false);
  });

  test('can be rejected until then', () => {
    expect(
      planned.says(secondApprover, () => ({ verb: 'reject', rolloutId: null, reason: 'too early' })).accepted,
    ).toBe(true);
  });

  test('ends with its approval, should it still wait', () => {
    expect(eventOf(planned.later(25 * HOUR).sees(), 'RolloutEnded').outcome).toBe('expired');
  });

  test('is not forgotten by a rollback, which asks for everything again', () => {
    const back = planned.tells(operator, rollback('staging'));
    expect(back.state.ended[0]?.reason.code).toBe('staging-rolled-back');
    const two = story()
      .promotes(1)
      .promotes(2)
      .begins(3)
      .to('gate')
      .tells(approver, promote(null, { inMs: HOUR }));
    const voided = two.tells(operator, rollback('prod'));
    expect(voided.rollout).toMatchObject({ status: 'gate', gate: { approvals: [], notBefore: null } });
  });

  test('of several times the latest counts', () => {
    const first = atGate({ quorum: 2 }).tells(approver, promote(null, { inMs: 2 * HOUR }));
    const earlier = first.tells(secondApprover, promote(null, { inMs: HOUR }));
    expect(startsProd(earlier.later(HOUR + 60_000))).toBe(false);
    expect(startsProd(earlier.later(2 * HOUR))).toBe(true);
    const atOnce = first.tells(secondApprover, promote());
    expect(startsProd(atOnce)).toBe(false);
  });

  test('is refused where it would be in a freeze', () => {
    const told = atGate({ frozen: freezeFrom(BEFORE_PROD.nowMs + HOUR, 48 * HOUR) });
    expect(told.says(approver, promote()).reason?.code).toBe('promotion-approved');
    expect(told.says(approver, promote(null, { inMs: 2 * HOUR })).reason?.code).toBe('prod-frozen');
  });
});

describe('a freeze', () => {
  const told = atGate({ frozen: freezeFrom(BEFORE_PROD.nowMs - HOUR, 3 * HOUR) });

  test('refuses a promotion, naming owner, reason and end', () => {
    expect(told.says(approver, promote()).reason).toMatchObject({
      code: 'prod-frozen',
      params: { owner: 'platform team', reason: 'nobody is here', name: 'weekend', until: expect.any(String) },
    });
  });

  test('lets a promotion be approved for the time after it', () => {
    expect(told.says(approver, promote(null, { inMs: 3 * HOUR })).accepted).toBe(true);
  });

  test('never holds up a rollback', () => {
    expect(
      story({ frozen: freezeFrom(0, 1e14) })
        .promotes(1)
        .promotes(2)
        .says(operator, rollback()).accepted,
    ).toBe(true);
  });

  test('that begins after the approval keeps prod as it is until it ends', () => {
    const frozen = freezeFrom(BEFORE_PROD.nowMs + HOUR, 2 * HOUR);
    const waiting = atGate({ frozen }).tells(approver, promote()).tells(operator, lock('prod', 5_400)).later(5_500_000);
    const noted = waiting.sees();
    expect(eventOf(noted, 'WaitNoted').reason?.code).toBe('waits-for-freeze');
    expect(startsProd(waiting)).toBe(false);
    expect(needsOf(waiting.state, waiting.nowMs, new Set(), waiting.settings).seals).toEqual([]);
    expect(startsProd(waiting.later(2 * HOUR))).toBe(true);
  });
});

describe('the mandatory group', () => {
  const told = atGate({ mandatoryGroup: true, quorum: 2 });

  test('has to give one of the approvals, whoever gave the others', () => {
    const two = told.tells(approver, promote()).tells(secondApprover, promote());
    expect(two.rollout.status).toBe('gate');
    expect(two.tells(mandatoryApprover, promote()).rollout.status).toBe('approved');
  });

  test('alone is not the quorum', () => {
    expect(told.tells(mandatoryApprover, promote()).rollout.status).toBe('gate');
  });

  test('is asked for again right before prod', () => {
    const approved = told.tells(mandatoryApprover, promote()).tells(approver, promote());
    const approvers = known(['U0ANNA', 'U0MAYA']);
    expect(startsProd(approved, { approvers, mandatory: known(['U0MAYA']) })).toBe(true);
    expect(startsProd(approved, { approvers, mandatory: known([]) })).toBe(false);
    expect(startsProd(approved, { approvers, mandatory: unknown('timed out') })).toBe(false);
    expect(startsProd(approved, { approvers })).toBe(false);
  });
});

describe('an approval', () => {
  const told = atGate({ quorum: 2 }).tells(approver, promote(null, { inMs: HOUR }));

  test('can be withdrawn by whoever gave it, until it is decided', () => {
    const withdrawn = told.tells(approver, withdraw());
    expect(withdrawn.rollout).toMatchObject({ gate: { approvals: [], notBefore: null } });
    expect(withdrawn.tells(secondApprover, promote()).rollout.status).toBe('gate');
    expect(told.says(secondApprover, withdraw()).reason?.code).toBe('nothing-to-withdraw');
    expect(told.tells(secondApprover, promote()).says(approver, withdraw()).reason?.code).toBe('already-decided');
  });

  test('that was withdrawn can be given again', () => {
    expect(told.tells(approver, withdraw()).says(approver, promote()).reason?.code).toBe('approval-recorded');
  });

  test('keeps the time that another one chose', () => {
    const three = atGate({ quorum: 3 })
      .tells(approver, promote(null, { inMs: HOUR }))
      .tells(both, promote());
    expect(three.tells(approver, withdraw()).rollout).toMatchObject({ gate: { notBefore: expect.any(String) } });
  });
});

describe('the quorum', () => {
  test('is never lower than this configuration says, whatever the one said that began the rollout', () => {
    const told = story({ quorum: 2 }).begins(1, { quorum: 1 });
    const opened = told.to('tested').sees({ ageMs: 60_000 });
    expect(eventOf(opened, 'GateOpened').quorum).toBe(2);
    const gate = told.to('gate');
    expect(gate.tells(approver, promote()).rollout.status).toBe('gate');
    expect(gate.tells(approver, promote()).tells(secondApprover, promote()).rollout.status).toBe('approved');
    expect(startsProd(told.to('approved'))).toBe(false);
  });

  test('is one higher where nobody asked by name, and as it was where it was higher', () => {
    const nobody = story({ quorum: 1 }).begins(1, { requester: null, quorum: 1 }).to('gate');
    expect(nobody.tells(approver, promote()).rollout.status).toBe('gate');
    const three = story({ quorum: 1 }).begins(1, { quorum: 3 }).to('gate');
    expect(three.tells(approver, promote()).tells(secondApprover, promote()).rollout.status).toBe('gate');
  });
});

describe('breaking the glass', () => {
  const frozen = freezeFrom(0, 1e14);
  const stuck = atGate({ breakGlass: true, quorum: 2, frozen }).tells(operator, lock('prod'));
  const broken = stuck.tells(requesterApprover, breakGlass());

  test('takes a rollout to prod by one approver, who may have asked for it, past quorum, lock and freeze', () => {
    expect(stuck.says(approver, promote()).accepted).toBe(false);
    expect(eventOf(stuck.says(requesterApprover, breakGlass()), 'GlassBroken')).toMatchObject({
      by: 'U0RUTH',
      reason: 'passengers wait',
      over: [
        'who asked for it approves it',
        '0 of 2 approvals',
        expect.stringContaining('audit'),
        expect.stringContaining('weekend'),
      ],
    });
    expect(startsProd(broken)).toBe(true);
    expect(broken.rollout).toMatchObject({ approvedBy: ['U0RUTH'] });
  });

  test('needs configuration, a person, a reason, and something in the way', () => {
    const not = BEFORE_PROD.tells(operator, lock('prod'));
    expect(not.says(approver, breakGlass()).reason?.code).toBe('no-break-glass');
    expect(stuck.says(pipeline, breakGlass()).reason?.code).toBe('pipeline-cannot-approve');
    expect(stuck.says(operator, breakGlass()).reason?.code).toBe('not-an-approver');
    expect(stuck.says(approver, breakGlass('  ')).reason?.code).toBe('reason-missing');
    expect(atGate({ breakGlass: true }).says(approver, breakGlass()).reason?.code).toBe('nothing-to-break');
  });

  test('does not go past what says what goes to prod', () => {
    expect(eventOf(broken.sees({ seal: known(['image']) }), 'RolloutEnded').outcome).toBe('voided');
    expect(eventOf(broken.sees({ staging: { lastModified: 'later' } }), 'RolloutEnded').outcome).toBe('voided');
    expect(stuck.later(25 * HOUR).says(approver, breakGlass()).reason?.code).toBe('approval-expired');
    const held = story({ breakGlass: true }).begins(1).to('held').says(approver, breakGlass());
    expect(held.reason?.code).toBe('smoke-not-passed');
  });

  test('counts only as long as they are an approver', () => {
    expect(startsProd(broken, { approvers: known(['U0ANNA', 'U0ABEL']) })).toBe(false);
  });

  test('does not go past a lock that is placed afterwards', () => {
    expect(startsProd(broken.tells(operator, lock('prod', null, 'stop')))).toBe(false);
  });

  test('helps a rollout that is approved and waits', () => {
    const later = atGate({ breakGlass: true }).tells(approver, promote(null, { inMs: HOUR }));
    const now = later.tells(secondApprover, breakGlass());
    expect(startsProd(now)).toBe(true);
    expect(eventOf(later.says(secondApprover, breakGlass()), 'GlassBroken').over).toEqual([
      expect.stringContaining('planned for'),
    ]);
  });

  test('leaves a task until another approver has signed it off', () => {
    const id = broken.subject;
    expect(broken.state.reviews).toMatchObject([{ rolloutId: id, by: 'U0RUTH', reason: 'passengers wait' }]);
    expect(broken.says(requesterApprover, review(id)).reason?.code).toBe('own-glass');
    expect(broken.says(approver, review(id, ' ')).reason?.code).toBe('reason-missing');
    const over = broken.to('ended');
    const signed = over.tells(approver, review(id));
    expect(signed.state.reviews).toEqual([]);
    expect(signed.state.ended[0]?.brokenGlass?.reviewed).toMatchObject({ by: 'U0ANNA', note: 'it was needed' });
    expect(signed.says(secondApprover, review(id)).reason?.code).toBe('nothing-to-review');
  });
});
