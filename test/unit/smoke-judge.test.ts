import { describe, expect, test } from 'vitest';
import { judge } from '../../src/smoke/judge.ts';
import type { CaseReport, ErrorClass, LoadReport, SmokeReport } from '../../src/smoke/types.ts';

const THRESHOLDS = { maxErrorRate: 0.01, maxP95Ms: 300 };
const NO_ERRORS: Record<ErrorClass, number> = {
  timeout: 0,
  model: 0,
  throttled: 0,
  'not-found': 0,
  connection: 0,
  service: 0,
};

function load(p95Ms: number, errors: Partial<Record<ErrorClass, number>> = {}, requests = 300): LoadReport {
  const all = { ...NO_ERRORS, ...errors };
  const failed = Object.values(all).reduce((sum, n) => sum + n, 0);
  const timed = requests - failed + all.timeout + all.model;
  const latency = { p50Ms: 50, p95Ms, p99Ms: p95Ms + 10, maxMs: p95Ms + 20, percentiles: [], histogram: '' };
  return { requests, timed, errors: all, errorRate: failed / requests, ...(timed === 0 ? {} : { latency }) };
}

const GOOD: SmokeReport = {
  format: 1,
  ratePerSecond: 20,
  warmUpRequests: 50,
  variant: { expected: 'AllTraffic', seen: ['AllTraffic'], unnamed: 0 },
  cases: [{ name: 'woman', verdict: 'passed' }],
  candidate: load(120),
  generator: { latenessP50Ms: 0.3, latenessP99Ms: 2, latenessMaxMs: 9 },
};
const WRONG: CaseReport = { name: 'woman', verdict: 'failed', reason: 'answer did not match ^1' };
const UNANSWERED: CaseReport = { name: 'woman', verdict: 'unanswered', errorClass: 'connection' };
const LATE = { latenessP50Ms: 1, latenessP99Ms: 61, latenessMaxMs: 80 };

function verdict(facts: Partial<SmokeReport>, thresholds = THRESHOLDS) {
  const { verdict, reasons } = judge({ ...GOOD, ...facts }, thresholds);
  return [verdict, ...reasons];
}

describe('judging a smoke run', () => {
  test('everything within its limits passes, limits included', () => {
    expect(verdict({})).toEqual(['passed']);
    expect(verdict({ candidate: load(300, { model: 3 }) })).toEqual(['passed']);
  });

  test.each<[string, Partial<SmokeReport>, string[]]>([
    ['a wrong answer', { cases: [WRONG] }, ['failed', 'case-failed']],
    ['a p95 above its limit', { candidate: load(300.1) }, ['failed', 'too-slow']],
    ['more model errors than allowed', { candidate: load(120, { model: 4 }) }, ['failed', 'too-many-errors']],
    ['more timeouts than allowed', { candidate: load(120, { timeout: 4 }) }, ['failed', 'too-many-errors']],
    [
      'another variant, even on some answers only',
      { variant: { expected: 'AllTraffic', seen: ['AllTraffic', 'blue'], unnamed: 0 } },
      ['failed', 'wrong-variant'],
    ],
    ['several at once', { cases: [WRONG], candidate: load(400) }, ['failed', 'case-failed', 'too-slow']],
  ])('%s fails', (_, facts, outcome) => {
    expect(verdict(facts)).toEqual(outcome);
  });

  test.each<[string, Partial<SmokeReport>, string[]]>([
    [
      'throttling beyond the allowed errors',
      { candidate: load(120, { throttled: 4 }) },
      ['inconclusive', 'not-the-model'],
    ],
    [
      'allowed model errors among many lost connections',
      { candidate: load(120, { model: 2, connection: 40 }) },
      ['inconclusive', 'not-the-model'],
    ],
    ['a case that never reached the model', { cases: [UNANSWERED] }, ['inconclusive', 'not-the-model']],
    [
      'answers without a variant',
      { variant: { expected: 'AllTraffic', seen: [], unnamed: 9 } },
      ['inconclusive', 'variant-unknown'],
    ],
    [
      'an endpoint that is not there',
      {
        cases: [{ ...UNANSWERED, errorClass: 'not-found' }],
        candidate: load(0, { 'not-found': 300 }),
        variant: { expected: 'AllTraffic', seen: [], unnamed: 0 },
      },
      ['inconclusive', 'too-few-answers', 'not-the-model'],
    ],
  ])('%s is inconclusive, because it is not the fault of the model', (_, facts, outcome) => {
    expect(verdict(facts)).toEqual(outcome);
  });

  test('a late generator voids the load, whatever that showed', () => {
    expect(verdict({ generator: LATE })).toEqual(['inconclusive', 'generator-late']);
    expect(verdict({ generator: LATE, candidate: load(900, { model: 90 }) })).toEqual([
      'inconclusive',
      'generator-late',
    ]);
  });

  test('a wrong answer stays wrong though the generator was late', () => {
    expect(verdict({ generator: LATE, cases: [WRONG] })).toEqual(['failed', 'case-failed', 'generator-late']);
  });

  test('the generator may be 25 ms late, or a fifth of the limit where that is more', () => {
    const late = (latenessP99Ms: number) => ({ generator: { ...GOOD.generator, latenessP99Ms } });
    expect(verdict(late(60))).toEqual(['passed']);
    expect(verdict(late(60.1))).toEqual(['inconclusive', 'generator-late']);
    expect(verdict({ ...late(25), candidate: load(80) }, { ...THRESHOLDS, maxP95Ms: 100 })).toEqual(['passed']);
    expect(verdict({ ...late(25.1), candidate: load(80) }, { ...THRESHOLDS, maxP95Ms: 100 })[0]).toBe('inconclusive');
  });

  test('the numbers of prod decide nothing', () => {
    expect(verdict({ prod: load(5000, { model: 300 }) })).toEqual(['passed']);
  });

  test('each threshold is shown with what was measured', () => {
    expect(judge({ ...GOOD, cases: [WRONG] }, THRESHOLDS).findings).toEqual([
      { check: 'variant', measured: 'AllTraffic', threshold: 'AllTraffic', ok: true },
      { check: 'case woman', measured: 'answer did not match ^1', threshold: 'passed', ok: false },
      { check: 'error rate', measured: 0, threshold: 0.01, ok: true },
      { check: 'p95 ms', measured: 120, threshold: 300, ok: true },
      { check: 'generator lateness p99 ms', measured: 2, threshold: 60, ok: true },
    ]);
  });
});
