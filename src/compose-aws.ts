import { type AwsClients, createAwsClients } from './adapters/aws-clients.ts';
import { createDynamoLogStore } from './adapters/dynamo-log-store.ts';
import { createDynamoMembershipStore } from './adapters/dynamo-membership-store.ts';
import { createSageMakerEndpoints } from './adapters/sagemaker-endpoints.ts';
import { createSageMakerModelClient } from './adapters/sagemaker-model-client.ts';
import { createSageMakerRegistry } from './adapters/sagemaker-registry.ts';
import { createSmokeClock } from './adapters/smoke-clock.ts';
import { createSmokeRunner } from './adapters/smoke-runner.ts';
import type { Settings } from './config-types.ts';
import type { Clock } from './ports/clock.ts';
import type { Endpoints } from './ports/endpoints.ts';
import type { CursorStore, LogStore } from './ports/log-store.ts';
import type { Logger } from './ports/logger.ts';
import type { MembershipStore } from './ports/membership-store.ts';
import type { ModelRegistry } from './ports/model-registry.ts';
import type { SmokeRunner } from './ports/smoke-runner.ts';
import { endpointNameOf, environmentsByEndpoint } from './service-endpoints.ts';

/** Everything that stands on AWS: the same for the bot and for the command line. Nothing is called yet. */
export interface AwsSide {
  readonly clients: AwsClients;
  readonly store: LogStore & CursorStore;
  readonly memberships: MembershipStore;
  readonly registry: ModelRegistry;
  readonly endpoints: Endpoints;
  readonly smoke: SmokeRunner;
}

export function composeAws({ services, aws }: Settings, clock: Clock, log: Logger): AwsSide {
  const clients = createAwsClients({ stagingRoleArn: aws.stagingRoleArn, prodRoleArn: aws.prodRoleArn, log });
  const endpoints = createSageMakerEndpoints({
    clients: clients.sagemaker,
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
  return {
    clients,
    store: createDynamoLogStore({ clients: clients.dynamo, table: aws.table }),
    memberships: createDynamoMembershipStore({ clients: clients.dynamo, table: aws.table }),
    registry: createSageMakerRegistry(clients.registry),
    endpoints,
    smoke,
  };
}
