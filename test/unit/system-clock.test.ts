import { getEventListeners } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createRandomIds } from '../../src/adapters/random-ids.ts';
import { createSmokeClock } from '../../src/adapters/smoke-clock.ts';
import { createSystemClock } from '../../src/adapters/system-clock.ts';

const HOUR_MS = 3_600_000;

/** A clock whose two times are moved by hand; each step says what was elapsed then. */
function handMoved() {
  let wallMs = 1_800_000_000_000;
  let monotonicMs = 5_000;
  const clock = createSystemClock({ wallMs: () => wallMs, monotonicMs: () => monotonicMs });
  const step = (moved: { wallMs: number; monotonicMs: number }) => {
    wallMs += moved.wallMs;
    monotonicMs += moved.monotonicMs;
    return clock.elapsedMs();
  };
  return { clock, step, both: (ms: number) => step({ wallMs: ms, monotonicMs: ms }) };
}

afterEach(() => {
  vi.useRealTimers();
});

describe('elapsed time', () => {
  it('goes with both clocks while they agree, to the millisecond', () => {
    const { both } = handMoved();
    expect(both(0)).toBe(0);
    expect(both(1_000)).toBe(1_000);
    for (let look = 0; look < 1_000; look += 1) both(0.1);
    expect(both(0)).toBeCloseTo(1_100, 3);
  });

  it('is not inflated by a wall clock that counts whole milliseconds', () => {
    let monotonicMs = 0;
    const clock = createSystemClock({ wallMs: () => Math.floor(monotonicMs), monotonicMs: () => monotonicMs });
    for (let look = 0; look < 10_000; look += 1) {
      monotonicMs += 0.1;
      clock.elapsedMs();
    }
    expect(clock.elapsedMs()).toBeCloseTo(1_000, 0);
  });

  it('counts a suspension, during which the monotonic clock stood still', () => {
    const { step, both } = handMoved();
    both(1_000);
    expect(step({ wallMs: 20 * 60_000, monotonicMs: 0 })).toBe(1_000 + 20 * 60_000);
    expect(both(5)).toBe(1_005 + 20 * 60_000);
  });

  it('never runs backwards and never stands still when the wall clock is set back', () => {
    const { step, both } = handMoved();
    both(1_000);
    expect(step({ wallMs: -HOUR_MS, monotonicMs: 10 })).toBe(1_010);
    expect(both(10)).toBe(1_020);
    const jumped = step({ wallMs: HOUR_MS, monotonicMs: 0 });
    expect(step({ wallMs: -HOUR_MS, monotonicMs: 0 })).toBe(jumped);
    expect(both(500)).toBe(jumped + 500);
  });

  it('counts a suspension also after the wall clock was set back', () => {
    const { step } = handMoved();
    step({ wallMs: -HOUR_MS, monotonicMs: 0 });
    expect(step({ wallMs: 60_000, monotonicMs: 0 })).toBe(60_000);
  });
});

describe('sleeping', () => {
  it('ends by itself and leaves nothing behind', async () => {
    vi.useFakeTimers();
    const wake = new AbortController();
    const slept = createSystemClock().sleep(1_000, wake.signal);
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(1_000);
    await slept;
    expect([vi.getTimerCount(), getEventListeners(wake.signal, 'abort').length]).toEqual([0, 0]);
  });

  it('ends at once when it is woken, and leaves nothing behind', async () => {
    vi.useFakeTimers();
    const wake = new AbortController();
    const slept = createSystemClock().sleep(HOUR_MS, wake.signal);
    wake.abort();
    await slept;
    await createSystemClock().sleep(HOUR_MS, wake.signal);
    expect([vi.getTimerCount(), getEventListeners(wake.signal, 'abort').length]).toEqual([0, 0]);
  });

  it('does not end at once because it is longer than a timer can be', async () => {
    vi.useFakeTimers();
    let done = false;
    void createSystemClock()
      .sleep(60 * 24 * HOUR_MS)
      .then(() => {
        done = true;
      });
    await vi.advanceTimersByTimeAsync(HOUR_MS);
    expect(done).toBe(false);
  });

  it('until a moment of the smoke clock never ends before it', async () => {
    const clock = createSmokeClock(createSystemClock());
    for (const ms of [0.2, 1.7, 3.3, 10.9]) {
      const until = clock.monotonicMs() + ms;
      await clock.sleepUntil(until);
      expect(clock.monotonicMs()).toBeGreaterThanOrEqual(until);
    }
    const wake = AbortSignal.abort();
    await clock.sleepUntil(clock.monotonicMs() + HOUR_MS, wake);
  });
});

describe('chance', () => {
  it('gives ids of 128 bits that are never the same, and fractions below one', () => {
    const ids = createRandomIds();
    const given = Array.from({ length: 1_000 }, () => ids.random());
    expect(new Set(given).size).toBe(1_000);
    expect(given.every((id) => /^[0-9a-f]{32}$/.test(id))).toBe(true);
    expect(given.map(() => ids.fraction()).every((fraction) => fraction >= 0 && fraction < 1)).toBe(true);
  });
});
