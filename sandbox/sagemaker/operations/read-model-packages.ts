import type { Operation } from '../operation.ts';
import { readInput } from '../wire/input-reader.ts';
import { epochSeconds, type JsonObject } from '../wire/json-value.ts';
import { groupNameOrArn, packageNameOrArn } from '../wire/name-rules.ts';
import type { PackageRecord } from '../world.ts';
import { findPackage } from './find-package.ts';
import { listPage, readListQuery } from './list-page.ts';
import { findGroup } from './model-package-groups.ts';

export const describeModelPackage: Operation = (context, input) => {
  const read = readInput(input);
  const name = read.text('ModelPackageName', packageNameOrArn);
  read.done();
  const found = findPackage(context, name);
  return {
    ...found.members,
    ...identity(found),
    LastModifiedTime: found.lastModifiedMs === undefined ? undefined : epochSeconds(found.lastModifiedMs),
    ModelPackageStatusDetails: { ValidationStatuses: [], ImageScanStatuses: [] },
    CertifyForMarketplace: found.members.CertifyForMarketplace ?? false,
  };
};

/** Without a type only unversioned packages are listed, unless a group is named: its versions are. */
export const listModelPackages: Operation = (context, input) => {
  const read = readInput(input);
  const groupName = read.optionalText('ModelPackageGroupName', groupNameOrArn);
  const status = read.optionalText('ModelApprovalStatus', {
    values: ['Approved', 'Rejected', 'PendingManualApproval'],
  });
  const type =
    read.optionalText('ModelPackageType', { values: ['Versioned', 'Unversioned', 'Both'] }) ??
    (groupName === undefined ? 'Unversioned' : 'Versioned');
  const query = readListQuery(read, { defaultSortOrder: 'Ascending', sortKeys: ['Name', 'CreationTime'] });
  read.done();
  const group = groupName === undefined ? undefined : findGroup(context, groupName);
  const wanted = [...context.world.packages.values()].filter(
    (item) =>
      (group === undefined || item.groupName === group.name) &&
      (type === 'Both' || (type === 'Versioned') === (item.groupName !== undefined)) &&
      (status === undefined || item.approvalStatus === status),
  );
  const page = listPage(wanted, query, (item) => item.version ?? 0);
  return { ModelPackageSummaryList: page.items.map(summary), NextToken: page.nextToken };
};

/** Versions have no name of their own: the group and the number are it. */
function identity(item: PackageRecord): JsonObject {
  return {
    ModelPackageName: item.groupName === undefined ? item.name : item.groupName,
    ModelPackageGroupName: item.groupName,
    ModelPackageVersion: item.version,
    ModelPackageArn: item.arn,
    ModelPackageDescription: item.members.ModelPackageDescription,
    CreationTime: epochSeconds(item.createdAtMs),
    ModelPackageStatus: 'Completed',
    ModelApprovalStatus: item.approvalStatus,
    ModelLifeCycle: item.members.ModelLifeCycle,
    ModelPackageRegistrationType: item.members.ModelPackageRegistrationType,
  };
}

/** The list gives versions no ModelPackageName, although DescribeModelPackage does. */
function summary(item: PackageRecord): JsonObject {
  return { ...identity(item), ModelPackageName: item.groupName === undefined ? item.name : undefined };
}
