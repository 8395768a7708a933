import { arnOf } from '../account.ts';
import type { Operation } from '../operation.ts';
import { validationException } from '../wire/aws-error.ts';
import { type InputReader, readInput } from '../wire/input-reader.ts';
import type { JsonObject } from '../wire/json-value.ts';
import { clientToken, entityName, groupNameOrArn, packageNameOrArn } from '../wire/name-rules.ts';
import { findPackage } from './find-package.ts';
import { idempotent } from './idempotent.ts';
import { findGroup, userContext } from './model-package-groups.ts';
import { readTags, tagNew } from './tags.ts';

const APPROVAL_STATUSES = ['Approved', 'Rejected', 'PendingManualApproval'];
const METADATA_MAX = 50;

/** Members that CreateModelPackage takes but that are not kept as they are. */
const NOT_KEPT = new Set([
  'ModelPackageName',
  'ModelPackageGroupName',
  'ModelApprovalStatus',
  'ClientToken',
  'Tags',
  'ModelPackageArn',
  'CustomerMetadataPropertiesToRemove',
  'AdditionalInferenceSpecificationsToAdd',
]);

export const createModelPackage: Operation = (context, input) => {
  const read = readInput(input);
  const name = read.optionalText('ModelPackageName', entityName);
  const groupName = read.optionalText('ModelPackageGroupName', groupNameOrArn);
  const status = readShared(read);
  const token = read.optionalText('ClientToken', clientToken);
  const tags = readTags(read);
  read.done();
  if (name !== undefined && groupName !== undefined)
    throw validationException(
      'Both ModelPackageName and ModelPackageGroupName are provided in the input. Cannot determine which one to use.',
    );
  if (name === undefined && groupName === undefined) throw validationException('Missing ARN.');
  return idempotent(context, 'CreateModelPackage', token, input, () => {
    const group = groupName === undefined ? undefined : findGroup(context, groupName);
    if (group !== undefined && Object.keys(tags).length > 0)
      throw validationException('Versioned model packages can not be tagged.');
    const version = group === undefined ? undefined : group.lastVersion + 1;
    const fullName = group === undefined ? (name ?? '') : `${group.name}/${version}`;
    const arn = arnOf(context.account, 'model-package', fullName);
    if (context.world.packages.has(arn)) throw validationException(`Model package already exists: ${arn}`);
    context.world.packages.set(arn, {
      arn,
      groupName: group?.name,
      version,
      name: group === undefined ? fullName : group.name,
      createdAtMs: context.nowMs,
      lastModifiedMs: undefined,
      approvalStatus: status ?? (group === undefined ? undefined : 'PendingManualApproval'),
      members: { ...kept(input), CreatedBy: userContext(context) },
    });
    if (group !== undefined && version !== undefined)
      context.world.groups.set(group.name.toLowerCase(), { ...group, lastVersion: version });
    tagNew(context, arn, tags);
    return { ModelPackageArn: arn };
  });
};

/** Changes what is given and leaves the rest as it was. */
export const updateModelPackage: Operation = (context, input) => {
  const read = readInput(input);
  const arn = read.text('ModelPackageArn', packageNameOrArn);
  const status = readShared(read);
  const description = read.optionalText('ApprovalDescription', { max: 1024 });
  const added = read.optionalTextMap('CustomerMetadataProperties', { max: METADATA_MAX });
  const removed = read.optionalTexts('CustomerMetadataPropertiesToRemove') ?? [];
  const token = read.optionalText('ClientToken', clientToken);
  read.done();
  return idempotent(context, 'UpdateModelPackage', token, input, () => {
    const found = findPackage(context, arn);
    // The registry's documentation lists no way back to pending; the wording is ours.
    if (status === 'PendingManualApproval' && found.approvalStatus !== status)
      throw validationException(`Cannot change ModelApprovalStatus from ${found.approvalStatus} to ${status}.`);
    const before = readInput(found.members).optionalTextMap('CustomerMetadataProperties') ?? {};
    const metadata = Object.entries({ ...before, ...added }).filter(([key]) => !removed.includes(key));
    if (metadata.length > METADATA_MAX)
      throw validationException(`The number of customer metadata properties can not exceed ${METADATA_MAX}.`);
    context.world.packages.set(found.arn, {
      ...found,
      approvalStatus: status ?? found.approvalStatus,
      lastModifiedMs: context.nowMs,
      members: {
        ...found.members,
        ...kept(input),
        ApprovalDescription: description ?? found.members.ApprovalDescription,
        CustomerMetadataProperties: metadata.length === 0 ? undefined : Object.fromEntries(metadata),
        LastModifiedBy: userContext(context),
      },
    });
    return { ModelPackageArn: found.arn };
  });
};

/** A package in use may be deleted; what is deployed of it keeps running. */
export const deleteModelPackage: Operation = (context, input) => {
  const read = readInput(input);
  const name = read.text('ModelPackageName', packageNameOrArn);
  read.done();
  const found = findPackage(context, name);
  context.world.packages.delete(found.arn);
  context.world.tags.delete(found.arn);
  return {};
};

/** Checks what create and update share, and answers the approval status. */
function readShared(read: InputReader): string | undefined {
  read.optionalTextMap('CustomerMetadataProperties', { max: METADATA_MAX });
  read.optionalText('ModelPackageDescription', { max: 1024 });
  read.optionalText('ModelPackageRegistrationType', { values: ['Logged', 'Registered'] });
  const lifeCycle = read.optionalObject('ModelLifeCycle');
  lifeCycle?.text('Stage', { max: 63 });
  lifeCycle?.text('StageStatus', { max: 63 });
  lifeCycle?.optionalText('StageDescription', { max: 1024 });
  const specification = read.optionalObject('InferenceSpecification');
  for (const container of specification?.list('Containers', { required: true, min: 1, max: 15 }) ?? []) {
    container.optionalText('Image', { max: 255, pattern: '[\\S]+' });
    container.optionalText('ImageDigest', { max: 72, pattern: '[Ss][Hh][Aa]256:[0-9a-fA-F]{64}' });
    container.optionalText('ModelDataUrl', { max: 1024, pattern: '(https|s3)://([^/]+)/?(.*)' });
  }
  return read.optionalText('ModelApprovalStatus', { values: APPROVAL_STATUSES });
}

function kept(input: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(input).filter(([member]) => !NOT_KEPT.has(member)));
}
