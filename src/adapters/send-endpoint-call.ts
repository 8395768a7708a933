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
import type { MayLeave } from './departure-agents.ts';
import { tagList } from './read-tags.ts';

/**
 * Sends one call once and says what its reply means. `once` makes the client of one call: one attempt, a socket of its
 * own, and the request is written only if `mayLeave` says so when that socket is connected. An abort destroys it, so
 * that nothing more of the call can leave this machine.
 */
export async function sendEndpointCall(
  once: (mayLeave: MayLeave) => SageMakerClient,
  call: EndpointCall,
  signal: AbortSignal,
  stillFresh: () => boolean,
): Promise<CallReply> {
  let over = false;
  let tooLate = false;
  const mayLeave = () => {
    tooLate ||= !stillFresh();
    return !over && !signal.aborted && !tooLate;
  };
  const client = once(mayLeave);
  try {
    const noIdentity = await credentialProblem(client);
    if (noIdentity !== null) return noIdentity;
    // Getting credentials may have taken a while; an aborted call is withdrawn here, where nothing was sent yet.
    if (signal.aborted) return notSent('call-refused', 'the call was aborted before it was sent.');
    if (!mayLeave()) return TOO_LATE;
    const requestId = await request(client, call, { abortSignal: signal });
    return { kind: 'accepted', requestId: requestId ?? null };
  } catch (error) {
    // Asked for the last time before the first byte: whatever the error says, nothing was sent.
    if (tooLate) return TOO_LATE;
    const failure = awsFailure(error);
    const refusal = refusalOf(failure);
    if (refusal === null) return { kind: 'unclear', why: failureWords(failure) };
    return { kind: 'refused', requestId: failure.requestId, ...refusal };
  } finally {
    // A connection that stands only now finds the door closed.
    over = true;
    client.destroy();
  }
}

const TOO_LATE: CallReply = { kind: 'not-sent', why: 'too late to be sent' };

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
