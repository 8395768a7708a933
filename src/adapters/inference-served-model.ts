import {
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  DescribeModelCommand,
  type DescribeModelOutput,
  ListTagsCommand,
  type SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import type { ServedModelReader, VariantModel } from '../inference-api/ports.ts';

/** titanic writes it onto everything a rollout makes. */
const ROLLOUT_TAG = 'titanic:rollout';
/** One read with its retries, milliseconds. */
const READ_MS = 10_000;

/** DescribeEndpoint → config → model → package, read only. */
export function createServedModelReader(client: SageMakerClient, endpointName: string): ServedModelReader {
  const limit = () => ({ abortSignal: AbortSignal.timeout(READ_MS) });

  async function modelOf(modelName: string | undefined): Promise<string | null> {
    if (modelName === undefined) return null;
    const model = await client.send(new DescribeModelCommand({ ModelName: modelName }), limit());
    return packageOf(model);
  }

  return {
    async describe() {
      try {
        const seen = await client.send(new DescribeEndpointCommand({ EndpointName: endpointName }), limit());
        return {
          status: seen.EndpointStatus ?? 'unknown',
          configName: seen.EndpointConfigName ?? '',
          pendingConfigName: seen.PendingDeploymentSummary?.EndpointConfigName ?? null,
          modifiedAtMs: seen.LastModifiedTime?.getTime() ?? 0,
        };
      } catch (error) {
        // SageMaker has no 404.
        if (error instanceof Error && error.name === 'ValidationException' && /^Could not find/.test(error.message)) {
          return null;
        }
        throw error;
      }
    },
    async modelsOf(configName) {
      const config = await client.send(new DescribeEndpointConfigCommand({ EndpointConfigName: configName }), limit());
      const variants = await Promise.all(
        (config.ProductionVariants ?? []).map(
          async ({ VariantName, ModelName }): Promise<VariantModel> => ({
            variant: VariantName ?? '',
            packageArn: await modelOf(ModelName),
          }),
        ),
      );
      return { variants, rolloutId: await rolloutOf(config.EndpointConfigArn) };
    },
  };

  async function rolloutOf(configArn: string | undefined): Promise<string | null> {
    if (configArn === undefined) return null;
    const { Tags = [] } = await client.send(new ListTagsCommand({ ResourceArn: configArn }), limit());
    return Tags.find(({ Key }) => Key === ROLLOUT_TAG)?.Value ?? null;
  }
}

/** The package of a model of exactly one container, which is all that titanic makes. */
function packageOf(model: DescribeModelOutput): string | null {
  const containers = [
    ...(model.PrimaryContainer === undefined ? [] : [model.PrimaryContainer]),
    ...(model.Containers ?? []),
  ];
  return (containers.length === 1 && containers[0]?.ModelPackageName) || null;
}
