import { hash } from 'node:crypto';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createApiKeys } from '../../../src/inference-api/auth/api-keys.ts';
import type { Authenticator, Caller } from '../../../src/inference-api/auth/caller.ts';
import { createRateLimit } from '../../../src/inference-api/auth/rate-limit.ts';

const keyOf = (name: string) => `titanic_${name.padEnd(43, '0')}`;
const entryOf = (name: string, more: object = {}) => ({
  id: name,
  sha256: hash('sha256', keyOf(name)),
  scopes: ['predict'],
  perMinute: 60,
  ...more,
});
const listOf = (...entries: object[]) => JSON.stringify({ keys: entries });

describe('API keys', () => {
  let keys: Authenticator;
  let text: string;
  let reads = 0;
  const faults: string[] = [];

  async function start(list: string, nowMs = () => 0, reloadEveryMs = 5): Promise<void> {
    text = list;
    faults.length = 0;
    const source = {
      name: 'the test',
      async read() {
        reads += 1;
        return text;
      },
    };
    keys = createApiKeys({ source, reloadEveryMs, nowMs, onFault: (why) => faults.push(why) });
    await keys.start();
  }

  /** Until the list was read again, whole. */
  async function readAgain(): Promise<void> {
    const enough = reads + 2;
    while (reads < enough) await new Promise((resolve) => setTimeout(resolve, 2));
  }

  async function whoHas(name: string): Promise<string | null> {
    const found = await keys.authenticate({ apiKey: keyOf(name), authorization: undefined });
    return typeof found === 'string' ? found : (found?.id ?? null);
  }

  afterEach(() => {
    keys.stop();
    vi.useRealTimers();
  });

  test('are rotated without a restart: several are valid at once', async () => {
    await start(listOf(entryOf('old')));
    text = listOf(entryOf('old'), entryOf('new'));
    await readAgain();
    expect([await whoHas('old'), await whoHas('new')]).toEqual(['old', 'new']);
    text = listOf(entryOf('new'));
    await readAgain();
    expect([await whoHas('old'), await whoHas('new')]).toEqual([null, 'new']);
  });

  test('stay as they were when the list cannot be read, and what stands in it is not repeated', async () => {
    await start(listOf(entryOf('old')));
    for (const broken of [`"${keyOf('new')}"`, `{"keys":[{"id":"${keyOf('new')}!"}]}`, `{${keyOf('new')}`]) {
      text = broken;
      await readAgain();
    }
    expect(await whoHas('old')).toBe('old');
    expect(faults.length).toBeGreaterThan(2);
    expect(faults.join()).not.toContain(keyOf('new'));
  });

  test('let nobody in before they were read, turn nobody away for good, and are asked for again soon', async () => {
    vi.useFakeTimers();
    await start('not there', undefined, 3_600_000);
    expect(keys.isReady()).toBe(false);
    expect(await whoHas('old')).toBe('uncheckable');
    expect(await keys.authenticate({ apiKey: 'x', authorization: undefined })).toBeNull();
    text = listOf(entryOf('old'));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(keys.isReady()).toBe(true);
    expect([await whoHas('old'), await whoHas('new')]).toEqual(['old', null]);
    const readsSoFar = reads;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(reads).toBe(readsSoFar);
  });

  test('end when their entry says so', async () => {
    let nowMs = Date.parse('2026-11-23T10:00:00Z');
    await start(listOf(entryOf('guest', { expires: '2026-11-23T12:00:00+01:00' })), () => nowMs);
    expect(await whoHas('guest')).toBe('guest');
    nowMs += 3_600_000;
    expect(await whoHas('guest')).toBeNull();
  });

  test('are refused as a list with two entries of one id or one key', async () => {
    await start(listOf(entryOf('a'), entryOf('a')));
    expect(faults[0]).toContain('two keys have the same id');
    await start(listOf(entryOf('a'), { ...entryOf('a'), id: 'b' }));
    expect(faults[0]).toContain('two entries are of the same key');
  });
});

describe('the rate of a caller', () => {
  const caller = (id: string, perMinute: number, burst: number): Caller => ({
    id,
    scopes: new Set(['predict']),
    rate: { perMinute, burst },
  });

  test('allows a burst and then an even stream', () => {
    let nowMs = 0;
    const limit = createRateLimit(() => nowMs);
    const web = caller('web', 60, 3);
    expect([1, 2, 3, 4].map(() => limit(web))).toEqual([0, 0, 0, 1]);
    nowMs = 999;
    expect(limit(web)).toBe(1);
    nowMs = 1_000;
    expect([limit(web), limit(web)]).toEqual([0, 1]);
    nowMs = 3_600_000;
    expect([1, 2, 3, 4].map(() => limit(web))).toEqual([0, 0, 0, 1]);
  });

  test('is kept for whoever asks, however many others come: the longest unused is forgotten first', () => {
    const limit = createRateLimit(() => 0);
    expect(limit(caller('idle', 1, 1))).toBe(0);
    expect(limit(caller('busy', 1, 1))).toBe(0);
    for (let others = 0; others < 9_998; others += 1) limit(caller(`other-${others}`, 1, 1));
    expect(limit(caller('idle', 1, 1))).toBe(60);
    limit(caller('one more', 1, 1));
    expect(limit(caller('idle', 1, 1))).toBe(60);
    expect(limit(caller('busy', 1, 1))).toBe(0);
  });

  test("is nobody else's", () => {
    const limit = createRateLimit(() => 0);
    expect(limit(caller('a', 1, 1))).toBe(0);
    expect(limit(caller('a', 1, 1))).toBe(60);
    expect(limit(caller('b', 1, 1))).toBe(0);
  });
});
