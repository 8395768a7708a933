import type { InvokeRequest, InvokeResult, ModelClient, SmokeClock } from './types.ts';

/** How long after its timeout a request may still settle; then it counts as timed out, whatever its client does. */
export const SETTLE_GRACE_MS = 1_000;

/**
 * Invokes, and always comes back within the timeout and `SETTLE_GRACE_MS`, with a value. A client that throws is
 * broken, which says nothing about the model: it counts as an error of the service, so that a run that it breaks
 * is inconclusive, not failed.
 */
export async function invokeOnce(
  client: ModelClient,
  request: Omit<InvokeRequest, 'signal'>,
  clock: SmokeClock,
  end?: AbortSignal,
): Promise<InvokeResult> {
  const settled = new AbortController();
  const given = end === undefined ? settled.signal : AbortSignal.any([settled.signal, end]);
  const deadlineMs = clock.monotonicMs() + request.timeoutMs + SETTLE_GRACE_MS;
  const givenUp = clock.sleepUntil(deadlineMs, settled.signal).then((): InvokeResult => {
    return { kind: 'error', errorClass: 'timeout', message: 'the client did not keep its timeout' };
  });
  try {
    return await Promise.race([client.invoke({ ...request, signal: given }), givenUp]);
  } catch (cause) {
    return { kind: 'error', errorClass: 'service', message: cause instanceof Error ? cause.name : 'thrown' };
  } finally {
    // Wakes the sleep above, and tells a client that is still at it to let go.
    settled.abort();
  }
}
