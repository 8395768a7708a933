import { type AwsClients, createAwsClients } from './adapters/aws-clients.ts';
import { createCloudWatchAlarms } from './adapters/cloudwatch-alarms.ts';
import { createCloudWatchFleets } from './adapters/cloudwatch-fleets.ts';
import { createCloudWatchUsage } from './adapters/cloudwatch-usage.ts';
import { createDynamoLogStore } from './adapters/dynamo-log-store.ts';
import { createDynamoMembershipStore } from './adapters/dynamo-membership-store.ts';
import { createSageMakerDecisions } from './adapters/sagemaker-decisions.ts';
import { createSageMakerEndpoints } from './adapters/sagemaker-endpoints.ts';
import { createSageMakerInventory } from './adapters/sagemaker-inventory.ts';
import { createSageMakerModelClient } from './adapters/sagemaker-model-client.ts';
import { createSageMakerRegistry } from './adapters/sagemaker-registry.ts';
import { createSageMakerRunningFleets } from './adapters/sagemaker-running-fleets.ts';
import { createSmokeClock } from './adapters/smoke-clock.ts';
import { createSmokeRunner } from './adapters/smoke-runner.ts';
import { createCleaner } from './cleanup/cleaner.ts';
import { type OwnedService, ownerOf } from './cleanup/owner.ts';
import type { ServiceConfig, Settings } from './config-types.ts';
import type { Alarms } from './ports/alarms.ts';
import type { CallMeasure } from './ports/call-measure.ts';
import type { Cleaner } from './ports/cleaner.ts';
import type { Clock } from './ports/clock.ts';
import type { Endpoints } from './ports/endpoints.ts';
import type { Fleets } from './ports/fleets.ts';
import type { Inventory } from './ports/inventory.ts';
import type { CursorStore, LogStore } from './ports/log-store.ts';
import type { Logger } from './ports/logger.ts';
import type { MembershipStore } from './ports/membership-store.ts';
import type { ModelRegistry, ModelVersions } from './ports/model-registry.ts';
import type { RegistryDecisions } from './ports/registry-decisions.ts';
import type { RunningFleets } from './ports/running-fleets.ts';
import type { SmokeRunner } from './ports/smoke-runner.ts';
import type { Usage } from './ports/usage.ts';
import { endpointNameOf, environmentsByEndpoint } from './service-endpoints.ts';

/** Everything that stands on AWS: the same for the bot and for the command line. Nothing is called yet. */
export interface AwsSide {
  readonly clients: AwsClients;
  readonly store: LogStore & CursorStore;
  readonly memberships: MembershipStore;
  readonly registry: ModelRegistry & ModelVersions;
  readonly decisions: RegistryDecisions;
  readonly endpoints: Endpoints;
  readonly alarms: Alarms;
  readonly fleets: Fleets;
  readonly running: RunningFleets;
  readonly usage: Usage;
  readonly smoke: SmokeRunner;
  readonly inventory: Inventory;
  readonly cleaner: Cleaner;
}

export function composeAws(
  { services, aws, prefix, tags }: Settings,
  clock: Clock,
  log: Logger,
  measure?: CallMeasure,
  credentialsKeptMs?: number,
): AwsSide {
  const { stagingRoleArn, prodRoleArn } = aws;
  const clients = createAwsClients({ stagingRoleArn, prodRoleArn, credentialsKeptMs, log, measure });
  const endpoints = createSageMakerEndpoints({
    clients: clients.sagemaker,
    cloudwatch: clients.cloudwatch,
    environmentOf: environmentsByEndpoint(services),
  });
  const smoke = createSmokeRunner({
    services,
    endpoints,
    clock: createSmokeClock(clock),
    modelClient: (service, name) =>
      createSageMakerModelClient({
        client: clients.runtime[name],
        endpointName: endpointNameOf(services, service, name),
      }),
  });
  const store = createDynamoLogStore({ clients: clients.dynamo, table: aws.table });
  const convention = { services: services.map(ownedService), prefix, tags };
  const inventory = createSageMakerInventory({
    clients: clients.sagemaker,
    alarms: clients.cloudwatch.prod,
    guarded: services.some(({ prod }) => prod.strategy !== undefined),
    prefix,
    separate: aws.stagingRoleArn !== aws.prodRoleArn,
    isOurName: (name) => name.startsWith(prefix) || ownerOf(convention.services, prefix, name) !== null,
    environmentOf: (name) => ownerOf(convention.services, prefix, name)?.environment ?? 'staging',
  });
  return {
    clients,
    store,
    memberships: createDynamoMembershipStore({ clients: clients.dynamo, table: aws.table }),
    registry: createSageMakerRegistry(clients.registry),
    decisions: createSageMakerDecisions(clients.registry, clients.registryWhile),
    endpoints,
    alarms: createCloudWatchAlarms({ clients: clients.cloudwatch, clock }),
    fleets: createCloudWatchFleets(clients.cloudwatch, clock),
    running: createSageMakerRunningFleets(clients.sagemaker),
    usage: createCloudWatchUsage(clients.cloudwatch),
    smoke,
    inventory,
    cleaner: createCleaner({ convention, inventory, store, clock }),
  };
}

function ownedService({ name, staging, prod }: ServiceConfig): OwnedService {
  return {
    name,
    endpointNames: { staging: staging.endpointName, prod: prod.endpointName },
    tags: { staging: staging.tags, prod: prod.tags },
  };
}
