import { describe, expect, test } from 'vitest';
import type { Clock } from '../../../src/ports/clock.ts';
import { abortAfter } from '../../../src/rollout/abort-after.ts';

/** Every sleep lasts as long as it was asked for; during the n-th the machine is suspended as well. */
function sleepyClock(suspendedDuring: number, forMs: number): { clock: Clock; slept: number[] } {
  const slept: number[] = [];
  let elapsedMs = 0;
  const clock: Clock = {
    nowMs: () => elapsedMs,
    elapsedMs: () => elapsedMs,
    waitedMs: () => slept.reduce((sum, ms) => sum + ms, 0),
    async sleep(ms) {
      slept.push(ms);
      elapsedMs += ms + (slept.length === suspendedDuring ? forMs : 0);
    },
  };
  return { clock, slept };
}

describe('a call in flight', () => {
  test('is aborted when its time is over', async () => {
    const { clock } = sleepyClock(0, 0);
    const abort = new AbortController();
    await abortAfter(clock, 20_000, abort, new AbortController().signal);
    expect(abort.signal.aborted).toBe(true);
    expect(clock.elapsedMs()).toBe(20_000);
  });

  test('is aborted within a second of awake time when the machine was suspended meanwhile', async () => {
    const { clock, slept } = sleepyClock(3, 7 * 60_000);
    const abort = new AbortController();
    await abortAfter(clock, 20_000, abort, new AbortController().signal);
    expect(abort.signal.aborted).toBe(true);
    expect(slept).toHaveLength(3);
    expect(Math.max(...slept)).toBeLessThanOrEqual(1_000);
  });

  test('is left alone once it is answered', async () => {
    const { clock, slept } = sleepyClock(0, 0);
    const abort = new AbortController();
    await abortAfter(clock, 20_000, abort, AbortSignal.abort());
    expect(abort.signal.aborted).toBe(false);
    expect(slept).toEqual([]);
  });
});
