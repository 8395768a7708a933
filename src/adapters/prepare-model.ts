import {
  CreateModelCommand,
  type CreateModelInput,
  DescribeModelCommand,
  type DescribeModelOutput,
  type SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import type { PrepareRequest } from '../ports/endpoints.ts';
import { containersOf } from './chain-seen.ts';
import { createOrAdopt, type PreparedPart } from './create-or-adopt.ts';
import { firstDifference, sameMap, sameSet } from './first-difference.ts';
import { tagList } from './read-tags.ts';

/**
 * The model of a rollout in one environment. It names the sealed package and nothing else: neither an image nor model
 * data can get in by another way.
 */
export function prepareModel(client: SageMakerClient, request: PrepareRequest): Promise<PreparedPart> {
  const { modelName, tags } = request;
  return createOrAdopt({
    client,
    what: 'model',
    name: modelName,
    tags,
    create: async (options) => {
      const reply = await client.send(new CreateModelCommand(modelInput(request)), options);
      return { arn: reply.ModelArn, requestId: reply.$metadata.requestId };
    },
    compare: async (options) => {
      const model = await client.send(new DescribeModelCommand({ ModelName: modelName }), options);
      return { arn: model.ModelArn, differing: modelDifference(request, model) };
    },
  });
}

/** What CreateModel is asked for. */
export function modelInput({ candidate, environment, modelName, tags }: PrepareRequest): CreateModelInput {
  const plan = candidate.plans[environment];
  return {
    ModelName: modelName,
    PrimaryContainer: {
      ModelPackageName: candidate.packageArn,
      // AWS refuses an environment for Marketplace packages, even an empty one.
      ...(Object.keys(plan.containerEnv).length === 0 ? {} : { Environment: { ...plan.containerEnv } }),
    },
    ExecutionRoleArn: plan.executionRoleArn,
    ...(plan.vpc === undefined
      ? {}
      : { VpcConfig: { Subnets: [...plan.vpc.subnets], SecurityGroupIds: [...plan.vpc.securityGroups] } }),
    EnableNetworkIsolation: plan.networkIsolation,
    Tags: tagList(tags),
  };
}

/** The first field in which a model of our name is not what we would make; null: it is. */
export function modelDifference(request: PrepareRequest, seen: DescribeModelOutput): string | null {
  const { candidate } = request;
  const plan = candidate.plans[request.environment];
  const containers = containersOf(seen);
  const container = containers[0];
  const dataUrl = container?.ModelDataUrl ?? container?.ModelDataSource?.S3DataSource?.S3Uri;
  return firstDifference([
    ['Containers', containers.length === 1],
    ['ModelPackageName', container?.ModelPackageName === candidate.packageArn],
    ['InferenceSpecificationName', container?.InferenceSpecificationName === undefined],
    // SageMaker may show what it took from the package.
    ['Image', !container?.Image || container.Image === candidate.image],
    ['ModelDataUrl', !dataUrl || dataUrl === candidate.modelDataUrl],
    ['AdditionalModelDataSources', !container?.AdditionalModelDataSources?.length],
    ['MultiModelConfig', container?.Mode !== 'MultiModel'],
    ['Environment', sameMap(plan.containerEnv, container?.Environment)],
    ['ExecutionRoleArn', seen.ExecutionRoleArn === plan.executionRoleArn],
    ['VpcConfig.Subnets', sameSet(plan.vpc?.subnets, seen.VpcConfig?.Subnets)],
    ['VpcConfig.SecurityGroupIds', sameSet(plan.vpc?.securityGroups, seen.VpcConfig?.SecurityGroupIds)],
    ['EnableNetworkIsolation', (seen.EnableNetworkIsolation ?? false) === plan.networkIsolation],
  ]);
}
