import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { RunningSageMaker } from '../../../sandbox/sagemaker/start-sagemaker.ts';
import { type FaultyProxy, startFaultyProxy } from '../../support/faulty-proxy.ts';
import { startApi, type TestApi, until } from './api-setting.ts';
import { ENDPOINT, startSurvival } from './setting.ts';

const THIRD_CLASS_MAN = '{"class":3,"sex":"male","age":30}';

let sagemaker: RunningSageMaker;
let proxy: FaultyProxy;
let api: TestApi;

beforeAll(async () => {
  sagemaker = await startSurvival();
  proxy = await startFaultyProxy(sagemaker.url);
  api = await startApi({ sagemaker: sagemaker.url, runtime: proxy.url });
  await until(async () => (await api.ask('/readyz')).ok);
});

afterAll(async () => {
  await api.stop();
  await proxy.close();
  await sagemaker.close();
  vi.unstubAllEnvs();
});

beforeEach(async () => {
  proxy.mode = () => ({ kind: 'pass' });
  proxy.calls.length = 0;
  await sagemaker.control.clearFaults();
});

describe('beside the predictions', () => {
  test('GET /v1/model says what serves, since when and by which rollout', async () => {
    const model = (await (await api.ask('/v1/model')).json()) as { since: string; checkedAt: string };
    expect(model).toMatchObject({
      endpoint: ENDPOINT,
      status: 'InService',
      packageArn: expect.stringMatching(/model-package\/titanic-survival\/1$/),
      version: 1,
      rolloutId: 'survival-1',
      next: null,
      variants: [{ variant: 'AllTraffic', version: 1 }],
    });
    expect(Date.parse(model.since)).toBeLessThanOrEqual(Date.parse(model.checkedAt));
  });

  test('it follows a promotion and a rollback without being told', async () => {
    for (const version of [3, 1]) {
      await sagemaker.control.console('UpdateEndpoint', { EndpointName: ENDPOINT, EndpointConfigName: `c-${version}` });
      const seen = async () =>
        (await api.predict(THIRD_CLASS_MAN)).headers.get('x-model-package-version') === String(version);
      await until(seen, 6_000);
      expect(await (await api.ask('/v1/model')).json()).toMatchObject({ version, rolloutId: `survival-${version}` });
    }
  });

  test('no prediction waits for it, and none fails when it cannot be read', async () => {
    const control = await startFaultyProxy();
    control.mode = () => ({ kind: 'hang' });
    const blind = await startApi({ sagemaker: control.url, runtime: sagemaker.url });
    const reply = await blind.predict(THIRD_CLASS_MAN);
    expect(reply.status).toBe(200);
    expect(reply.headers.has('x-model-package-version')).toBe(false);
    expect(await (await blind.ask('/v1/model')).json()).toMatchObject({ status: 503, type: '/docs#model-unknown' });
    expect((await blind.ask('/readyz')).status).toBe(503);
    expect((await blind.ask('/healthz')).status).toBe(200);
    await blind.stop();
    await control.close();
  });

  test('metrics count requests and latencies by version', async () => {
    await api.predict(THIRD_CLASS_MAN);
    await api.predict('{}');
    const text = await (await api.ask('/metrics', { key: `titanic_${'metrics'.padEnd(43, '_')}` })).text();
    expect(text).toMatch(/titanic_inference_requests_total\{route="\/v1\/predict",status="200",version="1"\} \d+/);
    expect(text).toMatch(/titanic_inference_model_seconds_count\{outcome="answer",version="1"\} \d+/);
    expect(text).toMatch(/titanic_inference_served_model\{version="1"\} 1/);
    expect(text).toMatch(/titanic_inference_problems_total\{code="invalid-passenger"\} \d+/);
    expect(text).toMatch(/titanic_inference_in_flight 0/);
  });

  test('the log has a line for each request, and nobody in it', async () => {
    await api.ask('/v1/predict', {
      method: 'POST',
      body: '{"class":3,"sex":"male","age":31.4159}',
      headers: { 'content-type': 'application/json', 'x-inference-id': 'logged-1' },
    });
    await api.predict('{"class":3,"sex":"male","age":"nobody31.4159"}');
    const line =
      api
        .log()
        .split('\n')
        .find((one) => one.includes('logged-1')) ?? '{}';
    expect(JSON.parse(line)).toMatchObject({
      route: '/v1/predict',
      status: 200,
      caller: 'web',
      version: '1',
      variant: 'AllTraffic',
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(api.log()).not.toMatch(/31\.4159|titanic_web|"age"|127\.0\.0\.1:\d+.*answered/);
  });

  test('every request of the document is answered, and the document is the one that validates', async () => {
    const document = (await (await api.ask('/docs/openapi.json')).json()) as { paths: Record<string, object> };
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const method of Object.keys(methods)) {
        expect((await api.ask(path, { method: method.toUpperCase() })).status, path).not.toBe(404);
      }
    }
    const page = await api.ask('/docs');
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await page.text()).toContain('POST /v1/predict');
  });

  test('no answer opens a door for other origins, and all carry security headers', async () => {
    const preflight = await api.ask('/v1/predict', {
      method: 'OPTIONS',
      headers: { origin: 'https://elsewhere.example', 'access-control-request-method': 'POST' },
    });
    expect(preflight.status).toBe(404);
    for (const path of ['/docs', '/v1/model', '/nowhere']) {
      const { headers } = await api.ask(path, { headers: { origin: 'https://elsewhere.example' } });
      expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('strict-transport-security')).toContain('max-age');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.has('x-powered-by')).toBe(false);
    }
  });
});
