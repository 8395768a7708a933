import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { cardOf } from '../../../src/rollout/card.ts';
import { known, unknown } from '../../../src/rollout/observation.ts';
import { eventOf, types } from '../../support/decision-facts.ts';
import { expectDone, expectRefused } from '../../support/expect-decision.ts';
import { tableIn } from '../../support/markdown-table.ts';
import { approver, both, operator, requester, secondApprover, smokeResult } from '../../support/rollout-facts.ts';
import { cancel, deploy, lock, promote, recreate, rollback } from '../../support/sayings.ts';
import { type Story, story } from '../../support/story.ts';
import { engineOn, storeOf, submit } from '../../support/told-engine.ts';

/** A cell of the README's table, and how it is held. `–` is held by nothing: nobody can be in that place. */
interface Cell {
  readonly words: string;
  readonly holds?: (told: Story) => void | Promise<void>;
}

interface Situation {
  readonly when: string;
  readonly stories: Readonly<Record<string, Story>>;
  readonly deploy: Cell;
  readonly promote: Cell;
  readonly rollback: Cell;
  readonly cancel: Cell;
}

const COLUMNS = ['deploy', 'promote', 'rollback', 'cancel'] as const;
const NOBODY: Cell = { words: '–' };

/** Two versions went to prod; what the situations are about is the rollout of a third. */
const third = story().promotes(1).promotes(2).begins(3);
const gate = third.to('gate');
const sent = third.to('prod').sends('prod');
const locked = gate.tells(operator, lock('prod', 7_200));
const failedProd = sent.after(sent.sees({ prod: { status: 'Failed', failureReason: 'It broke.' } }));

function goesBack(told: Story, environment: 'staging' | 'prod', version: number): void {
  expect(told.state.environments[environment].rollback?.target.version).toBe(version);
}

function actsOnProd(told: Story): void {
  const decision = told.says(operator, rollback('prod'));
  expectDone(decision, 'rollback-started', { environment: 'prod', version: 1 });
  const after = told.after(decision);
  goesBack(after, 'prod', 1);
  expect(after.rollout.status).toBe(told.rollout.status);
  expect(after.state.environments.prod.holds).toMatchObject([{ kind: 'after-rollback', by: 'U0OLGA' }]);
}

function endsIt(told: Story): void {
  const decision = told.says(requester, cancel());
  expectDone(decision, 'rollout-cancelled');
  expect(types(decision)).toEqual(['RolloutEnded']);
  expect(told.after(decision).rollout).toMatchObject({ status: 'ended', outcome: 'cancelled', by: 'U0RUTH' });
}

function supersedes(told: Story): void {
  const decision = told.says(operator, deploy(4));
  expectDone(decision, 'rollout-started');
  expect(eventOf(decision, 'RolloutEnded')).toMatchObject({
    rolloutId: told.subject,
    outcome: 'superseded',
    reason: { code: 'superseded-by', params: { rollout: decision.subject, by: 'U0OLGA' } },
  });
}

function waitsAndExpires(told: Story, code: string, sight: Parameters<Story['sees']>[0]): void {
  const waits = told.sees(sight);
  expect(eventOf(waits, 'WaitNoted').reason?.code).toBe(code);
  const again = told.after(waits);
  expect(again.sees(sight)).toMatchObject({ events: [], wakeInMs: 30_000 });
  const late = again.later(25 * 3_600_000).sees(sight);
  expect(eventOf(late, 'RolloutEnded')).toMatchObject({ outcome: 'expired', reason: { code: 'approval-expired' } });
}

const SITUATIONS: readonly Situation[] = [
  {
    when: 'staging is being changed or tested',
    stories: {
      'a change is being prepared': third,
      'a call is open': third.intends('staging'),
      'an update is followed': third.sends('staging'),
      'it waits for its smoke run': third.to('testing'),
      'it is measured': third.to('testing').measures('staging', 'gate'),
    },
    deploy: {
      words: 'refused: who and what is in the way',
      holds(told) {
        const decision = told.says(both, deploy(4));
        expectRefused(decision, 'staging-busy', { rollout: told.subject, by: 'U0RUTH' });
        expect(String(decision.reason?.params?.doing)).toMatch(/staging is being changed|smoke tests are running/);
      },
    },
    promote: {
      words: '"not yet", with where it stands',
      holds(told) {
        expectRefused(told.says(approver, promote()), 'not-at-the-gate', { rollout: told.subject });
      },
    },
    rollback: { words: 'acts on prod', holds: actsOnProd },
    cancel: {
      words: 'aborts; staging goes back',
      holds(told) {
        const decision = told.says(requester, cancel());
        expectDone(decision, 'cancel-going-back', { environment: 'staging' });
        const after = told.after(decision);
        expect(after.rollout).toMatchObject({ status: 'ended', outcome: 'cancelled' });
        goesBack(after, 'staging', 2);
        expect(after.state.environments.staging.deployment?.abort?.code).toBe(
          told.state.environments.staging.deployment === null ? undefined : 'cancelled-by',
        );
        expect(after.state.environments.staging.smoke).toBeNull();
      },
    },
  },
  {
    when: 'smoke inconclusive, on hold',
    stories: { held: third.to('held') },
    deploy: { words: 'supersedes it', holds: supersedes },
    promote: {
      words: 'refused, with the report',
      holds(told) {
        expectRefused(told.says(approver, promote()), 'smoke-not-passed', { rollout: told.subject });
        expect(told.rollout.smoke).toMatchObject({ verdict: 'inconclusive' });
      },
    },
    rollback: { words: 'acts on prod', holds: actsOnProd },
    cancel: { words: 'ends it', holds: endsIt },
  },
  {
    when: 'gate open',
    stories: {
      'nobody has pressed': gate,
      'one of two has pressed': third.with({ quorum: 2 }).to('gate').approval('U0ABEL'),
    },
    deploy: { words: 'supersedes it: its card is settled and says by what', holds: supersedes },
    promote: {
      words: 'the gate',
      holds(told) {
        const decision = told.says(approver, promote());
        expectDone(decision, 'promotion-approved', { rollout: told.subject });
        expect(told.after(decision).rollout.status).toBe('approved');
      },
    },
    rollback: {
      words: 'acts on prod; the gate stays, held',
      holds(told) {
        const back = told.tells(operator, rollback('prod'));
        goesBack(back, 'prod', 1);
        expect(back.rollout.status).toBe('gate');
        expectRefused(back.says(approver, promote()), 'environment-held', { environment: 'prod', by: 'U0OLGA' });
      },
    },
    cancel: { words: 'ends it', holds: endsIt },
  },
  {
    when: 'prod is being changed',
    stories: {
      'a call is open': third.to('prod').intends('prod'),
      'an update is followed': sent,
      'it is checked': third.to('verifying'),
    },
    deploy: {
      words: 'allowed on staging; its gate waits',
      holds(told) {
        const tested = told.tells(operator, deploy(4)).to('tested');
        // Nothing that prod shows counts yet; where it is checked, its smoke run begins first.
        const first = tested.sees({ ageMs: 0 });
        const decisions = [first, tested.after(first).sees({ ageMs: 0 })];
        const waits = decisions.flatMap((d) => d.events).find((e) => e.type === 'WaitNoted');
        expect(waits).toMatchObject({ rolloutId: tested.subject, reason: { code: 'waits-for-prod' } });
        expect(decisions.flatMap(types)).not.toContain('GateOpened');
      },
    },
    promote: {
      words: 'what was decided, by whom',
      holds(told) {
        expectRefused(told.says(secondApprover, promote()), 'already-decided', { what: 'promoted', by: 'U0ANNA' });
      },
    },
    rollback: {
      words: 'aborts as soon as AWS allows, then back',
      holds: (told) => abortsAndGoesBack(told, 'rollback'),
    },
    cancel: { words: 'the same', holds: (told) => abortsAndGoesBack(told, 'cancel') },
  },
  {
    when: 'prod locked or held, at the press',
    stories: { locked, held: gate.tells(operator, rollback('prod', { reason: 'audit' })) },
    deploy: { words: 'allowed', holds: supersedes },
    promote: {
      words: 'refused with owner, reason, end; does not count',
      holds(told) {
        const decision = told.says(approver, promote());
        expectRefused(decision, 'environment-held', { by: 'U0OLGA', reason: 'audit' });
        expect(String(decision.reason?.params?.until)).toMatch(/^until (2026-03-02T.*|released)$/);
        expect(told.after(decision).rollout).toMatchObject({ status: 'gate', gate: { approvals: [] } });
      },
    },
    rollback: {
      words: 'allowed',
      holds(told) {
        const decision = told.says(operator, rollback('prod'));
        if (told.state.environments.prod.rollback === null) expectDone(decision, 'rollback-started', { version: 1 });
        else expectRefused(decision, 'already-going-back', { version: 1 });
      },
    },
    cancel: { words: 'ends it', holds: endsIt },
  },
  {
    when: 'locked, group unreadable or quorum lost between approval and act',
    stories: { approved: third.to('approved') },
    deploy: { words: 'allowed, supersedes', holds: supersedes },
    promote: {
      words: 'waits, shown, until the approval expires',
      holds(told) {
        waitsAndExpires(told, 'waits-for-group', { approvers: unknown('Slack timed out') });
        waitsAndExpires(told, 'quorum-lost', { approvers: known(['U0ABEL']) });
        waitsAndExpires(told.tells(operator, lock('prod')), 'waits-for-lock', {});
      },
    },
    rollback: {
      words: 'allowed',
      holds(told) {
        const back = told.tells(operator, rollback('prod'));
        goesBack(back, 'prod', 1);
        expect(back.rollout).toMatchObject({ status: 'gate', gate: { approvals: [] } });
      },
    },
    cancel: { words: 'ends it', holds: endsIt },
  },
  {
    when: "prod's own check failed",
    stories: { 'it is measured': third.to('verifying').measures('prod', 'check') },
    deploy: NOBODY,
    promote: NOBODY,
    rollback: {
      words: 'already under way by itself, then hold',
      holds(told) {
        const decision = told.finishes('prod', smokeResult('failed'));
        expect(types(decision)).toEqual(['SmokeFinished', 'RolloutEnded', 'RollbackStarted', 'HoldPlaced']);
        const after = told.after(decision);
        goesBack(after, 'prod', 2);
        expectRefused(after.says(operator, rollback('prod')), 'already-going-back', { version: 2, by: 'titanic' });
        const back = after.goesBack('prod').reaches('prod');
        expect(back.state.environments.prod.holds).toMatchObject([{ kind: 'after-rollback' }]);
        expectRefused(back.says(operator, rollback('prod')), 'already-back', { version: 2, by: 'titanic' });
      },
    },
    cancel: NOBODY,
  },
  {
    when: "prod's own check inconclusive",
    stories: { 'it is measured': third.to('verifying').measures('prod', 'check') },
    deploy: NOBODY,
    promote: NOBODY,
    rollback: {
      words: 'allowed; repeated twice, then reported and held, no rollback by itself',
      holds(told) {
        expectDone(told.says(operator, rollback('prod')), 'rollback-started', { version: 2 });
        let measured = told;
        for (const run of [1, 2, 3]) {
          const decision = measured.finishes('prod', smokeResult('inconclusive'));
          expect(types(decision)).not.toContain('RollbackStarted');
          if (run < 3) {
            expect(types(decision)).toEqual(['SmokeFinished']);
            const repeated = measured.after(decision).sees();
            expect(eventOf(repeated, 'SmokeStarted')).toMatchObject({ purpose: 'check' });
            measured = measured.after(decision).after(repeated);
          } else {
            expect(types(decision)).toEqual(['SmokeFinished', 'RolloutEnded', 'HoldPlaced']);
            expect(eventOf(decision, 'HoldPlaced')).toMatchObject({ environment: 'prod', kind: 'check' });
          }
        }
      },
    },
    cancel: NOBODY,
  },
  {
    when: "prod's endpoint is `Failed` (AWS allows only deletion)",
    stories: { failed: failedProd },
    deploy: { words: 'allowed', holds: (told) => expectDone(told.says(operator, deploy(4)), 'rollout-started') },
    promote: {
      words: 'refused',
      holds: (told) => expectRefused(told.begins(4).to('gate').says(approver, promote()), 'prod-endpoint-failed'),
    },
    rollback: {
      words: 'offers **Recreate prod** to approvers: delete, create with the last that succeeded',
      holds(told) {
        const failed = { prod: { status: 'Failed' } } as const;
        const back = told.tells(operator, rollback('prod')).goesBack('prod');
        const ended = back.sees(failed);
        expect(eventOf(ended, 'RollbackEnded')).toMatchObject({
          reached: false,
          reason: { code: 'prod-endpoint-failed' },
        });
        const over = back.after(ended);
        expect(cardOf(over.state, eventOf(ended, 'RollbackEnded').rollbackId)).toMatchObject({ recreateOffered: true });
        expectRefused(over.says(operator, recreate(failed.prod)), 'not-an-approver');
        const again = over.tells(approver, recreate(failed.prod)).goesBack('prod');
        const deletion = again.sees(failed);
        expect(eventOf(deletion, 'CallIntended').call.kind).toBe('delete');
        const deleted = again.after(deletion).decided('prod');
        expect(eventOf(deleted.sees({ prod: null }), 'CallIntended').call).toMatchObject({
          kind: 'create',
          configName: told.config('prod', 2),
        });
      },
    },
    cancel: NOBODY,
  },
  {
    when: "the log's chain is broken",
    stories: { 'an entry was changed': gate },
    deploy: { words: 'refused, as is everything that changes something', holds: brokenRefuses('deploy') },
    promote: { words: 'refused', holds: brokenRefuses('promote') },
    rollback: {
      words: 'refused, until an approver acknowledges it (its own issue)',
      holds: brokenRefuses('rollback'),
    },
    cancel: { words: 'refused', holds: brokenRefuses('cancel') },
  },
];

function abortsAndGoesBack(told: Story, how: 'rollback' | 'cancel'): void {
  const stopped = how === 'rollback' ? told.tells(operator, rollback('prod')) : told.tells(requester, cancel());
  expect(stopped.rollout).toMatchObject({ status: 'ended', outcome: how === 'rollback' ? 'rolled-back' : 'cancelled' });
  goesBack(stopped, 'prod', 2);
  const { deployment, intent } = stopped.state.environments.prod;
  if (deployment === null) return;
  expect(deployment.abort?.code).toBe(how === 'rollback' ? 'rolled-back-by' : 'cancelled-by');
  const followed = intent === null ? stopped : stopped.decided('prod');
  const configName = deployment.target.configName;
  const moving = followed.sees({ prod: { status: 'Updating', pendingConfigName: configName } });
  expect(types(moving)).not.toContain('CallIntended');
  const arrived = followed.sees({ prod: { configName } });
  expect(eventOf(arrived, 'DeploymentFailed').reason.code).toBe('aborted');
  const next = followed.after(arrived).sees({ prod: { configName } });
  expect(eventOf(next, 'DeploymentStarted')).toMatchObject({ kind: 'rollback', target: { version: 2 } });
}

function brokenRefuses(verb: (typeof COLUMNS)[number]) {
  return async (told: Story) => {
    const store = storeOf(told);
    store.rewrite('survival', (items) =>
      items.map((item) => (item.seq === 5 ? { ...item, body: item.body.replace('staging', 'stagung') } : item)),
    );
    const { engine, sent: calls } = engineOn(told, store, 'replica');
    const requests = {
      deploy: { verb: 'deploy', model: null, note: null },
      promote: { verb: 'promote', rolloutId: null },
      rollback: { verb: 'rollback', environment: 'prod', toVersion: null, reason: null, furtherThan: null },
      cancel: { verb: 'cancel', rolloutId: null },
    } as const;
    const answer = await submit(engine, both, requests[verb], 'key');
    expect(answer).toMatchObject({ kind: 'refused', reason: { code: 'record-broken', params: { seq: 5 } } });
    await engine.pass('survival');
    expect(store.stored('survival')).toHaveLength(told.entries.length);
    expect(calls).toEqual([]);
  };
}

describe('the table of situations', () => {
  test('stands in the README word for word', () => {
    const [, ...rows] = tableIn(readFileSync('src/rollout/README.md', 'utf8'), 'when');
    expect(rows).toEqual(SITUATIONS.map((s) => [s.when, ...COLUMNS.map((column) => s[column].words)]));
  });

  for (const situation of SITUATIONS) {
    describe(situation.when, () => {
      for (const [name, told] of Object.entries(situation.stories)) {
        for (const column of COLUMNS) {
          const { words, holds } = situation[column];
          if (holds !== undefined) test(`${name}: ${column} – ${words}`, () => holds(told));
        }
      }
    });
  }
});
