import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SURVIVAL_GROUP, seedSurvival } from '../../sandbox/sagemaker/seed-survival.ts';
import { arn, packageArn, refusalOf, type Setup, setUp } from './sagemaker-emulator-setup.ts';

let setup: Setup;
beforeAll(async () => {
  setup = await setUp();
  await seedSurvival(setup.running);
});
afterAll(() => setup.close());

describe('the seeded group', () => {
  test('has four versions in ascending order, the last one waiting for approval', async () => {
    const { ModelPackageSummaryList } = await setup.sagemaker.listModelPackages({
      ModelPackageGroupName: SURVIVAL_GROUP,
    });
    expect(ModelPackageSummaryList?.map((item) => [item.ModelPackageVersion, item.ModelApprovalStatus])).toEqual([
      [1, 'Approved'],
      [2, 'Approved'],
      [3, 'Approved'],
      [4, 'PendingManualApproval'],
    ]);
  });

  test('is not filled a second time', async () => {
    await seedSurvival(setup.running);
    const { ModelPackageSummaryList } = await setup.sagemaker.listModelPackages({
      ModelPackageGroupName: SURVIVAL_GROUP,
    });
    expect(ModelPackageSummaryList).toHaveLength(4);
  });

  test('says of a version what it is made of and how well it does', async () => {
    const found = await setup.sagemaker.describeModelPackage({ ModelPackageName: packageArn(3) });
    expect(found.InferenceSpecification?.Containers?.[0]).toEqual({
      Image: expect.stringContaining('/titanic-survival:3'),
      ImageDigest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      ModelDataUrl: 's3://titanic-models/survival/3/model.tar.gz',
      ModelDataETag: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(Number(found.CustomerMetadataProperties?.accuracy)).toBeGreaterThan(0.77);
    expect(found.MetadataProperties?.CommitId).toMatch(/^[0-9a-f]{40}$/);
    expect(found.CreationTime).toEqual(new Date(setup.nowMs()));
    expect(found.CreatedBy?.IamIdentity?.Arn).toContain('titanic-sandbox');
  });

  test('is described by name and by ARN, and carries tags', async () => {
    const byName = await setup.sagemaker.describeModelPackageGroup({ ModelPackageGroupName: SURVIVAL_GROUP });
    expect(byName.ModelPackageGroupStatus).toBe('Completed');
    const { ModelPackageGroupArn } = await setup.sagemaker.describeModelPackageGroup({
      ModelPackageGroupName: byName.ModelPackageGroupArn,
    });
    expect(ModelPackageGroupArn).toBe(arn('model-package-group', SURVIVAL_GROUP));
    const { Tags } = await setup.sagemaker.listTags({ ResourceArn: ModelPackageGroupArn });
    expect(Tags).toContainEqual({ Key: 'project', Value: 'titanic-sagemaker' });
  });

  test('gives a version by `group/version` too', async () => {
    const { ModelPackageArn } = await setup.sagemaker.describeModelPackage({ ModelPackageName: `${SURVIVAL_GROUP}/2` });
    expect(ModelPackageArn).toBe(packageArn(2));
  });
});

describe('listing packages', () => {
  const versions = async (query: object) => {
    const { ModelPackageSummaryList } = await setup.sagemaker.listModelPackages({
      ModelPackageGroupName: SURVIVAL_GROUP,
      ...query,
    });
    return ModelPackageSummaryList?.map((item) => item.ModelPackageVersion);
  };

  test('pages without losing or repeating one', async () => {
    const first = await setup.sagemaker.listModelPackages({ ModelPackageGroupName: SURVIVAL_GROUP, MaxResults: 3 });
    expect(first.ModelPackageSummaryList).toHaveLength(3);
    const second = await setup.sagemaker.listModelPackages({
      ModelPackageGroupName: SURVIVAL_GROUP,
      MaxResults: 3,
      NextToken: first.NextToken,
    });
    expect(second.ModelPackageSummaryList?.map((item) => item.ModelPackageVersion)).toEqual([4]);
    expect(second.NextToken).toBeUndefined();
  });

  test('filters by approval and sorts either way', async () => {
    expect(await versions({ ModelApprovalStatus: 'PendingManualApproval' })).toEqual([4]);
    expect(await versions({ SortBy: 'CreationTime', SortOrder: 'Descending' })).toEqual([4, 3, 2, 1]);
    expect(await versions({ CreationTimeAfter: new Date(setup.nowMs() + 1000) })).toEqual([]);
    expect(await versions({ NameContains: 'iceberg' })).toEqual([]);
  });

  test('gives no versions when no group and no type is named, and all with Both', async () => {
    expect((await setup.sagemaker.listModelPackages({})).ModelPackageSummaryList).toEqual([]);
    expect(
      (await setup.sagemaker.listModelPackages({ ModelPackageType: 'Both' })).ModelPackageSummaryList,
    ).toHaveLength(4);
  });

  test('refuses an unknown group, a bad token and an impossible page size', async () => {
    expect(await refusalOf(setup.sagemaker.listModelPackages({ ModelPackageGroupName: 'other' }))).toMatchObject({
      name: 'ValidationException',
      message: `ModelPackageGroup ${arn('model-package-group', 'other')} does not exist.`,
    });
    expect((await refusalOf(setup.sagemaker.listModelPackages({ NextToken: 'xyz' }))).name).toBe('ValidationException');
    expect((await refusalOf(setup.sagemaker.listModelPackages({ MaxResults: 101 }))).message).toBe(
      "1 validation error detected: Value '101' at 'maxResults' failed to satisfy constraint: " +
        'Member must have value less than or equal to 100',
    );
  });

  test('lists groups newest first, and pages them', async () => {
    setup.pass(1000);
    await setup.sagemaker.createModelPackageGroup({ ModelPackageGroupName: 'newer' });
    const { ModelPackageGroupSummaryList: groups, NextToken } = await setup.sagemaker.listModelPackageGroups({
      MaxResults: 1,
    });
    expect(groups?.map((group) => group.ModelPackageGroupName)).toEqual(['newer']);
    const rest = await setup.sagemaker.listModelPackageGroups({ NextToken });
    expect(rest.ModelPackageGroupSummaryList?.map((group) => group.ModelPackageGroupName)).toEqual([SURVIVAL_GROUP]);
  });
});

describe('changing a package', () => {
  test('approves with a description, and leaves the rest as it was', async () => {
    setup.pass(1000);
    await setup.sagemaker.updateModelPackage({
      ModelPackageArn: packageArn(4),
      ModelApprovalStatus: 'Approved',
      ApprovalDescription: 'looks right',
    });
    await setup.sagemaker.updateModelPackage({
      ModelPackageArn: packageArn(4),
      ModelLifeCycle: { Stage: 'Staging', StageStatus: 'Deployed' },
      CustomerMetadataProperties: { rollout: 'survival-1' },
      CustomerMetadataPropertiesToRemove: ['trainedOn'],
    });
    const found = await setup.sagemaker.describeModelPackage({ ModelPackageName: packageArn(4) });
    expect(found).toMatchObject({
      ModelApprovalStatus: 'Approved',
      ApprovalDescription: 'looks right',
      ModelLifeCycle: { Stage: 'Staging', StageStatus: 'Deployed' },
      CustomerMetadataProperties: { rollout: 'survival-1', features: 'class, sex, age' },
      LastModifiedTime: new Date(setup.nowMs()),
    });
    expect(found.CustomerMetadataProperties?.trainedOn).toBeUndefined();
  });

  test('with a client token happens once, and with another request is a conflict', async () => {
    const request = { ModelPackageArn: packageArn(1), ModelApprovalStatus: 'Rejected', ClientToken: 'once' } as const;
    await setup.sagemaker.updateModelPackage(request);
    await setup.sagemaker.updateModelPackage({ ModelPackageArn: packageArn(1), ModelApprovalStatus: 'Approved' });
    await setup.sagemaker.updateModelPackage(request);
    const { ModelApprovalStatus } = await setup.sagemaker.describeModelPackage({ ModelPackageName: packageArn(1) });
    expect(ModelApprovalStatus).toBe('Approved');
    const other = setup.sagemaker.updateModelPackage({ ...request, ModelPackageArn: packageArn(2) });
    expect(await refusalOf(other)).toMatchObject({ name: 'ConflictException', status: 400 });
  });

  test('back to pending is refused, and so is what is not there', async () => {
    const back = setup.sagemaker.updateModelPackage({
      ModelPackageArn: packageArn(2),
      ModelApprovalStatus: 'PendingManualApproval',
    });
    expect((await refusalOf(back)).message).toBe(
      'Cannot change ModelApprovalStatus from Approved to PendingManualApproval.',
    );
    const unknown = setup.sagemaker.describeModelPackage({ ModelPackageName: packageArn(99) });
    expect((await refusalOf(unknown)).message).toBe(`Could not find model package "${packageArn(99)}".`);
  });

  test('new versions count on, even after a delete', async () => {
    const add = () => setup.sagemaker.createModelPackage({ ModelPackageGroupName: 'newer' });
    expect((await add()).ModelPackageArn).toMatch(/newer\/1$/);
    await setup.sagemaker.deleteModelPackage({ ModelPackageName: 'newer/1' });
    expect((await add()).ModelPackageArn).toMatch(/newer\/2$/);
    expect((await refusalOf(setup.sagemaker.deleteModelPackageGroup({ ModelPackageGroupName: 'newer' }))).name).toBe(
      'ConflictException',
    );
    await setup.sagemaker.deleteModelPackage({ ModelPackageName: 'newer/2' });
    await setup.sagemaker.deleteModelPackageGroup({ ModelPackageGroupName: 'newer' });
    expect(
      (await refusalOf(setup.sagemaker.describeModelPackageGroup({ ModelPackageGroupName: 'newer' }))).message,
    ).toContain('does not exist');
  });

  test('a package outside a group has a name and may be tagged; a version may not', async () => {
    await setup.sagemaker.createModelPackage({ ModelPackageName: 'alone', Tags: [{ Key: 'a', Value: 'b' }] });
    const { Tags } = await setup.sagemaker.listTags({ ResourceArn: arn('model-package', 'alone') });
    expect(Tags).toEqual([{ Key: 'a', Value: 'b' }]);
    const tagged = setup.sagemaker.createModelPackage({
      ModelPackageGroupName: SURVIVAL_GROUP,
      Tags: [{ Key: 'a', Value: 'b' }],
    });
    expect((await refusalOf(tagged)).name).toBe('ValidationException');
    expect((await refusalOf(setup.sagemaker.listTags({ ResourceArn: packageArn(1) }))).name).toBe(
      'ValidationException',
    );
    expect((await refusalOf(setup.sagemaker.createModelPackage({}))).message).toBe('Missing ARN.');
  });
});
