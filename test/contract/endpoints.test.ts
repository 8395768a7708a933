import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { seedSurvival } from '../../sandbox/sagemaker/seed-survival.ts';
import { type RunningSageMaker, startSageMaker } from '../../sandbox/sagemaker/start-sagemaker.ts';
import type { AwsClients } from '../../src/adapters/aws-clients.ts';
import { createSageMakerEndpoints } from '../../src/adapters/sagemaker-endpoints.ts';
import { createSageMakerRegistry } from '../../src/adapters/sagemaker-registry.ts';
import type { Endpoints, PrepareRequest } from '../../src/ports/endpoints.ts';
import type { Candidate, EnvironmentPlan } from '../../src/rollout/candidate.ts';
import type { EndpointCall } from '../../src/rollout/events.ts';
import { mintWonIntent } from '../../src/rollout/won-intent.ts';
import { awsClientsFor } from '../support/aws-env.ts';
import { awsErrorAnswer, type FaultyProxy, startFaultyProxy } from '../support/faulty-proxy.ts';

const ROLE = 'arn:aws:iam::123456789012:role/titanic-sagemaker-execution';
const TAGS = { project: 'titanic-sagemaker', tutorial_phase: '04', 'titanic:rollout': 'survival-1' };
const PLAN: EnvironmentPlan = {
  endpointName: 'titanic-survival-staging',
  executionRoleArn: ROLE,
  capacity: { kind: 'instances', instanceType: 'ml.m5.large', instanceCount: 2 },
  containerEnv: {},
  networkIsolation: false,
  tags: {},
};
const FULL_PLAN: EnvironmentPlan = {
  ...PLAN,
  containerEnv: { LOG_LEVEL: 'info' },
  vpc: { subnets: ['subnet-1', 'subnet-2'], securityGroups: ['sg-1'] },
  kmsKeyId: 'alias/titanic',
  networkIsolation: true,
  startupTimeoutSeconds: 300,
  modelDownloadTimeoutSeconds: 600,
};

let sagemaker: RunningSageMaker;
let proxy: FaultyProxy;
let clients: AwsClients;
let endpoints: Endpoints;
let packageArn: string;
let names = 0;

const operation = (name: string) => `SageMaker.${name}`;
const freshName = () => {
  names += 1;
  return `titanic-survival-staging-v1-survival-${names}`;
};

function requestFor(plan: EnvironmentPlan, changes: Partial<PrepareRequest> = {}): PrepareRequest {
  const name = changes.configName ?? freshName();
  const candidate: Candidate = {
    packageArn,
    version: 1,
    inferenceSpecDigest: 'sha256:00',
    image: 'image',
    imageDigest: null,
    modelDataUrl: null,
    modelDataEtag: null,
    plans: { staging: plan, prod: plan },
    planDigests: { staging: '', prod: '' },
  };
  return { environment: 'staging', candidate, configName: name, modelName: name, tags: TAGS, ...changes };
}

const send = (call: EndpointCall, signal = new AbortController().signal) =>
  endpoints.send(call, mintWonIntent('survival', 1, call), signal, () => true);

async function prepared(plan = PLAN): Promise<string> {
  const request = requestFor(plan);
  expect((await endpoints.prepare(request)).kind).toBe('prepared');
  return request.configName;
}

beforeAll(async () => {
  sagemaker = await startSageMaker({ speed: 20_000 });
  await seedSurvival({ control: sagemaker.control });
  proxy = await startFaultyProxy(sagemaker.url);
  clients = awsClientsFor({ SAGEMAKER: proxy.url });
  endpoints = createSageMakerEndpoints({
    clients: clients.sagemaker,
    cloudwatch: clients.cloudwatch,
    environmentOf: () => 'staging',
  });
  const newest = await createSageMakerRegistry(clients.registry).byVersion('titanic-survival', 1);
  if (newest.kind === 'unknown' || newest.value === null) throw new Error('the registry is not seeded');
  packageArn = newest.value.arn;
});

afterEach(async () => {
  proxy.mode = () => ({ kind: 'pass' });
  proxy.calls.length = 0;
  await sagemaker.control.clearFaults();
});

afterAll(async () => {
  clients.destroy();
  await proxy.close();
  await sagemaker.close();
  vi.unstubAllEnvs();
});

describe('preparing a model and its config', () => {
  it.each([
    ['a plain plan', PLAN],
    ['a plan with everything', FULL_PLAN],
    ['a serverless plan', { ...PLAN, capacity: { kind: 'serverless', memoryMb: 2048, maxConcurrency: 5 } }],
  ] satisfies [string, EnvironmentPlan][])(
    'makes both of %s, and finds its own work the second time',
    async (_, plan) => {
      const request = requestFor(plan);
      const arns = ['model', 'endpoint-config'].map(
        (type) => `arn:aws:sagemaker:us-east-1:123456789012:${type}/${request.configName}`,
      );
      const first = await endpoints.prepare(request);
      expect(first).toMatchObject({
        kind: 'prepared',
        created: [
          { what: 'model', arn: arns[0] },
          { what: 'endpoint configuration', arn: arns[1] },
        ],
        adopted: [],
      });
      expect(await endpoints.prepare(request)).toEqual({ kind: 'prepared', created: [], adopted: arns });
    },
  );

  it('names the package and never an image or model data', async () => {
    await prepared(FULL_PLAN);
    const sent = proxy.calls.find((call) => call.operation === operation('CreateModel'))?.body ?? '';
    expect(JSON.parse(sent).PrimaryContainer).toEqual({
      ModelPackageName: packageArn,
      Environment: { LOG_LEVEL: 'info' },
    });
    expect(sent).not.toMatch(/"Image"|ModelData/);
  });

  it('tags both with what it was given', async () => {
    const name = await prepared();
    const arn = `arn:aws:sagemaker:us-east-1:123456789012:endpoint-config/${name}`;
    expect(await endpoints.tags('staging', arn)).toEqual({ kind: 'known', value: TAGS });
  });

  it('adopts what a creation made whose reply was lost', async () => {
    await sagemaker.control.setFault({ kind: 'loseReply', operation: 'CreateModel', count: 1 });
    await sagemaker.control.setFault({ kind: 'loseReply', operation: 'CreateEndpointConfig', count: 1 });
    const result = await endpoints.prepare(requestFor(PLAN));
    expect(result).toMatchObject({ kind: 'prepared', created: [], adopted: [{}, {}].map(() => expect.any(String)) });
  });

  const differing: [field: string, plan: EnvironmentPlan, changes?: Partial<PrepareRequest>][] = [
    ['ModelPackageName', PLAN],
    ['Environment', { ...PLAN, containerEnv: { A: '1' } }],
    ['ExecutionRoleArn', { ...PLAN, executionRoleArn: `${ROLE}-other` }],
    ['VpcConfig.Subnets', { ...PLAN, vpc: { subnets: ['subnet-9'], securityGroups: ['sg-1'] } }],
    ['EnableNetworkIsolation', { ...PLAN, networkIsolation: true }],
    ['InstanceType', { ...PLAN, capacity: { kind: 'instances', instanceType: 'ml.c5.large', instanceCount: 2 } }],
    [
      'InitialInstanceCount',
      { ...PLAN, capacity: { kind: 'instances', instanceType: 'ml.m5.large', instanceCount: 3 } },
    ],
    ['ContainerStartupHealthCheckTimeoutInSeconds', { ...PLAN, startupTimeoutSeconds: 900 }],
    ['ModelDataDownloadTimeoutInSeconds', { ...PLAN, modelDownloadTimeoutSeconds: 900 }],
    ['KmsKeyId', { ...PLAN, kmsKeyId: 'alias/other' }],
    ['tags.titanic:rollout', PLAN, { tags: { ...TAGS, 'titanic:rollout': 'survival-9' } }],
  ];
  it.each(differing)('refuses one of our name whose %s differs, and says so', async (field, plan, changes) => {
    const configName = await prepared();
    const request = requestFor(plan, { configName, ...changes });
    const candidate = { ...request.candidate, packageArn: packageArn.replace(/1$/, '3') };
    const asked = field === 'ModelPackageName' ? { ...request, candidate } : request;
    const params = { name: configName, field };
    expect(await endpoints.prepare(asked)).toEqual({ kind: 'refused', reason: { code: 'name-taken', params } });
  });

  it('refuses a config of our name that captures data or shadows', async () => {
    const configName = freshName();
    await endpoints.prepare(requestFor(PLAN, { configName }));
    const ProductionVariants = [
      { VariantName: 'AllTraffic', ModelName: configName, InstanceType: 'ml.m5.large', InitialInstanceCount: 2 },
    ];
    await sagemaker.control.console('DeleteEndpointConfig', { EndpointConfigName: configName });
    await sagemaker.control.console('CreateEndpointConfig', {
      EndpointConfigName: configName,
      ProductionVariants,
      DataCaptureConfig: {
        InitialSamplingPercentage: 100,
        DestinationS3Uri: 's3://elsewhere/',
        CaptureOptions: [{ CaptureMode: 'Input' }],
      },
    });
    const refused = await endpoints.prepare(requestFor(PLAN, { configName }));
    expect(refused).toMatchObject({ kind: 'refused', reason: { params: { field: 'DataCaptureConfig' } } });
  });

  it('says later while a state passes, while AWS fails, and while the new model is not visible yet', async () => {
    proxy.mode = () => awsErrorAnswer('ConflictException', 'Being changed');
    expect(await endpoints.prepare(requestFor(PLAN))).toMatchObject({
      kind: 'later',
      why: 'ConflictException: Being changed',
    });
    proxy.mode = () => ({ kind: 'answer', status: 400, body: '<html>' });
    expect(await endpoints.prepare(requestFor(PLAN))).toMatchObject({ kind: 'later' });
    const invisible = awsErrorAnswer('ValidationException', 'Could not find model "arn:aws:sagemaker:model/x".');
    proxy.mode = (call) => (call.operation === operation('CreateEndpointConfig') ? invisible : { kind: 'pass' });
    expect(await endpoints.prepare(requestFor(PLAN))).toMatchObject({
      kind: 'later',
      why: expect.stringContaining('Could not find model'),
    });
  });

  it('refuses a role that SageMaker refuses', async () => {
    await sagemaker.control.setFault({ kind: 'badRole', count: 1 });
    const refused = await endpoints.prepare(requestFor(PLAN));
    expect(refused).toMatchObject({ kind: 'refused', reason: { code: 'role-invalid' } });
  });
});

describe('an endpoint', () => {
  const name = 'titanic-survival-staging';
  const statusOf = async () => {
    const seen = await endpoints.describe('staging', name);
    return seen.kind === 'known' ? (seen.value?.status ?? 'absent') : seen.why;
  };

  it('is created, updated and deleted, each call once, and every step is seen', async () => {
    expect(await endpoints.describe('staging', name)).toEqual({ kind: 'known', value: null });
    const first = await prepared();
    await sagemaker.control.setSpeed(1);
    expect(await send({ kind: 'create', endpointName: name, configName: first, tags: TAGS })).toMatchObject({
      kind: 'accepted',
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(await statusOf()).toBe('Creating');
    const early = await send({ kind: 'delete', endpointName: name });
    expect(early).toMatchObject({ kind: 'refused', retryable: true, reason: { code: 'waits-for-sagemaker' } });
    await sagemaker.control.setSpeed(20_000);
    await expect.poll(statusOf).toBe('InService');

    const second = await prepared();
    await sagemaker.control.setSpeed(1);
    const update: EndpointCall = {
      kind: 'update',
      endpointName: name,
      configName: second,
      retainVariantProperties: true,
    };
    expect(await send(update)).toMatchObject({ kind: 'accepted' });
    const seen = await endpoints.describe('staging', name);
    expect(seen).toMatchObject({
      kind: 'known',
      value: {
        arn: `arn:aws:sagemaker:us-east-1:123456789012:endpoint/${name}`,
        status: 'Updating',
        lastModified: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        configName: first,
        pendingConfigName: second,
        failureReason: null,
        variants: [{ name: 'AllTraffic', desiredCount: 2, currentCount: 2, desiredWeight: 1, currentWeight: 1 }],
        images: [expect.stringMatching(/@sha256:[0-9a-f]{64}$/)],
        words: expect.stringMatching(/^[A-Z]\w+/),
      },
    });
    const sent = proxy.calls.filter((call) => call.operation === operation('UpdateEndpoint'));
    expect(sent.map(({ body }) => JSON.parse(body))).toEqual([
      { EndpointName: name, EndpointConfigName: second, RetainAllVariantProperties: true },
    ]);
    await sagemaker.control.setSpeed(20_000);
    await expect.poll(statusOf).toBe('InService');
    expect(await send({ kind: 'delete', endpointName: name })).toMatchObject({ kind: 'accepted' });
    await expect.poll(statusOf).toBe('absent');
  });

  it('leads from its config to the package', async () => {
    const configName = await prepared();
    expect(await endpoints.chain('staging', configName)).toEqual({
      kind: 'known',
      value: { configName, modelName: configName, packageArn, initialInstanceCount: 2 },
    });
    expect(await endpoints.chain('staging', 'titanic-gone')).toEqual({ kind: 'known', value: null });
    await sagemaker.control.console('DeleteModel', { ModelName: configName });
    expect(await endpoints.chain('staging', configName)).toMatchObject({ value: { packageArn: null } });
  });

  it('is unknown, and never absent, when SageMaker cannot say', async () => {
    const answers = [
      awsErrorAnswer('AccessDeniedException', 'not authorized to perform: sagemaker:DescribeEndpoint', 403),
      awsErrorAnswer('ValidationException', 'Could not find endpoint configuration "arn".'),
      awsErrorAnswer('ValidationException', '1 validation error detected'),
      awsErrorAnswer('ResourceNotFound', 'Could not find endpoint "arn".', 404),
      { kind: 'answer', status: 200, body: '{}' } as const,
      { kind: 'answer', status: 200, body: '<html>' } as const,
    ];
    for (const answer of answers) {
      proxy.mode = () => answer;
      expect(await endpoints.describe('staging', name)).toMatchObject({
        kind: 'unknown',
        why: expect.stringMatching(/./),
      });
    }
    proxy.mode = () => awsErrorAnswer('AccessDeniedException', 'no', 403);
    expect((await endpoints.chain('staging', 'x')).kind).toBe('unknown');
    expect((await endpoints.tags('staging', 'arn:aws:sagemaker:us-east-1:123456789012:endpoint/x')).kind).toBe(
      'unknown',
    );
  });

  it('shows its LastModifiedTime to the millisecond', async () => {
    const described = { EndpointArn: 'arn', EndpointStatus: 'InService', LastModifiedTime: 1_900_000_000.123 };
    proxy.mode = () => ({ kind: 'answer', status: 200, body: JSON.stringify(described) });
    const seen = await endpoints.describe('staging', name);
    expect(seen).toMatchObject({ value: { lastModified: '2030-03-17T17:46:40.123Z', words: null, variants: [] } });
  });

  it('is read again by the SDK when a read fails', async () => {
    let failures = 2;
    proxy.mode = () => (failures-- > 0 ? awsErrorAnswer('InternalFailure', 'oops', 500) : { kind: 'pass' });
    expect(await endpoints.describe('staging', name)).toEqual({ kind: 'known', value: null });
  });
});

describe('a call that changes an endpoint', () => {
  const call: EndpointCall = { kind: 'delete', endpointName: 'titanic-survival-prod' };

  it('is sent once, whatever comes back, and only a reply that AWS worded is an outcome', async () => {
    const outcomes = [
      [awsErrorAnswer('ThrottlingException', 'Rate exceeded'), { kind: 'refused', retryable: true }],
      [awsErrorAnswer('ResourceLimitExceeded', 'limit'), { kind: 'refused', retryable: false, requestId: 'request-1' }],
      [awsErrorAnswer('InternalFailure', 'oops', 500), { kind: 'unclear' }],
      [awsErrorAnswer('ThrottlingException', 'Rate exceeded', 503), { kind: 'unclear' }],
      [{ kind: 'answer', status: 400, body: '<html>' }, { kind: 'unclear' }],
      [{ kind: 'lose-reply' }, { kind: 'unclear' }],
    ] as const;
    for (const [mode, outcome] of outcomes) {
      proxy.calls.length = 0;
      proxy.mode = () => mode;
      expect(await send(call)).toMatchObject(outcome);
      expect(proxy.calls).toHaveLength(1);
    }
  });

  it('is unclear after an abort, and its socket is closed at once', async () => {
    proxy.mode = () => ({ kind: 'hang' });
    const abort = new AbortController();
    const coming = proxy.nextCall();
    const reply = send(call, abort.signal);
    const { closed } = await coming;
    const startedMs = performance.now();
    abort.abort();
    expect(await reply).toMatchObject({ kind: 'unclear' });
    await closed;
    expect(performance.now() - startedMs).toBeLessThan(500);
  });

  it('gets a socket of its own, which is not kept', async () => {
    const coming = proxy.nextCall();
    await send(call);
    await (await coming).closed;
  });

  it('is not sent any more when it was aborted before', async () => {
    expect(await send(call, AbortSignal.abort())).toMatchObject({ kind: 'refused', retryable: true });
    expect(proxy.calls).toHaveLength(0);
  });

  it('is not sent once what was seen is too old, whatever it waited for until then', async () => {
    const late = endpoints.send(call, mintWonIntent('survival', 1, call), new AbortController().signal, () => false);
    expect(await late).toEqual({ kind: 'not-sent', why: 'too late to be sent' });
    expect(proxy.calls).toHaveLength(0);
  });

  it('is not sent when what was seen became too old while it connected', async () => {
    // Fresh when it is asked first; the machine sleeps while the connection is being made.
    const answers = [true, false];
    const stillFresh = () => answers.shift() ?? false;
    const late = endpoints.send(call, mintWonIntent('survival', 1, call), new AbortController().signal, stillFresh);
    expect(await late).toEqual({ kind: 'not-sent', why: 'too late to be sent' });
    expect(answers).toEqual([]);
    expect(proxy.calls).toHaveLength(0);
  });

  it('is not sent when it was aborted while it connected', async () => {
    const abort = new AbortController();
    const stillFresh = () => {
      // Asked once before the connection is made and once when it stands.
      queueMicrotask(() => abort.abort());
      return true;
    };
    const late = endpoints.send(call, mintWonIntent('survival', 1, call), abort.signal, stillFresh);
    expect(await late).toMatchObject({ kind: 'unclear' });
    expect(proxy.calls).toHaveLength(0);
  });

  it('is not sent with the permission for another call', async () => {
    const other = mintWonIntent('survival', 7, { kind: 'delete', endpointName: 'titanic-survival-staging' });
    const sent = endpoints.send(call, other, new AbortController().signal, () => true);
    await expect(sent).rejects.toThrow(/not the one that intent 7 allows/);
    expect(proxy.calls).toHaveLength(0);
  });
});
