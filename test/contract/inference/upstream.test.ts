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

describe('what SageMaker refuses', () => {
  const answer = (status: number, name: string, body: object = {}) => ({
    kind: 'answer' as const,
    status,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': name },
    body: JSON.stringify({ Message: 'secret words of AWS', ...body }),
  });
  const said = (OriginalStatusCode: number, OriginalMessage: string, Message = 'Received client error') => ({
    OriginalStatusCode,
    OriginalMessage,
    Message,
  });

  test.each([
    [
      'a container that refuses',
      answer(424, 'ModelError', said(400, 'no\u0007such cabin')),
      422,
      'refused-by-model',
      'no such cabin',
      1,
    ],
    [
      'a container that fails',
      answer(424, 'ModelError', said(500, 'Traceback: secret')),
      502,
      'model-failed',
      'It answered with status 500.',
      1,
    ],
    [
      'a container that takes too long',
      answer(424, 'ModelError', said(0, '', 'Your invocation timed out while waiting')),
      504,
      'model-timeout',
      '',
      1,
    ],
    ['throttling', answer(400, 'ThrottlingException'), 503, 'model-busy', 'too many', 2],
    ['a cold start', answer(429, 'ModelNotReadyException'), 503, 'model-busy', 'starting', 2],
    [
      'an endpoint that is gone',
      answer(400, 'ValidationError', { Message: 'Endpoint x of account y not found.' }),
      503,
      'no-model',
      '',
      1,
    ],
    ['a permission that is missing', answer(403, 'AccessDeniedException'), 502, 'upstream-refused', '', 1],
    ['an internal failure', answer(500, 'InternalFailure'), 502, 'upstream-failed', '', 1],
    ['a service that is away', answer(503, 'ServiceUnavailable'), 502, 'upstream-failed', '', 1],
    ['a page of something in between', { ...answer(502, ''), body: '<html>' }, 502, 'upstream-failed', '', 1],
  ] as const)(
    '%s becomes a problem of its own, asked as often as is safe',
    async (_, mode, status, code, words, calls) => {
      proxy.mode = () => mode;
      const reply = await api.predict(THIRD_CLASS_MAN);
      const problem = await problemIn(reply);
      expect(problem).toMatchObject({ status, type: `/docs#${code}` });
      expect(problem.detail).toContain(words);
      expect(JSON.stringify(problem)).not.toContain('secret');
      expect(reply.headers.has('retry-after')).toBe(
        status === 503 || mode.headers['x-amzn-errortype'] === 'ServiceUnavailable',
      );
      expect(proxy.calls).toHaveLength(calls);
    },
  );

  test('one throttled request is answered by the second attempt', async () => {
    await sagemaker.control.setFault({ kind: 'throttle', operation: 'InvokeEndpoint', count: 1 });
    expect((await api.predict(THIRD_CLASS_MAN)).status).toBe(200);
    expect(proxy.calls).toHaveLength(2);
  });

  test('a lost reply is not asked for again: nobody knows what was done', async () => {
    proxy.mode = () => ({ kind: 'lose-reply' });
    const reply = await api.predict(THIRD_CLASS_MAN);
    expect(await reply.json()).toMatchObject({ status: 502, type: '/docs#upstream-failed' });
    expect(proxy.calls).toHaveLength(1);
  });

  test.each([
    ['no JSON', 'nonsense'],
    ['no probability', '{"label":1}'],
    ['more than one', '{"probability":1.5}'],
    ['a text', '{"probability":"0.5"}'],
  ])('an answer with %s is not passed on', async (_, body) => {
    proxy.mode = () => ({ kind: 'answer', status: 200, headers: { 'content-type': 'application/json' }, body });
    expect(await (await api.predict(THIRD_CLASS_MAN)).json()).toMatchObject({
      status: 502,
      type: '/docs#unreadable-answer',
    });
  });

  test('an answer of too few lines is not passed on', async () => {
    proxy.mode = () => ({ kind: 'answer', status: 200, headers: { 'content-type': 'text/csv' }, body: '0.5' });
    expect((await api.predict('1,male,\n2,male,', 'text/csv')).status).toBe(502);
  });
});
