import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type RunningSageMaker, startSageMaker } from '../../sandbox/sagemaker/start-sagemaker.ts';
import type { AwsClients } from '../../src/adapters/aws-clients.ts';
import { createSageMakerRegistry } from '../../src/adapters/sagemaker-registry.ts';
import type { ModelRegistry } from '../../src/ports/model-registry.ts';
import { awsClientsFor } from '../support/aws-env.ts';
import { awsErrorAnswer, type FaultyProxy, startFaultyProxy } from '../support/faulty-proxy.ts';

const GROUP = 'titanic-survival';
const GROUP_ARN = `arn:aws:sagemaker:us-east-1:123456789012:model-package-group/${GROUP}`;
const VERSIONS = 130;
const IMAGE = '123456789012.dkr.ecr.us-east-1.amazonaws.com/titanic-survival:1';
const DIGEST = `sha256:${'a'.repeat(64)}`;

const arnOf = (version: number) => `arn:aws:sagemaker:us-east-1:123456789012:model-package/${GROUP}/${version}`;
const specification = (version: number) => ({
  Containers: [
    {
      Image: IMAGE,
      ImageDigest: DIGEST,
      ModelDataUrl: `s3://titanic-models/class-sex/${version}/model.tar.gz`,
      ModelDataETag: `etag-${version}`,
    },
  ],
  SupportedContentTypes: ['text/csv'],
});

let sagemaker: RunningSageMaker;
let proxy: FaultyProxy;
let clients: AwsClients;
let registry: ModelRegistry;

beforeAll(async () => {
  sagemaker = await startSageMaker();
  const { control } = sagemaker;
  await control.console('CreateModelPackageGroup', { ModelPackageGroupName: GROUP });
  for (let version = 1; version <= VERSIONS; version += 1) {
    await control.console('CreateModelPackage', {
      ModelPackageGroupName: GROUP,
      ModelPackageDescription: `version ${version}`,
      ModelApprovalStatus: version <= 120 ? 'Approved' : 'PendingManualApproval',
      InferenceSpecification: specification(version),
    });
  }
  proxy = await startFaultyProxy(sagemaker.url);
  clients = awsClientsFor({ SAGEMAKER: proxy.url });
  registry = createSageMakerRegistry(clients.registry);
});

afterEach(() => {
  proxy.mode = () => ({ kind: 'pass' });
  proxy.calls.length = 0;
});

afterAll(async () => {
  clients.destroy();
  await proxy.close();
  await sagemaker.close();
  vi.unstubAllEnvs();
});

describe('the Model Registry', () => {
  it.each([GROUP, GROUP_ARN])(
    'finds the approved package with the highest version of %s, on whatever page it is',
    async (group) => {
      expect(await registry.newestApproved(group)).toMatchObject({
        kind: 'known',
        value: {
          arn: arnOf(120),
          group: GROUP,
          version: 120,
          approval: 'Approved',
          status: 'Completed',
          description: 'version 120',
          containers: [
            {
              image: IMAGE,
              imageDigest: DIGEST,
              modelDataUrl: 's3://titanic-models/class-sex/120/model.tar.gz',
              modelDataEtag: 'etag-120',
            },
          ],
          inferenceSpec: specification(120),
        },
      });
      expect(proxy.calls.filter(({ operation }) => operation === 'SageMaker.ListModelPackages')).toHaveLength(2);
    },
  );

  it('goes by version, not by the order in which packages are listed', async () => {
    proxy.mode = (call) => {
      if (call.operation !== 'SageMaker.ListModelPackages') return { kind: 'pass' };
      const listed = [7, 11, 9].map((version) => ({ ModelPackageArn: arnOf(version), ModelPackageVersion: version }));
      return { kind: 'answer', status: 200, body: JSON.stringify({ ModelPackageSummaryList: listed }) };
    };
    expect(await registry.newestApproved(GROUP)).toMatchObject({ value: { version: 11 } });
  });

  it.each([GROUP, GROUP_ARN])(
    'finds a version of %s, whatever its approval, and null where there is none',
    async (group) => {
      expect(await registry.byVersion(group, 125)).toMatchObject({
        value: { version: 125, approval: 'PendingManualApproval' },
      });
      expect(await registry.byVersion(group, 999)).toEqual({ kind: 'known', value: null });
    },
  );

  it('finds a package by its ARN, and null where there is none', async () => {
    expect(await registry.byArn(arnOf(3))).toMatchObject({ value: { version: 3, group: GROUP } });
    expect(await registry.byArn(arnOf(999))).toEqual({ kind: 'known', value: null });
  });

  it('lists the newest versions first', async () => {
    const listed = await registry.list(GROUP, 6);
    if (listed.kind === 'unknown') throw new Error(listed.why);
    expect(listed.value.map(({ version }) => version)).toEqual([130, 129, 128, 127, 126, 125]);
  });

  it('knows nothing approved where there is nothing approved', async () => {
    await sagemaker.control.console('CreateModelPackageGroup', { ModelPackageGroupName: 'empty' });
    expect(await registry.newestApproved('empty')).toEqual({ kind: 'known', value: null });
    expect(await registry.list('empty', 10)).toEqual({ kind: 'known', value: [] });
  });

  it('is unknown, and never empty, when SageMaker cannot say', async () => {
    expect((await registry.newestApproved('no-such-group')).kind).toBe('unknown');
    proxy.mode = () => awsErrorAnswer('AccessDeniedException', 'not authorized to perform: sagemaker:List', 403);
    for (const reading of [
      await registry.newestApproved(GROUP),
      await registry.byVersion(GROUP, 1),
      await registry.byArn(arnOf(1)),
      await registry.list(GROUP, 5),
    ]) {
      expect(reading).toMatchObject({ kind: 'unknown', why: expect.stringContaining('not authorized') });
    }
  });
});
