import { describe, expect, test } from 'vitest';
import { differenceBounds, shareBounds } from '../../../src/rollout/share-interval.ts';

const Z = 1.96;
const rounded = ({ low, high }: { low: number; high: number }) => [Number(low.toFixed(4)), Number(high.toFixed(4))];

describe('the bounds of a share', () => {
  // Newcombe 1998, Two-sided confidence intervals for the single proportion, table I, method 3.
  test.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('%d of %d lies where the literature has it', (hits, of, low, high) => {
    expect(rounded(shareBounds({ hits, of }, Z))).toEqual([low, high]);
  });
});

describe('the bounds of a difference', () => {
  // Newcombe 1998, Interval estimation for the difference between independent proportions, table II, method 10.
  test.each([
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [0, 10, 0, 10, -0.2775, 0.2775],
  ])('%d/%d less %d/%d lies where the literature has it', (a, ofA, b, ofB, low, high) => {
    expect(rounded(differenceBounds({ hits: a, of: ofA }, { hits: b, of: ofB }, Z))).toEqual([low, high]);
  });
});
