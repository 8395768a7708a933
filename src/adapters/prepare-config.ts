import {
  CreateEndpointConfigCommand,
  type CreateEndpointConfigInput,
  DescribeEndpointConfigCommand,
  type DescribeEndpointConfigOutput,
  type ProductionVariant,
  type ProductionVariantInstanceType,
  type SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import type { PrepareRequest } from '../ports/endpoints.ts';
import { type EnvironmentPlan, VARIANT } from '../rollout/candidate.ts';
import { createOrAdopt, type PreparedPart } from './create-or-adopt.ts';
import { firstDifference } from './first-difference.ts';
import { tagList } from './read-tags.ts';

/** How often SageMaker publishes metrics unless it is told otherwise. */
const MINUTE_SECONDS = 60;

/** The endpoint config of a rollout in one environment: one variant, always of the same name. */
export function prepareConfig(client: SageMakerClient, request: PrepareRequest): Promise<PreparedPart> {
  const { configName, tags } = request;
  return createOrAdopt({
    client,
    what: 'endpoint configuration',
    name: configName,
    tags,
    create: async (options) => {
      const reply = await client.send(new CreateEndpointConfigCommand(configInput(request)), options);
      return { arn: reply.EndpointConfigArn, requestId: reply.$metadata.requestId };
    },
    compare: async (options) => {
      const command = new DescribeEndpointConfigCommand({ EndpointConfigName: configName });
      const config = await client.send(command, options);
      return { arn: config.EndpointConfigArn, differing: configDifference(request, config) };
    },
  });
}

/** What CreateEndpointConfig is asked for. */
export function configInput(request: PrepareRequest): CreateEndpointConfigInput {
  const { candidate, environment, configName, modelName, tags } = request;
  const plan = candidate.plans[environment];
  return {
    EndpointConfigName: configName,
    ProductionVariants: [variantInput(plan, modelName)],
    ...(plan.kmsKeyId === undefined ? {} : { KmsKeyId: plan.kmsKeyId }),
    ...metricsInput(plan),
    Tags: tagList(tags),
  };
}

/** Enhanced metrics, of endpoints on instances alone; without a word SageMaker publishes once a minute. */
function metricsInput({ strategy, capacity }: EnvironmentPlan): Pick<CreateEndpointConfigInput, 'MetricsConfig'> {
  const everySeconds = capacity.kind === 'instances' ? strategy?.alarms.everySeconds : undefined;
  if (everySeconds === undefined) return {};
  return { MetricsConfig: { EnableEnhancedMetrics: true, MetricPublishFrequencyInSeconds: everySeconds } };
}

function variantInput(plan: EnvironmentPlan, modelName: string): ProductionVariant {
  const { capacity, startupTimeoutSeconds, modelDownloadTimeoutSeconds } = plan;
  return {
    VariantName: VARIANT,
    ModelName: modelName,
    InitialVariantWeight: 1,
    ...(capacity.kind === 'instances'
      ? {
          // The SDK knows the types of its own release only; AWS refuses what it does not have.
          InstanceType: capacity.instanceType as ProductionVariantInstanceType,
          InitialInstanceCount: capacity.instanceCount,
        }
      : { ServerlessConfig: { MemorySizeInMB: capacity.memoryMb, MaxConcurrency: capacity.maxConcurrency } }),
    ...(startupTimeoutSeconds === undefined
      ? {}
      : { ContainerStartupHealthCheckTimeoutInSeconds: startupTimeoutSeconds }),
    ...(modelDownloadTimeoutSeconds === undefined
      ? {}
      : { ModelDataDownloadTimeoutInSeconds: modelDownloadTimeoutSeconds }),
  };
}

/** The first field in which a config of our name is not what we would make; null: it is. */
export function configDifference(request: PrepareRequest, seen: DescribeEndpointConfigOutput): string | null {
  const plan = request.candidate.plans[request.environment];
  const wanted = variantInput(plan, request.modelName);
  const variants = seen.ProductionVariants ?? [];
  const variant = variants[0];
  return firstDifference([
    ['ProductionVariants', variants.length === 1],
    ['ShadowProductionVariants', !seen.ShadowProductionVariants?.length],
    ['VariantName', variant?.VariantName === VARIANT],
    ['ModelName', variant?.ModelName === request.modelName],
    ['InstanceType', variant?.InstanceType === wanted.InstanceType],
    ['InitialInstanceCount', variant?.InitialInstanceCount === wanted.InitialInstanceCount],
    ['InitialVariantWeight', (variant?.InitialVariantWeight ?? 1) === 1],
    ['ServerlessConfig', sameServerless(wanted, variant)],
    // AWS may show its default where we say nothing.
    [
      'ContainerStartupHealthCheckTimeoutInSeconds',
      sameIfSet(wanted, variant, 'ContainerStartupHealthCheckTimeoutInSeconds'),
    ],
    ['ModelDataDownloadTimeoutInSeconds', sameIfSet(wanted, variant, 'ModelDataDownloadTimeoutInSeconds')],
    ['AcceleratorType', variant?.AcceleratorType === undefined],
    ['InstancePools', !variant?.InstancePools?.length],
    ['ManagedInstanceScaling', variant?.ManagedInstanceScaling?.Status !== 'ENABLED'],
    ['KmsKeyId', seen.KmsKeyId === plan.kmsKeyId],
    ['MetricsConfig', sameMetrics(metricsInput(plan), seen)],
    ['DataCaptureConfig', seen.DataCaptureConfig === undefined],
    ['AsyncInferenceConfig', seen.AsyncInferenceConfig === undefined],
    ['ExplainerConfig', seen.ExplainerConfig === undefined],
  ]);
}

/** AWS may show its defaults, and has other members in it that concern nothing here. */
function sameMetrics(
  { MetricsConfig: ours }: Pick<CreateEndpointConfigInput, 'MetricsConfig'>,
  { MetricsConfig: theirs }: DescribeEndpointConfigOutput,
): boolean {
  return (
    (ours?.EnableEnhancedMetrics ?? false) === (theirs?.EnableEnhancedMetrics ?? false) &&
    (ours?.MetricPublishFrequencyInSeconds ?? MINUTE_SECONDS) ===
      (theirs?.MetricPublishFrequencyInSeconds ?? MINUTE_SECONDS)
  );
}

function sameServerless(wanted: ProductionVariant, seen: ProductionVariant | undefined): boolean {
  const { ServerlessConfig: ours } = wanted;
  const theirs = seen?.ServerlessConfig;
  return (
    ours?.MemorySizeInMB === theirs?.MemorySizeInMB &&
    ours?.MaxConcurrency === theirs?.MaxConcurrency &&
    theirs?.ProvisionedConcurrency === undefined
  );
}

function sameIfSet(
  wanted: ProductionVariant,
  seen: ProductionVariant | undefined,
  field: 'ContainerStartupHealthCheckTimeoutInSeconds' | 'ModelDataDownloadTimeoutInSeconds',
): boolean {
  return wanted[field] === undefined || seen?.[field] === wanted[field];
}
