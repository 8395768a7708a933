import {
  CreateEndpointCommand,
  DeleteEndpointCommand,
  type SageMakerClient,
  UpdateEndpointCommand,
} from '@aws-sdk/client-sagemaker';
import type { CallReply } from '../ports/endpoints.ts';
import type { EndpointCall } from '../rollout/events.ts';
import { reason } from '../rollout/reasons.ts';
import { awsFailure, failureWords, refusalOf } from './aws-errors.ts';
import { tagList } from './read-tags.ts';

/**
 * Sends one call once and says what its reply means. `client` must have one attempt and sockets that are not shared.
 * An abort destroys the socket, so that nothing more of the call can leave this machine.
 */
export async function sendEndpointCall(
  client: SageMakerClient,
  call: EndpointCall,
  signal: AbortSignal,
  stillFresh: () => boolean,
): Promise<CallReply> {
  const noIdentity = await credentialProblem(client);
  if (noIdentity !== null) return noIdentity;
  // Getting credentials may have taken a while; an aborted call is withdrawn here, where nothing was sent yet.
  if (signal.aborted) return notSent('call-refused', 'the call was aborted before it was sent.');
  if (!stillFresh()) return { kind: 'not-sent', why: 'too late to be sent' };
  try {
    const requestId = await request(client, call, { abortSignal: signal });
    return { kind: 'accepted', requestId: requestId ?? null };
  } catch (error) {
    const failure = awsFailure(error);
    const refusal = refusalOf(failure);
    if (refusal === null) return { kind: 'unclear', why: failureWords(failure) };
    return { kind: 'refused', requestId: failure.requestId, ...refusal };
  }
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
      const input = { ...names, EndpointConfigName: call.configName, RetainAllVariantProperties: retain };
      return (await client.send(new UpdateEndpointCommand(input), options)).$metadata.requestId;
    }
    case 'delete':
      return (await client.send(new DeleteEndpointCommand(names), options)).$metadata.requestId;
    default:
      return call satisfies never;
  }
}

/** Asked for first, because without an identity nothing is sent, and that is a definite no rather than an unclear one. */
async function credentialProblem(client: SageMakerClient): Promise<CallReply | null> {
  try {
    await client.config.credentials();
    return null;
  } catch (error) {
    return notSent('access-denied', failureWords(awsFailure(error)));
  }
}

function notSent(code: 'access-denied' | 'call-refused', words: string): CallReply {
  return { kind: 'refused', requestId: null, reason: reason(code, { words }), retryable: true };
}
