import {
  CreateEndpointCommand,
  DeleteEndpointCommand,
  type SageMakerClient,
  UpdateEndpointCommand,
} from '@aws-sdk/client-sagemaker';
import type { CallReply } from '../ports/endpoints.ts';
import type { EndpointCall } from '../rollout/events.ts';
import type { MayLeave } from './departure-agents.ts';
import { deploymentConfigOf } from './deployment-config.ts';
import { tagList } from './read-tags.ts';
import { sendOnce } from './send-once.ts';

/** Sends one call that changes an endpoint, once. */
export function sendEndpointCall(
  once: (mayLeave: MayLeave) => SageMakerClient,
  call: EndpointCall,
  signal: AbortSignal,
  stillFresh: () => boolean,
): Promise<CallReply> {
  return sendOnce({ once, request: (client, options) => request(client, call, options), signal, stillFresh });
}

async function request(
  client: SageMakerClient,
  call: EndpointCall,
  options: { abortSignal: AbortSignal },
): Promise<string | undefined> {
  const names = { EndpointName: call.endpointName };
  switch (call.kind) {
    case 'create': {
      const input = { ...names, EndpointConfigName: call.configName, Tags: tagList(call.tags) };
      return (await client.send(new CreateEndpointCommand(input), options)).$metadata.requestId;
    }
    case 'update': {
      const retain = call.retainVariantProperties;
      const { strategy, configName } = call;
      const guard = strategy === undefined ? {} : { DeploymentConfig: deploymentConfigOf(strategy, configName) };
      const input = { ...names, EndpointConfigName: configName, RetainAllVariantProperties: retain, ...guard };
      return (await client.send(new UpdateEndpointCommand(input), options)).$metadata.requestId;
    }
    case 'delete':
      return (await client.send(new DeleteEndpointCommand(names), options)).$metadata.requestId;
    default:
      return call satisfies never;
  }
}
