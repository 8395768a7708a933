import { arnOf } from '../account.ts';
import type { Operation, OperationContext } from '../operation.ts';
import { notFound, validationException } from '../wire/aws-error.ts';
import { type InputReader, readInput } from '../wire/input-reader.ts';
import { epochSeconds, type JsonObject } from '../wire/json-value.ts';
import { entityName, modelName } from '../wire/name-rules.ts';
import type { EndpointConfigRecord } from '../world.ts';
import { listPage, readListQuery } from './list-page.ts';
import { findModel } from './models.ts';
import { readTags, tagNew } from './tags.ts';

const SERVERLESS_MEMORY_STEP_MB = 1024;
const PUBLISH_EVERY_SECONDS = [10, 30, 60, 120, 180, 240, 300];

export const createEndpointConfig: Operation = (context, input) => {
  const read = readInput(input);
  const name = read.text('EndpointConfigName', entityName);
  const variants = read.list('ProductionVariants', { required: true, min: 1, max: 10 });
  const shadows = read.list('ShadowProductionVariants', { max: 1 });
  const tags = readTags(read);
  const described = [...variants, ...shadows].map(readVariant);
  checkDataCapture(read.optionalObject('DataCaptureConfig'));
  const everySeconds = readMetricsConfig(read.optionalObject('MetricsConfig'));
  read.done();
  if (shadows.length > 0 && variants.length !== 1)
    throw validationException('A shadow variant needs exactly one production variant.');
  const arn = arnOf(context.account, 'endpoint-config', name);
  if (context.world.configs.has(name.toLowerCase()))
    throw validationException(`Cannot create already existing endpoint configuration "${arn}".`);
  if (everySeconds !== undefined && !PUBLISH_EVERY_SECONDS.includes(everySeconds))
    throw validationException(
      `The MetricPublishFrequencyInSeconds must be one of ${PUBLISH_EVERY_SECONDS.join(', ')}.`,
    );
  const names = variants.map((variant) => variant.raw.VariantName);
  if (new Set(names).size !== names.length)
    throw validationException('The variant names of an endpoint configuration must be unique.');
  for (const variant of described) checkVariant(context, variant);

  const { EndpointConfigName: _name, Tags: _tags, ...members } = input;
  const shown: JsonObject = { ...members, ProductionVariants: variants.map((variant) => asDescribed(variant.raw)) };
  context.world.configs.set(name.toLowerCase(), { name, arn, createdAtMs: context.nowMs, members: shown });
  tagNew(context, arn, tags);
  return { EndpointConfigArn: arn };
};

interface ReadVariant {
  readonly name: string;
  readonly modelName: string;
  readonly onInstances: boolean;
  readonly serverlessMemoryMb: number | undefined;
}

function readVariant(variant: InputReader): ReadVariant {
  const serverless = variant.optionalObject('ServerlessConfig');
  const memory = serverless?.number('MemorySizeInMB', { min: 1024, max: 6144 });
  serverless?.number('MaxConcurrency', { min: 1, max: 200 });
  serverless?.optionalNumber('ProvisionedConcurrency', { min: 1, max: 200 });
  const instanceType = variant.optionalText('InstanceType', { pattern: 'ml\\.[a-z0-9-]+\\.[a-z0-9-]+' });
  const count = variant.optionalNumber('InitialInstanceCount', { min: 1 });
  variant.optionalNumber('InitialVariantWeight', { min: 0 });
  variant.optionalNumber('VolumeSizeInGB', { min: 1, max: 512 });
  variant.optionalNumber('ModelDataDownloadTimeoutInSeconds', { min: 60, max: 3600 });
  variant.optionalNumber('ContainerStartupHealthCheckTimeoutInSeconds', { min: 60, max: 3600 });
  variant.optionalNumber('VariantInstanceProvisionTimeoutInSeconds', { min: 300, max: 3600 });
  return {
    name: variant.text('VariantName', entityName),
    modelName: variant.text('ModelName', modelName),
    onInstances: instanceType !== undefined && count !== undefined,
    serverlessMemoryMb: memory,
  };
}

function checkVariant(context: OperationContext, variant: ReadVariant): void {
  const { serverlessMemoryMb: memory, name } = variant;
  // The words of these two are ours.
  if (variant.onInstances === (memory !== undefined))
    throw validationException(
      `Variant "${name}" needs either InstanceType and InitialInstanceCount, or ServerlessConfig.`,
    );
  if (memory !== undefined && memory % SERVERLESS_MEMORY_STEP_MB !== 0)
    throw validationException(`The MemorySizeInMB of variant "${name}" must be a multiple of 1024.`);
  findModel(context, variant.modelName);
}

function checkDataCapture(capture: InputReader | undefined): void {
  if (capture === undefined) return;
  capture.number('InitialSamplingPercentage', { min: 0, max: 100 });
  capture.text('DestinationS3Uri', { max: 512, pattern: '(https|s3)://([^/]+)/?(.*)' });
  for (const option of capture.list('CaptureOptions', { required: true, min: 1, max: 32 }))
    option.text('CaptureMode', { values: ['Input', 'Output', 'InputAndOutput'] });
}

/** How often metrics are published. That it is of endpoints on instances alone is not checked. */
function readMetricsConfig(metrics: InputReader | undefined): number | undefined {
  metrics?.optionalFlag('EnableEnhancedMetrics');
  metrics?.optionalFlag('EnableDetailedObservability');
  return metrics?.optionalNumber('MetricPublishFrequencyInSeconds', { min: 10, max: 300 });
}

function asDescribed(variant: JsonObject): JsonObject {
  return { InitialVariantWeight: 1, ...variant };
}

/** The config, or "Could not find endpoint configuration". */
export function findConfig(context: OperationContext, name: string): EndpointConfigRecord {
  const found = context.world.configs.get(name.toLowerCase());
  if (found === undefined) throw notFound('endpoint configuration', arnOf(context.account, 'endpoint-config', name));
  return found;
}

export const describeEndpointConfig: Operation = (context, input) => {
  const read = readInput(input);
  const name = read.text('EndpointConfigName', entityName);
  read.done();
  const config = findConfig(context, name);
  return {
    EndpointConfigName: config.name,
    EndpointConfigArn: config.arn,
    CreationTime: epochSeconds(config.createdAtMs),
    ...config.members,
  };
};

export const listEndpointConfigs: Operation = (context, input) => {
  const read = readInput(input);
  const query = readListQuery(read, { defaultSortOrder: 'Descending', sortKeys: ['Name', 'CreationTime'] });
  read.done();
  const page = listPage(context.world.configs.values(), query);
  return {
    EndpointConfigs: page.items.map((config) => ({
      EndpointConfigName: config.name,
      EndpointConfigArn: config.arn,
      CreationTime: epochSeconds(config.createdAtMs),
    })),
    NextToken: page.nextToken,
  };
};

/**
 * Deletes a config even while an endpoint uses it, as AWS does: the documentation only says that one must not, and the
 * next update of that endpoint is what fails.
 */
export const deleteEndpointConfig: Operation = (context, input) => {
  const read = readInput(input);
  const name = read.text('EndpointConfigName', entityName);
  read.done();
  const config = findConfig(context, name);
  context.world.configs.delete(config.name.toLowerCase());
  context.world.tags.delete(config.arn);
  return {};
};
