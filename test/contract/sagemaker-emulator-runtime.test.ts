import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, durations, makeConfig, refusalOf, type Setup, setUp } from './sagemaker-emulator-setup.ts';

let setup: Setup;
beforeAll(async () => {
  setup = await setUp({ settings: {} });
  for (const behaviour of ['class-sex', 'class-sex-age', 'wrong', 'slow', 'error']) {
    await makeConfig(setup, behaviour, { behaviour });
    await setup.sagemaker.createEndpoint({ EndpointName: behaviour, EndpointConfigName: behaviour });
  }
  setup.pass(durations.createMs);
});
afterAll(() => setup.close());

const json = 'application/json';
/** What titanic.yml expects of a good model for a first-class woman. */
const likelySurvives = /^0?\.[5-9]|^1/;

test('a CSV line is answered with a probability, and several lines with several', async () => {
  expect(await ask(setup, 'class-sex')).toMatch(likelySurvives);
  const lines = (await ask(setup, 'class-sex', '1,female,29\n3,male,30\ncrew,male,')).split('\n').map(Number);
  expect(lines).toHaveLength(3);
  expect(lines[0]).toBeGreaterThan(0.5);
  expect(lines[1]).toBeLessThan(0.2);
});

test('JSON is answered with JSON, and says which variant answered', async () => {
  const reply = await setup.runtime.invokeEndpoint({
    EndpointName: 'class-sex-age',
    ContentType: json,
    Body: '{"class":3,"sex":"male","age":30}',
  });
  expect(reply.ContentType).toBe(json);
  expect(reply.InvokedProductionVariant).toBe('AllTraffic');
  expect(reply.$metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
  expect(JSON.parse(Buffer.from(reply.Body ?? []).toString())).toEqual({ probability: expect.closeTo(0.104, 2) });
});

test('the two good models differ for a child, and the wrong one answers the opposite', async () => {
  expect(await ask(setup, 'class-sex', '3,male,4')).not.toBe(await ask(setup, 'class-sex-age', '3,male,4'));
  const [right, wrong] = [Number(await ask(setup, 'class-sex')), Number(await ask(setup, 'wrong'))];
  expect(right + wrong).toBeCloseTo(1, 4);
  expect(await ask(setup, 'wrong')).not.toMatch(likelySurvives);
});

test('the slow model answers rightly, and late', async () => {
  const startedAt = performance.now();
  expect(await ask(setup, 'slow')).toMatch(likelySurvives);
  expect(performance.now() - startedAt).toBeGreaterThan(800);
});

test('a bad body is a ModelError of the client side, with what the container said', async () => {
  const refused = await setup.runtime
    .invokeEndpoint({ EndpointName: 'class-sex', ContentType: 'text/csv', Body: '9,male,3' })
    .catch((error: unknown) => error);
  expect(refused).toMatchObject({
    name: 'ModelError',
    OriginalStatusCode: 400,
    OriginalMessage: 'class must be 1, 2, 3 or crew',
    LogStreamArn: expect.stringContaining('/aws/sagemaker/Endpoints/class-sex'),
    message: expect.stringContaining('Received client error (400) from primary with message "class must be'),
    $metadata: { httpStatusCode: 424 },
  });
});

test('a content type the model does not know is refused by it', async () => {
  expect((await refusalOf(ask(setup, 'class-sex', 'x', 'image/png'))).message).toContain('client error (415)');
});

test('a model that fails is a ModelError of the server side', async () => {
  const refused = await setup.runtime
    .invokeEndpoint({ EndpointName: 'error', ContentType: 'text/csv', Body: '1,male,3' })
    .catch((error: unknown) => error);
  expect(refused).toMatchObject({ name: 'ModelError', OriginalStatusCode: 500, $metadata: { httpStatusCode: 424 } });
});

test('an endpoint that is not there, or written in another case, is not found', async () => {
  for (const name of ['nobody', 'Class-Sex'])
    expect(await refusalOf(ask(setup, name))).toMatchObject({
      name: 'ValidationError',
      status: 400,
      message: `Endpoint ${name} of account 123456789012 not found.`,
    });
  const response = await fetch(`${setup.running.url}/endpoints/nobody/invocations`, {
    method: 'POST',
    headers: { authorization: 'AWS4-HMAC-SHA256 Credential=AK/x, Signature=0' },
    body: '1',
  });
  expect(response.headers.get('x-amzn-errortype')).toBe(
    'ValidationError:http://internal.amazon.com/coral/com.amazon.sagemaker/',
  );
  expect(await response.json()).toEqual({
    ErrorCode: 'NO_SUCH_ENDPOINT',
    Message: 'Endpoint nobody of account 123456789012 not found.',
  });
});

test('a body larger than six megabytes is refused', async () => {
  const response = await fetch(`${setup.running.url}/endpoints/class-sex/invocations`, {
    method: 'POST',
    headers: { authorization: 'AWS4-HMAC-SHA256 Credential=AK/x, Signature=0' },
    body: 'x'.repeat(6_291_457),
  });
  expect(response.status).toBe(413);
});
