import {
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  type DescribeEndpointConfigOutput,
  type DescribeEndpointOutput,
  type PendingProductionVariantSummary,
  type ProductionVariantSummary,
  type SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import type { FleetPart, RunningFleet, RunningFleets } from '../ports/running-fleets.ts';
import type { Environment } from '../rollout/candidate.ts';
import { known, type Reading, unknown } from '../rollout/observation.ts';
import type { SageMakerClients } from './aws-clients.ts';
import { isNotFound } from './aws-errors.ts';
import { readOrUnknown } from './sagemaker-read.ts';

type Variant = ProductionVariantSummary & Pick<PendingProductionVariantSummary, 'InstanceType'>;
type Config = Pick<DescribeEndpointConfigOutput, 'ProductionVariants' | 'ShadowProductionVariants'>;

/** What runs behind endpoints, through the SDK. Each look is two or three calls. */
export function createSageMakerRunningFleets(
  clients: Readonly<Record<Environment, Pick<SageMakerClients, 'repeatable'>>>,
): RunningFleets {
  return {
    async see(environment, endpointName) {
      const client = clients[environment].repeatable;
      const reading = await readOrUnknown<DescribeEndpointOutput | null>(
        async (options) =>
          known(await client.send(new DescribeEndpointCommand({ EndpointName: endpointName }), options)),
        (failure) => (isNotFound(failure, 'endpoint') ? known(null) : null),
      );
      if (reading.kind === 'unknown') return reading;
      if (reading.value === null) return known(null);
      const { EndpointStatus: status, EndpointConfigName, PendingDeploymentSummary: pending } = reading.value;
      if (status === undefined) return unknown('SageMaker described the endpoint without its status');
      const live = [...(reading.value.ProductionVariants ?? []), ...(reading.value.ShadowProductionVariants ?? [])];
      const coming = [...(pending?.ProductionVariants ?? []), ...(pending?.ShadowProductionVariants ?? [])];
      const fleets: RunningFleet[] = [];
      for (const [which, configName, variants] of [
        ['live', EndpointConfigName, live],
        ['pending', pending?.EndpointConfigName, coming],
      ] as const) {
        if (configName === undefined || variants.length === 0) continue;
        const config = await readConfig(client, configName);
        if (config.kind === 'unknown') return config;
        fleets.push({ which, configName, parts: variants.map((variant) => partOf(variant, config.value)) });
      }
      return known({ status, fleets });
    },
  };
}

/** A config that is gone says nothing; what it made may run on. */
function readConfig(client: SageMakerClient, configName: string): Promise<Reading<Config>> {
  return readOrUnknown<Config>(
    async (options) =>
      known(await client.send(new DescribeEndpointConfigCommand({ EndpointConfigName: configName }), options)),
    (failure) => (isNotFound(failure, 'endpoint configuration') ? known({ ProductionVariants: undefined }) : null),
  );
}

function partOf(variant: Variant, { ProductionVariants = [], ShadowProductionVariants = [] }: Config): FleetPart {
  const configured = [...ProductionVariants, ...ShadowProductionVariants].find(
    ({ VariantName }) => VariantName === variant.VariantName,
  );
  if ((variant.CurrentServerlessConfig ?? configured?.ServerlessConfig) !== undefined) return { kind: 'serverless' };
  const current = variant.CurrentInstanceCount ?? 0;
  return {
    kind: 'instances',
    instanceType: variant.InstanceType ?? configured?.InstanceType ?? null,
    current,
    desired: variant.DesiredInstanceCount ?? current,
    launching: launchingOf(variant),
  };
}

/** SageMaker says so in words alone: "Launching 2 instance(s)." (Developer Guide). */
function launchingOf({ VariantStatus = [] }: Variant): number {
  const counts = VariantStatus.map(({ StatusMessage = '' }) => /Launching (\d{1,4}) instance/.exec(StatusMessage)?.[1]);
  return counts.reduce((sum, count) => sum + Number(count ?? 0), 0);
}
