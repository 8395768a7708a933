import { describe, expect, test } from 'vitest';
import { REFUSALS_MOST } from '../../../src/rollout/refusals.ts';
import type { CallOutcome } from '../../../src/rollout/events.ts';
import { needsOf } from '../../../src/rollout/needs.ts';
import { unknown } from '../../../src/rollout/observation.ts';
import { reason } from '../../../src/rollout/reasons.ts';
import { eventOf, types } from '../../support/decision-facts.ts';
import { approver, operator, requester } from '../../support/rollout-facts.ts';
import { cancel, deploy, lock, rollback } from '../../support/sayings.ts';
import { story } from '../../support/story.ts';

const one = story().promotes(1);
const creating = story().begins(1).intends('staging');
const updating = one.begins(2).intends('staging');
const config = updating.deployment('staging').target.configName;
const running = one.config('staging', 1);
const THROTTLED: CallOutcome = {
  kind: 'refused',
  requestId: 'r9',
  reason: reason('waits-for-back-off', { words: 'Rate exceeded.' }),
  retryable: true,
};
const QUOTA: CallOutcome = {
  kind: 'refused',
  requestId: 'r9',
  reason: reason('quota-exceeded', { words: 'The limit is 2.' }),
  retryable: false,
};

describe('an intent', () => {
  const ready = one.begins(2).prepared('staging');

  test('names the endpoint, the call and what the endpoint showed, and is sent once', () => {
    const decision = ready.sees();
    expect(types(decision)).toEqual(['CallIntended']);
    const top = ready.state.environments.staging.stack.at(-1);
    expect(eventOf(decision, 'CallIntended')).toMatchObject({
      environment: 'staging',
      deployment: ready.deployment('staging').id,
      call: {
        kind: 'update',
        endpointName: 'titanic-survival-staging',
        configName: config,
        retainVariantProperties: false,
      },
      baseline: {
        present: true,
        status: 'InService',
        configName: running,
        lastModified: top?.at,
        pendingConfigName: null,
      },
    });
    expect(decision.effects).toEqual([{ kind: 'send', environment: 'staging', intent: ready.state.seq + 1 }]);
  });

  test('is a creation where there is no endpoint, with the tags and the rollout', () => {
    const decision = story().begins(1).prepared('staging').sees({ staging: null });
    expect(eventOf(decision, 'CallIntended')).toMatchObject({
      call: { kind: 'create', tags: { project: 'titanic-sagemaker', 'titanic:rollout': 'survival-1' } },
      baseline: { present: false },
    });
  });

  test('keeps what was scaled outside', () => {
    const variants = [
      { name: 'AllTraffic', desiredCount: 4, currentCount: 4, desiredWeight: 1, currentWeight: 1 },
    ] as const;
    const call = eventOf(ready.sees({ staging: { variants } }), 'CallIntended').call;
    expect(call).toMatchObject({ kind: 'update', retainVariantProperties: true });
    const same = [{ ...variants[0], desiredCount: 1 }];
    expect(eventOf(ready.sees({ staging: { variants: same } }), 'CallIntended').call).toMatchObject({
      retainVariantProperties: false,
    });
  });

  test('is not made while the endpoint moves, and the record says what for', () => {
    const decision = ready.sees({ staging: { status: 'SystemUpdating', words: 'patching' } });
    expect(types(decision)).toEqual(['WaitNoted']);
    expect(eventOf(decision, 'WaitNoted').reason).toEqual(reason('waits-for-sagemaker', { doing: 'patching' }));
    const waiting = ready.after(decision);
    expect(waiting.sees({ staging: { status: 'SystemUpdating' } })).toMatchObject({ events: [], wakeInMs: 5_000 });
    // What was waited for is taken back in the entry that goes on.
    expect(types(waiting.sees())).toEqual(['WaitNoted', 'CallIntended']);
  });

  test('is not made while the endpoint cannot be read', () => {
    const decision = ready.sees({ staging: unknown('timed out') });
    expect(eventOf(decision, 'WaitNoted').reason).toMatchObject({ code: 'waits-for-endpoint-reading' });
    expect(ready.after(decision).sees({ staging: unknown('timed out') })).toMatchObject({
      events: [],
      wakeInMs: 5_000,
    });
  });
});

describe('an open intent', () => {
  test.each([0, 1, 119_999])('decides nothing by a look after %i ms, whatever it shows', (ageMs) => {
    for (const staging of [
      null,
      {},
      { configName: config },
      { configName: 'foreign' },
      { status: 'Failed' },
      unknown(''),
    ]) {
      const decision = updating.sees({ staging, ageMs });
      expect(decision.events).toEqual([]);
      expect(decision.wakeInMs).toBe(120_000 - ageMs);
    }
  });

  const outcomes = [
    ['an update whose config is live', updating, { configName: config }, 'landed'],
    ['an update whose config is pending', updating, { pendingConfigName: config, lastModified: 'later' }, 'landed'],
    ['an update that shows what it showed', updating, {}, 'lapsed'],
    ['an update after which somebody else changed it', updating, { configName: 'foreign' }, 'lapsed'],
    ['an update after which it is gone', updating, null, 'lapsed'],
    [
      'a creation that is there with our config',
      creating,
      { configName: config.replace(/r\d+$/, 'r1').replace('v2', 'v1') },
      'landed',
    ],
    ['a creation that is absent', creating, null, 'lapsed'],
    ['a creation that is there with a foreign config', creating, { configName: 'foreign' }, 'lapsed'],
  ] as const;
  test.each(outcomes)('is decided after 120 s: %s', (_, told, staging, kind) => {
    const decision = told.sees({ staging, ageMs: 120_000 });
    expect(types(decision)).toEqual(['CallDecided']);
    expect(eventOf(decision, 'CallDecided')).toMatchObject({ intent: told.intent('staging'), outcome: { kind } });
  });

  test('compares the modification time for equality, never for order', () => {
    const earlier = { configName: config, lastModified: '1999-01-01T00:00:00.000Z' };
    expect(eventOf(updating.sees({ staging: earlier, ageMs: 120_000 }), 'CallDecided').outcome.kind).toBe('landed');
    const { baseline } = updating.state.environments.staging.intent ?? {};
    const lastModified = baseline?.present === true ? baseline.lastModified : '';
    const same = { configName: config, lastModified };
    expect(eventOf(updating.sees({ staging: same, ageMs: 120_000 }), 'CallDecided').outcome.kind).toBe('lapsed');
  });

  test('of a deletion landed when the endpoint is going or gone', () => {
    const deleting = one.begins(2).intends('staging', 'delete');
    const kind = (staging: Parameters<typeof deleting.sees>[0]) =>
      eventOf(deleting.sees({ ...staging, ageMs: 120_000 }), 'CallDecided').outcome.kind;
    expect(kind({ staging: null })).toBe('landed');
    expect(kind({ staging: { status: 'Deleting' } })).toBe('landed');
    expect(kind({ staging: {} })).toBe('lapsed');
  });

  test('is not decided by what cannot be read', () => {
    expect(updating.sees({ staging: unknown('timed out'), ageMs: 200_000 })).toMatchObject({
      events: [],
      wakeInMs: 5_000,
    });
  });

  test('lets nothing else be intended there, and no deployment end', () => {
    for (const stopped of [updating.tells(requester, cancel()), updating.tells(operator, rollback('staging'))]) {
      expect(stopped.state.environments.staging.intent).not.toBeNull();
      for (const staging of [null, { configName: config }, {}, { status: 'Failed' }]) {
        expect(stopped.sees({ staging, ageMs: 60_000 }).events).toEqual([]);
        expect(types(stopped.sees({ staging, ageMs: 120_000 }))).toEqual(['CallDecided']);
      }
    }
  });

  test('does not keep the other environment from moving', () => {
    const approved = one.begins(2).to('prod').intends('prod').tells(operator, deploy(3)).prepared('staging');
    const decision = approved.sees({ ageMs: 60_000 });
    expect(types(decision)).toEqual(['CallIntended']);
    expect(eventOf(decision, 'CallIntended').environment).toBe('staging');
  });

  test('hears of its outcome only once, and only of its own', () => {
    expect(types(updating.hears('staging', { kind: 'accepted', requestId: null }))).toEqual(['CallDecided']);
    const other = { kind: 'call-decided', environment: 'staging', intent: 1, outcome: THROTTLED } as const;
    expect(updating.decides(other).events).toEqual([]);
    const intent = updating.intent('staging');
    expect(updating.decided('staging').decides({ ...other, intent }).events).toEqual([]);
  });
});

describe('an intent that was withdrawn', () => {
  test('or refused leaves the endpoint as certain as it was, so that a rollback goes to what ran before', () => {
    const outcomes: readonly CallOutcome[] = [
      { kind: 'withdrawn', why: 'staging was held meanwhile' },
      { kind: 'refused', requestId: null, reason: reason('waits-for-back-off'), retryable: true },
    ];
    for (const outcome of outcomes) {
      expect(updating.state.environments.staging.settled).toBe(false);
      expect(updating.decided('staging', outcome).state.environments.staging.settled).toBe(true);
    }
  });

  test('because staging was locked is not intended again before the lock is released', () => {
    const locked = updating
      .tells(operator, lock('staging'))
      .decided('staging', { kind: 'withdrawn', why: 'staging was held meanwhile' });
    const waits = locked.sees();
    expect(types(waits)).toEqual(['WaitNoted']);
    expect(eventOf(waits, 'WaitNoted').reason?.code).toBe('waits-for-lock');
    expect(types(locked.after(waits).sees())).toEqual([]);
  });

  test('is made again, from what the endpoint shows now', () => {
    const withdrawn = updating.decided('staging', { kind: 'withdrawn', why: 'too late to be sent' });
    expect(withdrawn.deployment('staging')).toMatchObject({ followed: null, refusals: 0, notBefore: null });
    expect(withdrawn.sees({ ageMs: 9_999 }).events).toEqual([]);
    expect(types(withdrawn.sees())).toEqual(['CallIntended']);
  });
});

describe('an intent that lapsed', () => {
  test('is made again with what is seen as the next baseline', () => {
    const seen = updating.after(
      updating.sees({ staging: { lastModified: '2026-03-02T10:00:00.000Z' }, ageMs: 120_000 }),
    );
    const next = seen.sees({ staging: { lastModified: '2026-03-02T10:00:00.000Z' } });
    expect(eventOf(next, 'CallIntended').baseline).toMatchObject({ lastModified: '2026-03-02T10:00:00.000Z' });
  });
});

describe('a refused call', () => {
  test('that may be tried again is a new intent after a back-off that doubles', () => {
    let told = updating;
    for (const seconds of [2, 4, 8, 16, 32, 64, 64, 64, 64]) {
      const decision = told.hears('staging', THROTTLED);
      expect(types(decision)).toEqual(['CallDecided']);
      told = told.after(decision);
      const early = told.later(seconds * 1_000 - 1).sees();
      expect(early).toMatchObject({ events: [], wakeInMs: 1 });
      told = told.later(seconds * 1_000);
      const again = told.sees();
      expect(types(again)).toEqual(['CallIntended']);
      told = told.after(again);
    }
    expect(told.deployment('staging').refusals).toBe(REFUSALS_MOST - 1);
    const last = told.hears('staging', THROTTLED);
    expect(types(last)).toEqual(['CallDecided', 'DeploymentFailed', 'RolloutEnded']);
    expect(eventOf(last, 'RolloutEnded').reason).toEqual(
      reason('too-many-refusals', { times: REFUSALS_MOST, words: 'Rate exceeded.' }),
    );
  });

  test('that is final ends the deployment with the reason of AWS, and staging is what it was', () => {
    const decision = updating.hears('staging', QUOTA);
    expect(types(decision)).toEqual(['CallDecided', 'DeploymentFailed', 'RolloutEnded']);
    expect(eventOf(decision, 'RolloutEnded')).toMatchObject({ outcome: 'failed', reason: QUOTA.reason });
    const after = updating.after(decision);
    expect(after.state.environments.staging).toMatchObject({ deployment: null, rollback: null, settled: true });
    expect(after.says(operator, deploy(3)).accepted).toBe(true);
  });

  test('of prod ends the rollout, and nothing of prod has changed', () => {
    const prod = one.begins(2).to('prod').intends('prod');
    const after = prod.after(prod.hears('prod', QUOTA));
    expect(after.rollout).toMatchObject({ status: 'ended', outcome: 'failed', approvedBy: ['U0ANNA'] });
    expect(after.versions('prod')).toEqual([1]);
    expect(after.state.environments.prod).toMatchObject({ settled: true, holds: [] });
  });

  test('of a rollback ends it unreached, and the next rollback tries the same again', () => {
    const two = one.promotes(2);
    const shown = { configName: two.config('prod', 2) };
    const back = two.tells(approver, rollback()).goesBack('prod').intends('prod', 'update', shown);
    const after = back.after(back.hears('prod', QUOTA));
    expect(after.state.endedRollbacks[0]).toMatchObject({
      ended: { reached: false, reason: { code: 'quota-exceeded' } },
    });
    expect(after.state.environments.prod.holds).toMatchObject([{ kind: 'after-rollback' }]);
    const again = after.says(operator, rollback());
    expect(again).toMatchObject({ accepted: true, reason: { params: { version: 1 } } });
  });
});

const NOTHING_NEEDED = { endpoints: { staging: null, prod: null }, seals: [], models: {} };
const PROD_ALONE = { seals: [], endpoints: { staging: null, prod: { chain: true } } };

describe('what is looked at', () => {
  test('is nothing at rest, at an open gate and on hold', () => {
    for (const told of [
      story(),
      one,
      one.begins(2).to('gate'),
      one.begins(2).to('held'),
      one.tells(operator, lock('prod')),
    ]) {
      expect(needsOf(told.state, told.nowMs)).toEqual(NOTHING_NEEDED);
    }
  });

  test('is the seal and staging before prod, until prod was touched', () => {
    const prod = one.begins(2).to('prod');
    const needed = { seals: [prod.subject], endpoints: { staging: {}, prod: { chain: true } } };
    const approved = one.begins(2).to('approved');
    expect(needsOf(approved.state, approved.nowMs)).toMatchObject({
      ...needed,
      endpoints: { staging: {}, prod: null },
    });
    const prepared = prod.prepared('prod');
    expect(needsOf(prepared.state, prepared.nowMs)).toMatchObject(needed);
    for (const told of [prod, prod.sends('prod')]) expect(needsOf(told.state, told.nowMs)).toMatchObject(PROD_ALONE);
  });

  test('is nothing that a lock of prod keeps from deciding anything', () => {
    const approved = one.begins(2).to('approved');
    const locked = approved.tells(operator, lock('prod'));
    expect(needsOf(locked.state, locked.nowMs)).toEqual(NOTHING_NEEDED);
    const prod = one.begins(2).to('prod').prepared('prod').tells(operator, lock('prod'));
    expect(needsOf(prod.state, prod.nowMs)).toMatchObject(PROD_ALONE);
    // What is on its way to staging meanwhile is looked at all the same.
    const next = prod.begins(3).prepared('staging');
    expect(needsOf(next.state, next.nowMs)).toMatchObject({ seals: [next.subject] });
  });
});
