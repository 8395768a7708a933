import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RunningSageMaker } from '../../../sandbox/sagemaker/start-sagemaker.ts';
import { createRuntimeClient } from '../../../src/inference-api/runtime/client.ts';
import type { InvokeOutcome, RuntimeClient } from '../../../src/inference-api/runtime/outcome.ts';
import { type FaultyProxy, type ProxyMode, startFaultyProxy } from '../../support/faulty-proxy.ts';
import { ENDPOINT, startSurvival } from './setting.ts';

const identity = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' };
const REGION = 'us-east-1';
const WAIT_MS = 5_000;

let sagemaker: RunningSageMaker;
let proxy: FaultyProxy;
let own: RuntimeClient;
let sdk: SageMakerRuntimeClient;

beforeAll(async () => {
  sagemaker = await startSurvival();
  proxy = await startFaultyProxy(sagemaker.url);
  own = ownClient(proxy.url);
  sdk = new SageMakerRuntimeClient({ endpoint: proxy.url, region: REGION, credentials: identity, maxAttempts: 1 });
});

afterAll(async () => {
  await own.close();
  sdk.destroy();
  await proxy.close();
  await sagemaker.close();
});

beforeEach(async () => {
  proxy.mode = () => ({ kind: 'pass' });
  await sagemaker.control.clearFaults();
});

function ownClient(origin: string): RuntimeClient {
  return createRuntimeClient({
    address: { origin, region: REGION },
    identity: { current: () => identity },
    connections: 8,
    nowMs: Date.now,
  });
}

interface Asked {
  readonly contentType: 'application/json' | 'text/csv';
  readonly body: string;
}

const CSV: Asked = { contentType: 'text/csv', body: '1,female,29' };

function askOwn(
  { contentType, body }: Asked,
  client = own,
  timeoutMs = WAIT_MS,
  endpointName = ENDPOINT,
): Promise<InvokeOutcome> {
  return client.invoke(endpointName, {
    contentType,
    body,
    inferenceId: 'test-1',
    traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`,
    tracestate: undefined,
    timeoutMs,
  });
}

/** What the SDK makes of the same request, in our words. */
async function askSdk({ contentType, body }: Asked, endpoint = ENDPOINT): Promise<unknown> {
  const command = new InvokeEndpointCommand({
    EndpointName: endpoint,
    ContentType: contentType,
    Accept: contentType,
    Body: body,
  });
  try {
    const reply = await sdk.send(command);
    return {
      kind: 'answer',
      body: reply.Body?.transformToString(),
      contentType: reply.ContentType,
      variant: reply.InvokedProductionVariant,
    };
  } catch (error) {
    const thrown = error as Error & {
      $metadata?: { httpStatusCode?: number; requestId?: string };
      OriginalStatusCode?: number;
      OriginalMessage?: string;
    };
    if (thrown.$metadata?.httpStatusCode === undefined) return { kind: 'broken' };
    return {
      kind: 'refused',
      refusal: {
        name: thrown.name,
        message: thrown.message,
        status: thrown.$metadata.httpStatusCode,
        requestId: thrown.$metadata.requestId,
        originalStatusCode: thrown.OriginalStatusCode,
        originalMessage: thrown.OriginalMessage,
      },
    };
  }
}

/** Each request of the emulator has its own id, so only whether there is one can be equal. */
function withoutId(outcome: unknown): unknown {
  const text = JSON.stringify(outcome, (key, value) => (key === 'requestId' ? typeof value : value));
  return JSON.parse(text);
}

async function bothAgree(asked: Asked): Promise<unknown> {
  const theirs = withoutId(await askSdk(asked));
  expect(withoutId(await askOwn(asked))).toEqual(theirs);
  return theirs;
}

describe('over the emulator, the own client and the SDK agree on', () => {
  test.each<[string, Asked]>([
    ['a line of CSV', CSV],
    ['several lines', { contentType: 'text/csv', body: '1,female,29\n3,male,' }],
    ['JSON', { contentType: 'application/json', body: '{"class":3,"sex":"male","age":30}' }],
  ])('the answer to %s', async (_, asked) => {
    expect(await bothAgree(asked)).toMatchObject({ kind: 'answer', variant: 'AllTraffic' });
  });

  test.each<[string, Asked]>([
    ['a body the container refuses', { contentType: 'text/csv', body: 'nonsense' }],
    ['JSON the container refuses', { contentType: 'application/json', body: '{"class":9}' }],
    ['an empty body', { contentType: 'text/csv', body: '' }],
  ])('a ModelError: %s', async (_, asked) => {
    expect(await bothAgree(asked)).toMatchObject({
      kind: 'refused',
      refusal: { name: 'ModelError', originalStatusCode: 400 },
    });
  });

  test.each([
    ['modelError', 'ModelError'],
    ['throttle', 'ThrottlingException'],
    ['internalError', 'InternalFailure'],
  ] as const)('the fault %s', async (kind, name) => {
    await sagemaker.control.setFault({ kind });
    expect(await bothAgree(CSV)).toMatchObject({ refusal: { name } });
  });

  test('a lost reply', async () => {
    await sagemaker.control.setFault({ kind: 'loseReply', operation: 'InvokeEndpoint' });
    expect(await askSdk(CSV)).toEqual({ kind: 'broken' });
    expect(await askOwn(CSV)).toMatchObject({ kind: 'broken', sent: true });
  });

  test('an endpoint that is not there', async () => {
    const theirs = withoutId(await askSdk(CSV, 'titanic-nothing'));
    expect(withoutId(await askOwn(CSV, own, WAIT_MS, 'titanic-nothing'))).toEqual(theirs);
    // The same client asks the other one again.
    expect(await askOwn(CSV)).toMatchObject({ kind: 'answer' });
  });
});

const answer = (status: number, headers: Record<string, string>, body: string): ProxyMode => ({
  kind: 'answer',
  status,
  headers: { 'content-type': 'application/json', 'x-amzn-requestid': 'request-1', ...headers },
  body,
});
const typed = (status: number, name: string, body: object = { Message: 'words' }) =>
  answer(status, { 'x-amzn-errortype': name }, JSON.stringify(body));
const URI = 'http://internal.amazon.com/coral/com.amazon.sagemaker/';

describe('on every shape of an error reply, the own client and the SDK agree:', () => {
  test.each<[string, ProxyMode]>([
    [
      'ValidationError',
      typed(400, `ValidationError:${URI}`, {
        ErrorCode: 'NO_SUCH_ENDPOINT',
        Message: 'Endpoint x of account y not found.',
      }),
    ],
    ['ValidationException', typed(400, 'ValidationException')],
    ['AccessDeniedException', typed(403, 'AccessDeniedException', { message: 'User is not authorized' })],
    [
      'UnrecognizedClientException',
      typed(403, 'UnrecognizedClientException', { message: 'The security token is invalid' }),
    ],
    ['ExpiredTokenException', typed(403, 'ExpiredTokenException', { message: 'expired' })],
    ['InternalDependencyException', typed(530, 'InternalDependencyException')],
    ['InternalFailure', typed(500, 'InternalFailure')],
    ['ServiceUnavailable', typed(503, 'ServiceUnavailable')],
    ['ThrottlingException', typed(400, 'ThrottlingException', { message: 'Rate exceeded' })],
    ['ModelNotReadyException', typed(429, 'ModelNotReadyException')],
    ['ResourceLimitExceeded', typed(400, 'ResourceLimitExceeded')],
    [
      'a ModelError with all its fields',
      typed(424, `ModelError:${URI}`, {
        ErrorCode: 'CLIENT_ERROR_FROM_MODEL',
        LogStreamArn: 'arn',
        Message: 'Received client error (404)',
        OriginalMessage: 'no',
        OriginalStatusCode: 404,
      }),
    ],
    [
      'a ModelError of a time-out',
      typed(424, 'ModelError', {
        Message: 'Received server error (0) from primary with message "Your invocation timed out',
        OriginalStatusCode: 0,
      }),
    ],
    ['a ModelError without fields', typed(424, 'ModelError', {})],
    ['a code in the body', answer(400, {}, '{"code":"ValidationError","message":"words"}')],
    ['a type in the body', answer(400, {}, '{"__type":"com.amazon#ThrottlingException","message":"words"}')],
    ['a namespace in the header', typed(400, `com.amazon.sagemaker#ValidationError:${URI}`)],
    ['several codes in the header', typed(400, `ValidationError:${URI},Other:${URI}`)],
    ['both spellings of the message', typed(400, 'ValidationError', { message: 'small', Message: 'large' })],
    ['a code that nobody knows', typed(418, 'SomethingNew')],
    ['no code at all', answer(500, {}, '{}')],
    ['no body', answer(503, {}, '')],
    [
      'another name of the request id',
      answer(400, { 'x-amzn-errortype': 'ValidationError', 'x-amz-request-id': 'r' }, '{"Message":"m"}'),
    ],
  ])('%s', async (_, mode) => {
    proxy.mode = () => mode;
    const theirs = withoutId(await askSdk(CSV));
    expect(theirs).toMatchObject({ kind: 'refused' });
    expect(withoutId(await askOwn(CSV))).toEqual(theirs);
  });

  test.each([
    ['a page of a proxy', answer(502, { 'content-type': 'text/html' }, '<html>Bad Gateway</html>')],
    ['half of a JSON', answer(500, {}, '{"Message":')],
  ])('%s is a refusal with its status and nothing more', async (_, mode) => {
    proxy.mode = () => mode;
    // The SDK throws its parser's error here; what both know is the status.
    const status = mode.kind === 'answer' ? mode.status : 0;
    expect(await askSdk(CSV)).toMatchObject({ refusal: { status } });
    expect(await askOwn(CSV)).toMatchObject({ kind: 'refused', refusal: { name: 'Unknown', status } });
  });
});

describe('a request that gets no answer', () => {
  test('ends at its limit, and its connection with it', async () => {
    proxy.mode = () => ({ kind: 'hang' });
    const arrived = proxy.nextCall();
    expect(await askOwn(CSV, own, 60)).toEqual({ kind: 'timeout', limitMs: 60, sent: true });
    await (await arrived).closed;
  });

  test('says that nothing was sent where nobody listens', async () => {
    const gone = await startFaultyProxy();
    await gone.close();
    const client = ownClient(gone.url);
    expect(await askOwn(CSV, client)).toMatchObject({
      kind: 'broken',
      sent: false,
      message: expect.stringContaining('ECONNREFUSED'),
    });
    await client.close();
  });

  test('says that nothing was sent where there are no credentials', async () => {
    const client = createRuntimeClient({
      address: { origin: proxy.url, region: REGION },
      identity: { current: () => Promise.reject(new Error('none to be found')) },
      connections: 1,
      nowMs: Date.now,
    });
    expect(await askOwn(CSV, client)).toEqual({
      kind: 'broken',
      message: 'no credentials: none to be found',
      sent: false,
    });
    await client.close();
  });

  test('is told apart from one whose reply is cut', async () => {
    proxy.mode = () => ({ kind: 'lose-reply' });
    expect(await askOwn(CSV)).toMatchObject({ kind: 'broken', sent: true });
  });
});
