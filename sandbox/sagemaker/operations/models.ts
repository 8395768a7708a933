import { arnOf } from '../account.ts';
import type { Operation, OperationContext } from '../operation.ts';
import { notFound, validationException } from '../wire/aws-error.ts';
import { type InputReader, readInput } from '../wire/input-reader.ts';
import { epochSeconds, type JsonObject } from '../wire/json-value.ts';
import { modelName, roleArn } from '../wire/name-rules.ts';
import type { ModelRecord } from '../world.ts';
import { findPackage, servedContainers } from './find-package.ts';
import { listPage, readListQuery } from './list-page.ts';
import { readTags, tagNew } from './tags.ts';

export const createModel: Operation = (context, input) => {
  const read = readInput(input);
  const name = read.text('ModelName', modelName);
  const role = read.text('ExecutionRoleArn', roleArn);
  const primary = read.optionalObject('PrimaryContainer');
  const several = read.list('Containers', { max: 15 });
  const tags = readTags(read);
  read.optionalFlag('EnableNetworkIsolation');
  read.done();
  const containers = primary === undefined ? several : [primary];
  if (containers.length === 0 || (primary !== undefined && several.length > 0))
    throw validationException('Specify either the primary container or a list of containers.');
  for (const container of containers) checkContainer(context, container, role);
  const arn = arnOf(context.account, 'model', name);
  if (context.world.models.has(name.toLowerCase()))
    throw validationException(`Cannot create already existing model "${arn}".`);
  if (context.takeFault('badRole') !== undefined) throw badRole(role);

  const { ModelName: _name, Tags: _tags, ...members } = input;
  const shown: JsonObject = {
    EnableNetworkIsolation: false,
    ...members,
    PrimaryContainer: primary === undefined ? undefined : asDescribed(primary.raw),
    Containers: primary === undefined ? several.map((container) => asDescribed(container.raw)) : undefined,
  };
  context.world.models.set(name.toLowerCase(), { name, arn, createdAtMs: context.nowMs, members: shown });
  tagNew(context, arn, tags);
  return { ModelArn: arn };
};

/** Refuses what AWS refuses while the model is created, rather than when it is deployed. */
function checkContainer(context: OperationContext, container: InputReader, role: string): void {
  const packageName = container.optionalText('ModelPackageName');
  const image = container.optionalText('Image');
  const dataUrl = container.optionalText('ModelDataUrl');
  container.optionalTextMap('Environment', { max: 100 });
  container.done();
  if ((packageName === undefined) === (image === undefined) || (packageName !== undefined && dataUrl !== undefined))
    throw validationException(
      'Specify one of either Image and Model Data URL or ModelPackageName in container definition.',
    );
  if (packageName !== undefined) {
    const found = findPackage(context, packageName);
    // The wording is ours; AWS only says that the status must be Approved to deploy.
    if (found.groupName !== undefined && found.approvalStatus !== 'Approved')
      throw validationException(
        `Model package "${found.arn}" is not approved: its ModelApprovalStatus is "${found.approvalStatus}".`,
      );
  }
  for (const served of servedContainers(context, container.raw)) {
    const url = served.modelDataUrl;
    if (url !== undefined && context.settings.catalogue.behaviourOf(url) === undefined)
      throw validationException(
        `Could not access model data at ${url}. Please ensure that the role "${role}" exists and that its trust ` +
          'relationship policy allows the action "sts:AssumeRole" for the service principal "sagemaker.amazonaws.com". ' +
          'Also ensure that the role has "s3:GetObject" permissions and that the object is located in ' +
          `${context.account.region}.`,
      );
  }
}

function badRole(role: string) {
  return validationException(
    `The execution role ARN "${role}" is invalid. Please ensure that the role exists and that its trust relationship ` +
      'policy allows the action "sts:AssumeRole" for the service principal "sagemaker.amazonaws.com".',
  );
}

/** AWS fills in what was left out, so a caller that compares what it sent with what it reads must allow for it. */
function asDescribed(container: JsonObject): JsonObject {
  const filled = container.ModelPackageName === undefined ? { Mode: 'SingleModel' } : {};
  return { ...filled, Environment: {}, ...container };
}

/** The model, or "Could not find model". */
export function findModel(context: OperationContext, name: string): ModelRecord {
  const found = context.world.models.get(name.toLowerCase());
  if (found === undefined) throw notFound('model', arnOf(context.account, 'model', name));
  return found;
}

export const describeModel: Operation = (context, input) => {
  const read = readInput(input);
  const name = read.text('ModelName', modelName);
  read.done();
  const model = findModel(context, name);
  return {
    ModelName: model.name,
    ModelArn: model.arn,
    CreationTime: epochSeconds(model.createdAtMs),
    ...model.members,
  };
};

export const listModels: Operation = (context, input) => {
  const read = readInput(input);
  const query = readListQuery(read, { defaultSortOrder: 'Descending', sortKeys: ['Name', 'CreationTime'] });
  read.done();
  const page = listPage(context.world.models.values(), query);
  return {
    Models: page.items.map((model) => ({
      ModelName: model.name,
      ModelArn: model.arn,
      CreationTime: epochSeconds(model.createdAtMs),
    })),
    NextToken: page.nextToken,
  };
};

export const deleteModel: Operation = (context, input) => {
  const read = readInput(input);
  const name = read.text('ModelName', modelName);
  read.done();
  const model = findModel(context, name);
  context.world.models.delete(model.name.toLowerCase());
  context.world.tags.delete(model.arn);
  return {};
};
