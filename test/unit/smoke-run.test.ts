import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import { describe, expect, test } from 'vitest';
import type { SmokeConfig } from '../../src/config-types.ts';
import { judge } from '../../src/smoke/judge.ts';
import { failedCase, REPORT_LIMIT_BYTES } from '../../src/smoke/report.ts';
import { longestRunMs, runSmoke } from '../../src/smoke/run.ts';
import type { InvokeRequest, InvokeResult, ModelClient, SmokeClock, SmokeRun } from '../../src/smoke/types.ts';

/** Time that jumps to the next sleeper as soon as nothing else is left to do. */
function virtualClock(): SmokeClock {
  const sleepers = new Set<{ readonly at: number; readonly wake: () => void }>();
  let now = 1000;
  let pumping = false;
  const pump = () => {
    const [next] = [...sleepers].sort((a, b) => a.at - b.at);
    pumping = next !== undefined;
    if (next === undefined) return;
    sleepers.delete(next);
    now = Math.max(now, next.at);
    next.wake();
    setImmediate(pump);
  };
  return {
    monotonicMs: () => now,
    sleepUntil: (at, signal) =>
      new Promise((resolve) => {
        const sleeper = { at, wake: () => resolve() };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', () => {
          sleepers.delete(sleeper);
          resolve();
        });
        if (!pumping) setImmediate(pump);
        pumping = true;
      }),
  };
}

const ANSWER: InvokeResult = { kind: 'answer', body: '0.9', contentType: 'text/csv', variant: 'AllTraffic' };
const failure = (errorClass: 'connection' | 'model' | 'timeout'): InvokeResult => ({
  kind: 'error',
  errorClass,
  message: 'x',
});

const SMOKE: SmokeConfig = {
  cases: [
    { name: 'woman', contentType: 'text/csv', body: 'a', expect: { kind: 'match', pattern: '^0' } },
    { name: 'man', contentType: 'text/csv', body: 'b', expect: { kind: 'match', pattern: '^0' } },
  ],
  requests: 100,
  warmUpRequests: 30,
  ratePerSecond: 20,
  timeoutMs: 1000,
  maxErrorRate: 0.01,
  maxP95Ms: 300,
  compareWithProd: false,
};

type Behaviour = (
  call: number,
  request: InvokeRequest,
) => { afterMs: number; result: InvokeResult } | 'never' | 'throw';

function stage(behaviour: Behaviour, smoke: Partial<SmokeConfig> = {}) {
  const clock = virtualClock();
  const calls: { readonly who: string; readonly body: string; readonly atMs: number }[] = [];
  const startMs = clock.monotonicMs();
  const clientOf = (who: string): ModelClient => {
    let call = 0;
    return {
      invoke: async (request) => {
        calls.push({ who, body: request.body, atMs: clock.monotonicMs() - startMs });
        const done = behaviour(call++, request);
        if (done === 'throw') throw new TypeError('broken');
        if (done === 'never') return new Promise(() => {});
        await clock.sleepUntil(clock.monotonicMs() + done.afterMs);
        return done.result;
      },
    };
  };
  const run = (mayProbe = () => true): Promise<SmokeRun> =>
    runSmoke({
      smoke: { ...SMOKE, ...smoke },
      candidate: clientOf('candidate'),
      prod: clientOf('prod'),
      expectedVariant: 'AllTraffic',
      clock,
      mayProbe,
    });
  return { run, calls, elapsedMs: () => clock.monotonicMs() - startMs };
}

async function reportOf(run: Promise<SmokeRun>) {
  const result = await run;
  if (result.outcome !== 'measured') throw new Error('abandoned');
  return result.report;
}

const quick: Behaviour = () => ({ afterMs: 40, result: ANSWER });

describe('a smoke run', () => {
  test('asks each case once, then sends on schedule, bodies in turn; the warm-up does not count', async () => {
    const { run, calls } = stage(quick);
    const report = await reportOf(run());
    expect(report.cases).toEqual([
      { name: 'woman', verdict: 'passed' },
      { name: 'man', verdict: 'passed' },
    ]);
    expect(calls).toHaveLength(2 + 30 + 100);
    expect(calls.slice(2, 6).map(({ body, atMs }) => [body, atMs])).toEqual([
      ['a', 80],
      ['b', 130],
      ['a', 180],
      ['b', 230],
    ]);
    expect(report.candidate).toMatchObject({ requests: 100, timed: 100, errorRate: 0 });
    expect(report.generator).toEqual({ latenessP50Ms: 0, latenessP99Ms: 0, latenessMaxMs: 0 });
    expect(judge(report, SMOKE).verdict).toBe('passed');
  });

  test('a stall is charged to all who would have waited, not to one request', async () => {
    // From the 32nd load request on, everything waits until one moment, two seconds later.
    const { run } = stage(
      (call) =>
        call >= 34 && call < 74
          ? { afterMs: 2000 - (call - 34) * 50, result: ANSWER }
          : { afterMs: 40, result: ANSWER },
      { timeoutMs: 5000 },
    );
    const { candidate } = await reportOf(run());
    expect(candidate.latency?.p50Ms).toBeLessThan(100);
    expect(candidate.latency?.p95Ms).toBeGreaterThan(1700);
    expect(candidate.latency?.p95Interval?.highMs).toBeLessThanOrEqual(2000);
  });

  test('the recorded histogram gives the reported percentiles again', async () => {
    const { run } = stage((call) => ({ afterMs: 10 + (call % 50), result: ANSWER }));
    const { latency } = (await reportOf(run())).candidate;
    const histogram = decodeFromCompressedBase64(latency?.histogram ?? '');
    expect(histogram.totalCount).toBe(100);
    expect(histogram.getValueAtPercentile(95) / 1000).toBeCloseTo(latency?.p95Ms ?? 0, 0);
  });

  test('timeouts are timed at what was waited for them, errors of the connection are not timed', async () => {
    const { run } = stage((call) => {
      if (call % 10 === 3) return { afterMs: 1, result: failure('connection') };
      if (call % 10 === 4) return { afterMs: 3, result: failure('timeout') };
      return { afterMs: 40, result: ANSWER };
    });
    const { candidate } = await reportOf(run());
    expect(candidate.errors).toMatchObject({ connection: 10, timeout: 10, model: 0 });
    expect(candidate).toMatchObject({ requests: 100, timed: 90, errorRate: 0.2 });
    expect(candidate.latency?.p95Ms).toBeCloseTo(1000, -1);
  });

  test('a client that never comes back costs its timeout, and the run still ends within its limit', async () => {
    const { run, elapsedMs } = stage(() => 'never');
    const report = await reportOf(run());
    expect(report.candidate.errors.timeout).toBe(100);
    expect(report.cases[0]).toEqual({ name: 'woman', verdict: 'failed', reason: 'no answer within 1000 ms' });
    expect(elapsedMs()).toBeLessThan(longestRunMs(SMOKE));
    expect(judge(report, SMOKE)).toMatchObject({
      verdict: 'failed',
      reasons: ['case-failed', 'too-many-errors', 'too-slow', 'too-few-answers'],
    });
  });

  test('a client that throws makes the run inconclusive', async () => {
    const { run } = stage(() => 'throw');
    expect(judge(await reportOf(run()), SMOKE)).toMatchObject({ verdict: 'inconclusive' });
  });

  test('a case that does not reach the model is tried again, a wrong answer is not', async () => {
    const lost = stage((call) => ({ afterMs: 1, result: call < 2 ? failure('connection') : ANSWER }));
    expect((await reportOf(lost.run())).cases[0]?.verdict).toBe('passed');
    expect(lost.calls.slice(0, 4).map(({ body }) => body)).toEqual(['a', 'a', 'a', 'b']);

    const wrong = stage((call) => ({ afterMs: 1, result: call === 0 ? { ...ANSWER, body: 'no' } : ANSWER }));
    expect((await reportOf(wrong.run())).cases[0]).toMatchObject({
      verdict: 'failed',
      reason: 'answer did not match ^0',
    });
  });

  test('compared with prod, both are measured in alternating blocks at the one rate', async () => {
    const { run, calls } = stage(quick, { compareWithProd: true });
    const report = await reportOf(run());
    expect(report.candidate.requests).toBe(100);
    expect(report.prod?.requests).toBe(100);
    const measured = calls.slice(2 + 60);
    const blocks = measured.flatMap(({ who }, index) => (measured[index - 1]?.who === who ? [] : [who]));
    expect(blocks).toEqual(['candidate', 'prod', 'candidate', 'prod', 'candidate', 'prod', 'candidate', 'prod']);
    expect(measured.every(({ atMs }, index) => index === 0 || atMs - (measured[index - 1]?.atMs ?? 0) === 50)).toBe(
      true,
    );
  });

  test('once the limit has passed nothing more is sent, wherever it is', async () => {
    for (const limit of [0, 1, 20, 90]) {
      const { run, calls } = stage(quick);
      let asked = 0;
      expect(await run(() => asked++ < limit)).toEqual({ outcome: 'abandoned', probesSent: limit });
      expect(calls).toHaveLength(limit);
    }
  });

  test('each variant that answers is seen', async () => {
    const { run } = stage((call) => ({ afterMs: 1, result: call === 50 ? { ...ANSWER, variant: 'blue' } : ANSWER }));
    expect((await reportOf(run())).variant).toEqual({
      expected: 'AllTraffic',
      seen: ['AllTraffic', 'blue'],
      unnamed: 0,
    });
  });
});

describe('the report', () => {
  test('stays within its size whatever is measured, and is plain JSON of finite numbers', async () => {
    const cases = Array.from({ length: 20 }, (_, index) => ({
      name: `${index} ${'é'.repeat(28)}`,
      contentType: 'text/csv',
      body: 'a',
      expect: { kind: 'match', pattern: `^"\\\\${'é'.repeat(80)}` } as const,
    }));
    // Spread over five orders of magnitude, so that nearly every sample has a bucket of its own.
    const { run } = stage((call) => ({ afterMs: 1.17 ** (call % 50) * (1 + (call % 97) / 97), result: ANSWER }), {
      cases,
      requests: 4000,
      ratePerSecond: 500,
      timeoutMs: 60_000,
      compareWithProd: true,
    });
    const report = await reportOf(run());
    const text = JSON.stringify(report);
    expect(report.cases[0]?.verdict).toBe('failed');
    expect(Buffer.byteLength(text)).toBeLessThan(REPORT_LIMIT_BYTES);
    expect(JSON.parse(text)).toEqual(report);
  });

  test('a long reason is cut by its size, and between letters', () => {
    const report = failedCase('x', '😀'.repeat(60));
    expect(report).toMatchObject({ verdict: 'failed', reason: expect.stringMatching(/^(😀)+…$/u) });
  });
});
