import { describe, expect, test } from 'vitest';
import { canonical, sha256 } from '../../../src/evidence/canonical.ts';
import type { StoredEntry } from '../../../src/ports/log-store.ts';
import { type Draft, openEntry } from '../../../src/rollout/entry.ts';
import { createServiceLog } from '../../../src/rollout/log.ts';
import { STATE_SHAPE } from '../../../src/rollout/state.ts';
import { createHandClock } from '../../support/hand-clock.ts';
import { createMemoryLogStore } from '../../support/memory-log-store.ts';
import { BEGIN_MS, story } from '../../support/story.ts';
import { storedOf, storeOf } from '../../support/told-engine.ts';

const told = story().promotes(1).begins(2);
const always = () => true;

function draft(nonce: string): Draft {
  return {
    at: new Date(BEGIN_MS).toISOString(),
    rolloutId: null,
    actor: { kind: 'titanic' },
    reason: null,
    commandKey: null,
    events: [{ type: 'RefusalsCounted', by: 'U0SAM', count: 1 }],
    writer: 'w1',
    nonce,
  };
}

function replica(store = createMemoryLogStore()) {
  const clock = createHandClock(BEGIN_MS);
  return { store, clock, log: createServiceLog('survival', store, clock) };
}

describe('an entry', () => {
  const items = storedOf(told);
  const [first, second, third] = items;
  if (first === undefined || second === undefined || third === undefined) throw new Error('a short story');
  const start = { seq: 0, hash: '' };

  /** Its content is changed, and its hash is made to fit again. */
  function rewritten(item: StoredEntry, from: string | RegExp, to: string): StoredEntry {
    const text = item.body.replace(from, to);
    if (text === item.body) throw new Error('nothing was changed');
    return { ...item, body: text, hash: sha256(text) };
  }

  test('is read back as it was written', () => {
    expect(openEntry(first, start)).toEqual(told.entries[0]);
    expect(openEntry(second, first)).toEqual(told.entries[1]);
  });

  test.each([
    ['a changed letter', { ...second, body: second.body.replace('staging', 'stagings') }, 'broken'],
    ['content that is no JSON', { ...second, body: '{', hash: sha256('{') }, 'broken'],
    ['a content of another place', rewritten(second, '"seq":2', '"seq":7'), 'broken'],
    ['a predecessor of another name', { ...second, prevHash: 'other' }, 'broken'],
    ['a rewritten predecessor', rewritten(second, first.hash, 'f'.repeat(64)), 'broken'],
    ['a place that was left out', third, 'broken'],
    ['a swapped place', { ...third, seq: 2 }, 'broken'],
    ['an event of a newer titanic', rewritten(second, 'DeploymentPrepared', 'DeploymentBlessed'), 'newer'],
    ['a shape of a newer titanic', rewritten(second, '"writer":"w1"', '"writer":1'), 'newer'],
    ['a reason of a newer titanic', rewritten(second, '"reason":null', '"reason":{"code":"new"}'), 'newer'],
  ])('with %s is not the next one', (_, item, kind) => {
    expect(openEntry(item, first)).toMatchObject({ kind, seq: 2 });
  });
});

describe('a log', () => {
  test('loads the record and what was added since, each entry once', async () => {
    const { log, store } = replica(storeOf(told));
    const loaded = await log.load();
    expect(loaded.state).toEqual(told.state);
    expect(loaded.fresh).toHaveLength(told.entries.length);
    store.rewrite('survival', () => storedOf(told.prepared('staging')));
    expect((await log.load()).fresh).toMatchObject([{ seq: told.state.seq + 1 }]);
    expect((await log.load()).fresh).toEqual([]);
  });

  test.each([
    [
      'flipped',
      (items: readonly StoredEntry[]) => items.map((i) => (i.seq === 4 ? { ...i, body: `${i.body} ` } : i)),
      4,
    ],
    ['dropped', (items: readonly StoredEntry[]) => items.filter((i) => i.seq !== 4), 4],
    [
      'swapped',
      (items: readonly StoredEntry[]) =>
        items.map((i) => ({ ...(items.find((j) => j.seq === ({ 4: 5, 5: 4 }[i.seq] ?? i.seq)) ?? i), seq: i.seq })),
      4,
    ],
  ])('stops before an entry that was %s, and goes on when it is whole again', async (_, change, seq) => {
    const { log, store } = replica(storeOf(told));
    store.rewrite('survival', change);
    const loaded = await log.load();
    expect(loaded).toMatchObject({ broken: { kind: 'broken', seq }, state: { seq: seq - 1 } });
    expect((await log.load()).broken).not.toBeNull();
    store.rewrite('survival', () => storedOf(told));
    expect(await log.load()).toMatchObject({ broken: null, state: { seq: told.state.seq } });
  });

  test('stores exactly what it hashed', async () => {
    const { log, store } = replica();
    const { state } = await log.load();
    const appended = await log.append(draft('n1'), state, always);
    const [item] = store.stored('survival');
    expect(item?.body).toBe(canonical({ ...draft('n1'), seq: 1, prevHash: '' }));
    expect(item?.hash).toBe(sha256(item?.body ?? ''));
    expect(appended).toMatchObject({ kind: 'won', entry: { seq: 1, hash: item?.hash } });
    expect(log.state().seq).toBe(1);
  });

  test('of two appends on the same state one wins', async () => {
    const store = createMemoryLogStore();
    const a = replica(store).log;
    const b = replica(store).log;
    const [onA, onB] = [(await a.load()).state, (await b.load()).state];
    const results = await Promise.all([a.append(draft('a'), onA, always), b.append(draft('b'), onB, always)]);
    expect(results.map((r) => r.kind).sort()).toEqual(['lost', 'won']);
    expect(store.stored('survival')).toHaveLength(1);
  });

  test.each(['reply-lost', 'retried'] as const)(
    'an append whose reply is unclear (%s) is found by reading back: won',
    async (kind) => {
      const { log, store } = replica();
      const { state } = await log.load();
      store.nextAppend({ kind });
      expect(await log.append(draft('n1'), state, always)).toMatchObject({ kind: 'won' });
    },
  );

  test('an unclear append that is not found is not won; where it appears later it is known as unsent', async () => {
    const { log, store } = replica();
    const { state } = await log.load();
    store.nextAppend({ kind: 'late' });
    expect(await log.append(draft('n1'), state, always)).toMatchObject({ kind: 'not-won', mayAppear: true });
    expect((await log.load()).fresh).toEqual([]);
    expect(log.takeSurfaced()).toEqual([]);
    store.landLate();
    expect((await log.load()).fresh).toHaveLength(1);
    expect(log.takeSurfaced()).toMatchObject([{ seq: 1, nonce: 'n1' }]);
    expect(log.takeSurfaced()).toEqual([]);
  });

  test('an unclear append whose place another has taken is lost', async () => {
    const store = createMemoryLogStore();
    const a = replica(store).log;
    const { state } = await a.load();
    const b = replica(store).log;
    await b.append(draft('b'), (await b.load()).state, always);
    store.nextAppend({ kind: 'late' });
    expect(await a.append(draft('a'), state, always)).toEqual({ kind: 'lost' });
    store.landLate();
    expect((await a.load()).fresh).toMatchObject([{ nonce: 'b' }]);
    expect(a.takeSurfaced()).toEqual([]);
  });

  test('an unclear append that cannot be read back is not won', async () => {
    const { log, store } = replica();
    const { state } = await log.load();
    store.nextAppend({ kind: 'reply-lost' });
    store.failReads(9);
    expect(await log.append(draft('n1'), state, always)).toMatchObject({ kind: 'not-won' });
    store.failReads(0);
    await log.load();
    expect(log.takeSurfaced()).toHaveLength(1);
  });

  test('a refused append never appears, and one on stale facts is not tried', async () => {
    const { log, store } = replica();
    const { state } = await log.load();
    store.nextAppend({ kind: 'refused', why: 'throttled' });
    expect(await log.append(draft('n1'), state, always)).toEqual({
      kind: 'not-won',
      why: 'throttled',
      mayAppear: false,
    });
    expect(await log.append(draft('n2'), state, () => false)).toEqual({ kind: 'stale' });
    expect(store.stored('survival')).toEqual([]);
  });

  test('gives the right to send with a won intent, and with nothing else', async () => {
    const ready = told.prepared('staging');
    const { log } = replica(storeOf(ready));
    const { state } = await log.load();
    const { events } = ready.sees();
    const appended = await log.append({ ...draft('n1'), events }, state, always);
    expect(appended).toMatchObject({
      intents: [{ service: 'survival', seq: state.seq + 1, call: { kind: 'update' } }],
    });
    const plain = await log.append(draft('n2'), log.state(), always);
    expect(plain).toMatchObject({ kind: 'won', intents: [] });
  });

  test('counts how long an entry is known from after the reply that first showed it', async () => {
    const { log, clock, store } = replica(storeOf(told));
    clock.move(5_000);
    await log.load();
    clock.move(7_000);
    store.rewrite('survival', () => storedOf(told.prepared('staging')));
    await log.load();
    expect(log.firstSeenMs(told.state.seq)).toBe(5_000);
    expect(log.firstSeenMs(told.state.seq + 1)).toBe(12_000);
  });

  test('starts from a snapshot, and has then known what stood in it since its start', async () => {
    const store = storeOf(told);
    const { seq, hash } = told.state;
    await store.saveSnapshot('survival', { seq, hash, shape: STATE_SHAPE, state: JSON.stringify(told.state) });
    const { log, clock } = replica(store);
    clock.move(3_000);
    const loaded = await log.load();
    expect(loaded.fresh).toEqual([]);
    expect(loaded.state).toEqual(told.state);
    expect(log.firstSeenMs(1)).toBe(3_000);
  });

  test('cannot be loaded where the table does not answer', async () => {
    const { log, store } = replica();
    store.failReads(1);
    await expect(log.load()).rejects.toThrow('does not answer');
    expect((await log.load()).state.seq).toBe(0);
  });
});
