import { arnOf, callerArn } from '../account.ts';
import type { Operation, OperationContext } from '../operation.ts';
import { conflictException, validationException } from '../wire/aws-error.ts';
import { readInput } from '../wire/input-reader.ts';
import { epochSeconds, type JsonObject } from '../wire/json-value.ts';
import { entityName, groupNameOrArn } from '../wire/name-rules.ts';
import type { GroupRecord } from '../world.ts';
import { listPage, readListQuery } from './list-page.ts';
import { readTags, tagNew } from './tags.ts';

export const createModelPackageGroup: Operation = (context, input) => {
  const read = readInput(input);
  const name = read.text('ModelPackageGroupName', entityName);
  const description = read.optionalText('ModelPackageGroupDescription', { max: 1024 });
  const tags = readTags(read);
  read.done();
  const arn = arnOf(context.account, 'model-package-group', name);
  if (context.world.groups.has(name.toLowerCase()))
    throw validationException(`Model Package Group already exists: ${arn}`);
  context.world.groups.set(name.toLowerCase(), {
    name,
    arn,
    description,
    createdAtMs: context.nowMs,
    lastVersion: 0,
  });
  tagNew(context, arn, tags);
  return { ModelPackageGroupArn: arn };
};

/** The group by name or ARN; refuses when there is none. */
export function findGroup(context: OperationContext, nameOrArn: string): GroupRecord {
  const name = nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1);
  const found = context.world.groups.get(name.toLowerCase());
  if (found === undefined)
    throw validationException(
      `ModelPackageGroup ${arnOf(context.account, 'model-package-group', name)} does not exist.`,
    );
  return found;
}

/** Who created or changed something, as the registry shows it. */
export function userContext(context: OperationContext): JsonObject {
  return { IamIdentity: { Arn: callerArn(context.account), PrincipalId: 'AIDASANDBOX' } };
}

export const describeModelPackageGroup: Operation = (context, input) => {
  const read = readInput(input);
  const name = read.text('ModelPackageGroupName', groupNameOrArn);
  read.done();
  const group = findGroup(context, name);
  return { ...summary(group), CreatedBy: userContext(context) };
};

export const listModelPackageGroups: Operation = (context, input) => {
  const read = readInput(input);
  const query = readListQuery(read, { defaultSortOrder: 'Descending', sortKeys: ['Name', 'CreationTime'] });
  read.done();
  const page = listPage(context.world.groups.values(), query);
  return { ModelPackageGroupSummaryList: page.items.map(summary), NextToken: page.nextToken };
};

/** Deletes an empty group; a full one is a conflict (the trigger is a guess). */
export const deleteModelPackageGroup: Operation = (context, input) => {
  const read = readInput(input);
  const name = read.text('ModelPackageGroupName', groupNameOrArn);
  read.done();
  const group = findGroup(context, name);
  for (const item of context.world.packages.values())
    if (item.groupName === group.name)
      throw conflictException(`Model Package Group ${group.arn} still contains model packages.`);
  context.world.groups.delete(group.name.toLowerCase());
  context.world.tags.delete(group.arn);
  return {};
};

function summary(group: GroupRecord): JsonObject {
  return {
    ModelPackageGroupName: group.name,
    ModelPackageGroupArn: group.arn,
    ModelPackageGroupDescription: group.description,
    CreationTime: epochSeconds(group.createdAtMs),
    ModelPackageGroupStatus: 'Completed',
  };
}
