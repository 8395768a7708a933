import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { RunningSageMaker } from '../../../sandbox/sagemaker/start-sagemaker.ts';
import { type FaultyProxy, startFaultyProxy } from '../../support/faulty-proxy.ts';
import { problemIn, startApi, type TestApi, until } from './api-setting.ts';
import { startSurvival } from './setting.ts';

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

describe('POST /v1/predict', () => {
  test('answers one passenger in JSON, and says who answered', async () => {
    const reply = await api.predict(THIRD_CLASS_MAN);
    expect(reply.status).toBe(200);
    expect(await reply.json()).toEqual({ probability: expect.closeTo(0.12, 1) });
    expect(Object.fromEntries(reply.headers)).toMatchObject({
      'content-type': expect.stringContaining('application/json'),
      'x-model-package-version': '1',
      'x-served-variant': 'AllTraffic',
      'x-inference-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
      'cache-control': 'no-store',
    });
  });

  test('answers a batch in its order, in JSON and in CSV alike', async () => {
    const json = await api.predict('{"instances":[{"class":1,"sex":"female"},{"class":3,"sex":"male","age":30}]}');
    const csv = await api.predict('1,female,\n3,male,30\n', 'text/csv; charset=utf-8');
    const { predictions } = (await json.json()) as { predictions: { probability: number }[] };
    expect(predictions.map((one) => one.probability)).toEqual([expect.closeTo(0.89, 1), expect.closeTo(0.12, 1)]);
    const lines = (await csv.text()).split('\n');
    expect(lines).toEqual([...predictions.map((one) => String(one.probability)), '']);
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  });

  test.each<[string, string, object]>([
    ['an unknown class', '{"class":4,"sex":"male"}', { pointer: '#/class', detail: expect.stringContaining('crew') }],
    ['a missing sex', '{"class":1}', { pointer: '#/sex' }],
    ['an age that is a text', '{"class":1,"sex":"male","age":"30"}', { pointer: '#/age' }],
    ['an age below zero', '{"class":1,"sex":"male","age":-1}', { pointer: '#/age' }],
    [
      'a field it does not know',
      '{"class":1,"sex":"male","a/b":1}',
      { pointer: '#/a~1b', detail: 'is not known here' },
    ],
    ['a prototype', '{"class":1,"sex":"male","__proto__":{}}', { pointer: '#/__proto__' }],
    [
      'the third of a batch',
      '{"instances":[{"class":1,"sex":"male"},{"class":1,"sex":"male"},{"class":1,"sex":"x"}]}',
      { pointer: '#/instances/2/sex' },
    ],
    ['no passenger', '{"instances":[]}', { pointer: '#/instances' }],
    ['half a character in a key', '{"class":1,"sex":"male","\\ud800":1}', { pointer: '#/%EF%BF%BD' }],
    [
      'a key that the cut would halve',
      `{"class":1,"sex":"male","${'x'.repeat(63)}\u{1f6a2}":1}`,
      { pointer: `#/${'x'.repeat(63)}%EF%BF%BD` },
    ],
    ['a list', '[]', { pointer: '#' }],
  ])('refuses %s by its field, and asks nobody', async (_, body, fault) => {
    const reply = await api.predict(body);
    expect(reply.status).toBe(422);
    expect(reply.headers.get('content-type')).toContain('application/problem+json');
    const problem = await problemIn(reply);
    expect(problem).toMatchObject({ type: '/docs#invalid-passenger', status: 422, title: 'Some fields are not valid' });
    expect(problem.errors).toEqual([expect.objectContaining(fault)]);
    expect(problem.instance).toBe(`urn:inference:${reply.headers.get('x-inference-id')}`);
    expect(proxy.calls).toEqual([]);
  });

  test('names every faulty field of a CSV by line and column', async () => {
    const reply = await api.predict('1,female,29\n4,mle,x\n1', 'text/csv');
    expect((await problemIn(reply)).errors).toEqual([
      { line: 2, column: 'class', detail: expect.any(String) },
      { line: 2, column: 'sex', detail: expect.any(String) },
      { line: 2, column: 'age', detail: expect.any(String) },
      { line: 3, detail: 'must have the columns class,sex,age' },
    ]);
  });

  test('lists at most twenty faults, and says how many there are', async () => {
    const reply = await api.predict('x\n'.repeat(900), 'text/csv');
    const problem = await problemIn(reply);
    expect(problem.errors).toHaveLength(20);
    expect(problem.detail).toContain('of 900');
  });

  test('counts thousands of unknown fields, and works out only those that it lists', async () => {
    const keys = Array.from({ length: 9_000 }, (_, index) => `"k${index}":1`);
    const encoded = vi.spyOn(globalThis, 'encodeURIComponent');
    const problem = await problemIn(await api.predict(`{"class":1,"sex":"male",${keys.join(',')}}`));
    const encodings = encoded.mock.calls.length;
    encoded.mockRestore();
    expect(problem.errors?.map(({ pointer }) => pointer)).toEqual(Array.from({ length: 20 }, (_, at) => `#/k${at}`));
    expect(problem.detail).toContain('of 9000');
    expect(encodings).toBeLessThan(100);
  });

  test.each<[string, number, string, () => Promise<Response>]>([
    ['what is not JSON', 400, 'malformed-body', () => api.predict('{"class":')],
    ['another content type', 415, 'unsupported-media-type', () => api.predict('x', 'text/plain')],
    [
      'a packed body',
      415,
      'unsupported-media-type',
      () =>
        api.ask('/v1/predict', {
          method: 'POST',
          body: THIRD_CLASS_MAN,
          headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
        }),
    ],
    ['no content type', 415, 'unsupported-media-type', () => api.ask('/v1/predict', { method: 'POST' })],
    [
      'more than a thousand passengers',
      422,
      'invalid-passenger',
      () => api.predict('1,male,\n'.repeat(1_001), 'text/csv'),
    ],
    ['more than 256 KiB', 413, 'body-too-large', () => api.predict('x'.repeat(262_145), 'text/csv')],
    [
      'an inference id with blanks',
      400,
      'malformed-inference-id',
      () =>
        api.ask('/v1/predict', {
          method: 'POST',
          body: THIRD_CLASS_MAN,
          headers: { 'content-type': 'application/json', 'x-inference-id': 'a b' },
        }),
    ],
    ['another path', 404, 'not-found', () => api.ask('/v2/predict')],
    ['a path that is no path', 404, 'not-found', () => api.ask('/%zz')],
    ['another method', 404, 'not-found', () => api.ask('/v1/predict', { method: 'DELETE' })],
  ])('refuses %s', async (_, status, code, send) => {
    const reply = await send();
    expect(reply.status).toBe(status);
    expect(await reply.json()).toMatchObject({ type: `/docs#${code}`, status });
    expect(proxy.calls).toEqual([]);
  });

  test("passes on the caller's inference id and trace, and keeps what it asks the model for itself", async () => {
    let seen: { headers: Record<string, string> } | undefined;
    const { createServer } = await import('node:http');
    const runtime = createServer((request, response) => {
      seen = { headers: request.headers as Record<string, string> };
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"probability":0.5,"secret":1}');
    });
    await new Promise<void>((resolve) => runtime.listen(0, '127.0.0.1', resolve));
    const address = runtime.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const other = await startApi({ sagemaker: sagemaker.url, runtime: `http://127.0.0.1:${port}` });
    const traceId = 'a'.repeat(32);
    const reply = await other.ask('/v1/predict', {
      method: 'POST',
      body: THIRD_CLASS_MAN,
      headers: {
        'content-type': 'application/json',
        'x-inference-id': 'mine-1',
        traceparent: `00-${traceId}-${'b'.repeat(16)}-01`,
        tracestate: 'vendor=1',
        cookie: 'no=1',
      },
    });
    expect(reply.headers.get('x-inference-id')).toBe('mine-1');
    expect(await reply.text()).toBe('{"probability":0.5}');
    expect(seen?.headers).toMatchObject({
      'x-amzn-sagemaker-inference-id': 'mine-1',
      traceparent: expect.stringMatching(new RegExp(`^00-${traceId}-(?!b{16})[0-9a-f]{16}-01$`)),
      tracestate: 'vendor=1',
    });
    expect(seen?.headers['x-amzn-sagemaker-custom-attributes']).toBe(`traceparent=${seen?.headers.traceparent}`);
    expect(seen?.headers).not.toHaveProperty('cookie');
    expect(seen?.headers).not.toHaveProperty('x-api-key');
    await other.stop();
    await new Promise((resolve) => runtime.close(resolve));
  });
});
