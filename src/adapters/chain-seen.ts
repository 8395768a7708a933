import {
  DescribeEndpointConfigCommand,
  DescribeModelCommand,
  type DescribeModelOutput,
  type SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { type ChainSeen, known, type Reading } from '../rollout/observation.ts';
import { isNotFound } from './aws-errors.ts';
import { readOrUnknown } from './sagemaker-read.ts';

/** Config → model → package. null: the config is gone. A model that is gone leads to no package. */
export async function readChain(client: SageMakerClient, configName: string): Promise<Reading<ChainSeen | null>> {
  const config = await readOrUnknown(
    async (options) =>
      known(await client.send(new DescribeEndpointConfigCommand({ EndpointConfigName: configName }), options)),
    (failure) => (isNotFound(failure, 'endpoint configuration') ? known(null) : null),
  );
  if (config.kind === 'unknown') return config;
  if (config.value === null) return known(null);
  const { ProductionVariants: variants = [], ShadowProductionVariants: shadows = [] } = config.value;
  const only = variants.length + shadows.length === 1 ? variants[0] : undefined;
  const ends = {
    configName,
    modelName: only?.ModelName ?? null,
    initialInstanceCount: only?.InitialInstanceCount ?? null,
  };
  if (ends.modelName === null) return known({ ...ends, packageArn: null });

  const { modelName } = ends;
  const model = await readOrUnknown(
    async (options) => known(await client.send(new DescribeModelCommand({ ModelName: modelName }), options)),
    (failure) => (isNotFound(failure, 'model') ? known(null) : null),
  );
  if (model.kind === 'unknown') return model;
  return known({ ...ends, packageArn: model.value === null ? null : packageOf(model.value) });
}

/** The package of a model of exactly one container, which is all that titanic makes. */
function packageOf(model: DescribeModelOutput): string | null {
  const containers = containersOf(model);
  return (containers.length === 1 && containers[0]?.ModelPackageName) || null;
}

/** A model has either one primary container or a list of them. */
export function containersOf(model: DescribeModelOutput) {
  return [...(model.PrimaryContainer === undefined ? [] : [model.PrimaryContainer]), ...(model.Containers ?? [])];
}
