import { describe, expect, test, vi } from 'vitest';
import { sha256 } from '../../../src/evidence/canonical.ts';
import type { Event } from '../../../src/rollout/events.ts';
import { known } from '../../../src/rollout/observation.ts';
import { reason } from '../../../src/rollout/reasons.ts';
import { LEFTOVER, planFor, withLeftover } from '../../support/cleanup-facts.ts';
import type { MemoryLogStore } from '../../support/memory-log-store.ts';
import { approver, candidate, operator, packageSeen, secondApprover, stranger } from '../../support/rollout-facts.ts';
import * as say from '../../support/sayings.ts';
import { type Story, story } from '../../support/story.ts';
import { engineOn, type Outside, storeOf, submit } from '../../support/told-engine.ts';

const gate = story().promotes(1).begins(2).to('gate');
const LEFTOVERS = (told: Story) => known(planFor(told, 'leftovers', withLeftover));
const PROMOTE = { verb: 'promote', rolloutId: null } as const;

async function recorded(told: Story, store: MemoryLogStore): Promise<readonly Event[]> {
  const { engine } = engineOn(told, store, 'reader');
  const entries = await engine.entries('survival', told.state.seq + 1, 10_000);
  if (entries.kind === 'unknown') throw new Error(entries.why);
  return entries.value.flatMap((entry) => entry.events);
}

function count(events: readonly Event[], type: Event['type']): number {
  return events.filter((event) => event.type === type).length;
}

describe('two replicas', () => {
  test('that are pressed at the same moment approve once, and the slower one says what was decided', async () => {
    const store = storeOf(gate);
    const a = engineOn(gate, store, 'a').engine;
    const b = engineOn(gate, store, 'b').engine;
    const answers = await Promise.all([submit(a, approver, PROMOTE, 'k1'), submit(b, secondApprover, PROMOTE, 'k2')]);
    expect(answers.map((answer) => answer.reason.code).sort()).toEqual(['already-decided', 'promotion-approved']);
    const events = await recorded(gate, store);
    expect(count(events, 'PromotionApproved')).toBe(1);
    expect(count(events, 'CommandRefused')).toBe(1);
  });

  test('that get the same delivery record it once', async () => {
    const store = storeOf(gate);
    const a = engineOn(gate, store, 'a').engine;
    const b = engineOn(gate, store, 'b').engine;
    const answers = await Promise.all([submit(a, approver, PROMOTE, 'same'), submit(b, approver, PROMOTE, 'same')]);
    expect(answers.map((answer) => answer.reason.code)).toEqual(['promotion-approved', 'promotion-approved']);
    expect(await recorded(gate, store)).toHaveLength(2);
  });

  test('that press against a deploy which supersedes decide one before the other', async () => {
    const store = storeOf(gate);
    const a = engineOn(gate, store, 'a').engine;
    const b = engineOn(gate, store, 'b').engine;
    await Promise.all([
      submit(a, approver, { verb: 'promote', rolloutId: gate.subject }, 'k1'),
      submit(b, operator, { verb: 'deploy', model: null, note: null }, 'k2'),
    ]);
    const ended = (await recorded(gate, store)).filter((e) => e.type === 'RolloutEnded');
    expect(ended).toMatchObject([{ outcome: 'superseded', rolloutId: gate.subject }]);
  });
});

describe('a command', () => {
  test('whose append had no clear answer is answered with what stands', async () => {
    const store = storeOf(gate);
    const { engine } = engineOn(gate, store, 'a');
    store.nextAppend({ kind: 'reply-lost' });
    expect(await submit(engine, approver, PROMOTE, 'k1')).toMatchObject({
      kind: 'done',
      reason: { code: 'promotion-approved' },
    });
    expect(count(await recorded(gate, store), 'PromotionApproved')).toBe(1);
  });

  test('that was refused, and whose refusal appeared after all, is still refused', async () => {
    const store = storeOf(gate);
    const { engine } = engineOn(gate, store, 'a');
    store.nextAppend({ kind: 'reply-lost', readsToo: 4 });
    const answer = await submit(engine, stranger, PROMOTE, 'k1');
    expect(answer).toMatchObject({ kind: 'refused', reason: { code: 'not-an-approver' } });
    expect(count(await recorded(gate, store), 'CommandRefused')).toBe(1);
  });

  test('that was done, and appeared after all, is done', async () => {
    const store = storeOf(gate);
    const { engine } = engineOn(gate, store, 'a');
    store.nextAppend({ kind: 'reply-lost', readsToo: 4 });
    expect(await submit(engine, approver, PROMOTE, 'k1')).toMatchObject({
      kind: 'done',
      reason: { code: 'promotion-approved' },
    });
  });

  test('that was recorded before is answered with what was decided then', async () => {
    const store = storeOf(gate);
    const { engine } = engineOn(gate, store, 'a');
    await submit(engine, approver, PROMOTE, 'k1');
    expect(await submit(engine, approver, PROMOTE, 'k1')).toMatchObject({
      kind: 'duplicate',
      reason: { code: 'promotion-approved' },
    });
  });

  test('says that the record cannot be written, and does nothing', async () => {
    const store = storeOf(gate);
    const { engine } = engineOn(gate, store, 'a');
    for (let tries = 0; tries < 12; tries += 1) store.nextAppend({ kind: 'refused', why: 'throttled' });
    expect(await submit(engine, approver, PROMOTE, 'k1')).toMatchObject({
      kind: 'refused',
      reason: { code: 'record-unreachable', params: { why: 'throttled' } },
    });
    expect(await recorded(gate, store)).toEqual([]);
  });

  test('whose append had no clear answer before the table went away is not called undone: it may be recorded', async () => {
    const store = storeOf(gate);
    const { engine } = engineOn(gate, store, 'a');
    store.nextAppend({ kind: 'reply-lost', readsToo: 10_000 });
    expect(await submit(engine, approver, PROMOTE, 'k1')).toMatchObject({
      kind: 'refused',
      reason: { code: 'record-unclear', params: { why: expect.stringContaining('does not answer') } },
    });
    store.failReads(0);
    expect(count(await recorded(gate, store), 'PromotionApproved')).toBe(1);
  });

  test('that is too large for an entry is refused at once, and nothing is lost by it', async () => {
    const store = storeOf(gate);
    const { engine } = engineOn(gate, store, 'a');
    store.nextAppend({ kind: 'too-large' });
    expect(await submit(engine, approver, PROMOTE, 'k1')).toMatchObject({
      kind: 'refused',
      reason: { code: 'entry-too-large', params: { bytes: 400_000, most: 390_000 } },
    });
    expect(await recorded(gate, store)).toEqual([]);
    expect(await submit(engine, approver, PROMOTE, 'k2')).toMatchObject({ reason: { code: 'promotion-approved' } });
  });

  test('of a service that is not configured is refused', async () => {
    const { engine } = engineOn(gate, storeOf(gate), 'a');
    const asked = { service: 'iceberg', request: PROMOTE, ...approver, key: 'k' };
    expect(await engine.submit(asked)).toMatchObject({ reason: { code: 'no-service' } });
  });

  test('on the record of a newer titanic is refused', async () => {
    const store = storeOf(gate);
    const newer = gate.records([{ type: 'RefusalsCounted', by: 'U0SAM', count: 1 }]);
    const [last] = storeOf(newer).stored('survival').slice(-1);
    if (last === undefined) throw new Error('no entry');
    const body = last.body.replace('RefusalsCounted', 'RefusalsBlessed');
    store.rewrite('survival', (items) => [...items, { ...last, body, hash: sha256(body) }]);
    const { engine } = engineOn(gate, store, 'a');
    expect(await submit(engine, approver, PROMOTE, 'k')).toMatchObject({ reason: { code: 'record-newer' } });
  });
});

describe('a pass', () => {
  const ready = story().begins(1).prepared('staging');

  test('records the intent, sends once, and records the outcome', async () => {
    const store = storeOf(ready);
    const { engine, sent } = engineOn(ready, store, 'a');
    await engine.pass('survival');
    await engine.stop();
    expect(sent).toHaveLength(1);
    const events = await recorded(ready, store);
    expect(events.map((e) => e.type).slice(0, 2)).toEqual(['CallIntended', 'CallDecided']);
    expect(count(events, 'CallIntended')).toBe(1);
  });

  test('sends nothing for an intent that was not won, and withdraws it if it appears after all', async () => {
    const store = storeOf(ready);
    const { engine, sent } = engineOn(ready, store, 'a');
    store.nextAppend({ kind: 'late' });
    await engine.pass('survival');
    expect(sent).toEqual([]);
    store.landLate();
    await engine.pass('survival');
    await engine.stop();
    const events = await recorded(ready, store);
    expect(events.find((e) => e.type === 'CallDecided')).toMatchObject({ outcome: { kind: 'withdrawn' } });
    expect(sent.length).toBe(count(events, 'CallIntended') - 1);
  });

  test('of two replicas sends one call between them', async () => {
    const store = storeOf(ready);
    const a = engineOn(ready, store, 'a');
    const b = engineOn(ready, store, 'b');
    await Promise.all([a.engine.pass('survival'), b.engine.pass('survival')]);
    await Promise.all([a.engine.stop(), b.engine.stop()]);
    expect(a.sent.length + b.sent.length).toBe(1);
    expect(count(await recorded(ready, store), 'CallIntended')).toBe(1);
  });

  test('takes no reply for no outcome: the intent stays open', async () => {
    const store = storeOf(ready);
    const { engine, sent } = engineOn(ready, store, 'a', { reply: { kind: 'unclear', why: 'timed out' } });
    await engine.pass('survival');
    await engine.stop();
    expect(sent).toHaveLength(1);
    expect((await recorded(ready, store)).map((e) => e.type)).toEqual(['CallIntended']);
  });

  test('does nothing on a broken record', async () => {
    const store = storeOf(ready);
    store.rewrite('survival', (items) => items.map((i) => (i.seq === 2 ? { ...i, body: `${i.body} ` } : i)));
    const { engine, sent } = engineOn(ready, store, 'a');
    await engine.pass('survival');
    expect(sent).toEqual([]);
    expect(store.stored('survival')).toHaveLength(ready.entries.length);
  });
});

describe('a clean-up', () => {
  const two = story().promotes(1).promotes(2);
  const proposed = two.tells(approver, say.cleanup('leftovers', { plan: LEFTOVERS(two) }));
  const running = proposed.tells(approver, say.confirmCleanup({ plan: LEFTOVERS(two) }));

  /** The whole account takes a minute to be read. */
  function slow(deleted: string[], usersMs = 60_000): Outside {
    return {
      cleaner: (clock) => ({
        plan: async () => {
          clock.move(60_000);
          return LEFTOVERS(two);
        },
        foreign: () => null,
      }),
      inventory: (clock) => ({
        users: async () => {
          clock.move(usersMs);
          return known(new Map());
        },
        tags: async () => known({}),
        async remove(_kind, name, _permission, _signal, stillFresh) {
          if (stillFresh()) deleted.push(name);
          return { kind: 'gone', requestId: null };
        },
      }),
    };
  }

  test('is confirmed however long the account takes to be listed', async () => {
    const { engine } = engineOn(proposed, storeOf(proposed), 'a', slow([]));
    const request = { verb: 'confirm-cleanup', cleanupId: proposed.state.cleanup?.id ?? '' } as const;
    expect(await submit(engine, approver, request, 'k')).toMatchObject({ reason: { code: 'cleanup-started' } });
  });

  test('deletes in its round although who uses what took long to be read', async () => {
    const deleted: string[] = [];
    const store = storeOf(running);
    const { engine } = engineOn(running, store, 'a', slow(deleted));
    await engine.pass('survival');
    await vi.waitUntil(() => deleted.length > 0);
    expect(deleted).toEqual([LEFTOVER]);
    await engine.stop();
  });

  test('sends no deletion after a stop that it has read since it looked who uses the thing', async () => {
    const deleted: string[] = [];
    const store = storeOf(running);
    const cleanupId = running.state.cleanup?.id ?? '';
    const outside = slow(deleted, 0);
    const { engine } = engineOn(running, store, 'a', {
      ...outside,
      inventory: (clock) => ({
        ...outside.inventory?.(clock),
        async tags() {
          await submit(engine, secondApprover, { verb: 'stop-cleanup', cleanupId }, 'k');
          return known({});
        },
      }),
    });
    await engine.pass('survival');
    await engine.stop();
    expect(count(await recorded(running, store), 'CleanupStopAsked')).toBe(1);
    expect(deleted).toEqual([]);
  });

  test('deletes nothing once others may take its round for dead', async () => {
    const deleted: string[] = [];
    const store = storeOf(running);
    const { engine } = engineOn(running, store, 'a', slow(deleted, 100_000));
    await engine.pass('survival');
    await engine.stop();
    expect(deleted).toEqual([]);
    const done = (await recorded(running, store)).find((e) => e.type === 'CleanupRoundDone');
    expect(done).toMatchObject({ results: [], notBefore: expect.any(String) });
  });
});

test('an undecided model is looked at once a minute, a decided one in every pass', async () => {
  const asked = story().promotes(1).tells(operator, say.deployPending(4));
  const store = storeOf(asked);
  let looks = 0;
  const registry: Outside['registry'] = {
    async byArn() {
      looks += 1;
      return known(packageSeen(4, { approval: 'PendingManualApproval' }));
    },
  };
  const { engine, clock } = engineOn(asked, store, 'a', { registry });
  const looksAfter = async (ms: number) => {
    clock.move(ms);
    looks = 0;
    await engine.pass('survival');
    return looks;
  };
  expect(await looksAfter(0)).toBe(1);
  expect(await looksAfter(2_000)).toBe(0);
  expect(await looksAfter(57_000)).toBe(0);
  expect(await looksAfter(1_000)).toBe(1);
  const approvalId = asked.state.approvals[0]?.id ?? null;
  const request = { verb: 'approve-model', approvalId, version: null, reason: null } as const;
  expect(await submit(engine, approver, request, 'k')).toMatchObject({ kind: 'done' });
  expect(await looksAfter(1_000)).toBeGreaterThan(0);
  await engine.stop();
});

test('a rollback that somebody asks for tells the registry what is left', async () => {
  const told = story().promotes(1).promotes(2);
  const stages: string[] = [];
  const decisions: Outside['decisions'] = {
    async setStage(packageArn, stage) {
      stages.push(`${packageArn} ${stage}`);
      return null;
    },
  };
  const { engine } = engineOn(told, storeOf(told), 'a', { decisions });
  const request = { verb: 'rollback', environment: 'prod', toVersion: null, reason: null, furtherThan: null } as const;
  expect(await submit(engine, operator, request, 'k')).toMatchObject({ reason: { code: 'rollback-started' } });
  expect(stages).toEqual([`${candidate(2).packageArn} retired`]);
});

test('a package of another group, which an adopted endpoint ran, is left to the service that it is of', async () => {
  const fares = 'arn:aws:sagemaker:us-east-1:123456789012:model-package/titanic-fares/1';
  const ran = { configName: 'theirs', modelName: 'theirs', packageArn: fares, version: 1, imageDigest: null };
  const told = story()
    .promotes(1)
    .records([
      {
        type: 'EndpointAdopted',
        environment: 'prod',
        endpointName: 'titanic-survival-prod',
        arn: 'arn:endpoint',
        target: { ...ran, rolloutId: null },
        reason: reason('manual', { reason: 'ours' }),
      },
    ]);
  const stages: string[] = [];
  const decisions: Outside['decisions'] = {
    async setStage(packageArn) {
      stages.push(packageArn);
      return null;
    },
  };
  const { engine } = engineOn(told, storeOf(told), 'a', { decisions });
  const request = { verb: 'rollback', environment: 'prod', toVersion: null, reason: null, furtherThan: null } as const;
  expect(await submit(engine, operator, request, 'k')).toMatchObject({ reason: { code: 'rollback-started' } });
  expect(stages).toEqual([]);
});

test('a command whose facts are always old by the time they are read says so', async () => {
  const told = story().promotes(1);
  const { engine } = engineOn(told, storeOf(told), 'a', { lookMs: 60_000 });
  const answer = await submit(engine, approver, { verb: 'recreate' }, 'k');
  expect(answer).toMatchObject({
    reason: { code: 'record-unreachable', params: { why: expect.stringMatching('25 seconds') } },
  });
});
