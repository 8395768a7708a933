import { describe, expect, test } from 'vitest';
import type { AnalysisPlan } from '../../../src/rollout/strategy.ts';
import { fleetsKey } from '../../../src/rollout/decide-analysis.ts';
import { needsOf } from '../../../src/rollout/needs.ts';
import { unknown } from '../../../src/rollout/observation.ts';
import { killSwitchOf } from '../../../src/rollout/strategy.ts';
import { eventOf, types } from '../../support/decision-facts.ts';
import { FINE, fleet, fleets, sees, WORSE } from '../../support/fleets.ts';
import { compared } from '../../support/guarded.ts';
import { approver, operator, requester } from '../../support/rollout-facts.ts';
import { rollback, snooze } from '../../support/sayings.ts';
import { type Story, story } from '../../support/story.ts';

const APPROVER = 'id' in approver.actor ? approver.actor.id : '';
const UPDATING = { status: 'Updating', words: 'under way' } as const;

function underWay(plan: Partial<AnalysisPlan> = {}): Story {
  const analysis = { ...(compared.analysis ?? fail()), ...plan };
  return story()
    .promotes(1)
    .promotes(2)
    .begins(3, { strategy: { ...compared, analysis } })
    .to('prod')
    .prepared('prod')
    .sends('prod');
}

function fail(): never {
  throw new Error('The plan has no analysis.');
}

/** A pass that sees the update under way, and compares. */
function look(told: Story, seen: Parameters<typeof sees>[0] | null) {
  const { configName } = told.deployment('prod').target;
  return told.sees({ prod: { ...UPDATING, pendingConfigName: configName, ...(seen === null ? {} : sees(seen)) } });
}

/** What follows from a look is written down. */
function seen(told: Story, value: Parameters<typeof look>[1]): Story {
  return told.after(look(told, value));
}

const sent = seen(underWay(), null);
const worse = seen(sent, WORSE);

describe('comparing the fleets of a guarded change', () => {
  test('is asked for while the change is under way, but not when that was done a moment ago', () => {
    const { target, id } = sent.deployment('prod');
    const needed = needsOf(sent.state, sent.nowMs).endpoints.prod?.fleets;
    expect(needed).toMatchObject({ configName: target.configName, slowMs: compared.alarms.p95Ms });
    expect(needed?.oldConfigName).not.toBe(target.configName);
    expect(needsOf(sent.state, sent.nowMs, new Set([fleetsKey(id)])).endpoints.prod?.fleets).toBeUndefined();
    expect(needsOf(story().promotes(1).state, sent.nowMs).endpoints.prod).toBeNull();
  });

  test('records a verdict when it changes, and the numbers now and then while it does not', () => {
    const fine = look(sent, FINE);
    expect(types(fine)).toEqual(['FleetsCompared']);
    expect(eventOf(fine, 'FleetsCompared')).toMatchObject({ verdict: 'fine', fleets: FINE });
    const told = sent.after(fine);
    expect(look(told, FINE).events).toEqual([]);
    expect(types(look(told.later(301_000), FINE))).toEqual(['FleetsCompared']);
    expect(eventOf(look(told, fleets(fleet(5))), 'FleetsCompared').verdict).toBe('inconclusive');
  });

  test('says once that the numbers cannot be read, and leaves a verdict that stands', () => {
    const blind = seen(sent, unknown('Rate exceeded'));
    expect(blind.deployment('prod').analysis).toMatchObject({ verdict: 'inconclusive', why: 'Rate exceeded' });
    expect(look(blind, unknown('Rate exceeded')).events).toEqual([]);
    expect(look(worse, unknown('Rate exceeded')).events).toEqual([]);
    expect(types(look(blind, FINE))).toEqual(['FleetsCompared']);
  });
});

describe('a new fleet that is worse', () => {
  test('counts down, and prod goes back by itself when nobody is there', () => {
    expect(worse.deployment('prod').analysis).toMatchObject({ verdict: 'worse', snoozed: null });
    const dueAt = worse.deployment('prod').analysis?.dueAt ?? '';
    expect(Date.parse(dueAt)).toBeGreaterThan(worse.nowMs);
    const waits = look(worse, null);
    expect(waits.events).toEqual([]);
    expect(waits.wakeInMs).toBeLessThanOrEqual(60_000);
    const due = look(worse.later(61_000), null);
    expect(types(due)).toEqual([
      'DeploymentAbortMarked',
      'RolloutEnded',
      'RollbackStarted',
      'HoldPlaced',
      'KillSwitchIntended',
    ]);
    expect(eventOf(due, 'RollbackStarted')).toMatchObject({ cause: 'analysis-failed', by: null });
    expect(eventOf(due, 'RolloutEnded')).toMatchObject({ outcome: 'failed', reason: { code: 'fleet-worse' } });
    const { configName } = worse.deployment('prod').target;
    expect(eventOf(due, 'KillSwitchIntended').alarm).toBe(killSwitchOf(configName));
    expect(due.effects).toMatchObject([{ kind: 'trip' }]);
  });

  test('goes back though prod cannot be read when it is due', () => {
    const due = worse.later(61_000).sees({ prod: unknown('timed out') });
    expect(types(due)).toContain('KillSwitchIntended');
  });

  test('goes back without a countdown where the configuration says at once, and never where it says off', () => {
    const atOnce = seen(seen(underWay({ autoRollbackSeconds: 0 }), null), WORSE);
    expect(types(look(atOnce, null))).toContain('RollbackStarted');
    const off = look(seen(underWay({ autoRollbackSeconds: null }), null), WORSE);
    expect(types(off)).toEqual(['FleetsCompared']);
  });

  test('that is not worse any more counts down to nothing', () => {
    const better = seen(worse, FINE);
    expect(better.deployment('prod').analysis).toMatchObject({ verdict: 'fine', dueAt: null });
    expect(look(better.later(120_000), null).events).toEqual([]);
  });

  test('goes back as well when SageMaker is done before the countdown is over', () => {
    const { configName } = worse.deployment('prod').target;
    const done = worse.sees({ prod: { configName, lastModified: 'later' } });
    expect(types(done)).toEqual(['DeploymentAbortMarked', 'RolloutEnded', 'RollbackStarted', 'HoldPlaced']);
    const back = worse.after(done).sees({ prod: { configName, lastModified: 'later' } });
    expect(types(back)).toEqual(['DeploymentFailed']);
  });

  test('is not compared any more once somebody rolls it back', () => {
    const stopped = worse.tells(operator, rollback());
    expect(needsOf(stopped.state, stopped.nowMs).endpoints.prod?.fleets).toBeUndefined();
    expect(types(look(stopped.later(120_000), null))).not.toContain('RollbackStarted');
  });
});

describe('snoozing', () => {
  const snoozed = worse.tells(approver, snooze('a partner is testing'));

  test('puts it off once, with a reason, by an approver', () => {
    const event = eventOf(worse.says(approver, snooze('a partner is testing')), 'AutoRollbackSnoozed');
    const dueMs = Date.parse(worse.deployment('prod').analysis?.dueAt ?? '');
    expect(event).toMatchObject({ by: APPROVER, dueAt: new Date(dueMs + 600_000).toISOString() });
    expect(look(snoozed.later(61_000), null).events).toEqual([]);
    expect(types(look(snoozed.later(700_000), null))).toContain('RollbackStarted');
    expect(snoozed.says(approver, snooze())).toMatchObject({ accepted: false, reason: { code: 'snoozed-already' } });
    expect(worse.says(approver, snooze('  '))).toMatchObject({ reason: { code: 'reason-missing' } });
    expect(worse.says(requester, snooze())).toMatchObject({ reason: { code: 'not-an-approver' } });
  });

  test('is remembered though the fleet was fine in between', () => {
    const again = seen(seen(snoozed, FINE), WORSE);
    expect(again.deployment('prod').analysis?.dueAt).not.toBeNull();
    expect(again.says(approver, snooze())).toMatchObject({ reason: { code: 'snoozed-already' } });
  });

  test('lets the change end while it lasts, because somebody answers for it', () => {
    const { configName } = snoozed.deployment('prod').target;
    const done = snoozed.sees({ prod: { configName, lastModified: 'later' } });
    expect(types(done)).toEqual(['DeploymentSucceeded']);
  });

  test('says so where nothing counts down', () => {
    for (const told of [sent, story().promotes(1), worse.tells(operator, rollback())]) {
      expect(told.says(approver, snooze())).toMatchObject({ accepted: false, reason: { code: 'nothing-to-snooze' } });
    }
    expect(worse.says(approver, snooze('x', 'survival-999'))).toMatchObject({ reason: { code: 'nothing-to-snooze' } });
  });
});
