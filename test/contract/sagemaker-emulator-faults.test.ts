import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FaultRequest } from '../../sandbox/sagemaker/faults.ts';
import {
  ask,
  durations,
  makeConfig,
  makeEndpoint,
  refusalOf,
  role,
  type Setup,
  setUp,
} from './sagemaker-emulator-setup.ts';

let setup: Setup;
beforeEach(async () => {
  setup = await setUp();
  await makeEndpoint(setup);
});
afterEach(() => setup.close());

const set = (fault: FaultRequest) => setup.running.control.setFault(fault);
const describeProd = () => setup.sagemaker.describeEndpoint({ EndpointName: 'prod' });
const updateProd = (config = 'v2') =>
  setup.sagemaker.updateEndpoint({ EndpointName: 'prod', EndpointConfigName: config });

test('a failed health check lets an update go back silently, and a create end Failed', async () => {
  await set({ kind: 'failHealthCheck', count: 2 });
  await updateProd();
  await setup.sagemaker.createEndpoint({ EndpointName: 'staging', EndpointConfigName: 'v1' });
  setup.pass(durations.failedHealthCheckMs);
  expect(await describeProd()).toMatchObject({
    EndpointStatus: 'InService',
    EndpointConfigName: 'v1',
    FailureReason: expect.stringContaining('ping health check'),
  });
  expect((await setup.sagemaker.describeEndpoint({ EndpointName: 'staging' })).EndpointStatus).toBe('Failed');
  await updateProd();
  setup.pass(durations.updateMs);
  expect((await describeProd()).EndpointConfigName).toBe('v2');
});

test('a silent rollback has a reason, or none at all', async () => {
  await set({ kind: 'silentRollback', count: 1, reason: 'alarm titanic-errors' });
  await updateProd();
  setup.pass(durations.updateMs);
  expect(await describeProd()).toMatchObject({ EndpointConfigName: 'v1', FailureReason: 'alarm titanic-errors' });
  await set({ kind: 'silentRollback', count: 1, reason: '' });
  await updateProd();
  setup.pass(durations.updateMs);
  const after = await describeProd();
  expect(after).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: 'v1' });
  expect(after.FailureReason).toBeUndefined();
});

test('a fault can be narrowed to one endpoint', async () => {
  await set({ kind: 'silentRollback', endpoint: 'other' });
  await updateProd();
  setup.pass(durations.updateMs);
  expect((await describeProd()).EndpointConfigName).toBe('v2');
});

test('quota and role refusals come in AWS words, and change nothing', async () => {
  await set({ kind: 'quota', count: 1, limit: 3 });
  expect(await refusalOf(updateProd())).toMatchObject({
    name: 'ResourceLimitExceeded',
    message: expect.stringContaining(
      'is 3 Instances, with current utilization of 1 Instances and a request delta of 2',
    ),
  });
  expect((await describeProd()).EndpointStatus).toBe('InService');
  await set({ kind: 'badRole', count: 1 });
  const model = setup.sagemaker.createModel({
    ModelName: 'm',
    ExecutionRoleArn: role,
    PrimaryContainer: { Image: 'a' },
  });
  expect((await refusalOf(model)).message).toBe(
    `The execution role ARN "${role}" is invalid. Please ensure that the role exists and that its trust relationship ` +
      'policy allows the action "sts:AssumeRole" for the service principal "sagemaker.amazonaws.com".',
  );
});

test('an image that moved resolves to another digest', async () => {
  const digest = async () => (await describeProd()).ProductionVariants?.[0]?.DeployedImages?.[0]?.ResolvedImage;
  const before = await digest();
  await set({ kind: 'otherDigest' });
  await updateProd('v1');
  setup.pass(durations.updateMs);
  expect(await digest()).toMatch(/@sha256:[0-9a-f]{64}$/);
  expect(await digest()).not.toBe(before);
});

test('throttling at a rate strikes evenly: every second call at 0.5', async () => {
  await set({ kind: 'throttle', operation: 'DescribeEndpoint', rate: 0.5 });
  const outcomes: string[] = [];
  for (let call = 0; call < 6; call += 1)
    outcomes.push(
      await describeProd().then(
        () => 'ok',
        (error: unknown) => (error instanceof Error ? error.name : 'other'),
      ),
    );
  expect(outcomes).toEqual(['ok', 'ThrottlingException', 'ok', 'ThrottlingException', 'ok', 'ThrottlingException']);
  await setup.sagemaker.listModels({});
});

test('an internal error strikes before the effect, or after it', async () => {
  await set({ kind: 'internalError', operation: 'UpdateEndpoint', count: 1 });
  expect(await refusalOf(updateProd())).toMatchObject({ name: 'InternalFailure', status: 500 });
  expect((await describeProd()).EndpointStatus).toBe('InService');
  await set({ kind: 'internalError', operation: 'UpdateEndpoint', count: 1, afterEffect: true });
  expect(await refusalOf(updateProd())).toMatchObject({ name: 'InternalFailure', status: 500 });
  expect((await describeProd()).EndpointStatus).toBe('Updating');
});

test('a lost reply is a dead socket, and the call took effect', async () => {
  await set({ kind: 'loseReply', operation: 'UpdateEndpoint', count: 1 });
  const lost = await refusalOf(updateProd());
  expect(lost.status).toBeUndefined();
  expect((await describeProd()).PendingDeploymentSummary?.EndpointConfigName).toBe('v2');
});

test('a delayed reply comes late, and the call took effect at once', async () => {
  await set({ kind: 'delayReply', operation: 'UpdateEndpoint', ms: 400, count: 1 });
  const startedAt = performance.now();
  const update = updateProd();
  while ((await describeProd()).EndpointStatus !== 'Updating') expect(performance.now() - startedAt).toBeLessThan(390);
  await update;
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(390);
});

test('a call that lands late takes effect although its sender has given up', async () => {
  await set({ kind: 'landLate', operation: 'UpdateEndpoint', ms: 400, count: 1 });
  const update = setup.sagemaker.updateEndpoint(
    { EndpointName: 'prod', EndpointConfigName: 'v2' },
    { abortSignal: AbortSignal.timeout(20) },
  );
  expect((await refusalOf(update)).name).toBe('AbortError');
  expect((await describeProd()).EndpointStatus).toBe('InService');
  await expect.poll(async () => (await describeProd()).EndpointStatus, { interval: 10 }).toBe('Updating');
});

test('a stale describe answers as the world was, also before there was anything', async () => {
  setup.pass(1000);
  await updateProd();
  await set({ kind: 'staleDescribe', ms: 400 });
  setup.pass(300);
  expect((await describeProd()).EndpointStatus).toBe('InService');
  setup.pass(200);
  expect((await describeProd()).EndpointStatus).toBe('Updating');
  setup.pass(800);
  expect((await describeProd()).PendingDeploymentSummary?.ProductionVariants?.[0]?.VariantStatus?.[0]?.Status).toBe(
    'Updating',
  );
  await setup.sagemaker.createEndpoint({ EndpointName: 'new', EndpointConfigName: 'v1' });
  const early = setup.sagemaker.describeEndpoint({ EndpointName: 'new' });
  expect((await refusalOf(early)).message).toContain('Could not find endpoint');
});

test('the model can be made slow, wrong or failing, and well again', async () => {
  const right = await ask(setup, 'prod');
  await set({ kind: 'wrongModel', endpoint: 'prod' });
  expect(Number(await ask(setup, 'prod'))).toBeCloseTo(1 - Number(right), 4);
  await set({ kind: 'slowModel', ms: 60, count: 1 });
  const startedAt = performance.now();
  await ask(setup, 'prod');
  expect(performance.now() - startedAt).toBeGreaterThan(55);
  await set({ kind: 'modelError', count: 1 });
  expect((await refusalOf(ask(setup, 'prod'))).name).toBe('ModelError');
  await set({ kind: 'throttle', operation: 'InvokeEndpoint', count: 1 });
  expect((await refusalOf(ask(setup, 'prod'))).name).toBe('ThrottlingException');
  await setup.running.control.clearFaults({ kind: 'wrongModel' });
  expect(await ask(setup, 'prod')).toBe(right);
});

test('what someone does in the console is not struck by faults', async () => {
  await set({ kind: 'throttle' });
  await setup.running.control.console('UpdateEndpoint', { EndpointName: 'prod', EndpointConfigName: 'v2' });
  await setup.running.control.clearFaults();
  expect((await describeProd()).EndpointStatus).toBe('Updating');
});

test('a model that crashes is not rolled out by an update that succeeds elsewhere', async () => {
  await makeConfig(setup, 'crashing', { behaviour: 'crash' });
  await updateProd('crashing');
  setup.pass(durations.updateMs);
  expect((await describeProd()).EndpointStatus).toBe('Updating');
  expect(await ask(setup, 'prod')).toMatch(/^0\.8/);
});
