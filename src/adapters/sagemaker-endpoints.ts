import { isDeepStrictEqual } from 'node:util';
import { DescribeEndpointCommand } from '@aws-sdk/client-sagemaker';
import type { Endpoints, PrepareRequest } from '../ports/endpoints.ts';
import type { Environment } from '../rollout/candidate.ts';
import type { PrepareResult } from '../rollout/input.ts';
import { known, unknown } from '../rollout/observation.ts';
import type { CloudWatchClients, SageMakerClients } from './aws-clients.ts';
import { isNotFound } from './aws-errors.ts';
import { readChain } from './chain-seen.ts';
import { endpointSeen } from './endpoint-seen.ts';
import { prepareConfig } from './prepare-config.ts';
import { prepareModel } from './prepare-model.ts';
import { alarmTags, isAlarm } from './read-alarms.ts';
import { readTags } from './read-tags.ts';
import { readOrUnknown } from './sagemaker-read.ts';
import { sendEndpointCall } from './send-endpoint-call.ts';

export interface SageMakerEndpointsDeps {
  readonly clients: Readonly<Record<Environment, SageMakerClients>>;
  /** For the tags of the alarms that guard a change; everything else of them is behind the port `Alarms`. */
  readonly cloudwatch: Readonly<Record<Environment, CloudWatchClients>>;
  /** Whose identity a call to this endpoint is sent with. Throws for an endpoint that is not configured. */
  readonly environmentOf: (endpointName: string) => Environment;
}

/** SageMaker's endpoints through the SDK. */
export function createSageMakerEndpoints({ clients, cloudwatch, environmentOf }: SageMakerEndpointsDeps): Endpoints {
  return {
    describe: (environment, endpointName) =>
      readOrUnknown(
        async (options) => {
          const command = new DescribeEndpointCommand({ EndpointName: endpointName });
          return endpointSeen(await clients[environment].repeatable.send(command, options));
        },
        (failure) => (isNotFound(failure, 'endpoint') ? known(null) : null),
      ),

    chain: (environment, configName) => readChain(clients[environment].repeatable, configName),

    async tags(environment, arn) {
      if (!isAlarm(arn)) return readTags(clients[environment].repeatable, arn);
      const tags = await alarmTags(cloudwatch[environment].repeatable, arn);
      if (tags.kind === 'unknown') return tags;
      return tags.value === null ? unknown('there is no such alarm') : known(tags.value);
    },

    prepare: async (request: PrepareRequest): Promise<PrepareResult> => {
      const client = clients[request.environment].repeatable;
      const model = await prepareModel(client, request);
      if (model.kind === 'refused' || model.kind === 'later') return model;
      const config = await prepareConfig(client, request);
      if (config.kind === 'refused' || config.kind === 'later') return config;
      const parts = [model, config];
      return {
        kind: 'prepared',
        created: parts.flatMap((part) =>
          part.kind === 'created' ? [{ what: part.what, arn: part.arn, requestId: part.requestId }] : [],
        ),
        adopted: parts.flatMap((part) => (part.kind === 'adopted' ? [part.arn] : [])),
      };
    },

    send: async (call, permission, signal, stillFresh) => {
      if (!isDeepStrictEqual(call, permission.call)) {
        throw new Error(`the call to ${call.endpointName} is not the one that intent ${permission.seq} allows`);
      }
      return sendEndpointCall(clients[environmentOf(call.endpointName)].once, call, signal, stillFresh);
    },
  };
}
