import { describe, expect, it } from 'vitest';
import { createSmokeRunner, smokeLongestMs, smokeOf } from '../../src/adapters/smoke-runner.ts';
import type { ServiceConfig, SmokeConfig } from '../../src/config-types.ts';
import { type EndpointSeen, known, type Reading, unknown } from '../../src/rollout/observation.ts';
import type { InvokeResult, ModelClient, SmokeClock } from '../../src/smoke/types.ts';

const SMOKE: SmokeConfig = {
  cases: [
    {
      name: 'first-class woman',
      contentType: 'text/csv',
      body: '1,female,29',
      expect: { kind: 'match', pattern: '^0' },
    },
  ],
  requests: 300,
  warmUpRequests: 5,
  ratePerSecond: 20,
  timeoutMs: 1_000,
  maxErrorRate: 0.01,
  maxP95Ms: 300,
  compareWithProd: true,
};
const ANSWER: InvokeResult = { kind: 'answer', body: '0.97', contentType: 'text/csv', variant: 'AllTraffic' };
const ENDPOINT: EndpointSeen = {
  arn: 'arn',
  status: 'InService',
  lastModified: '2030-01-01T00:00:00.000Z',
  configName: 'c',
  pendingConfigName: null,
  failureReason: null,
  variants: [],
  images: [],
  words: null,
};

/** Time that passes only by sleeping. */
function leapingClock(): SmokeClock {
  let nowMs = 0;
  return {
    monotonicMs: () => nowMs,
    sleepUntil: async (untilMs, signal) => {
      for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
      if (!signal?.aborted) nowMs = Math.max(nowMs, untilMs);
    },
  };
}

function runnerWith(given: { answer?: InvokeResult; prod?: Reading<EndpointSeen | null>; smoke?: SmokeConfig }) {
  const sent = { staging: 0, prod: 0 };
  const service: Pick<ServiceConfig, 'name' | 'smoke' | 'prod'> = {
    name: 'survival',
    smoke: given.smoke ?? { ...SMOKE, requests: 60, warmUpRequests: 1 },
    prod: {
      endpointName: 'titanic-survival-prod',
      resourceName: 'titanic-survival-prod',
      capacity: { kind: 'instance', instanceType: 'ml.m5.large', instanceCount: 1 },
      containerEnv: {},
      networkIsolation: false,
      deadlineMinutes: 120,
      tags: {},
    },
  };
  const runner = createSmokeRunner({
    services: [service],
    modelClient: (_, environment): ModelClient => ({
      invoke: async () => {
        sent[environment] += 1;
        return given.answer ?? ANSWER;
      },
    }),
    endpoints: { describe: async () => given.prod ?? known(null) },
    clock: leapingClock(),
  });
  return { runner, sent };
}

describe('what a run measures', () => {
  it('is what is configured at the gate and alone', () => {
    expect(smokeOf(SMOKE, 'staging', 'gate')).toEqual(SMOKE);
    expect(smokeOf(SMOKE, 'staging', 'alone')).toEqual(SMOKE);
    expect(smokeOf(SMOKE, 'prod', 'alone')).toEqual({ ...SMOKE, compareWithProd: false });
  });

  it('is five seconds for the check of prod, but enough for an interval and never more than configured', () => {
    const requestsAt = (ratePerSecond: number, requests = 300) =>
      smokeOf({ ...SMOKE, ratePerSecond, requests }, 'prod', 'check').requests;
    expect([requestsAt(20), requestsAt(1), requestsAt(1_000), requestsAt(20, 80)]).toEqual([100, 59, 300, 80]);
    expect(smokeOf(SMOKE, 'prod', 'check').compareWithProd).toBe(false);
  });

  it('may last at least as long as warm-up, requests of both, a time-out and the looks', () => {
    expect(smokeLongestMs(SMOKE)).toBeGreaterThanOrEqual((2 * (5 + 300) * 1_000) / 20 + 1_000 + 10_000);
  });
});

describe('a run', () => {
  it('gives numbers, findings, cases and the histogram', async () => {
    const result = await runnerWith({}).runner.run('survival', 'staging', 'gate', () => true);
    expect(result).toMatchObject({
      verdict: 'passed',
      why: null,
      numbers: { n: 60, errorRate: 0, p95LowMs: expect.any(Number) },
      cases: [{ name: 'first-class woman', ok: true, why: null }],
      errorClasses: {},
      compared: null,
      histogram: expect.stringMatching(/^[A-Za-z0-9+/=]+$/),
    });
    const texts = result?.findings.flatMap(({ measured, threshold }) => [measured, threshold]);
    expect(texts?.every((text) => typeof text === 'string')).toBe(true);
  });

  it('says why it failed, and of what class the errors were', async () => {
    const answer: InvokeResult = { kind: 'error', errorClass: 'model', message: 'no' };
    const result = await runnerWith({ answer }).runner.run('survival', 'staging', 'gate', () => true);
    expect(result).toMatchObject({
      verdict: 'failed',
      why: expect.stringContaining('the model failed more requests than allowed'),
      errorClasses: { model: 60 },
    });
  });

  it('measures prod beside staging only where prod is serving', async () => {
    const serving = runnerWith({ prod: known(ENDPOINT) });
    const compared = await serving.runner.run('survival', 'staging', 'gate', () => true);
    expect(compared?.compared).toMatchObject({ n: 60 });
    for (const prod of [known(null), unknown('throttled'), known({ ...ENDPOINT, status: 'Creating' })]) {
      const alone = runnerWith({ prod });
      expect((await alone.runner.run('survival', 'staging', 'gate', () => true))?.compared).toBeNull();
      expect(alone.sent.prod).toBe(0);
    }
  });

  it('gives up, without a result, as soon as it may probe no longer', async () => {
    let left = 10;
    const { runner, sent } = runnerWith({});
    expect(await runner.run('survival', 'staging', 'gate', () => left-- > 0)).toBeNull();
    expect(sent.staging).toBe(10);
  });
});
