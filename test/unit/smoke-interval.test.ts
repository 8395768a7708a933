import { describe, expect, test } from 'vitest';
import { FEWEST_SAMPLES, quantileInterval } from '../../src/smoke/interval.ts';

describe('the distribution-free interval of a quantile', () => {
  // Published tables of such intervals, as percentiles of the sample.
  test.each([
    { n: 100, quantile: 0.95, low: 90, high: 100 },
    { n: 200, quantile: 0.95, low: 92, high: 98.5 },
    { n: 500, quantile: 0.95, low: 93, high: 97 },
    { n: 1000, quantile: 0.95, low: 93.6, high: 96.4 },
    { n: 5000, quantile: 0.95, low: 94.4, high: 95.6 },
    { n: 1000, quantile: 0.99, low: 98.3, high: 99.7 },
  ])('of p$quantile with $n samples reaches from p$low to p$high', ({ n, quantile, low, high }) => {
    const ranks = quantileInterval(n, quantile);
    expect(((ranks?.low ?? 0) / n) * 100).toBeCloseTo(low, 1);
    expect(((ranks?.high ?? 0) / n) * 100).toBeCloseTo(high, 1);
  });

  test('exists from 59 samples on for p95, and from 299 on for p99', () => {
    expect(quantileInterval(FEWEST_SAMPLES - 1, 0.95)).toBeUndefined();
    expect(quantileInterval(FEWEST_SAMPLES, 0.95)?.high).toBe(FEWEST_SAMPLES);
    expect(quantileInterval(298, 0.99)).toBeUndefined();
    expect(quantileInterval(299, 0.99)?.high).toBe(299);
    expect(quantileInterval(0, 0.95)).toBeUndefined();
  });

  test('holds the quantile in at least 95 of 100 samples drawn from a known population', () => {
    let seed = 42;
    const random = () => {
      seed = (seed * 1_664_525 + 1_013_904_223) % 2 ** 32;
      return seed / 2 ** 32;
    };
    for (const n of [59, 100, 300]) {
      const ranks = quantileInterval(n, 0.95) ?? { low: 0, high: 0 };
      let held = 0;
      for (let life = 0; life < 4000; life += 1) {
        const sample = Array.from({ length: n }, random).sort((a, b) => a - b);
        // Of numbers drawn evenly from 0 to 1, the 95th percentile is 0.95.
        if ((sample[ranks.low - 1] ?? 1) <= 0.95 && (sample[ranks.high - 1] ?? 0) >= 0.95) held += 1;
      }
      expect(held / 4000).toBeGreaterThan(0.94);
    }
  });

  test('stays exact for a large sample', () => {
    expect(quantileInterval(100_000, 0.95)).toEqual({ low: 94_864, high: 95_136 });
  });
});
