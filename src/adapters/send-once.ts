import type { CallReply } from '../ports/endpoints.ts';
import { reason } from '../rollout/reasons.ts';
import { type AwsFailure, awsFailure, failureWords, type Refusal, refusalOf } from './aws-errors.ts';
import type { MayLeave } from './departure-agents.ts';

/** As much of a client of the SDK as is used here; every one has it. */
interface OneCallClient {
  readonly config: { readonly credentials: () => Promise<unknown> };
  destroy(): void;
}

interface OneCall<C extends OneCallClient> {
  /** Makes the client of this call: one attempt, a socket of its own. */
  readonly once: (mayLeave: MayLeave) => C;
  /** Sends it and answers the request id. */
  readonly request: (client: C, options: { abortSignal: AbortSignal }) => Promise<string | undefined>;
  readonly signal: AbortSignal;
  readonly stillFresh: () => boolean;
  /** What a definite error reply means; absent: as SageMaker means it. */
  readonly refusal?: (failure: AwsFailure) => Refusal | null;
}

const TOO_LATE: CallReply = { kind: 'not-sent', why: 'too late to be sent' };

/**
 * Sends one call once and says what its reply means. The request is written only if it may still leave when its socket
 * is connected. An abort destroys that socket, so that nothing more of the call can leave this machine.
 */
export async function sendOnce<C extends OneCallClient>({
  once,
  request,
  signal,
  stillFresh,
  refusal: refusalIn = refusalOf,
}: OneCall<C>): Promise<CallReply> {
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
    return { kind: 'accepted', requestId: (await request(client, { abortSignal: signal })) ?? null };
  } catch (error) {
    // Asked for the last time before the first byte: whatever the error says, nothing was sent.
    if (tooLate) return TOO_LATE;
    const failure = awsFailure(error);
    const refusal = refusalIn(failure);
    if (refusal === null) return { kind: 'unclear', why: failureWords(failure) };
    return { kind: 'refused', requestId: failure.requestId, ...refusal };
  } finally {
    // A connection that stands only now finds the door closed.
    over = true;
    client.destroy();
  }
}

/** Asked for first, because without an identity nothing is sent, and that is a definite no rather than an unclear one. */
async function credentialProblem(client: OneCallClient): Promise<CallReply | null> {
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
