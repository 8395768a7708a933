import {
  DeleteEndpointCommand,
  DeleteEndpointConfigCommand,
  DeleteModelCommand,
  type SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import type { RemovalReply } from '../ports/inventory.ts';
import type { ResourceKind } from '../rollout/cleanup.ts';
import { sentence } from '../rollout/reasons.ts';
import { awsFailure, failureWords, isNotFound, refusalOf } from './aws-errors.ts';

/** What SageMaker itself deletes. */
export type SageMakerKind = Exclude<ResourceKind, 'alarm'>;

/** Deletes one thing by its name. It may be repeated: what is not there is gone. */
export async function removeResource(
  client: SageMakerClient,
  kind: SageMakerKind,
  name: string,
  abortSignal: AbortSignal,
  stillFresh: () => boolean,
): Promise<RemovalReply> {
  try {
    // Credentials may take a while to be had, and what was looked at must not grow old meanwhile.
    await client.config.credentials();
    if (abortSignal.aborted || !stillFresh()) return { kind: 'unclear', why: 'too late to be sent' };
    const requestId = (await send(client, kind, name, abortSignal)) ?? null;
    // A config and a model are gone at once; an endpoint is going.
    return kind === 'endpoint' ? { kind: 'going', requestId } : { kind: 'gone', requestId };
  } catch (error) {
    const failure = awsFailure(error);
    if (isNotFound(failure, kind)) return { kind: 'gone', requestId: failure.requestId };
    const refusal = refusalOf(failure);
    if (refusal === null) return { kind: 'unclear', why: failureWords(failure) };
    const { requestId } = failure;
    return { kind: 'refused', why: sentence(refusal.reason), retryable: refusal.retryable, requestId };
  }
}

async function send(
  client: SageMakerClient,
  kind: SageMakerKind,
  name: string,
  abortSignal: AbortSignal,
): Promise<string | undefined> {
  const options = { abortSignal };
  switch (kind) {
    case 'endpoint':
      return (await client.send(new DeleteEndpointCommand({ EndpointName: name }), options)).$metadata.requestId;
    case 'endpoint configuration': {
      const command = new DeleteEndpointConfigCommand({ EndpointConfigName: name });
      return (await client.send(command, options)).$metadata.requestId;
    }
    case 'model':
      return (await client.send(new DeleteModelCommand({ ModelName: name }), options)).$metadata.requestId;
    default:
      return kind satisfies never;
  }
}
