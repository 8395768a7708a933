import { describe, expect, test } from 'vitest';
import { sha256 } from '../../../src/evidence/canonical.ts';
import type { StoredEntry } from '../../../src/ports/log-store.ts';
import type { Request } from '../../../src/rollout/api.ts';
import { eventOf, types } from '../../support/decision-facts.ts';
import { createMemoryLogStore, type MemoryLogStore } from '../../support/memory-log-store.ts';
import { approver, operator, requesterApprover, secondApprover, stranger } from '../../support/rollout-facts.ts';
import { acknowledge, cleanup, confirmCleanup, deployPending } from '../../support/sayings.ts';
import { type Story, story } from '../../support/story.ts';
import { engineOn, storeOf, submit } from '../../support/told-engine.ts';

const ACKNOWLEDGE: Request = { verb: 'acknowledge-break', reason: 'compared with the backup' };
const ROLLBACK: Request = { verb: 'rollback', environment: 'prod', toVersion: null, reason: null, furtherThan: null };
const DEPLOY: Request = { verb: 'deploy', model: null, note: null };
const told = story().promotes(1).promotes(2).begins(3).to('gate');
/** Somewhere in the life of version 2. */
const CHANGED = told.entries.length - 12;

const change = (seq: number, to: (item: StoredEntry) => readonly StoredEntry[]) => (items: readonly StoredEntry[]) =>
  items.flatMap((item) => (item.seq === seq ? to(item) : [item]));
const edited = (item: StoredEntry) => [{ ...item, body: item.body.replace('"at":"2026', '"at":"2020') }];
const rehashed = (item: StoredEntry) => edited(item).map((each) => ({ ...each, hash: sha256(each.body) }));
const removed = () => [];
const emptied = (item: StoredEntry) => [{ ...item, body: '' }];

const TAMPERING = [
  ['an entry was edited', change(CHANGED, edited)],
  ['an entry was edited and its hash made to fit', change(CHANGED, rehashed)],
  ['an entry was deleted', change(CHANGED, removed)],
  ['an entry was emptied', change(CHANGED, emptied)],
  ['the last entry was edited', change(told.entries.length, edited)],
  [
    'two entries were touched',
    (items: readonly StoredEntry[]) => change(CHANGED, removed)(change(CHANGED + 4, edited)(items)),
  ],
] as const;

function tampered(by: (items: readonly StoredEntry[]) => readonly StoredEntry[], on: Story = told): MemoryLogStore {
  const store = storeOf(on);
  store.rewrite('survival', by);
  return store;
}

describe.each(TAMPERING)('where %s', (_, by) => {
  test('nothing is changed until an approver answers for it with a reason', async () => {
    const store = tampered(by);
    const before = store.stored('survival');
    const { engine, sent } = engineOn(told, store, 'a');
    await engine.pass('survival');
    for (const request of [DEPLOY, ROLLBACK, { verb: 'promote', rolloutId: null } as const])
      expect(await submit(engine, approver, request, request.verb)).toMatchObject({
        reason: { code: 'record-broken' },
      });
    expect(await engine.state('survival')).toMatchObject({ kind: 'unknown' });
    expect(store.stored('survival')).toEqual(before);
    expect(sent).toEqual([]);
  });

  test('it is recorded who answered for it; what was open is void, prod is held, and a rollback is possible', async () => {
    const store = tampered(by);
    const before = store.stored('survival');
    const { engine } = engineOn(told, store, 'a');
    const answer = await submit(engine, approver, ACKNOWLEDGE, 'k1');
    expect(answer).toMatchObject({ kind: 'done', reason: { code: 'break-acknowledged' } });
    expect(store.stored('survival').slice(0, before.length)).toEqual(before);
    expect(engine.breaks()).toEqual({ survival: null });

    // A replica that was started since reads the same.
    const later = engineOn(told, store, 'b').engine;
    expect(await later.state('survival')).toMatchObject({
      kind: 'known',
      value: {
        rollouts: [],
        ended: [{ outcome: 'voided', by: approver.actor.kind === 'person' ? approver.actor.id : '' }, {}, {}],
        environments: { prod: { holds: [{ kind: 'check' }], stack: [{ version: 1 }, { version: 2 }] } },
      },
    });
    expect(await submit(later, operator, ROLLBACK, 'k2')).toMatchObject({ kind: 'done' });
    expect(await engine.state('survival')).toMatchObject({
      value: { environments: { prod: { rollback: { target: { version: 1 } }, stack: [{ version: 1 }] } } },
    });
  });
});

test('what approvers were asked about models and a clean-up that runs are void with it', () => {
  const asked = story().promotes(1).tells(operator, deployPending(4));
  expect(eventOf(asked.says(approver, acknowledge()), 'ModelApprovalEnded')).toMatchObject({ outcome: 'failed' });
  const cleaning = story().promotes(1).tells(approver, cleanup('prod'));
  const running = cleaning.tells(secondApprover, confirmCleanup());
  expect(running.state.cleanup).not.toBeNull();
  const after = running.after(running.says(approver, acknowledge()));
  expect(after.state.cleanup).toBeNull();
  expect(types(after.sees())).not.toContain('DeploymentStarted');
});

describe('an acknowledgement', () => {
  const store = () => tampered(change(CHANGED, edited));

  test('is an approver’s, whoever asked for what', async () => {
    const { engine } = engineOn(told, store(), 'a');
    expect(await submit(engine, stranger, ACKNOWLEDGE, 'k1')).toMatchObject({ reason: { code: 'not-an-approver' } });
    expect(await submit(engine, operator, ACKNOWLEDGE, 'k2')).toMatchObject({ reason: { code: 'not-an-approver' } });
    expect(await submit(engine, requesterApprover, ACKNOWLEDGE, 'k3')).toMatchObject({ kind: 'done' });
  });

  test('needs a reason, and something to answer for', async () => {
    const { engine } = engineOn(told, store(), 'a');
    const empty = { ...ACKNOWLEDGE, reason: ' ' };
    expect(await submit(engine, approver, empty, 'k1')).toMatchObject({ reason: { code: 'reason-missing' } });
    const whole = engineOn(told, storeOf(told), 'b').engine;
    expect(await submit(whole, approver, ACKNOWLEDGE, 'k2')).toMatchObject({ reason: { code: 'record-whole' } });
  });

  test('counts for what stood there then, and not for what is changed afterwards', async () => {
    const table = store();
    await submit(engineOn(told, table, 'a').engine, approver, ACKNOWLEDGE, 'k1');
    const once = table.stored('survival');
    for (const again of [change(CHANGED, emptied), change(CHANGED + 2, removed), change(2, edited)]) {
      // Without the snapshot of before: only who reads the whole log finds what was changed.
      const copy = createMemoryLogStore();
      copy.rewrite('survival', () => again(once));
      const { engine } = engineOn(told, copy, 'b');
      expect(await submit(engine, operator, DEPLOY, 'k2')).toMatchObject({ reason: { code: 'record-broken' } });
    }
  });

  test('is read by a replica that knew the record before it was changed, which goes on from there', async () => {
    const table = storeOf(told);
    const before = engineOn(told, table, 'a').engine;
    await before.state('survival');
    table.rewrite('survival', change(CHANGED, edited));
    await submit(engineOn(told, table, 'b').engine, approver, ACKNOWLEDGE, 'k1');
    expect(await submit(before, operator, ROLLBACK, 'k2')).toMatchObject({ kind: 'done' });
    const after = engineOn(told, table, 'c').engine;
    expect(await after.state('survival')).toMatchObject({ value: { environments: { prod: { rollback: {} } } } });
    // Both say the same, also of what stood in the entry that was changed.
    expect(await before.state('survival')).toEqual(await after.state('survival'));
  });

  test('is given to a replica that knew the record before as well, and every replica says the same then', async () => {
    const table = storeOf(told);
    const began =
      told.entries.findIndex((entry) =>
        entry.events.some((e) => e.type === 'GateOpened' && e.rolloutId === told.subject),
      ) + 1;
    const before = engineOn(told, table, 'a').engine;
    await before.state('survival');
    table.rewrite('survival', change(began, edited));
    expect(await submit(before, approver, ACKNOWLEDGE, 'k1')).toMatchObject({ kind: 'done' });
    const after = engineOn(told, table, 'b').engine;
    expect(await before.state('survival')).toEqual(await after.state('survival'));
    expect(await before.state('survival')).toMatchObject({ value: { rollouts: [] } });
  });

  test('of a gap counts for that gap, and not for one that grew', async () => {
    const table = tampered(change(CHANGED, removed));
    await submit(engineOn(told, table, 'a').engine, approver, ACKNOWLEDGE, 'k1');
    const larger = createMemoryLogStore();
    larger.rewrite('survival', () => change(CHANGED + 1, removed)(table.stored('survival')));
    const { engine } = engineOn(told, larger, 'b');
    expect(await submit(engine, operator, DEPLOY, 'k2')).toMatchObject({ reason: { code: 'record-broken' } });
  });

  test('that is refused leaves nothing behind the break', async () => {
    const table = store();
    const before = table.stored('survival');
    await submit(engineOn(told, table, 'a').engine, stranger, ACKNOWLEDGE, 'k1');
    expect(table.stored('survival')).toEqual(before);
  });
});
