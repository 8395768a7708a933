import {
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  DescribeModelCommand,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';

/** What SageMaker itself says an endpoint serves, by the chain endpoint → config → model → package. */
export interface Serving {
  readonly status: string;
  /** null: no package behind it. */
  readonly version: number | null;
  readonly failureReason: string | null;
}

export interface World {
  /** null: there is no such endpoint. */
  serving(endpoint: string): Promise<Serving | null>;
  close(): void;
}

export function openWorld(url: string): World {
  const credentials = { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' };
  const client = new SageMakerClient({ endpoint: url, region: 'us-east-1', credentials });
  return {
    async serving(endpoint) {
      try {
        const seen = await client.send(new DescribeEndpointCommand({ EndpointName: endpoint }));
        const config = await client.send(
          new DescribeEndpointConfigCommand({ EndpointConfigName: seen.EndpointConfigName }),
        );
        const model = await client.send(
          new DescribeModelCommand({ ModelName: config.ProductionVariants?.[0]?.ModelName }),
        );
        const arn = (model.Containers?.[0] ?? model.PrimaryContainer)?.ModelPackageName ?? '';
        const version = /\/(\d+)$/.exec(arn)?.[1];
        return {
          status: seen.EndpointStatus ?? 'unknown',
          version: version === undefined ? null : Number(version),
          failureReason: seen.FailureReason ?? null,
        };
      } catch (error) {
        if (error instanceof Error && /Could not find endpoint/.test(error.message)) return null;
        throw error;
      }
    },
    close: () => client.destroy(),
  };
}
