import { describe, expect, test, vi } from 'vitest';
import type { MemoryLogStore } from '../../support/memory-log-store.ts';
import { story } from '../../support/story.ts';
import { engineOn, storeOf } from '../../support/told-engine.ts';

describe('a replica whose table', () => {
  test.each([
    ['cannot be read', (store: MemoryLogStore) => store.failReads(10_000), /does not answer/],
    ['takes no writes', refuseWrites, /not authorized/],
  ] as const)('%s for ten seconds says so, and no longer once it can', async (_, breaks, says) => {
    const told = story().promotes(1).begins(2).prepared('staging');
    const store = storeOf(told);
    const { engine, clock } = engineOn(told, store, 'a');
    // Whoever waits to be woken waits for just that.
    const goOn = (ms: number) => {
      clock.move(ms);
      engine.nudge('survival');
    };
    breaks(store);
    engine.start();
    const startedMs = clock.elapsedMs();
    await vi.waitFor(() => {
      goOn(2_000);
      expect(engine.troubles()).toMatchObject([{ service: 'survival', why: expect.stringMatching(says) }]);
    });
    expect(clock.elapsedMs() - startedMs).toBeGreaterThanOrEqual(10_000);
    store.failReads(0);
    store.nextAppend('whole');
    await vi.waitFor(() => {
      goOn(2_000);
      expect(engine.troubles()).toEqual([]);
    });
    await engine.stop();
  });
});

function refuseWrites(store: MemoryLogStore): void {
  for (let tries = 0; tries < 100_000; tries += 1) store.nextAppend({ kind: 'refused', why: 'not authorized' });
}
