import { describe, expect, test } from 'vitest';
import type { Decision } from '../../../src/rollout/input.ts';
import { known } from '../../../src/rollout/observation.ts';
import type { ReasonCode } from '../../../src/rollout/reasons.ts';
import { reason } from '../../../src/rollout/reasons.ts';
import { seal } from '../../../src/rollout/seal.ts';
import { eventOf, types } from '../../support/decision-facts.ts';
import { expectDone } from '../../support/expect-decision.ts';
import { approver, itself, operator, PLANS, packageSeen, secondApprover } from '../../support/rollout-facts.ts';
import * as say from '../../support/sayings.ts';
import { type Story, story } from '../../support/story.ts';

const TICK = { kind: 'schedule', at: '2026-03-03T06:00:00.000Z' } as const;
const NEXT_TICK = { kind: 'schedule', at: '2026-03-04T06:00:00.000Z' } as const;
/** Refused, without an entry for each time that it comes again. */
function expectLeft(decision: Decision, code: ReasonCode): void {
  expect(decision).toMatchObject({ accepted: false, reason: { code }, comesAgain: true, effects: [] });
  expect(types(decision)).not.toContain('CommandRefused');
}

const two = story().promotes(1).promotes(2);
const begun = two.tells(itself, say.deployItself(3));

describe('a rollout that nobody asked for', () => {
  test('begins like any other, in nobody’s name, and needs one approval more', () => {
    const decision = two.says(itself, say.deployItself(3, TICK));
    expectDone(decision, 'rollout-started', { version: 3 });
    expect(eventOf(decision, 'RolloutStarted')).toMatchObject({ requester: null, quorum: 2, automatic: TICK });
    expect(begun.rollout).toMatchObject({ status: 'staging', automatic: { kind: 'package' } });
    const gate = begun.to('gate');
    expect(gate.rollout).toMatchObject({ automatic: { kind: 'package' } });
    expect(gate.tells(approver, say.promote()).rollout.status).toBe('gate');
    expect(gate.tells(approver, say.promote()).tells(secondApprover, say.promote()).rollout.status).toBe('approved');
  });

  test('is never one that somebody else sends', () => {
    expectLeft(two.says(operator, say.deployItself(3)), 'not-an-operator');
  });

  test('begins once for a package, under whatever key it comes', () => {
    expectLeft(begun.says(itself, say.deployItself(3), 'another key'), 'not-new-to-staging');
    expectLeft(begun.ends().says(itself, say.deployItself(3), 'another key'), 'not-new-to-staging');
  });

  test('begins once for a time of the schedule, whatever was approved meanwhile', () => {
    const served = two.tells(itself, say.deployItself(3, TICK)).to('gate').ends();
    expectLeft(served.says(itself, say.deployItself(4, TICK), 'another key'), 'tick-served');
    expectDone(served.says(itself, say.deployItself(4, NEXT_TICK)), 'rollout-started');
    expectDone(served.says(itself, say.deployItself(4)), 'rollout-started');
  });
});

describe('not new is', () => {
  test.each<[string, Story]>([
    ['what staging runs', two],
    ['what is older than that', two.promotes(3)],
    [
      'what was rejected at the gate',
      two
        .begins(3)
        .to('gate')
        .tells(approver, () => ({ verb: 'reject', rolloutId: null, reason: 'no' })),
    ],
    [
      'what was given up',
      two
        .begins(3)
        .to('held')
        .tells(operator, (s) => ({ verb: 'give-up', rolloutId: s.subject })),
    ],
    [
      'what staging was rolled back from',
      two.promotes(3).tells(operator, say.rollback('staging')).goesBack('staging').reaches('staging'),
    ],
  ])('%s', (_, told) => {
    const version = told === two ? 2 : 3;
    const decision = told.says(itself, say.deployItself(version));
    expectLeft(decision, 'not-new-to-staging');
    expect(types(decision)).toEqual([]);
  });

  test('what stands too far back for the record’s short memory as well', () => {
    let told = two.begins(5).to('gate').ends();
    for (let n = 0; n < 25; n += 1) told = told.begins(1).to('gate').ends();
    expect(told.state.ended.some((r) => r.candidate.version === 5)).toBe(false);
    expectLeft(told.says(itself, say.deployItself(5)), 'not-new-to-staging');
    expectDone(told.says(itself, say.deployItself(6)), 'rollout-started');
  });

  test('what was rejected in the registry a moment ago', () => {
    const found = known(packageSeen(3, { approval: 'Approved' }));
    const rejecting = two.tells(approver, say.rejectModel({ id: null, found }));
    expect(rejecting.says(itself, say.deployItself(3)).accepted).toBe(false);
  });
});

describe('what is in the way', () => {
  const gate = two.begins(3).to('gate');

  test.each<[string, Story, ReasonCode]>([
    ['a rollout at its gate', gate, 'waits-for-people'],
    [
      'a promotion that is approved for later',
      gate.tells(approver, say.promote(null, { inMs: 3_600_000 })),
      'waits-for-people',
    ],
    ['smoke tests without a verdict', two.begins(3).to('held'), 'waits-for-people'],
    ['a rollout in staging', two.begins(3), 'staging-busy'],
    ['a lock on staging', two.tells(operator, say.lock('staging')), 'waits-for-lock'],
    [
      'a clean-up of staging',
      two.tells(approver, say.cleanup('all')).tells(secondApprover, say.confirmCleanup()),
      'cleanup-in-the-way',
    ],
  ])('%s is left alone, which is said once', (_, told, code) => {
    const decision = told.says(itself, say.deployItself(4));
    expectLeft(decision, code);
    expect(eventOf(decision, 'AutoStageWaits')).toMatchObject({ version: 4, reason: { code } });
    const noted = told.after(decision);
    expect(noted.state.rollouts.map((r) => r.status)).toEqual(told.state.rollouts.map((r) => r.status));
    expect(types(noted.says(itself, say.deployItself(4)))).toEqual([]);
    expect(types(noted.later(3_600_000).says(itself, say.deployItself(4, NEXT_TICK)))).toEqual([]);
    // Of a newer one it is said again.
    expect(types(noted.says(itself, say.deployItself(5)))).toEqual(['AutoStageWaits']);
  });

  test('a change of prod is not: staging is free then', () => {
    expectDone(
      two.begins(3).to('prod').prepared('prod').sends('prod').says(itself, say.deployItself(4)),
      'rollout-started',
    );
  });

  test('ends, and what waited begins, for its own time of the schedule', () => {
    const waiting = gate.after(gate.says(itself, say.deployItself(4, TICK)));
    expect(waiting.state.autoStage).toMatchObject({ tick: TICK.at, waiting: { version: 4 } });
    const free = waiting.tells(approver, () => ({ verb: 'reject', rolloutId: null, reason: 'no' }));
    const begins = free.says(itself, say.deployItself(4, TICK));
    expectDone(begins, 'rollout-started');
    expect(free.after(begins).state.autoStage).toEqual({ tick: TICK.at, waiting: null });
  });

  test('may be somebody who is faster: then nothing waits any more', () => {
    const waiting = gate.after(gate.says(itself, say.deployItself(4)));
    expect(waiting.tells(operator, say.deploy(4)).state.autoStage.waiting).toBeNull();
    expect(waiting.tells(operator, say.deploy(3)).state.autoStage.waiting).toMatchObject({ version: 4 });
  });

  test('may outlast its being the newest approved version', () => {
    const waiting = gate.after(gate.says(itself, say.deployItself(4)));
    const over = waiting.decides({ kind: 'not-staged', version: 4 });
    expect(types(over)).toEqual(['AutoStageDropped']);
    expect(waiting.after(over).state.autoStage.waiting).toBeNull();
    expect(types(waiting.decides({ kind: 'not-staged', version: 3 }))).toEqual([]);
  });

  test('what cannot be read is no fact, and is not recorded', () => {
    const unread = { kind: 'problem', reason: reason('registry-unreadable', { why: 'throttled' }) } as const;
    expect(types(two.says(itself, say.deployItself(3, TICK, unread)))).toEqual([]);
  });

  test('a package that cannot be deployed is said once', () => {
    const sealing = seal(packageSeen(3, { containers: [] }), PLANS);
    const decision = two.says(itself, say.deployItself(3, TICK, sealing));
    expect(eventOf(decision, 'AutoStageWaits').reason.code).toBe('package-unsupported');
    expect(types(two.after(decision).says(itself, say.deployItself(3, TICK, sealing)))).toEqual([]);
  });
});
