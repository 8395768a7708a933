import { describe, expect, test } from 'vitest';
import { known, unknown } from '../../../src/rollout/observation.ts';
import { noLongerWanted } from '../../../src/rollout/perform.ts';
import { reason } from '../../../src/rollout/reasons.ts';
import { planFor, withLeftover } from '../../support/cleanup-facts.ts';
import { ALL_GONE, carriedOut, removing } from '../../support/cleanup-rounds.ts';
import { codesIn, eventOf, types } from '../../support/decision-facts.ts';
import { expectDone, expectRefused } from '../../support/expect-decision.ts';
import { approver, both, operator, pipeline, secondApprover } from '../../support/rollout-facts.ts';
import * as say from '../../support/sayings.ts';
import { type Story, story } from '../../support/story.ts';

const two = story().promotes(1).promotes(2);
const proposed = two.tells(approver, say.cleanup('all'));
const cleaning = proposed.tells(secondApprover, say.confirmCleanup());
const leftovers = known(planFor(two, 'leftovers', withLeftover));

function phraseOf(told: Story, target: 'all' | 'prod'): string {
  const plan = planFor(told, target);
  return plan.kind === 'plan' ? (plan.phrase ?? '') : '';
}

/** The kinds and names that rounds were intended for, in order. */
function intended(told: Story): readonly string[] {
  return told.entries.flatMap((e) =>
    e.events.flatMap((v) => (v.type === 'CleanupRoundIntended' ? v.deletions.map((d) => `${d.kind} ${d.name}`) : [])),
  );
}

describe('a plan in Slack', () => {
  test('waits on its card and deletes nothing', () => {
    const decision = two.says(approver, say.cleanup('all'));
    expectDone(decision, 'cleanup-proposed');
    expect(eventOf(decision, 'CleanupProposed')).toMatchObject({ target: 'all', by: 'U0ANNA' });
    expect(decision.effects).toEqual([]);
    expect(proposed.later(1_000).sees().events).toEqual([]);
  });

  test('of what may be live is confirmed by somebody who did not ask for it', () => {
    expectRefused(proposed.says(approver, say.confirmCleanup()), 'requester-cannot-confirm');
    expectDone(proposed.says(both, say.confirmCleanup()), 'cleanup-started');
  });

  test('of leftovers may be confirmed by who asked', () => {
    const told = two.tells(approver, say.cleanup('leftovers', { plan: leftovers }));
    expectDone(told.says(approver, say.confirmCleanup({ plan: leftovers })), 'cleanup-started', { count: 2 });
  });

  test('is void when the world is another by the time it is confirmed', () => {
    const decision = proposed.says(both, say.confirmCleanup({ plan: known(planFor(two, 'all', withLeftover)) }));
    expect(decision).toMatchObject({ accepted: false, reason: { code: 'cleanup-changed' } });
    expect(eventOf(decision, 'CleanupEnded').outcome).toBe('void');
    expect(proposed.after(decision).state.cleanup).toBeNull();
  });

  test('stays when the world cannot be read at the press', () => {
    const decision = proposed.says(both, say.confirmCleanup({ plan: unknown('throttled') }));
    expectRefused(decision, 'cleanup-unreadable', { why: 'throttled' });
  });

  test('is not confirmed twice, nor after its hour', () => {
    expectRefused(cleaning.says(both, say.confirmCleanup()), 'cleanup-open');
    const late = proposed.later(3_700_000);
    expect(codesIn(late.says(both, say.confirmCleanup()))).toContain('cleanup-expired');
    expect(eventOf(late.sees(), 'CleanupEnded').outcome).toBe('expired');
  });

  test('is refused while the environment is held, or a rollout would bring it back', () => {
    expectRefused(two.tells(operator, say.lock('prod')).says(approver, say.cleanup('all')), 'environment-held');
    expectRefused(two.begins(3).to('gate').says(approver, say.cleanup('prod')), 'cleanup-busy');
  });
});

describe('on the command line', () => {
  test('the phrase of the plan that was printed carries out exactly that plan', () => {
    const decision = two.says(pipeline, say.cleanup('all', { confirm: phraseOf(two, 'all') }));
    expectDone(decision, 'cleanup-started');
    expect(types(decision)).toEqual(['CleanupProposed', 'CleanupConfirmed']);
  });

  test('no phrase, an old one or that of another target carries out nothing', () => {
    expectRefused(two.says(pipeline, say.cleanup('all')), 'cleanup-phrase-missing');
    expectRefused(two.says(pipeline, say.cleanup('all', { confirm: phraseOf(two, 'prod') })), 'cleanup-changed');
    const older = phraseOf(story().promotes(1), 'all');
    expectRefused(two.says(pipeline, say.cleanup('all', { confirm: older })), 'cleanup-changed');
  });

  test('leftovers need the digest of what was shown', () => {
    const digest = leftovers.kind === 'known' && leftovers.value.kind === 'plan' ? leftovers.value.digest : '';
    const saying = (confirm: string) => say.cleanup('leftovers', { plan: leftovers, confirm });
    expectDone(two.says(pipeline, saying(digest)), 'cleanup-started');
    expectRefused(two.says(pipeline, saying('x')), 'cleanup-changed');
  });
});

describe('carrying out', () => {
  test('deletes endpoints, then configs, then models, and nothing is left of any', () => {
    const { told, last } = carriedOut(cleaning);
    expect(eventOf(last, 'CleanupEnded').outcome).toBe('done');
    expect(intended(told).map((line) => line.split(' titanic')[0])).toEqual([
      ...Array.from({ length: 4 }, () => 'endpoint configuration'),
      ...Array.from({ length: 4 }, () => 'model'),
    ]);
    for (const environment of ['staging', 'prod'] as const) {
      expect(told.state.environments[environment]).toMatchObject({ known: false, stack: [], baseline: null });
    }
  });

  test('begins no round before both endpoints are gone', () => {
    const going = removing(cleaning);
    expect(types(going.sees({ staging: { status: 'Deleting' }, prod: { status: 'Deleting' } }))).toEqual([]);
    const one = going.after(going.sees({ prod: null, staging: { status: 'Deleting' } }));
    expect(types(one.sees({ staging: { status: 'Deleting' } }))).toEqual([]);
  });

  test('lets a deploy start from nothing afterwards', () => {
    const { told } = carriedOut(cleaning);
    const again = told.tells(operator, say.deploy(3));
    expect(again.rollout.status).toBe('staging');
    const ready = again.prepared('staging');
    expect(eventOf(ready.sees({ staging: null }), 'CallIntended').call.kind).toBe('create');
    expect(again.to('ended').versions('prod')).toEqual([3]);
  });

  test('tries again what had no clear answer, behind everything else', () => {
    let asked = 0;
    const { told, last } = carriedOut(cleaning, (d) => {
      if (!d.name.includes('staging-v1') || d.kind !== 'model') return { kind: 'gone', requestId: null };
      asked += 1;
      return asked < 3 ? { kind: 'open', why: 'timed out' } : { kind: 'gone', requestId: null };
    });
    expect(asked).toBe(3);
    expect(eventOf(last, 'CleanupEnded').outcome).toBe('done');
    expect(told.state.endedCleanups[0]).toMatchObject({ total: 10, notDeleted: [] });
  });

  test('waits longer after each round that got nowhere, up to two minutes, and no longer once one does', () => {
    const begun = two
      .tells(approver, say.cleanup('leftovers', { plan: leftovers }))
      .tells(approver, say.confirmCleanup({ plan: leftovers }));
    const round = (told: Story, kind: 'open' | 'gone' | null) => {
      const open = told.after(told.sees());
      const { id = '', round } = open.state.cleanup ?? {};
      const outcome = kind === 'gone' ? { kind, requestId: null } : { kind: 'open' as const, why: 'timed out' };
      const results = (round?.deletions ?? []).map((d) => ({ of: d.kind, name: d.name, outcome }));
      const input = { kind: 'cleanup-round', cleanupId: id, round: round?.seq ?? 0 } as const;
      return open.after(open.decides({ ...input, results: kind === null ? [] : results }));
    };
    const pauses: (number | null)[] = [];
    let told = begun;
    for (const kind of ['open', null, 'open', 'open', 'open', 'open', 'open', 'gone'] as const) {
      told = round(told, kind);
      const { wakeInMs, events } = told.sees();
      pauses.push(events.length > 0 ? null : wakeInMs);
      told = told.later(wakeInMs ?? 0);
    }
    expect(pauses).toEqual([4_000, 9_000, 19_000, 39_000, 79_000, 119_000, 119_000, null]);
  });

  test('says what came into use meanwhile and goes on with the rest', () => {
    const { last } = carriedOut(cleaning, (d) =>
      d.kind === 'endpoint configuration' && d.name.includes('prod-v1')
        ? { kind: 'kept', because: 'the endpoint somebody-elses uses it' }
        : { kind: 'gone', requestId: null },
    );
    const { reason, outcome } = eventOf(last, 'CleanupEnded');
    expect(outcome).toBe('failed');
    expect(reason).toMatchObject({ code: 'cleaned-up-partly', params: { count: 9, left: 1 } });
  });

  test('a round whose process died is tried again once nothing of it can be under way', () => {
    const endpointsGone = removing(cleaning);
    const ready = endpointsGone.after(endpointsGone.sees({ prod: null, staging: null }));
    const staged = ready.after(ready.sees({ staging: null }));
    const open = staged.after(staged.sees());
    expect(open.state.cleanup?.round).not.toBeNull();
    expect(open.sees({ ageMs: 119_000 })).toMatchObject({ events: [], wakeInMs: 1_000 });
    const given = open.after(open.sees({ ageMs: 120_000 }));
    expect(given.state.cleanup?.left).toEqual(open.state.cleanup?.left);
    expect(types(given.sees())).toEqual(['CleanupRoundIntended']);
    // What the dead process tells after all comes too late to count.
    const late = { kind: 'cleanup-round', cleanupId: given.state.cleanup?.id ?? '', round: 1, results: [] } as const;
    expect(given.decides(late).events).toEqual([]);
  });

  test('stops on request, after what is being sent', () => {
    const asked = removing(cleaning).says(approver, say.stopCleanup());
    expect(types(asked)).toEqual(['CleanupStopAsked', 'DeploymentAbortMarked', 'DeploymentAbortMarked']);
    const stopped = removing(cleaning).after(asked);
    const deleting = { status: 'Deleting' } as const;
    expect(stopped.sees({ staging: deleting, prod: deleting }).events).toEqual([]);
    const { last, told } = carriedOut(stopped);
    expect(eventOf(last, 'CleanupEnded')).toMatchObject({ outcome: 'stopped', by: 'U0ANNA' });
    expect(intended(told)).toEqual([]);
    // Both were gone before it was over, so nothing runs there any more.
    expect(told.versions('prod')).toEqual([]);
    expect(carriedOut(told.tells(pipeline, say.cleanup('all', { confirm: phraseOf(told, 'all') }))).last).toBeDefined();
  });

  test('sends no deletion after Stop, whether or not it was intended', () => {
    const begun = cleaning.after(cleaning.sees());
    const stopped = begun.tells(approver, say.stopCleanup());
    expect(types(stopped.sees())).toEqual(['DeploymentFailed']);
    const { told, last } = carriedOut(stopped);
    expect(eventOf(last, 'CleanupEnded')).toMatchObject({ outcome: 'stopped' });
    expect(told.versions('prod')).toEqual([1, 2]);
    const intends = begun.intends('prod', 'delete');
    expect(noLongerWanted(intends.state, 'prod', intends.intent('prod'), intends.nowMs)).toBeNull();
    const { state, nowMs } = intends.tells(approver, say.stopCleanup());
    expect(noLongerWanted(state, 'prod', intends.intent('prod'), nowMs)).toMatch('stopped');
  });

  test('sends no deletion once its time is over', () => {
    const late = cleaning.after(cleaning.sees()).later(3_600_000);
    expect(types(late.sees())).toEqual(['DeploymentAbortMarked', 'DeploymentAbortMarked']);
    const { told, last } = carriedOut(late);
    expect(eventOf(last, 'CleanupEnded')).toMatchObject({ outcome: 'failed', reason: { code: 'cleanup-late' } });
    expect(told.versions('prod')).toEqual([1, 2]);
    const intends = cleaning.after(cleaning.sees()).intends('prod', 'delete').later(3_600_000);
    expect(noLongerWanted(intends.state, 'prod', intends.intent('prod'), intends.nowMs)).toMatch('over');
  });

  test('sends no deletion while a lock stands, and goes on after it', () => {
    const locked = cleaning.after(cleaning.sees()).tells(operator, say.lock('prod'));
    const first = locked.sees();
    expect(eventOf(first, 'CallIntended').environment).toBe('staging');
    const waits = locked.after(first).decided('staging');
    expect(waits.sees({ staging: { status: 'Deleting' } }).events).toEqual([]);
    const free = waits.tells(operator, say.unlock('prod'));
    expect(eventOf(free.sees(), 'CallIntended').environment).toBe('prod');
    const intends = cleaning.after(cleaning.sees()).intends('prod', 'delete');
    const { state, nowMs } = intends.tells(operator, say.lock('prod'));
    expect(noLongerWanted(state, 'prod', intends.intent('prod'), nowMs)).toBe('prod was held meanwhile');
    const unbegun = cleaning.tells(operator, say.lock('prod'));
    expect(eventOf(unbegun.sees(), 'DeploymentStarted').environment).toBe('staging');
  });

  test('pauses after a refusal of a deletion', () => {
    const why = reason('waits-for-back-off');
    const refused = cleaning
      .after(cleaning.sees())
      .intends('prod', 'delete')
      .decided('prod', { kind: 'refused', requestId: null, reason: why, retryable: true });
    expect(eventOf(refused.sees(), 'CallIntended').environment).toBe('staging');
    expect(eventOf(refused.later(60_000).sees(), 'CallIntended').environment).toBe('prod');
  });

  test('lets nothing begin where it deletes, and everything elsewhere', () => {
    const prodOnly = two.tells(approver, say.cleanup('prod')).tells(both, say.confirmCleanup());
    for (const saying of [say.deploy(3), say.rollback('prod'), say.smoke('prod'), say.recreate()]) {
      expectRefused(prodOnly.says(both, saying), 'cleanup-in-the-way');
    }
    expectDone(prodOnly.says(both, say.rollback('staging')), 'rollback-started');
    const harmless = two.tells(approver, say.cleanup('leftovers', { plan: leftovers }));
    const running = harmless.tells(approver, say.confirmCleanup({ plan: leftovers }));
    expectDone(running.says(operator, say.deploy(3)), 'rollout-started');
  });

  test('forgets what the record says of an endpoint that is gone already', () => {
    const gone = known(planFor(two, 'prod', (l) => ({ ...l, endpoints: [] })));
    const told = two
      .tells(approver, say.cleanup('prod', { plan: gone }))
      .tells(both, say.confirmCleanup({ plan: gone }));
    expect(told.versions('prod')).toEqual([]);
    expect(told.versions('staging')).toEqual([1, 2]);
    expect(carriedOut(told, ALL_GONE).told.state.cleanup).toBeNull();
  });
});
