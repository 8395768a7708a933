import { InvokeEndpointCommand, type SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import type { ErrorClass, InvokeResult, ModelClient } from '../smoke/types.ts';
import { type AwsFailure, awsFailure, isThrottled } from './aws-errors.ts';

export interface SageMakerModelClientDeps {
  /** One attempt per call, and more sockets than requests can be in flight. */
  readonly client: SageMakerRuntimeClient;
  readonly endpointName: string;
}

/** Invokes one endpoint. Never throws; what went wrong is a class of error and AWS's words, shortened. */
export function createSageMakerModelClient({ client, endpointName }: SageMakerModelClientDeps): ModelClient {
  return {
    invoke: async ({ contentType, body, timeoutMs, signal }): Promise<InvokeResult> => {
      // One limit for all of it. The SDK's own request timeout ends with the headers, so a body that stalls halfway
      // would hang on.
      const timeUp = new AbortController();
      const timer = setTimeout(() => timeUp.abort(), timeoutMs);
      const abortSignal = signal === undefined ? timeUp.signal : AbortSignal.any([timeUp.signal, signal]);
      const command = new InvokeEndpointCommand({
        EndpointName: endpointName,
        ContentType: contentType,
        Body: Buffer.from(body),
      });
      try {
        const reply = await client.send(command, { abortSignal });
        return {
          kind: 'answer',
          body: reply.Body?.transformToString() ?? '',
          contentType: reply.ContentType ?? '',
          variant: reply.InvokedProductionVariant,
        };
      } catch (error) {
        const failure = awsFailure(error);
        const errorClass = timeUp.signal.aborted ? 'timeout' : classOf(failure);
        return {
          kind: 'error',
          errorClass,
          message: errorClass === 'timeout' ? `no answer within ${timeoutMs} ms` : failure.words,
          ...(failure.status === null ? {} : { status: failure.status }),
        };
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

/** Whose fault it is. Only `model` and `timeout` speak against the model, so whatever is not clear is neither. */
function classOf(failure: AwsFailure): ErrorClass {
  const { name, words, status } = failure;
  if (name === 'ModelError') {
    // SageMaker gave up on the container; to whoever waits for the answer that is a time-out.
    return /invocation timed out/i.test(words) ? 'timeout' : 'model';
  }
  // A container that still starts (429) has not been asked, so nothing is known of it.
  if (name === 'ModelNotReadyException' || isThrottled(failure)) return 'throttled';
  if (/^Validation(Error|Exception)$/.test(name) && /endpoint .* not found/i.test(words)) return 'not-found';
  return status === null ? 'connection' : 'service';
}
