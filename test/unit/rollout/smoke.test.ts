import { describe, expect, test } from 'vitest';
import { unknown } from '../../../src/rollout/observation.ts';
import { reason } from '../../../src/rollout/reasons.ts';
import { eventOf, types } from '../../support/decision-facts.ts';
import { expectDone, expectRefused } from '../../support/expect-decision.ts';
import { approver, operator, requester, smokeResult } from '../../support/rollout-facts.ts';
import { cancel, giveUp, rollback, smoke, smokeAgain } from '../../support/sayings.ts';
import { type Story, story } from '../../support/story.ts';

const one = story().promotes(1);
const testing = one.begins(2).to('testing');
const measuring = testing.measures('staging', 'gate');
const FAILED = smokeResult('failed', {
  findings: [
    { check: 'p95 ms', measured: '412', threshold: '300', ok: false },
    { check: 'error rate', measured: '0', threshold: '0.01', ok: true },
  ],
});

describe('a smoke run', () => {
  test('is claimed before it measures, and names what it measures', () => {
    const decision = testing.sees();
    const top = testing.state.environments.staging.stack.at(-1);
    expect(eventOf(decision, 'SmokeStarted')).toMatchObject({
      purpose: 'gate',
      rolloutId: testing.subject,
      configName: top?.configName,
      lastModified: top?.at,
      longestMs: 60_000,
    });
    expect(decision.effects).toEqual([{ kind: 'smoke', environment: 'staging', claim: testing.state.seq + 1 }]);
  });

  test('is claimed once', () => {
    expect(measuring.sees({ ageMs: 0 }).events).toEqual([]);
  });

  test('waits for an endpoint that moves or cannot be read', () => {
    expect(types(testing.sees({ staging: { status: 'SystemUpdating' } }))).toEqual(['WaitNoted']);
    expect(types(testing.sees({ staging: { pendingConfigName: 'x' } }))).toEqual(['WaitNoted']);
    expect(types(testing.sees({ staging: unknown('down') }))).toEqual(['WaitNoted']);
  });

  test.each([
    ['nothing', null],
    ['foreign', { configName: 'foreign' }],
  ] as const)('is not begun where the endpoint shows %s', (config, shown) => {
    const decision = testing.sees({ staging: shown });
    expect(decision.events).toEqual([
      expect.objectContaining({
        type: 'RolloutEnded',
        outcome: 'failed',
        reason: reason('changed-outside', { config }),
      }),
    ]);
    const verifying = one.begins(2).to('verifying');
    expect(types(verifying.sees({ prod: shown }))).toEqual(['RolloutEnded', 'HoldPlaced']);
  });

  test('that passed opens the way to the gate', () => {
    const decision = measuring.finishes('staging', smokeResult('passed'));
    expect(types(decision)).toEqual(['SmokeFinished']);
    expect(measuring.after(decision).rollout).toMatchObject({
      status: 'tested',
      smoke: { verdict: 'passed', histogram: '' },
    });
    expect(eventOf(decision, 'SmokeFinished').result.histogram).not.toBe('');
  });

  test('counts only for the claim that is open', () => {
    expect(measuring.finishes('staging', smokeResult('passed'), { claim: 1 }).events).toEqual([]);
  });

  test.each([
    ['another modification time', { lastModified: 'other' }],
    ['another config', { configName: 'other' }],
    ['an update under way', { pendingConfigName: 'other' }],
    ['not InService', { status: 'Updating' }],
    ['nothing that could be read', null],
  ])('is void where it saw %s, before or after', (_, look) => {
    for (const about of [{ before: look }, { after: look }]) {
      const decision = measuring.finishes('staging', smokeResult('passed'), about);
      expect(types(decision)).toEqual(['SmokeVoided']);
      expect(eventOf(decision, 'SmokeVoided').reason.code).toBe('smoke-void');
    }
  });

  test('that gave up is abandoned; that saw something else was void', () => {
    const code = (about: object) => eventOf(measuring.finishes('staging', null, about), 'SmokeVoided').reason.code;
    expect(code({})).toBe('smoke-abandoned');
    expect(code({ before: null })).toBe('smoke-abandoned');
    expect(code({ before: { configName: 'other' } })).toBe('smoke-void');
  });

  test('whose process died is abandoned thirty seconds after its longest duration, and another begins', () => {
    expect(measuring.sees({ ageMs: 89_999 })).toMatchObject({ events: [], wakeInMs: 1 });
    const decision = measuring.sees({ ageMs: 90_000 });
    expect(eventOf(decision, 'SmokeVoided').reason.code).toBe('smoke-abandoned');
    expect(types(measuring.after(decision).sees())).toEqual(['SmokeStarted']);
  });
});

describe('without a verdict', () => {
  /** A run that gives none; then the next one, if there is one. */
  function again(told: Story, how: 'inconclusive' | 'void' | 'abandoned'): Story {
    const decision =
      how === 'inconclusive'
        ? told.finishes('staging', smokeResult('inconclusive'))
        : how === 'void'
          ? told.finishes('staging', smokeResult('passed'), { after: null })
          : told.sees({ ageMs: 90_000 });
    const after = told.after(decision);
    return after.rollout.status === 'held' ? after : after.after(after.sees());
  }

  test('a run is repeated twice, however it came to none; then a person has to look', () => {
    const second = again(measuring, 'inconclusive');
    const third = again(second, 'void');
    expect(third.rollout).toMatchObject({ status: 'testing', voidRuns: 2 });
    const held = again(third, 'abandoned');
    expect(held.rollout).toMatchObject({ status: 'held', heldBecause: { code: 'smoke-inconclusive' } });
    expect(held.sees().events).toEqual([]);
  });

  const held = one.begins(2).to('held');

  test('the run can be asked for again, and has three tries again', () => {
    const decision = held.says(requester, smokeAgain());
    expectDone(decision, 'smoke-repeat');
    const repeated = held.after(decision);
    expect(repeated.rollout).toMatchObject({ status: 'testing', voidRuns: 0 });
    expect(types(repeated.sees())).toEqual(['SmokeStarted']);
    expectRefused(repeated.says(approver, smokeAgain()), 'not-waiting-for-smoke');
    expectRefused(repeated.says(approver, giveUp()), 'not-waiting-for-smoke');
    expectRefused(held.says(approver, giveUp('survival-999')), 'no-rollout');
  });

  test('it can be given up, and staging stays as it is', () => {
    const decision = held.says(operator, giveUp());
    expectDone(decision, 'gave-up');
    const after = held.after(decision);
    expect(after.rollout).toMatchObject({ outcome: 'given-up', reason: reason('given-up-by', { by: 'U0OLGA' }) });
    expect(after.state.environments.staging).toMatchObject({ rollback: null, deployment: null });
  });
});

describe('a smoke run of staging that failed', () => {
  test('ends the rollout with what was measured, and staging goes back to what ran before', () => {
    const decision = measuring.finishes('staging', FAILED);
    expect(types(decision)).toEqual(['SmokeFinished', 'RolloutEnded', 'RollbackStarted']);
    expect(eventOf(decision, 'RolloutEnded')).toMatchObject({
      outcome: 'failed',
      reason: { code: 'smoke-failed' },
    });
    const { findings } = eventOf(decision, 'RolloutEnded').reason.params ?? {};
    expect(findings).toBe('p95 412 ms, at most 300 ms');
    expect(eventOf(decision, 'RollbackStarted')).toMatchObject({ cause: 'smoke-failed', target: { version: 1 } });
    const after = measuring.after(decision);
    expect(after.state.environments.staging).toMatchObject({ smoke: null, holds: [] });
    expect(after.versions('staging')).toEqual([1]);
  });

  const first = story().begins(1).to('testing').measures('staging', 'gate');

  test('keeps the first version ever, where nothing else is configured', () => {
    expect(types(first.finishes('staging', FAILED))).toEqual(['SmokeFinished', 'RolloutEnded']);
  });

  test('deletes it where that is configured', () => {
    const told = first.with({ onStagingFailure: 'delete' });
    const decision = told.finishes('staging', FAILED);
    expect(eventOf(decision, 'DeploymentStarted')).toMatchObject({ kind: 'removal' });
    const removing = told.after(decision);
    const deletion = removing.sees();
    expect(eventOf(deletion, 'CallIntended').call.kind).toBe('delete');
    const deleted = removing.after(deletion).decided('staging');
    expect(deleted.sees({ staging: { status: 'Deleting' } }).events).toEqual([]);
    const gone = deleted.sees({ staging: null });
    expect(eventOf(gone, 'DeploymentSucceeded').reason.code).toBe('removed');
    expect(deleted.after(gone).state.environments.staging).toMatchObject({ known: false, stack: [], deployment: null });
  });
});

describe("prod's own check", () => {
  const checking = one.begins(2).to('verifying').measures('prod', 'check');

  test('that passed ends the rollout as promoted, and is the baseline of the next', () => {
    const decision = checking.finishes('prod', smokeResult('passed'));
    expect(types(decision)).toEqual(['SmokeFinished', 'RolloutEnded']);
    const after = checking.after(decision);
    expect(after.rollout).toMatchObject({ outcome: 'promoted', prodCheck: { verdict: 'passed' } });
    expect(after.state.environments.prod.baseline).toMatchObject({ verdict: 'passed' });
  });

  test('that failed goes back by itself, and prod is held', () => {
    const decision = checking.finishes('prod', FAILED);
    expect(types(decision)).toEqual(['SmokeFinished', 'RolloutEnded', 'RollbackStarted', 'HoldPlaced']);
    expect(eventOf(decision, 'RollbackStarted')).toMatchObject({
      cause: 'check-failed',
      by: null,
      target: { version: 1 },
    });
    expect(eventOf(decision, 'HoldPlaced')).toMatchObject({ kind: 'after-rollback', by: null, until: null });
  });

  test('that failed with nothing to go back to says in the hold why prod is held', () => {
    const first = story().begins(1).to('verifying').measures('prod', 'check');
    const { reason: why } = eventOf(first.finishes('prod', FAILED), 'HoldPlaced');
    expect(why).toMatch(/^The check of prod failed: p95 412 ms/);
  });

  test('that failed with nothing to go back to holds prod as it is', () => {
    const first = story().begins(1).to('verifying').measures('prod', 'check');
    expect(types(first.finishes('prod', FAILED))).toEqual(['SmokeFinished', 'RolloutEnded', 'HoldPlaced']);
  });

  test('that was cancelled goes back as well', () => {
    const decision = checking.says(requester, cancel());
    expect(types(decision)).toEqual(['RolloutEnded', 'SmokeVoided', 'RollbackStarted', 'HoldPlaced']);
  });
});

describe('a smoke run alone', () => {
  test('is recorded, measures, and changes no gate', () => {
    const gate = one.begins(2).to('gate');
    const decision = gate.says(operator, smoke('prod'));
    expectDone(decision, 'smoke-started', { environment: 'prod' });
    expect(decision.effects).toEqual([{ kind: 'smoke', environment: 'prod', claim: gate.state.seq + 1 }]);
    const claimed = gate.after(decision);
    for (const verdict of ['failed', 'inconclusive', 'passed'] as const) {
      const finished = claimed.finishes('prod', smokeResult(verdict));
      expect(types(finished)).toEqual(['SmokeFinished']);
      expect(claimed.after(finished).rollout).toEqual(gate.rollout);
    }
  });

  test('is refused while the endpoint moves or is measured, and where there is none', () => {
    expectRefused(measuring.says(operator, smoke('staging')), 'endpoint-busy');
    expectRefused(testing.says(operator, smoke('staging')), 'endpoint-busy');
    expectRefused(one.begins(2).says(operator, smoke('staging')), 'endpoint-busy');
    expectRefused(one.says(operator, smoke('staging', { status: 'Updating' })), 'endpoint-busy');
    expectRefused(one.says(operator, smoke('staging', unknown('down'))), 'endpoint-unreadable');
    expectRefused(story().says(operator, smoke('staging')), 'no-endpoint');
  });

  test('does not keep anybody from going back', () => {
    const decision = one.promotes(2).measures('prod', 'alone').says(operator, rollback());
    expect(types(decision)).toContain('SmokeVoided');
  });
});
