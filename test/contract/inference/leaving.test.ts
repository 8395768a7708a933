/** Callers that leave before their answer: nothing of theirs is left behind, and no stop waits for them. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { RunningSageMaker } from '../../../sandbox/sagemaker/start-sagemaker.ts';
import { type FaultyProxy, startFaultyProxy } from '../../support/faulty-proxy.ts';
import { KEYS, startApi, type TestApi, until } from './api-setting.ts';
import { startSurvival } from './setting.ts';

const BODY = '{"class":3,"sex":"male","age":30}';

let sagemaker: RunningSageMaker;
let proxy: FaultyProxy;
let api: TestApi;
let caller: Socket;

beforeAll(async () => {
  sagemaker = await startSurvival();
  proxy = await startFaultyProxy(sagemaker.url);
});

afterAll(async () => {
  await proxy.close();
  await sagemaker.close();
  vi.unstubAllEnvs();
});

beforeEach(async () => {
  proxy.calls.length = 0;
  proxy.mode = () => ({ kind: 'hang' });
  api = await startApi({ sagemaker: sagemaker.url, runtime: proxy.url });
  caller = connect(Number(new URL(api.url).port), '127.0.0.1');
  await once(caller, 'connect');
});

afterEach(() => {
  vi.useRealTimers();
  caller.destroy();
});

const posting = (body: string, id: string) =>
  `POST /v1/predict HTTP/1.1\r\nhost: a\r\nx-api-key: ${KEYS.web}\r\nx-inference-id: ${id}\r\n` +
  `content-type: application/json\r\ncontent-length: ${BODY.length}\r\n\r\n${body}`;

/** As often as it is logged that this request has ended. */
const endings = (id: string) => api.log().split(`"inferenceId":"${id}"`).length - 1;

const metricsNow = async () => (await api.ask('/metrics', { key: KEYS.metrics ?? '' })).text();

test('one that leaves while the model is asked is logged and counted, and a stop does not wait for it', async () => {
  const asked = proxy.nextCall();
  caller.write(posting(BODY, 'left'));
  await asked;
  caller.destroy();
  await until(() => endings('left') === 1);
  expect(api.log()).toMatch(/"status":499.*the caller left before the answer/);
  expect(await metricsNow()).toContain('requests_total{route="/v1/predict",status="499",version="unknown"} 1');
  await api.stop();
  expect(endings('left')).toBe(1);
});

test('one that leaves in the middle of its body is not waited for either', async () => {
  caller.write(posting(BODY.slice(0, 5), 'half'));
  // The answer to a later request, read whole: the first one has begun.
  await (await api.ask('/healthz')).text();
  caller.destroy();
  await until(() => endings('half') === 1);
  await api.stop();
  expect(endings('half')).toBe(1);
});

test('one that asked twice at once, and leaves before either answer, leaves nothing behind', async () => {
  const asked = proxy.nextCall();
  caller.write(posting(BODY, 'first') + posting(BODY, 'second'));
  await asked;
  await until(() => proxy.calls.length >= 2);
  caller.destroy();
  await until(() => endings('first') + endings('second') === 2);
  await api.stop();
});

test('a place is taken before a body is read, and given back by whoever cannot be answered', async () => {
  await api.stop();
  api = await startApi({ sagemaker: sagemaker.url, runtime: proxy.url }, { INFERENCE_API_MAX_IN_FLIGHT: '1' });
  proxy.mode = () => ({ kind: 'pass' });
  caller.destroy();
  caller = connect(Number(new URL(api.url).port), '127.0.0.1');
  await once(caller, 'connect');
  caller.write(posting(BODY.slice(0, 5), 'half'));
  await until(async () => (await metricsNow()).includes('titanic_inference_in_flight 1\n'));
  expect((await api.predict(BODY)).status).toBe(503);
  caller.destroy();
  await until(async () => (await metricsNow()).includes('titanic_inference_in_flight 0\n'));
  for (const [body, status] of [
    ['x'.repeat(300_000), 413],
    ['{', 400],
    [BODY, 200],
  ] as const) {
    expect((await api.predict(body)).status).toBe(status);
  }
  expect((await api.predict(BODY, 'text/plain')).status).toBe(415);
  expect((await api.predict(BODY)).status).toBe(200);
  await api.stop();
});

test('a body that does not come within ten seconds loses its place, and is told so', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  caller.write(posting(BODY.slice(0, 5), 'slow'));
  while (!(await metricsNow()).includes('titanic_inference_in_flight 1\n'));
  vi.advanceTimersByTime(10_000);
  vi.useRealTimers();
  const [answer] = (await once(caller, 'data')) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1.1 408 [\s\S]*connection: close[\s\S]*body-too-slow/);
  await once(caller, 'close');
  expect(await metricsNow()).toContain('titanic_inference_in_flight 0\n');
  await api.stop();
  expect(endings('slow')).toBe(1);
  expect(proxy.calls).toEqual([]);
});

test('one that stays is answered, and logged once', async () => {
  proxy.mode = () => ({ kind: 'pass' });
  caller.write(posting(BODY, 'stays'));
  await once(caller, 'data');
  caller.destroy();
  await api.stop();
  expect(endings('stays')).toBe(1);
});
