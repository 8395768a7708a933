import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { AwsClients } from '../../src/adapters/aws-clients.ts';
import { createSageMakerModelClient } from '../../src/adapters/sagemaker-model-client.ts';
import type { ErrorClass, InvokeRequest, ModelClient } from '../../src/smoke/types.ts';
import { awsClientsFor } from '../support/aws-env.ts';
import { type FaultyProxy, type ProxyMode, startFaultyProxy } from '../support/faulty-proxy.ts';

let proxy: FaultyProxy;
let clients: AwsClients;
let model: ModelClient;

const REQUEST: InvokeRequest = { contentType: 'text/csv', body: '1,female,29', timeoutMs: 2_000 };
const ANSWER: ProxyMode = {
  kind: 'answer',
  status: 200,
  headers: { 'content-type': 'text/csv', 'x-amzn-invoked-production-variant': 'AllTraffic' },
  body: '0.97',
};
const failing = (status: number, type: string, body: Record<string, unknown>): ProxyMode => ({
  kind: 'answer',
  status,
  headers: { 'content-type': 'application/json', 'x-amzn-errortype': type },
  body: JSON.stringify(body),
});

beforeAll(async () => {
  proxy = await startFaultyProxy();
  clients = awsClientsFor({ SAGEMAKER_RUNTIME: proxy.url });
  model = createSageMakerModelClient({ client: clients.runtime.staging, endpointName: 'titanic-survival-staging' });
});

afterEach(() => {
  proxy.calls.length = 0;
});

afterAll(async () => {
  clients.destroy();
  await proxy.close();
  vi.unstubAllEnvs();
});

describe('a call of the model', () => {
  it('gives the answer with its type and the variant that answered', async () => {
    proxy.mode = () => ANSWER;
    expect(await model.invoke(REQUEST)).toEqual({
      kind: 'answer',
      body: '0.97',
      contentType: 'text/csv',
      variant: 'AllTraffic',
    });
    expect(proxy.calls).toMatchObject([
      { operation: '/endpoints/titanic-survival-staging/invocations', body: REQUEST.body },
    ]);
  });

  it.each([
    [
      'model',
      failing(424, 'ModelError', {
        ErrorCode: 'CLIENT_ERROR_FROM_MODEL',
        Message: 'Received client error (404) from primary with message "no"',
        OriginalMessage: 'no',
        OriginalStatusCode: 404,
      }),
    ],
    [
      'timeout',
      failing(424, 'ModelError', {
        Message:
          'Received server error (0) from primary with message "Your invocation timed out while waiting for a response ' +
          'from container primary."',
        OriginalStatusCode: 0,
      }),
    ],
    ['throttled', failing(429, 'ModelNotReadyException', { Message: 'Model not ready' })],
    ['throttled', failing(400, 'ThrottlingException', { Message: 'Rate exceeded' })],
    [
      'not-found',
      failing(400, 'ValidationError:http://internal.amazon.com/coral/com.amazon.sagemaker/', {
        ErrorCode: 'NO_SUCH_ENDPOINT',
        Message: 'Endpoint titanic-survival-staging of account 123456789012 not found.',
      }),
    ],
    ['service', failing(403, 'AccessDeniedException', { Message: 'not authorized' })],
    ['service', failing(400, 'ValidationError', { Message: 'too long' })],
    ['service', failing(500, 'InternalFailure', { Message: 'oops' })],
    ['service', failing(503, 'ServiceUnavailable', { Message: 'oops' })],
    ['service', failing(530, 'InternalDependencyException', { Message: 'oops' })],
    ['connection', { kind: 'lose-reply' }],
  ] satisfies [ErrorClass, ProxyMode][])('is made once and counted as %s', async (errorClass, mode) => {
    proxy.mode = () => mode;
    expect(await model.invoke(REQUEST)).toMatchObject({ kind: 'error', errorClass });
    expect(proxy.calls).toHaveLength(1);
  });

  it('is given up at its time limit, and its socket is closed', async () => {
    proxy.mode = () => ({ kind: 'hang' });
    const coming = proxy.nextCall();
    const startedMs = performance.now();
    const result = await model.invoke({ ...REQUEST, timeoutMs: 150 });
    expect(result).toEqual({ kind: 'error', errorClass: 'timeout', message: 'no answer within 150 ms' });
    await (await coming).closed;
    expect(performance.now() - startedMs).toBeLessThan(1_000);
  });

  it('is given up when its run ends', async () => {
    proxy.mode = () => ({ kind: 'hang' });
    const end = new AbortController();
    const coming = proxy.nextCall();
    const result = model.invoke({ ...REQUEST, signal: end.signal });
    const { closed } = await coming;
    end.abort();
    expect(await result).toMatchObject({ kind: 'error', errorClass: 'connection' });
    await closed;
  });

  it('does not wait for a socket while three hundred others are under way', async () => {
    proxy.mode = (call) => (call.body === 'quick' ? ANSWER : { kind: 'hang' });
    const end = new AbortController();
    const slow = Array.from({ length: 300 }, () => model.invoke({ ...REQUEST, signal: end.signal }));
    await expect.poll(() => proxy.calls.length).toBe(300);
    expect(await model.invoke({ ...REQUEST, body: 'quick', timeoutMs: 1_000 })).toMatchObject({ kind: 'answer' });
    end.abort();
    await Promise.all(slow);
  });
});
