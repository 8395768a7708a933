import { describe, expect, test } from 'vitest';
import { known, unknown } from '../../../src/rollout/observation.ts';
import { reason } from '../../../src/rollout/reasons.ts';
import { killSwitchOf } from '../../../src/rollout/strategy.ts';
import { eventOf, types } from '../../support/decision-facts.ts';
import { alarms, canary } from '../../support/guarded.ts';
import { operator, requester } from '../../support/rollout-facts.ts';
import { cancel, rollback } from '../../support/sayings.ts';
import { type Story, story } from '../../support/story.ts';

const one = story().promotes(1);
const two = one.promotes(2);
const begun = two.begins(3, { strategy: canary }).to('prod');
const ready = begun.prepared('prod');
const sent = ready.sends('prod');
const configName = sent.deployment('prod').target.configName;
const killSwitch = killSwitchOf(configName);
const UPDATING = { status: 'Updating', pendingConfigName: configName, words: 'under way' } as const;

/** prod under way, with its alarms in one state. */
function underWay(told: Story, state = 'OK', named: Readonly<Record<string, string>> = {}) {
  return { ...UPDATING, ...alarms(told, state, named) };
}

describe('before a guarded change of prod', () => {
  test('its own alarms are made with its model and config', () => {
    const [effect] = begun.sees().effects;
    expect(effect).toMatchObject({ kind: 'prepare', configName, guardedBy: canary.alarms });
  });

  test('the call says how SageMaker shifts the traffic, and what takes it back', () => {
    const decision = ready.sees({ prod: alarms(ready, 'OK') });
    expect(eventOf(decision, 'CallIntended').call).toMatchObject({ kind: 'update', configName, strategy: canary });
  });

  test('staging is changed at once and without a guard', () => {
    const staged = two.begins(3, { strategy: canary });
    expect(staged.sees().effects[0]).not.toHaveProperty('guardedBy');
    const call = eventOf(staged.prepared('staging').sees(), 'CallIntended').call;
    expect(call).not.toHaveProperty('strategy');
  });

  test('an alarm without data does not stop it, unless it is a named one and the configuration says so', () => {
    expect(types(ready.sees({ prod: alarms(ready, 'INSUFFICIENT_DATA') }))).toContain('CallIntended');
    const named = { ...canary.alarms, named: ['all-errors'] };
    const starts = two
      .begins(3, { strategy: { ...canary, alarms: named } })
      .to('prod')
      .prepared('prod');
    const seen = alarms(starts, 'OK', { 'all-errors': 'INSUFFICIENT_DATA' });
    expect(types(starts.sees({ prod: seen }))).toContain('CallIntended');
    const plan = { ...named, namedWithoutData: 'wait' } as const;
    const waits = two
      .begins(3, { strategy: { ...canary, alarms: plan } })
      .to('prod')
      .prepared('prod');
    const decision = waits.sees({ prod: alarms(waits, 'OK', { 'all-errors': 'INSUFFICIENT_DATA' }) });
    expect(eventOf(decision, 'WaitNoted').reason).toEqual(reason('alarm-without-data', { alarm: 'all-errors' }));
  });

  test('an alarm that is on, is missing or cannot be read keeps prod untouched until the approval expires', () => {
    for (const look of [alarms(ready, 'ALARM').look, { alarms: known([]) }, { alarms: unknown('timed out') }]) {
      expect(types(ready.sees({ prod: { look } }))).toEqual(['WaitNoted']);
      const late = ready.later(90_000_000).sees({ prod: { look } });
      expect(types(late)).toEqual(['DeploymentFailed', 'RolloutEnded']);
      expect(eventOf(late, 'RolloutEnded').outcome).toBe('expired');
    }
    expect(ready.sees().events).toEqual([]); // Not looked at in this pass.
  });

  test.each([
    ['other-variant', { variants: [] }],
    [
      'other-variant',
      { variants: [{ name: 'blue', desiredCount: 2, currentCount: 2, desiredWeight: 1, currentWeight: 1 }] },
    ],
  ])('where SageMaker would not guard it (%s) it goes unguarded, or not at all if that is demanded', (_off, prod) => {
    expect(eventOf(ready.sees({ prod }), 'CallIntended').call).not.toHaveProperty('strategy');
    const demanded = two
      .begins(3, { strategy: { ...canary, required: true } })
      .to('prod')
      .prepared('prod');
    const decision = demanded.sees({ prod });
    expect(types(decision)).toEqual(['DeploymentFailed', 'RolloutEnded']);
    expect(eventOf(decision, 'RolloutEnded')).toMatchObject({
      outcome: 'voided',
      reason: { code: 'guardrail-missing' },
    });
  });

  test('the very first deployment has nothing to go back to, so that nothing guards it though it is demanded', () => {
    const first = story()
      .begins(1, { strategy: { ...canary, required: true } })
      .to('prod')
      .prepared('prod');
    expect(eventOf(first.sees({ prod: null }), 'CallIntended').call.kind).toBe('create');
  });
});

describe('while a guarded change is under way', () => {
  test('how its alarms stand is recorded when one of them changes, and not at each look', () => {
    const seen = sent.sees({ prod: underWay(sent) });
    expect(types(seen)).toEqual(['ProgressSeen', 'AlarmsSeen']);
    const told = sent.after(seen);
    expect(told.sees({ prod: underWay(told) })).toMatchObject({ events: [], wakeInMs: 5_000 });
    const on = told.sees({ prod: underWay(told, 'OK', { [`${configName}-errors`]: 'ALARM' }) });
    expect(types(on)).toEqual(['AlarmsSeen']);
    expect(told.sees({ prod: { ...UPDATING, look: { alarms: unknown('timed out') } } }).events).toEqual([]);
  });

  test('all traffic on the new fleet with the old one kept is a state of its own, recorded once', () => {
    const told = sent.after(sent.sees({ prod: underWay(sent) }));
    const keptSince = new Date(told.nowMs).toISOString();
    const decision = told.sees({ prod: { ...underWay(told), keptSince } });
    const until = new Date(told.nowMs + 1_800_000).toISOString();
    expect(decision.events).toEqual([
      { type: 'FleetServing', environment: 'prod', deployment: told.deployment('prod').id, until },
    ]);
    const serving = told.after(decision);
    expect(serving.deployment('prod').serving).toMatchObject({ until });
    expect(serving.rollout.status).toBe('prod');
    expect(serving.sees({ prod: { ...underWay(serving), keptSince } }).events).toEqual([]);
  });

  const back = { lastModified: 'later', failureReason: 'Alarms fired.' };
  const why = reason('rolled-back-by-alarm', { alarms: `${configName}-errors`, words: 'Alarms fired.' });

  test('an alarm that is quiet again because the traffic is gone is still what took it back', () => {
    const on = sent.after(sent.sees({ prod: underWay(sent, 'OK', { [`${configName}-errors`]: 'ALARM' }) }));
    const quiet = on.after(on.sees({ prod: underWay(on) }));
    const decision = quiet.sees({ prod: { ...back, ...alarms(quiet, 'OK') } });
    expect(eventOf(decision, 'RolloutEnded').reason).toEqual(why);
  });

  test('SageMaker going back because of an alarm is a failure that names it', () => {
    const told = sent.after(sent.sees({ prod: underWay(sent, 'OK', { [`${configName}-errors`]: 'ALARM' }) }));
    const decision = told.sees({ prod: { ...back, look: { alarms: unknown('timed out') } } });
    expect(eventOf(decision, 'RolloutEnded')).toMatchObject({ outcome: 'failed', reason: why });
    expect(told.after(decision).state.environments.prod).toMatchObject({ settled: true, rollback: null });
  });
});

describe('stopping a guarded change', () => {
  test.each([
    ['a rollback', rollback(), operator],
    ['a cancel', cancel(), requester],
  ])('%s sets the kill switch with the entry that records it', (_what, saying, person) => {
    const decision = sent.says(person, saying);
    expect(eventOf(decision, 'KillSwitchIntended')).toMatchObject({ environment: 'prod', alarm: killSwitch });
    expect(decision.effects).toEqual([{ kind: 'trip', environment: 'prod', intent: sent.state.seq + 1 }]);
  });

  test('says that no instance has to start, and ends at what ran before', () => {
    const asked = sent.says(operator, rollback());
    expect(asked.reason).toEqual(reason('rollback-by-kill-switch', { environment: 'prod', version: 2 }));
    const stopped = sent.after(asked).decides({
      kind: 'kill-switch-decided',
      environment: 'prod',
      intent: sent.state.seq + 1,
      outcome: { kind: 'accepted', requestId: 'r' },
    });
    const told = sent.after(asked).after(stopped);
    const undone = told.sees({ prod: { lastModified: 'later', failureReason: 'Alarms fired.' } });
    expect(eventOf(undone, 'DeploymentFailed').reason).toEqual(reason('update-undone'));
    const back = told.after(undone);
    expect(back.state.environments.prod.rollback).not.toBeNull();
    const arrived = back.after(back.sees()).sees();
    expect(types(arrived)).toEqual(['DeploymentSucceeded', 'RollbackEnded']);
  });

  test('a change whose call has no known outcome yet is stopped by it as soon as SageMaker is seen to update', () => {
    const open = ready.intends('prod');
    const asked = open.says(operator, rollback());
    expect(types(asked)).not.toContain('KillSwitchIntended');
    const told = open.after(asked).decided('prod');
    const decision = told.sees({ prod: underWay(told) });
    expect(eventOf(decision, 'KillSwitchIntended').alarm).toBe(killSwitch);
    expect(decision.effects).toEqual([{ kind: 'trip', environment: 'prod', intent: told.state.seq + 1 }]);
  });

  test('a change without a guard is followed to its end, as before', () => {
    const plain = two.begins(3).to('prod').prepared('prod').sends('prod');
    expect(types(plain.says(operator, rollback()))).not.toContain('KillSwitchIntended');
    const stopped = plain.tells(operator, rollback());
    expect(stopped.sees({ prod: UPDATING }).effects).toEqual([]);
  });

  const stopped = sent.tells(operator, rollback());
  const intent = stopped.state.seq;
  const decided = (kind: 'accepted' | 'withdrawn' | 'refused', told = stopped) =>
    told.after(
      told.decides({
        kind: 'kill-switch-decided',
        environment: 'prod',
        intent: told.deployment('prod').trip?.seq ?? 0,
        outcome:
          kind === 'accepted'
            ? { kind, requestId: null }
            : kind === 'withdrawn'
              ? { kind, why: 'too late to be sent' }
              : { kind, requestId: null, reason: reason('call-refused', { words: 'Rate exceeded' }), retryable: true },
      }),
    );
  const seen = (told: Story, state: string, ageMs?: number) => {
    const noted = told.after(told.sees({ prod: underWay(told, state), ageMs: 20_000 }));
    return noted.sees({ prod: underWay(noted, state), ...(ageMs === undefined ? {} : { ageMs }) });
  };

  test('the switch is set again where nobody recorded an outcome within ten seconds', () => {
    expect(stopped.sees({ prod: underWay(stopped), ageMs: 9_999 }).events.map((e) => e.type)).not.toContain(
      'KillSwitchIntended',
    );
    expect(types(stopped.sees({ prod: underWay(stopped), ageMs: 10_000 }))).toContain('KillSwitchIntended');
    expect(intent).toBe(stopped.deployment('prod').trip?.seq);
  });

  test('the switch is set again after it was refused or withdrawn, and where it is seen to be off', () => {
    for (const told of [decided('refused'), decided('withdrawn'), decided('accepted')]) {
      expect(types(told.sees({ prod: underWay(told), ageMs: 10_000 }))).toContain('KillSwitchIntended');
    }
    const unread = decided('accepted');
    const blind = unread.sees({ prod: { ...UPDATING, look: { alarms: unknown('timed out') } } });
    expect(types(blind)).not.toContain('KillSwitchIntended');
  });

  test('a switch that is on is left alone', () => {
    expect(seen(decided('accepted'), 'ALARM').events).toEqual([]);
  });

  test('an outcome of an earlier try says nothing about the present one', () => {
    const again = stopped.after(stopped.sees({ prod: underWay(stopped), ageMs: 10_000 }));
    expect(again.deployment('prod').trip).toMatchObject({ tries: 2, decided: null });
    const late = again.decides({
      kind: 'kill-switch-decided',
      environment: 'prod',
      intent,
      outcome: { kind: 'accepted', requestId: null },
    });
    expect(late.events).toEqual([]);
  });

  test('refused eight times, it is left to the slower way: the update ends, and prod is brought back', () => {
    let told = stopped;
    for (let tries = 1; tries < 8; tries += 1) {
      told = decided('refused', told);
      told = told.after(told.sees({ prod: underWay(told), ageMs: 10_000 }));
    }
    told = decided('refused', told);
    expect(told.deployment('prod').trip).toMatchObject({ tries: 8, refusals: 8 });
    expect(types(told.sees({ prod: underWay(told), ageMs: 60_000 }))).not.toContain('KillSwitchIntended');
    const ended = told.after(told.sees({ prod: { configName } }));
    const back = ended.after(ended.sees({ prod: { configName } }));
    const call = eventOf(back.sees({ prod: { configName } }), 'CallIntended').call;
    expect(call).toMatchObject({ kind: 'update', configName: told.config('prod', 2) });
    expect(call).not.toHaveProperty('strategy');
  });
});
