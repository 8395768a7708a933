import { describe, expect, test } from 'vitest';
import { compareFleets } from '../../../src/rollout/analysis.ts';
import { fleet, fleets } from '../../support/fleets.ts';
import { compared } from '../../support/guarded.ts';

const verdict = (...args: Parameters<typeof fleets>) => compareFleets(fleets(...args), compared).verdict;

describe('the new fleet against the old one', () => {
  test('errs more than it may and more than the old one: worse', () => {
    expect(verdict(fleet(1_000, 100), fleet(1_000, 10))).toBe('worse');
    expect(verdict(fleet(1_000, 0, 200), fleet(1_000, 0, 10))).toBe('worse');
  });

  test('what failed before does not count against the candidate', () => {
    expect(verdict(fleet(2_000, 200), fleet(2_000, 200))).not.toBe('worse');
    expect(verdict(fleet(20_000, 2_000), fleet(20_000, 2_000))).toBe('fine');
  });

  test('within its limit it is fine, whatever the old one does', () => {
    expect(verdict(fleet(5_000, 10), fleet(5_000, 0))).toBe('fine');
    expect(verdict(fleet(5_000, 10))).toBe('fine');
  });

  test('too few requests say nothing, in either direction', () => {
    expect(verdict(fleet(99, 99), fleet(1_000, 0))).toBe('inconclusive');
    expect(verdict(fleet(0), fleet(1_000, 0))).toBe('inconclusive');
    expect(verdict(fleet(100, 0), fleet(1_000, 0))).toBe('inconclusive');
  });

  test('above the limit with nothing to compare with is not called worse', () => {
    expect(verdict(fleet(1_000, 100))).toBe('inconclusive');
  });

  test('once the old fleet has no traffic left, what served before the change stands for it', () => {
    const seen = compareFleets(fleets(fleet(1_000, 100), fleet(3), fleet(2_000, 10)), compared);
    expect(seen.verdict).toBe('worse');
    expect(seen.findings[0]).toMatchObject({ against: 'before', fresh: 0.1, besides: 0.005 });
  });

  test('a difference that chance may well have made is no verdict', () => {
    expect(verdict(fleet(200, 6), fleet(200, 2))).toBe('inconclusive');
  });

  test('nothing that is compared gives no verdict', () => {
    const off = { ...compared, alarms: { ...compared.alarms, errorPercent: null, p95Ms: null } };
    expect(compareFleets(fleets(fleet(1_000), fleet(1_000)), off)).toEqual({ verdict: 'inconclusive', findings: [] });
  });
});

describe('equal fleets', () => {
  /** A small generator, so that the lots are the same each time (Park and Miller 1988). */
  function lots(seed: number): () => number {
    let state = seed;
    return () => {
      state = (state * 48_271) % 2_147_483_647;
      return state / 2_147_483_647;
    };
  }

  test('are called worse in fewer than one of a hundred changes, though they are looked at forty times', () => {
    let wrong = 0;
    for (let life = 1; life <= 300; life += 1) {
      const next = lots(life * 7_919);
      const totals = { fresh: { of: 0, hits: 0 }, old: { of: 0, hits: 0 } };
      for (let look = 0; look < 40; look += 1) {
        for (const each of [totals.fresh, totals.old]) {
          for (let n = 0; n < 50; n += 1) if (next() < 0.02) each.hits += 1;
          each.of += 50;
        }
        const { fresh, old } = totals;
        if (verdict(fleet(fresh.of, fresh.hits), fleet(old.of, old.hits)) === 'worse') {
          wrong += 1;
          break;
        }
      }
    }
    expect(wrong / 300).toBeLessThan(0.01);
  });
});
