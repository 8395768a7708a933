import { describe, expect, test } from 'vitest';
import type { Freeze, Reminders } from '../../../src/rollout/input.ts';
import { eventOf, types } from '../../support/decision-facts.ts';
import { approver, mandatoryApprover, operator, secondApprover } from '../../support/rollout-facts.ts';
import * as say from '../../support/sayings.ts';
import { type Story, story } from '../../support/story.ts';

const HOUR = 3_600_000;
const TWICE: Reminders = { afterMs: 2 * HOUR, most: 2 };
const PENDING = { model: { approval: 'PendingManualApproval' } } as const;

function atGate(changed: Parameters<typeof story>[0] = {}): Story {
  return story({ reminders: TWICE, approvalExpiresAfterHours: 48, ...changed })
    .promotes(1)
    .begins(2)
    .to('gate');
}

const reminds = (told: Story) => types(told.sees()).includes('GateReminded');
const reminded = (told: Story) => told.after(told.sees());

describe('a reminder of an open gate', () => {
  const gate = atGate();
  const first = gate.later(2 * HOUR);

  test('is recorded once the configured time has passed, with where the approvals stand', () => {
    expect(reminds(gate.later(2 * HOUR - 5_000))).toBe(false);
    expect(eventOf(first.sees(), 'GateReminded')).toEqual({
      type: 'GateReminded',
      rolloutId: gate.subject,
      nth: 1,
      most: 2,
      have: 0,
      need: 1,
    });
  });

  test('wakes the service by itself, and not before', () => {
    expect(gate.sees().wakeInMs).toBeGreaterThan(2 * HOUR - 10_000);
    expect(gate.sees().wakeInMs).toBeLessThanOrEqual(2 * HOUR);
  });

  test('is one, however many look at the same time', () => {
    const once = reminded(first);
    expect(reminds(once)).toBe(false);
  });

  test('is followed by the next after twice as long, and by none beyond what is configured', () => {
    const once = reminded(first);
    expect(reminds(once.later(4 * HOUR - 5_000))).toBe(false);
    const twice = reminded(once.later(4 * HOUR));
    expect(twice.rollout).toMatchObject({ gate: { reminded: { count: 2 } } });
    expect(reminds(twice.later(30 * HOUR))).toBe(false);
    expect(twice.later(30 * HOUR).sees().wakeInMs).toBeLessThan(48 * HOUR);
  });

  test('is not made up for where nobody was there when it was due', () => {
    const late = reminded(gate.later(20 * HOUR));
    expect(eventOf(gate.later(20 * HOUR).sees(), 'GateReminded').nth).toBe(1);
    expect(reminds(late)).toBe(false);
  });

  test('says how many of how many have approved', () => {
    const half = atGate({ quorum: 2 }).tells(approver, say.promote());
    expect(eventOf(half.later(2 * HOUR).sees(), 'GateReminded')).toMatchObject({ have: 1, need: 2 });
  });

  test('is none any more once it is decided, whatever was decided', () => {
    const planned = gate.tells(approver, say.promote(null, { inMs: 20 * HOUR }));
    expect(planned.rollout.status).toBe('approved');
    expect(reminds(planned.later(3 * HOUR))).toBe(false);
    const rejected = gate.tells(approver, () => ({ verb: 'reject', rolloutId: null, reason: 'no' }));
    expect(types(rejected.later(3 * HOUR).sees())).toEqual([]);
  });

  test('goes on counting where a rollback asks for the approvals again', () => {
    const told = story({ reminders: { ...TWICE, most: 1 }, approvalExpiresAfterHours: 48 })
      .promotes(1)
      .promotes(2)
      .begins(3)
      .to('gate')
      .later(2 * HOUR);
    const again = reminded(told).tells(operator, say.rollback('prod')).tells(operator, say.unlock('prod'));
    expect(again.rollout).toMatchObject({ status: 'gate', gate: { reminded: { count: 1 } } });
    expect(types(again.later(5 * HOUR).sees())).not.toContain('GateReminded');
  });

  test('gives way to the expiry', () => {
    expect(types(gate.later(48 * HOUR).sees())).toEqual(['RolloutEnded']);
  });

  test('is none by default', () => {
    const quiet = story({ approvalExpiresAfterHours: 48 }).promotes(1).begins(2).to('gate');
    expect(types(quiet.later(40 * HOUR).sees())).toEqual([]);
  });
});

describe('a reminder that nobody could act upon', () => {
  test('waits for the end of a lock on prod, or for its release', () => {
    const locked = atGate().tells(operator, say.lock('prod', 3 * 3_600));
    const due = locked.later(2 * HOUR);
    expect(types(due.sees())).toEqual([]);
    expect(due.sees().wakeInMs).toBeGreaterThan(HOUR - 60_000);
    expect(due.sees().wakeInMs).toBeLessThanOrEqual(HOUR);
    expect(reminds(due.tells(operator, say.unlock('prod')))).toBe(true);
    expect(reminds(due.later(HOUR + 1_000))).toBe(true);
  });

  test('waits for the end of a freeze', () => {
    const endsMs = atGate().nowMs + 5 * HOUR;
    const frozen = (nowMs: number): Freeze | null =>
      nowMs < endsMs ? { name: 'weekend', owner: 'platform', reason: 'nobody is here', untilMs: endsMs } : null;
    const told = atGate({ frozen });
    expect(types(told.later(2 * HOUR).sees())).toEqual([]);
    expect(told.later(2 * HOUR).sees().wakeInMs).toBe(3 * HOUR);
    expect(reminds(told.later(5 * HOUR))).toBe(true);
  });

  test('waits for working hours, also where it was due in them and is late', () => {
    const opensMs = atGate().nowMs + 10 * HOUR;
    const told = atGate({ reminders: { ...TWICE, within: (ms) => Math.max(ms, opensMs) } });
    expect(types(told.later(9 * HOUR).sees())).toEqual([]);
    expect(told.later(9 * HOUR).sees().wakeInMs).toBe(HOUR);
    expect(reminds(told.later(10 * HOUR))).toBe(true);
  });
});

describe('a reminder of a model that nobody decided about', () => {
  const asked = story({ reminders: TWICE, approvalExpiresAfterHours: 48 })
    .promotes(1)
    .tells(operator, say.deployPending(4));
  const due = asked.later(2 * HOUR);

  test('is recorded like that of a gate', () => {
    expect(types(asked.later(HOUR).sees(PENDING))).toEqual([]);
    expect(eventOf(due.sees(PENDING), 'ModelReminded')).toMatchObject({ version: 4, nth: 1, most: 2 });
    const once = due.after(due.sees(PENDING));
    expect(types(once.later(3 * HOUR).sees(PENDING))).toEqual([]);
    const twice = once.later(4 * HOUR).after(once.later(4 * HOUR).sees(PENDING));
    expect(twice.state.approvals[0]?.reminded?.count).toBe(2);
    expect(types(twice.later(20 * HOUR).sees(PENDING))).toEqual([]);
  });

  test('stops at once when somebody decides', () => {
    const decided = asked.tells(secondApprover, say.approveModel());
    expect(types(decided.later(2 * HOUR).sees(PENDING))).not.toContain('ModelReminded');
  });

  test('waits for what the registry says: it may be decided there', () => {
    expect(types(due.sees({ model: { approval: 'Approved' } }))).not.toContain('ModelReminded');
  });

  test('calls nobody about what only a person asked themselves', () => {
    const own = story({ reminders: TWICE })
      .promotes(1)
      .tells(mandatoryApprover, say.approveModel({ id: null }));
    expect(types(own.later(3 * HOUR).sees(PENDING))).not.toContain('ModelReminded');
  });
});
