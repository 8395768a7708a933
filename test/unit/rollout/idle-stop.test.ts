import { describe, expect, test } from 'vitest';
import { neededByRecord } from '../../../src/cleanup/in-use.ts';
import { IDLE_KEY } from '../../../src/rollout/idle-stop.ts';
import { needsOf } from '../../../src/rollout/needs.ts';
import { unknown } from '../../../src/rollout/observation.ts';
import { noLongerWanted } from '../../../src/rollout/perform.ts';
import { reason } from '../../../src/rollout/reasons.ts';
import { REFUSALS_OF_STOP } from '../../../src/rollout/refusals.ts';
import { eventOf, types } from '../../support/decision-facts.ts';
import { expectDone, expectRefused } from '../../support/expect-decision.ts';
import { IDLE, requested, stopped, stops, UNUSED_MS } from '../../support/idle.ts';
import { approver, operator, smokeResult } from '../../support/rollout-facts.ts';
import { cleanup, deploy, lock, promote, rollback, smoke, unlock } from '../../support/sayings.ts';
import { type Story, story } from '../../support/story.ts';

const HOUR_MS = 3_600_000;
const one = story({ idleStop: IDLE }).promotes(1);
const two = one.promotes(2);
const unused = two.later(UNUSED_MS);
const spared = { ...IDLE, whileGateOpen: true };
const tested = story({ idleStop: spared }).promotes(1).begins(2).to('tested');
/** A gate that said that staging may be stopped, and nobody has decided for hours. */
const sparedGate = tested.after(tested.sees());
const UNUSED = { staging: requested(0) };

function stopsAt(told: Story): boolean {
  return types(told.sees(UNUSED)).includes('IdleStopDecided');
}

function needOf(told: Story, later?: ReadonlySet<string>) {
  return needsOf(told.state, told.nowMs, later, told.settings).endpoints.staging;
}

describe('staging that nobody uses', () => {
  test('is stopped: the deletion is a deployment of its own, with what it ran on and since when', () => {
    const decision = unused.sees(UNUSED);
    const { seq } = unused.state;
    expect(types(decision)).toEqual(['DeploymentStarted', 'IdleStopDecided']);
    expect(eventOf(decision, 'DeploymentStarted')).toMatchObject({ kind: 'stop', owner: `survival-${seq + 1}` });
    expect(eventOf(decision, 'IdleStopDecided')).toEqual({
      type: 'IdleStopDecided',
      environment: 'staging',
      deployment: seq + 1,
      usedAt: two.state.environments.staging.usedAt,
      afterHours: 2,
      capacity: { kind: 'instances', instanceType: 'ml.m5.large', instanceCount: 1 },
    });
    const intended = unused.after(decision).sees(UNUSED);
    expect(eventOf(intended, 'CallIntended').call).toEqual({
      kind: 'delete',
      endpointName: 'titanic-survival-staging',
    });
    expect(intended.effects).toEqual([{ kind: 'send', environment: 'staging', intent: seq + 2 }]);
  });

  test('is not stopped before its time, and looked at again exactly then', () => {
    const { staging } = two.state.environments;
    const idleAtMs = Date.parse(staging.usedAt ?? '') + IDLE.afterMs;
    expect(two.sees(UNUSED)).toMatchObject({ events: [], wakeInMs: idleAtMs - two.nowMs });
    const before = two.later(idleAtMs - two.nowMs - 1);
    expect(before.sees(UNUSED)).toMatchObject({ events: [], wakeInMs: 1 });
    expect(stopsAt(before.later(1))).toBe(true);
  });

  test.each([
    ['it had a request', requested(1)],
    ['CloudWatch does not say', requested(unknown('Throttling'))],
    ['CloudWatch was not asked', {}],
    ['it cannot be described', unknown('AccessDenied')],
    ['it is gone', null],
    ['somebody updates it', { ...requested(0), status: 'Updating' }],
    ['somebody else changed it', { ...requested(0), configName: 'foreign' }],
    ['an update of it waits', { ...requested(0), pendingConfigName: 'foreign' }],
    [
      'its variant has another name, whose requests nobody counts',
      {
        ...requested(0),
        variants: [{ name: 'blue', desiredCount: 1, currentCount: 1, desiredWeight: 1, currentWeight: 1 }],
      },
    ],
  ])('stays if %s, and that is asked again in ten minutes', (_, staging) => {
    expect(unused.sees({ staging })).toMatchObject({ events: [], wakeInMs: 600_000 });
  });

  test.each<[string, Story]>([
    ['nothing is configured', story().promotes(1).later(UNUSED_MS)],
    ['nothing runs there', story({ idleStop: IDLE }).later(UNUSED_MS)],
    ['it is being changed', two.begins(3).later(UNUSED_MS)],
    ['it is being tested', two.begins(3).to('testing').later(UNUSED_MS)],
    ['it is measured alone', two.measures('staging', 'alone').later(UNUSED_MS)],
    ['its smoke tests gave no verdict', two.begins(3).to('held').later(UNUSED_MS)],
    ['its gate is about to open', two.begins(3).to('tested').later(UNUSED_MS)],
    ['a gate is open', two.begins(3).to('gate').later(UNUSED_MS)],
    ['a gate opened before that was configured', two.begins(3).to('gate').with({ idleStop: spared }).later(UNUSED_MS)],
    ['it is approved and not in prod yet', two.begins(3).to('approved').later(UNUSED_MS)],
    ['prod is being changed', two.begins(3).to('prod').later(UNUSED_MS)],
    ['prod is checked', two.begins(3).to('verifying').later(UNUSED_MS)],
    ['prod goes back', two.tells(operator, rollback('prod')).later(UNUSED_MS)],
    ['it goes back', two.tells(operator, rollback('staging')).later(UNUSED_MS)],
    ['a clean-up waits', two.tells(approver, cleanup('staging')).later(60_000).later(UNUSED_MS)],
    ['it is locked', two.tells(operator, lock('staging')).later(UNUSED_MS)],
    ['it is stopped already', stopped(unused).later(UNUSED_MS)],
  ])('stays while %s', (_, told) => {
    // Whatever else is decided then, and nothing is asked of CloudWatch for it.
    expect(stopsAt(told)).toBe(false);
    expect(needOf(told)?.requests).toBeUndefined();
  });

  test('that is locked for a while is stopped after it', () => {
    const locked = two.tells(operator, lock('staging', 12 * 3_600)).later(UNUSED_MS);
    expect(stopsAt(locked)).toBe(false);
    expect(stopsAt(locked.later(12 * HOUR_MS))).toBe(true);
    const released = two.tells(operator, lock('staging')).tells(operator, unlock('staging')).later(UNUSED_MS);
    expect(stopsAt(released)).toBe(true);
  });

  test('counts from the last end of anything there: a smoke run, a rollback, a stop that failed', () => {
    const measured = two.later(UNUSED_MS).measures('staging', 'alone').measured('staging', 'passed');
    expect(stopsAt(measured)).toBe(false);
    expect(stopsAt(measured.later(UNUSED_MS))).toBe(true);
    const back = two.later(UNUSED_MS).tells(operator, rollback('staging')).goesBack('staging').reaches('staging');
    expect(stopsAt(back)).toBe(false);
    const failed = stops(unused).fails('staging', reason('call-refused', { words: 'no' }));
    expect(failed.state.environments.staging).toMatchObject({ stopped: null, settled: true });
    expect(stopsAt(failed)).toBe(false);
    expect(stopsAt(failed.later(UNUSED_MS))).toBe(true);
  });

  test('is looked at, and CloudWatch asked, only once it is time, and not again at once', () => {
    expect(needOf(two)).toBeNull();
    const since = new Date(unused.nowMs - IDLE.afterMs).toISOString();
    expect(needOf(unused)).toEqual({
      chain: false,
      tags: false,
      targetConfig: null,
      requests: { endpointName: 'titanic-survival-staging', since },
    });
    expect(needOf(unused, new Set([IDLE_KEY]))).toBeNull();
  });
});

describe('a stop that was decided', () => {
  const begun = stops(unused);

  test.each<[string, Story, Parameters<Story['sees']>[0]]>([
    ['somebody changed the endpoint', begun, { staging: { configName: 'foreign' } }],
    ['the endpoint is gone', begun, { staging: null }],
    ['staging was locked', begun.tells(operator, lock('staging')), {}],
    ['nobody carried it out for a quarter of an hour', begun.later(16 * 60_000), {}],
  ])('is given up when %s before its call', (_, told, sight) => {
    const decision = told.sees(sight);
    expect(types(decision)).toEqual(['DeploymentFailed']);
    expect(eventOf(decision, 'DeploymentFailed').reason.code).toBe('not-stopped');
    expect(told.after(decision).state.environments.staging).toMatchObject({ deployment: null, stopped: null });
  });

  test('is not sent any more after a lock, a rollback, or its time', () => {
    const intended = begun.intends('staging', 'delete');
    const unwanted = (told: Story) => noLongerWanted(told.state, 'staging', intended.intent('staging'), told.nowMs);
    expect(unwanted(intended)).toBeNull();
    expect(unwanted(intended.tells(operator, lock('staging')))).toBe('staging was held meanwhile');
    expect(unwanted(intended.tells(operator, rollback('staging')))).toBe('its deployment was stopped meanwhile');
    expect(unwanted(intended.later(16 * 60_000))).toBe('its time is over');
  });

  test('is not tried for long where SageMaker refuses, and nothing goes back for it', () => {
    const refused = {
      kind: 'refused',
      requestId: null,
      reason: reason('call-refused', { words: 'Rate exceeded.' }),
      retryable: true,
    } as const;
    let told = begun;
    for (let n = 1; n < REFUSALS_OF_STOP; n += 1) told = told.intends('staging', 'delete').decided('staging', refused);
    const last = told.intends('staging', 'delete').hears('staging', refused);
    expect(types(last)).toEqual(['CallDecided', 'DeploymentFailed']);
  });

  test('leaves deploys and smoke runs waiting for as long as the deletion takes', () => {
    expectRefused(begun.says(operator, deploy(3)), 'staging-busy', {
      doing: 'it is just being stopped, because nobody used it',
    });
    expectRefused(begun.says(operator, smoke('staging')), 'endpoint-busy');
  });

  test('whose reply was lost is known by looking, and nothing is deleted twice', () => {
    const open = begun.intends('staging', 'delete');
    const gone = open.sees({ staging: null });
    expect(eventOf(gone, 'CallDecided').outcome).toMatchObject({ kind: 'landed' });
    const followed = open.after(gone);
    expect(types(followed.sees({ staging: { status: 'Deleting' } }))).toEqual([]);
    expect(types(followed.sees({ staging: null }))).toEqual(['DeploymentSucceeded']);
  });

  test('that a rollback overtakes is over first, and then staging comes back', () => {
    const sent = begun.sends('staging', 'delete').tells(operator, rollback('staging'));
    const over = sent.after(sent.sees({ staging: null }));
    expect(over.state.environments.staging).toMatchObject({ deployment: null, rollback: { target: { version: 1 } } });
    const back = over.after(over.sees({ staging: null }));
    expect(eventOf(back.sees({ staging: null }), 'CallIntended').call).toMatchObject({ kind: 'create' });
  });
});

describe('staging that is stopped', () => {
  const down = stopped(unused);

  test('keeps what it ran, and knows since when it is stopped', () => {
    const { staging } = down.state.environments;
    expect(staging).toMatchObject({ known: false, settled: true, deployment: null, intent: null });
    expect(staging.stopped).toMatchObject({ usedAt: two.state.environments.staging.usedAt });
    expect(down.versions('staging')).toEqual([1, 2]);
    expect(down.entries.at(-1)?.events[0]).toMatchObject({ reason: { code: 'stopped-idle' } });
  });

  test('has its config and model, and those it could go back to, kept by a clean-up of leftovers', () => {
    const needed = neededByRecord([down.state], 'titanic-', ['staging']);
    expect(needed.get(down.config('staging', 2))).toBe('staging is stopped and comes back with it');
    expect(needed.get(down.config('staging', 1))).toBe('a rollback of staging can go to it');
  });

  test('comes back with the next deploy, which creates it', () => {
    const deployed = down.tells(operator, deploy(3));
    expect(deployed.rollout.status).toBe('staging');
    const ready = deployed.prepared('staging');
    expect(eventOf(ready.sees({ staging: null }), 'CallIntended').call.kind).toBe('create');
    const sent = ready.sends('staging', 'create');
    expect(sent.state.environments.staging).toMatchObject({ known: true, stopped: null });
    expect(sent.reaches('staging').versions('staging')).toEqual([1, 2, 3]);
  });

  test('stays stopped, and nothing is brought back, when such a deploy cannot even be created', () => {
    const sent = down.tells(operator, deploy(3)).intends('staging', 'create', null);
    const outcome = {
      kind: 'refused',
      requestId: null,
      reason: reason('quota-exceeded', { words: 'no' }),
      retryable: false,
    } as const;
    const decision = sent.hears('staging', outcome);
    expect(types(decision)).toEqual(['CallDecided', 'DeploymentFailed', 'RolloutEnded']);
    const after = sent.after(decision).state.environments.staging;
    expect(after).toMatchObject({ settled: true, rollback: null });
    expect(after.stopped).not.toBeNull();
  });

  test('that somebody created again is taken over by a deploy only if it carries the tags', () => {
    const ready = down.tells(operator, deploy(3, { shown: { configName: 'foreign' } })).prepared('staging');
    expect(types(ready.sees({ staging: { configName: 'foreign' } }))).toEqual(['EndpointAdopted']);
  });

  test('comes back with a rollback: to what ran before, to a version that is named, or to the only one there is', () => {
    expectDone(down.says(operator, rollback('staging')), 'rollback-started', { version: 1 });
    expectDone(down.says(operator, rollback('staging', { to: 2 })), 'rollback-started', { version: 2 });
    const only = stopped(story({ idleStop: IDLE }).promotes(1).later(UNUSED_MS));
    expectDone(only.says(operator, rollback('staging')), 'rollback-started', { version: 1 });
  });

  test('comes back for a smoke run with exactly what it ran, and is measured in the entry that says so', () => {
    const decision = down.says(operator, smoke('staging', null));
    expectDone(decision, 'smoke-after-return', { environment: 'staging', version: 2 });
    expect(eventOf(decision, 'RollbackStarted')).toMatchObject({
      cause: 'smoke-asked',
      leaving: null,
      target: { version: 2 },
    });
    const sent = down.after(decision).goesBack('staging').sends('staging', 'create');
    const wrong = sent.sees({ staging: { images: ['registry/survival@sha256:0'] } });
    expect(eventOf(wrong, 'DeploymentFailed').reason).toMatchObject({ code: 'wrong-chain' });
    const there = sent.sees();
    expect(types(there)).toEqual(['DeploymentSucceeded', 'RollbackEnded', 'SmokeStarted']);
    expect(eventOf(there, 'SmokeStarted')).toMatchObject({ purpose: 'alone', rolloutId: null });
    expect(there.effects).toEqual([{ kind: 'smoke', environment: 'staging', claim: sent.state.seq + 1 }]);
    const measuring = sent.after(there);
    expect(measuring.state.environments.staging.smoke?.claim).toBe(sent.state.seq + 1);
    expect(types(measuring.finishes('staging', smokeResult('passed')))).toEqual(['SmokeFinished']);
  });

  test('is no smoke run for somebody who may not ask for one, nor without a look', () => {
    expectRefused(down.says(approver, smoke('staging', null)), 'not-an-operator');
    expectRefused(down.says(operator, smoke('staging', unknown('Throttling'))), 'endpoint-unreadable');
  });
});

describe('a gate that said that staging may be stopped', () => {
  const idle = sparedGate.later(UNUSED_MS);
  const down = stopped(idle);

  test('says so in the record when it opens', () => {
    expect(eventOf(tested.sees(), 'GateOpened').idleStopHours).toBe(2);
    expect(two.begins(3).to('tested').sees().events[0]).not.toHaveProperty('idleStopHours');
  });

  test('leads to prod by what was tested, as long as nothing is there and nothing had changed', () => {
    const approved = down.tells(approver, promote());
    const started = approved.sees({ staging: null });
    expect(types(started)).toEqual(['DeploymentStarted']);
    const ready = approved.after(started).prepared('prod');
    expect(types(ready.sees({ staging: null }))).toContain('CallIntended');
  });

  test('is void when the endpoint is there again, or was another one when it was stopped', () => {
    const approved = down.tells(approver, promote());
    const again = approved.sees({ staging: { lastModified: '2026-03-02T20:00:00.000Z' } });
    expect(eventOf(again, 'RolloutEnded').reason).toMatchObject({ code: 'staging-changed' });
    const other = stops(idle).intends('staging', 'delete', { lastModified: '2026-03-02T20:00:00.000Z' });
    const gone = other.decided('staging');
    const promoted = gone.after(gone.sees({ staging: null })).tells(approver, promote());
    expect(eventOf(promoted.sees({ staging: null }), 'RolloutEnded').reason).toMatchObject({ code: 'staging-changed' });
  });

  test('waits with prod while staging is just being stopped', () => {
    const approved = stops(idle).sends('staging', 'delete').tells(approver, promote());
    expect(eventOf(approved.sees({ staging: { status: 'Deleting' } }), 'WaitNoted').reason).toMatchObject({
      code: 'waits-for-sagemaker',
    });
  });

  test('is not made void by a smoke run that would bring staging back', () => {
    expectRefused(down.says(operator, smoke('staging', null)), 'smoke-would-void', { rollout: down.subject });
  });
});
