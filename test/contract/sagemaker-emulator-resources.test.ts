import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedSurvival } from '../../sandbox/sagemaker/seed-survival.ts';
import { arn, makeConfig, packageArn, refusalOf, role, type Setup, setUp } from './sagemaker-emulator-setup.ts';

let setup: Setup;
beforeAll(async () => {
  setup = await setUp({ settings: { instanceQuotas: { 'ml.g6.48xlarge': 0 } } });
  await seedSurvival(setup.running);
  await makeConfig(setup, 'base');
});
afterAll(() => setup.close());

const fromPackage = (name: string, version: number, more: object = {}) =>
  setup.sagemaker.createModel({
    ModelName: name,
    ExecutionRoleArn: role,
    PrimaryContainer: { ModelPackageName: packageArn(version) },
    ...more,
  });

describe('models', () => {
  test('are created from a package, described and deleted', async () => {
    await fromPackage('from-package', 3, { Tags: [{ Key: 'project', Value: 'x' }] });
    const found = await setup.sagemaker.describeModel({ ModelName: 'from-package' });
    expect(found).toMatchObject({
      ModelArn: arn('model', 'from-package'),
      ExecutionRoleArn: role,
      EnableNetworkIsolation: false,
      PrimaryContainer: { ModelPackageName: packageArn(3) },
    });
    await setup.sagemaker.deleteModel({ ModelName: 'from-package' });
    expect((await refusalOf(setup.sagemaker.describeModel({ ModelName: 'from-package' }))).message).toBe(
      `Could not find model "${arn('model', 'from-package')}".`,
    );
  });

  test('from a package that is not approved are refused', async () => {
    expect((await refusalOf(fromPackage('early', 4))).message).toContain('is not approved');
  });

  test('with image and package both, or neither, are refused', async () => {
    const message = 'Specify one of either Image and Model Data URL or ModelPackageName in container definition.';
    const both = fromPackage('both', 1, { PrimaryContainer: { ModelPackageName: packageArn(1), Image: 'a' } });
    expect((await refusalOf(both)).message).toBe(message);
    expect((await refusalOf(fromPackage('none', 1, { PrimaryContainer: {} }))).message).toBe(message);
  });

  test('a second time are refused', async () => {
    await fromPackage('twice', 1);
    expect((await refusalOf(fromPackage('twice', 1))).message).toBe(
      `Cannot create already existing model "${arn('model', 'twice')}".`,
    );
  });

  test('with model data that is not there are refused', async () => {
    const PrimaryContainer = { Image: 'a', ModelDataUrl: 's3://elsewhere/model.tar.gz' };
    expect((await refusalOf(fromPackage('nodata', 1, { PrimaryContainer }))).message).toContain(
      'Could not access model data at s3://elsewhere/model.tar.gz.',
    );
  });

  test('with a role that is none are refused, in the words of the pattern', async () => {
    expect((await refusalOf(fromPackage('norole', 1, { ExecutionRoleArn: 'titanic-sagemaker-role' }))).message).toBe(
      "1 validation error detected: Value 'titanic-sagemaker-role' at 'executionRoleArn' failed to satisfy constraint: " +
        'Member must satisfy regular expression pattern: arn:aws[a-z\\-]*:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+',
    );
  });

  test('are listed newest first and by a part of the name', async () => {
    setup.pass(1000);
    await fromPackage('list-a', 1);
    setup.pass(1000);
    await fromPackage('list-b', 1);
    const { Models } = await setup.sagemaker.listModels({ NameContains: 'ist-' });
    expect(Models?.map((model) => model.ModelName)).toEqual(['list-b', 'list-a']);
  });
});

describe('names', () => {
  test.each(['bad_name', '-lead', 'trail-', 'a'.repeat(64), ''])('such as %j are refused', async (name) => {
    expect((await refusalOf(setup.sagemaker.deleteEndpoint({ EndpointName: name }))).name).toBe('ValidationException');
  });

  test('that are missing are named, all in one error', async () => {
    const { message } = await refusalOf(
      setup.sagemaker.createEndpoint({ EndpointName: undefined, EndpointConfigName: undefined }),
    );
    expect(message).toBe(
      "2 validation errors detected: Value null at 'endpointName' failed to satisfy constraint: Member must not be null; " +
        "Value null at 'endpointConfigName' failed to satisfy constraint: Member must not be null",
    );
  });
});

describe('endpoint configs', () => {
  const config = (name: string, variant: object, more: object = {}) =>
    setup.sagemaker.createEndpointConfig({
      EndpointConfigName: name,
      ProductionVariants: [{ VariantName: 'AllTraffic', ModelName: 'base', ...variant }],
      ...more,
    });
  const instances = { InstanceType: 'ml.m5.large', InitialInstanceCount: 1 };

  test('keep what they were given, with the weight filled in', async () => {
    const DataCaptureConfig = {
      InitialSamplingPercentage: 10,
      DestinationS3Uri: 's3://bucket/capture',
      CaptureOptions: [{ CaptureMode: 'Input' }],
    };
    await config('full', instances, { DataCaptureConfig, KmsKeyId: 'key' });
    expect(await setup.sagemaker.describeEndpointConfig({ EndpointConfigName: 'full' })).toMatchObject({
      EndpointConfigArn: arn('endpoint-config', 'full'),
      ProductionVariants: [{ ...instances, VariantName: 'AllTraffic', ModelName: 'base', InitialVariantWeight: 1 }],
      DataCaptureConfig,
      KmsKeyId: 'key',
    });
  });

  test('a second time, or for a model that is not there, are refused', async () => {
    await config('dup', instances);
    expect((await refusalOf(config('dup', instances))).message).toBe(
      `Cannot create already existing endpoint configuration "${arn('endpoint-config', 'dup')}".`,
    );
    expect((await refusalOf(config('nomodel', { ...instances, ModelName: 'nobody' }))).message).toBe(
      `Could not find model "${arn('model', 'nobody')}".`,
    );
  });

  test('are for instances or serverless, within the limits', async () => {
    await config('serverless', { ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 5 } });
    const refused = [
      config('neither', {}),
      config('odd', { ServerlessConfig: { MemorySizeInMB: 2000, MaxConcurrency: 5 } }),
      config('large', { ServerlessConfig: { MemorySizeInMB: 7168, MaxConcurrency: 5 } }),
      config('zero', { ...instances, InitialInstanceCount: 0 }),
      config('slow', { ...instances, ContainerStartupHealthCheckTimeoutInSeconds: 59 }),
    ];
    for (const one of refused) expect((await refusalOf(one)).name).toBe('ValidationException');
  });

  test('are listed and deleted', async () => {
    const { EndpointConfigs } = await setup.sagemaker.listEndpointConfigs({ NameContains: 'serverless' });
    expect(EndpointConfigs?.map((one) => one.EndpointConfigName)).toEqual(['serverless']);
    await setup.sagemaker.deleteEndpointConfig({ EndpointConfigName: 'serverless' });
    expect((await refusalOf(setup.sagemaker.deleteEndpointConfig({ EndpointConfigName: 'serverless' }))).message).toBe(
      `Could not find endpoint configuration "${arn('endpoint-config', 'serverless')}".`,
    );
  });

  test('beyond the quota of an instance type cannot be deployed', async () => {
    await config('huge', { InstanceType: 'ml.g6.48xlarge', InitialInstanceCount: 1 });
    const deploy = setup.sagemaker.createEndpoint({ EndpointName: 'huge', EndpointConfigName: 'huge' });
    expect(await refusalOf(deploy)).toMatchObject({
      name: 'ResourceLimitExceeded',
      status: 400,
      message: expect.stringContaining(
        "The account-level service limit 'ml.g6.48xlarge for endpoint usage' is 0 Instances, with current utilization " +
          'of 0 Instances and a request delta of 1 Instances. Please use AWS Service Quotas to request an increase',
      ),
    });
  });
});

describe('tags', () => {
  test('are set at creation, added, listed and deleted', async () => {
    await fromPackage('tagged', 1, { Tags: [{ Key: 'project', Value: 'titanic-sagemaker' }] });
    const ResourceArn = arn('model', 'tagged');
    const tags = async () => (await setup.sagemaker.listTags({ ResourceArn })).Tags;
    await setup.sagemaker.addTags({ ResourceArn, Tags: [{ Key: 'tutorial_phase', Value: '04' }] });
    expect(await tags()).toEqual([
      { Key: 'project', Value: 'titanic-sagemaker' },
      { Key: 'tutorial_phase', Value: '04' },
    ]);
    await setup.sagemaker.deleteTags({ ResourceArn, TagKeys: ['project'] });
    expect(await tags()).toEqual([{ Key: 'tutorial_phase', Value: '04' }]);
  });

  test('of what is not there, with bad characters, or too many, are refused', async () => {
    const nothing = setup.sagemaker.listTags({ ResourceArn: arn('endpoint', 'none') });
    expect((await refusalOf(nothing)).message).toBe(`Could not find endpoint "${arn('endpoint', 'none')}".`);
    const ResourceArn = arn('model', 'base');
    for (const Tags of [
      [{ Key: 'bad!', Value: '' }],
      Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: '' })),
    ])
      expect((await refusalOf(setup.sagemaker.addTags({ ResourceArn, Tags }))).name).toBe('ValidationException');
    expect((await refusalOf(setup.sagemaker.listTags({ ResourceArn, MaxResults: 10 }))).message).toContain(
      'greater than or equal to 50',
    );
  });
});

describe('the wire', () => {
  const post = (headers: Record<string, string>, body = '{}', path = '/') =>
    fetch(`${setup.running.url}${path}`, { method: 'POST', headers, body });
  const signed = {
    authorization: 'AWS4-HMAC-SHA256 Credential=AK/20300101/us-east-1/sagemaker/aws4_request, Signature=0',
  };
  const json = { 'content-type': 'application/x-amz-json-1.1' };

  test('refuses what is not signed, in the words of each protocol', async () => {
    const missing = await post({ ...json, 'x-amz-target': 'SageMaker.ListModels' });
    expect(missing.status).toBe(403);
    expect(await missing.json()).toEqual({
      __type: 'MissingAuthenticationTokenException',
      message: 'Missing Authentication Token',
    });
    expect((await post({}, 'x', '/endpoints/prod/invocations')).status).toBe(403);
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const sts = await post(form, 'Action=GetCallerIdentity&Version=2011-06-15');
    expect([sts.status, await sts.text()]).toEqual([403, expect.stringContaining('<Code>MissingAuthenticationToken')]);
  });

  test('answers an unknown operation, a body that is no JSON and a member of the wrong type', async () => {
    const typeOf = async (target: string, body: string) => {
      const response = await post({ ...signed, ...json, 'x-amz-target': target }, body);
      return [response.status, Object(await response.json()).__type];
    };
    expect(await typeOf('SageMaker.CreateTrainingJob', '{}')).toEqual([400, 'UnknownOperationException']);
    expect(await typeOf('DynamoDB_20120810.ListTables', '{}')).toEqual([400, 'UnknownOperationException']);
    expect(await typeOf('SageMaker.ListModels', 'no')).toEqual([400, 'SerializationException']);
    expect(await typeOf('SageMaker.DescribeModel', '{"ModelName":1}')).toEqual([400, 'SerializationException']);
  });

  test('puts a request id on every answer and times in epoch seconds', async () => {
    const response = await post(
      { ...signed, ...json, 'x-amz-target': 'SageMaker.DescribeModel' },
      '{"ModelName":"base"}',
    );
    expect(response.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
    expect(Object(await response.json()).CreationTime).toBe(Date.UTC(2030, 0, 1) / 1000);
    expect((await refusalOf(setup.sagemaker.describeModel({ ModelName: 'none' }))).requestId).toMatch(
      /^[0-9a-f-]{36}$/,
    );
  });

  test('says who the caller is', async () => {
    expect(await setup.sts.getCallerIdentity({})).toMatchObject({
      Account: '123456789012',
      Arn: 'arn:aws:iam::123456789012:user/titanic-sandbox',
    });
  });
});
