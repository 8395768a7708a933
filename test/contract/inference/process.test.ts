/** The program itself, as a process: its limits, and how it ends. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type InferenceProcess, startInferenceApi } from '../../../sandbox/inference-process.ts';
import type { RunningSageMaker } from '../../../sandbox/sagemaker/start-sagemaker.ts';
import { until } from './api-setting.ts';
import { ENDPOINT, startSurvival } from './setting.ts';

const BODY = '{"class":3,"sex":"male","age":30}';
let sagemaker: RunningSageMaker;
let api: InferenceProcess;

beforeAll(async () => {
  sagemaker = await startSurvival();
  api = await startInferenceApi({
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 'b',
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL: sagemaker.url,
    INFERENCE_API_ENDPOINT: ENDPOINT,
    INFERENCE_API_AUTH: 'open-to-everybody',
    INFERENCE_API_MAX_IN_FLIGHT: '2',
    INFERENCE_API_DRAIN_SECONDS: '2',
    INFERENCE_API_CORS_ORIGINS: 'https://app.example.com',
  });
  await until(async () => (await fetch(`${api.url}/readyz`)).ok);
});

afterAll(async () => {
  await api.end();
  await sagemaker.close();
});

const ask = (headers: Record<string, string> = {}) =>
  fetch(`${api.url}/v1/predict`, {
    method: 'POST',
    body: BODY,
    headers: { 'content-type': 'application/json', ...headers },
  });

const inFlight = (count: number) =>
  until(async () => {
    const metrics = await (await fetch(`${api.url}/metrics`)).text();
    return metrics.includes(`titanic_inference_in_flight ${count}\n`);
  });

test('it keeps connections longer than a load balancer does, and opens its door to the origins it was told', async () => {
  const { headers } = await ask({ origin: 'https://app.example.com' });
  expect(headers.get('keep-alive')).toBe('timeout=80');
  expect(headers.get('access-control-allow-origin')).toBe('https://app.example.com');
  const other = await ask({ origin: 'https://elsewhere.example' });
  expect(other.headers.get('access-control-allow-origin')).not.toBe('https://elsewhere.example');
  expect(other.headers.get('access-control-allow-origin')).not.toBe('*');
});

test('it refuses at once what is more than it may ask at a time', async () => {
  await sagemaker.control.setFault({ kind: 'slowModel', ms: 1_000 });
  const slow = [ask(), ask()];
  await inFlight(2);
  const refused = await ask();
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(await refused.json()).toMatchObject({ type: '/docs#overloaded' });
  await sagemaker.control.clearFaults();
  expect((await Promise.all(slow)).map(({ status }) => status)).toEqual([200, 200]);
  expect((await ask()).status).toBe(200);
});

test('on SIGTERM it says that it is not ready, answers what still comes, and ends what is in flight', async () => {
  await sagemaker.control.setFault({ kind: 'slowModel', ms: 2_300 });
  const before = ask();
  // A connection that never asks anything must not hold it up.
  const silent = connect(api.port, '127.0.0.1');
  await once(silent, 'connect');
  await inFlight(1);
  const ended = api.end();
  await until(async () => (await fetch(`${api.url}/readyz`)).status === 503);
  const late = await fetch(`${api.url}/v1/model`);
  expect(late.status).toBe(200);
  expect(late.headers.get('connection')).toBe('close');
  expect((await before).status).toBe(200);
  await ended;
  silent.destroy();
  expect(api.tail().join('\n')).toContain('the inference API is stopping');
});
