import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import type { SmokeConfig } from '../../src/config-types.ts';
import { runSmoke } from '../../src/smoke/run.ts';
import type { InvokeRequest, InvokeResult, ModelClient, SmokeClock } from '../../src/smoke/types.ts';

const clock: SmokeClock = {
  monotonicMs: () => performance.now(),
  async sleepUntil(moment, signal) {
    // A timer may fire up to a millisecond early.
    for (let left = moment - performance.now(); left > 0 && !signal?.aborted; left = moment - performance.now()) {
      await sleep(Math.ceil(left), undefined, { ...(signal === undefined ? {} : { signal }) }).catch(() => {});
    }
  },
};

const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close();
});

/** A model that answers after what `delayMs` says. */
async function model(delayMs: () => number): Promise<ModelClient> {
  const server = createServer(async (request, response) => {
    request.resume();
    await sleep(delayMs());
    response.end('0.9');
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    async invoke({ body, contentType, timeoutMs }: InvokeRequest): Promise<InvokeResult> {
      try {
        const headers = { 'content-type': contentType };
        const answer = await fetch(url, { method: 'POST', body, headers, signal: AbortSignal.timeout(timeoutMs) });
        return { kind: 'answer', body: await answer.text(), contentType: 'text/csv', variant: 'AllTraffic' };
      } catch (cause) {
        const errorClass = cause instanceof Error && cause.name === 'TimeoutError' ? 'timeout' : 'connection';
        return { kind: 'error', errorClass, message: String(cause) };
      }
    },
  };
}

async function measure(candidate: ModelClient, load: Pick<SmokeConfig, 'requests' | 'ratePerSecond'>) {
  const smoke: SmokeConfig = {
    ...load,
    cases: [{ name: 'woman', contentType: 'text/csv', body: '1,female,29', expect: { kind: 'match', pattern: '^0' } }],
    warmUpRequests: 5,
    timeoutMs: 5000,
    maxErrorRate: 0,
    maxP95Ms: 300,
    compareWithProd: false,
  };
  const run = await runSmoke({ smoke, candidate, expectedVariant: 'AllTraffic', clock, mayProbe: () => true });
  if (run.outcome !== 'measured') throw new Error('abandoned');
  return run.report;
}

describe.concurrent('a smoke run against a real server', () => {
  test.each([
    { ratePerSecond: 20, requests: 60 },
    { ratePerSecond: 50, requests: 150 },
  ])('measures 100 ms as 100 ms at $ratePerSecond a second', async (load) => {
    const report = await measure(await model(() => 100), load);
    expect(report.candidate).toMatchObject({ requests: load.requests, timed: load.requests, errorRate: 0 });
    expect(report.candidate.latency?.p50Ms).toBeGreaterThanOrEqual(99);
    // Not twice: nothing waits for anything else. How close it is on a quiet machine is no matter of a test.
    expect(report.candidate.latency?.p50Ms).toBeLessThan(200);
  });

  test('shows a stall of one second in the share of requests that fell into it', async () => {
    let stalledUntil: number | undefined;
    const candidate = await model(() => {
      stalledUntil ??= performance.now() + 1900;
      // Quick for about 0.9 s, then nothing is answered until 1.9 s.
      const left = stalledUntil - performance.now();
      return left > 0 && left < 1000 ? left : 5;
    });
    const { latency, requests } = (await measure(candidate, { ratePerSecond: 50, requests: 150 })).candidate;
    // About 50 of 150 fell into the stall; a loop that waits for its answers would have met it once.
    expect(requests).toBe(150);
    expect(latency?.p50Ms).toBeLessThan(400);
    expect(latency?.p95Ms).toBeGreaterThan(600);
    expect(latency?.p99Ms).toBeGreaterThan(850);
  });
});
