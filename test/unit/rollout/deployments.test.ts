import { describe, expect, test } from 'vitest';
import { known, unknown } from '../../../src/rollout/observation.ts';
import { reason } from '../../../src/rollout/reasons.ts';
import { eventOf, types } from '../../support/decision-facts.ts';
import { expectDone, expectRefused } from '../../support/expect-decision.ts';
import { approver, digestOf, operator, requester, stranger } from '../../support/rollout-facts.ts';
import { adopt, cancel, deploy, rollback } from '../../support/sayings.ts';
import { chainOf, type Shown } from '../../support/sights.ts';
import { type Story, story } from '../../support/story.ts';

const one = story().promotes(1);
const HOUR_MS = 3_600_000;

/** How a followed change of staging ends that shows this. */
function endOf(told: Story, staging: Shown, environment: 'staging' | 'prod' = 'staging') {
  return eventOf(told.sees({ [environment]: staging }), 'DeploymentFailed').reason;
}

describe('a deployment', () => {
  const begun = one.begins(2);
  const sent = begun.sends('staging');
  const configName = sent.deployment('staging').target.configName;

  test('prepares its model and config before it intends a call', () => {
    const decision = begun.sees();
    expect(decision.events).toEqual([]);
    expect(decision.effects).toEqual([
      expect.objectContaining({ kind: 'prepare', configName, modelName: configName, rolloutId: begun.subject }),
    ]);
    const made = { kind: 'prepared', created: [{ what: 'model', arn: 'arn:m', requestId: 'r' }], adopted: [] } as const;
    expect(types(begun.prepares('staging', made))).toEqual(['DeploymentPrepared']);
    const later = begun.prepares('staging', { kind: 'later', why: 'throttled' });
    expect(eventOf(later, 'WaitNoted').reason).toEqual(reason('waits-for-preparation', { why: 'throttled' }));
    expect(begun.after(later).prepares('staging', { kind: 'later', why: 'throttled' }).events).toEqual([]);
  });

  test('ends where its model or config cannot be made, and staging is what it was', () => {
    const why = reason('name-taken', { name: configName, field: 'Image' });
    const after = begun.after(begun.prepares('staging', { kind: 'refused', reason: why }));
    expect(after.rollout).toMatchObject({ status: 'ended', outcome: 'failed', reason: why });
    expect(after.state.environments.staging).toMatchObject({ settled: true, rollback: null });
  });

  test('does not hear of a preparation twice', () => {
    const done = { kind: 'prepared', created: [], adopted: [] } as const;
    expect(begun.prepared('staging').prepares('staging', done).events).toEqual([]);
  });

  test('has succeeded when its config is live, InService, nothing is pending, and the chain leads to the seal', () => {
    const decision = sent.sees({ staging: { configName } });
    expect(eventOf(decision, 'DeploymentSucceeded').reason.code).toBe('deployed');
    expect(sent.after(decision).rollout.status).toBe('testing');
    expect(sent.after(decision).versions('staging')).toEqual([1, 2]);
  });

  test('has not succeeded while its config is pending or the endpoint moves', () => {
    for (const status of ['Creating', 'Updating', 'SystemUpdating', 'RollingBack', 'Deleting']) {
      const decision = sent.sees({ staging: { configName, status, words: 'under way' } });
      expect(types(decision)).toEqual(['ProgressSeen']);
      expect(sent.after(decision).sees({ staging: { configName, status, words: 'under way' } })).toMatchObject({
        events: [],
        wakeInMs: 5_000,
      });
    }
    expect(types(sent.sees({ staging: { pendingConfigName: configName } }))).toEqual(['ProgressSeen']);
    expect(types(sent.sees({ staging: { configName, status: 'OutOfService' } }))).toEqual(['ProgressSeen']);
  });

  test('does not end by a look begun less than the describe lag after the last outcome was seen', () => {
    for (const staging of [{ configName }, { status: 'Failed' }, null, { configName: 'foreign' }]) {
      expect(sent.sees({ staging, ageMs: 9_999 })).toMatchObject({ events: [], wakeInMs: 1 });
    }
  });

  test('is already there where the endpoint runs its config before any call', () => {
    const decision = begun.prepared('staging').sees({ staging: { configName } });
    expect(eventOf(decision, 'DeploymentSucceeded').reason.code).toBe('already-there');
  });

  test.each([
    ['ModelPackageArn', { packageArn: 'arn:other' }],
    ['ModelName', { modelName: 'other' }],
  ])('fails where the chain differs in %s, and staging goes back', (field, differing) => {
    const chain = known({ ...chainOf(sent.state, 'staging', configName), ...differing });
    const decision = sent.sees({ staging: { configName, look: { chain } } });
    expect(eventOf(decision, 'DeploymentFailed').reason).toEqual(reason('wrong-chain', { field }));
    expect(eventOf(decision, 'RollbackStarted')).toMatchObject({ cause: 'deployment-failed', target: { version: 1 } });
  });

  test('fails where its config is gone, or the image that runs is not the sealed one', () => {
    expect(endOf(sent, { configName, look: { chain: known(null) } })).toEqual(
      reason('wrong-chain', { field: 'EndpointConfig' }),
    );
    const images = [`registry/survival@${digestOf(1)}`];
    expect(endOf(sent, { configName, images })).toEqual(reason('wrong-chain', { field: 'image digest' }));
    expect(sent.sees({ staging: { configName, images: [] } })).toMatchObject({ events: [], wakeInMs: 5_000 });
    expect(sent.sees({ staging: { configName, look: { chain: unknown('') } } })).toMatchObject({ events: [] });
  });

  test('that SageMaker rolled back silently has failed, though it says InService', () => {
    const shown = { lastModified: '2026-03-02T11:00:00.000Z', failureReason: 'Alarms fired.' };
    const decision = sent.sees({ staging: shown });
    expect(types(decision)).toEqual(['DeploymentFailed', 'RolloutEnded']);
    expect(eventOf(decision, 'RolloutEnded').reason).toEqual(
      reason('rolled-back-silently', { words: 'Alarms fired.' }),
    );
    expect(sent.after(decision).state.environments.staging).toMatchObject({ settled: true, rollback: null });
  });

  test('that somebody else overtook has failed, and goes back', () => {
    const decision = sent.sees({ staging: { configName: 'foreign' } });
    expect(eventOf(decision, 'DeploymentFailed').reason).toEqual(reason('changed-outside', { config: 'foreign' }));
    expect(types(decision)).toContain('RollbackStarted');
  });

  test.each([
    ['it did not pass the ping health check', 'health-check-failed'],
    ['InsufficientInstanceCapacity', 'capacity-missing'],
    ['The account-level service limit is 2', 'quota-exceeded'],
    ['Failed to download model data', 'model-data-missing'],
    ['CannotPullContainerError', 'image-missing'],
    ['is not authorized to perform sagemaker:X', 'access-denied'],
    ['The execution role is invalid', 'role-invalid'],
    ['It just broke', 'endpoint-failed'],
  ] as const)('that is Failed because «%s» says %s', (failureReason, code) => {
    const decision = sent.sees({ staging: { configName, status: 'Failed', failureReason } });
    expect(eventOf(decision, 'RolloutEnded').reason).toEqual(reason(code, { words: `${failureReason}.` }));
    expect(types(decision)).toContain('RollbackStarted');
  });

  test('that SageMaker could not undo either says so', () => {
    expect(endOf(sent, { status: 'UpdateRollbackFailed' }).code).toBe('update-rollback-failed');
  });

  test('whose accepted call shows no trace is waited for 120 s', () => {
    for (const staging of [{}, null]) {
      expect(sent.sees({ staging, ageMs: 119_999 })).toMatchObject({ events: [], wakeInMs: 5_000 });
      expect(eventOf(sent.sees({ staging, ageMs: 120_000 }), 'DeploymentFailed').reason.code).toBe('no-trace');
    }
  });

  test('past its deadline ends where nothing was sent', () => {
    const told = begun.prepared('staging');
    expect(types(told.later(HOUR_MS - 10_000).sees())).toEqual(['CallIntended']);
    const decision = told.later(HOUR_MS + 1_000).sees();
    expect(eventOf(decision, 'RolloutEnded').reason).toEqual(reason('deadline-passed', { minutes: 60 }));
  });

  test('past its deadline whose update still runs is overdue: followed to its end, then rolled back', () => {
    const late = sent.later(HOUR_MS + 1_000);
    const moving = { pendingConfigName: configName, status: 'Updating' } as const;
    const decision = late.sees({ staging: moving });
    expect(types(decision)).toEqual(['DeploymentOverdue', 'ProgressSeen']);
    const overdue = late.after(decision);
    expect(overdue.sees({ staging: moving }).events).toEqual([]);
    const arrived = overdue.sees({ staging: { configName } });
    expect(eventOf(arrived, 'DeploymentFailed').reason).toEqual(reason('overdue', { minutes: 60 }));
    expect(eventOf(arrived, 'RollbackStarted').target.version).toBe(1);
    // Seen only after the deadline, without ever having been seen to be overdue.
    expect(endOf(late, { configName }).code).toBe('overdue');
  });

  test('that was cancelled before anything was sent ends without a call', () => {
    const cancelled = begun.prepared('staging').tells(requester, cancel());
    const decision = cancelled.sees();
    expect(types(decision)).toEqual(['DeploymentFailed']);
    expect(eventOf(decision, 'DeploymentFailed').reason.code).toBe('aborted');
  });
});

describe('a Failed endpoint', () => {
  const failed = { status: 'Failed' } as const;

  test('of staging is deleted, and created again', () => {
    const told = one.begins(2).prepared('staging');
    const deletion = told.sees({ staging: failed });
    expect(eventOf(deletion, 'CallIntended').call).toEqual({
      kind: 'delete',
      endpointName: 'titanic-survival-staging',
    });
    const deleted = told.after(deletion).decided('staging');
    expect(deleted.sees({ staging: { status: 'Deleting' } })).toMatchObject({ events: [], wakeInMs: 5_000 });
    const creation = deleted.sees({ staging: null });
    expect(eventOf(creation, 'CallIntended').call).toMatchObject({
      kind: 'create',
      configName: told.deployment('staging').target.configName,
    });
    // The deletion left no trace: nothing happened for two minutes.
    expect(eventOf(deleted.sees({ staging: failed }), 'DeploymentFailed').reason.code).toBe('no-trace');
  });

  test('of prod is never deleted without having been asked, where there is something to go back to', () => {
    const told = one.begins(2).to('prod').prepared('prod');
    const decision = told.sees({ prod: failed });
    expect(types(decision)).toEqual(['DeploymentFailed', 'RolloutEnded']);
    expect(eventOf(decision, 'RolloutEnded').reason.code).toBe('prod-endpoint-failed');
    expect(told.after(decision).state.environments.prod.endpointFailed).toBe(true);
  });

  test('of prod that never succeeded is deleted, and created again', () => {
    const first = story().begins(1).to('prod').sends('prod').prepared('prod');
    const over = first.after(
      first.sees({ prod: { ...failed, configName: first.deployment('prod').target.configName } }),
    );
    expect(over.state.environments.prod).toMatchObject({ endpointFailed: true, stack: [], rollback: null });
    const again = over.begins(2).to('prod').prepared('prod');
    expect(eventOf(again.sees({ prod: { ...failed, configName: 'c' } }), 'CallIntended').call.kind).toBe('delete');
  });
});

describe('an endpoint that the log does not know', () => {
  const first = story().begins(1);

  test('is adopted if it carries our tags, and its config is the first rollback target', () => {
    const chain = known({ configName: 'old', modelName: 'm', packageArn: 'arn:p', initialInstanceCount: 1 });
    const decision = first.sees({ staging: { configName: 'old', look: { chain } } });
    expect(eventOf(decision, 'EndpointAdopted')).toMatchObject({
      target: { configName: 'old', modelName: 'm', packageArn: 'arn:p', version: null },
      reason: { code: 'endpoint-adopted' },
    });
    const adopted = first.after(decision).to('testing');
    expect(adopted.state.environments.staging.stack.map((t) => t.configName)).toEqual(['old', expect.any(String)]);
    const back = adopted.says(operator, rollback('staging'));
    expectDone(back, 'rollback-started', { version: 'old' });
    const there = adopted
      .after(back)
      .goesBack('staging')
      .sees({ staging: { configName: 'old', look: { chain } } });
    expect(eventOf(there, 'RollbackEnded')).toMatchObject({ reached: true });
  });

  test('that is Failed is no rollback target', () => {
    const prod = first.to('prod');
    const adopted = prod.after(prod.sees({ prod: { status: 'Failed', configName: 'old' } }));
    expect(adopted.state.environments.prod.stack).toEqual([]);
  });

  test('is not adopted by what could not be read', () => {
    for (const look of [{ ours: unknown('denied') }, { chain: unknown('denied') }]) {
      expect(types(first.sees({ staging: { look } }))).toEqual(['WaitNoted']);
    }
  });

  test('without our tags refuses the deploy', () => {
    const shown = { look: { ours: known(false) } };
    expectRefused(story().says(operator, deploy(1, { shown })), 'endpoint-not-ours', { environment: 'staging' });
    expectRefused(story().says(operator, deploy(1, { shown: unknown('denied') })), 'endpoint-unreadable');
    const untold = { look: { ours: unknown('denied') } };
    expectRefused(story().says(operator, deploy(1, { shown: untold })), 'endpoint-unreadable', { why: 'denied' });
  });

  test('without our tags that is met at prod is waited for until an approver adopts it or the approval expires', () => {
    const prod = first.to('prod');
    const foreign = { look: { ours: known(false) } };
    const waits = prod.sees({ prod: foreign });
    expect(eventOf(waits, 'WaitNoted').reason?.code).toBe('endpoint-not-ours');
    const waiting = prod.after(waits);
    const adopted = waiting.tells(approver, adopt('prod', {}));
    expect(types(adopted.prepared('prod').sees({ prod: {} }))).toContain('CallIntended');
    expect(types(waiting.later(2 * HOUR_MS).sees({ prod: foreign }))).toEqual([]);
    const brief = story({ approvalExpiresAfterHours: 1 }).begins(1).to('prod');
    expect(eventOf(brief.later(HOUR_MS).sees({ prod: foreign }), 'RolloutEnded').outcome).toBe('expired');
  });

  test('without our tags that came up behind a deploy does not keep staging busy for ever', () => {
    const foreign = { look: { ours: known(false) } };
    const cancelled = first.tells(requester, cancel());
    expect(types(cancelled.sees({ staging: foreign }))).toEqual(['DeploymentFailed']);
    const late = first.later(2 * HOUR_MS).sees({ staging: foreign });
    expect(eventOf(late, 'RolloutEnded').reason.code).toBe('endpoint-not-ours');
  });
});

describe('adopt', () => {
  test('takes over what runs, with the words of the approver', () => {
    const decision = story().says(approver, adopt('prod', { configName: 'old' }));
    expectDone(decision, 'endpoint-adopted', { endpoint: 'titanic-survival-prod' });
    expect(story().after(decision).state.environments.prod).toMatchObject({ known: true, settled: true });
  });

  test('is refused with what speaks against it', () => {
    expectRefused(story().says(stranger, adopt('prod', {})), 'not-an-approver');
    expectRefused(story().says(approver, adopt('prod', {}, ' ')), 'reason-missing');
    expectRefused(one.says(approver, adopt('prod', {})), 'endpoint-known');
    expectRefused(story().says(approver, adopt('prod', unknown('denied'))), 'endpoint-unreadable');
    expectRefused(story().says(approver, adopt('prod', { look: { chain: unknown('') } })), 'endpoint-unreadable');
    expectRefused(story().says(approver, adopt('prod', null)), 'no-endpoint');
    expectRefused(story().says(approver, adopt('prod', { status: 'Creating' })), 'endpoint-busy');
    expectRefused(story().says(approver, adopt('prod', { pendingConfigName: 'x' })), 'endpoint-busy');
  });
});
