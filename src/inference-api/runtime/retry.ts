/** At most one more attempt, and only where the model cannot have been asked. Never two at once: no hedging. */
import type { Target } from '../serving/serving.ts';
import { type InvokeOutcome, type InvokeRequest, nothingWasDone, type RuntimeClient } from './outcome.ts';

export interface RetryDeps {
  readonly client: RuntimeClient;
  /** Milliseconds, monotonic. */
  readonly nowMs: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** From 0 to below 1. */
  readonly random: () => number;
  readonly onRetry: () => void;
}

export interface Attempts {
  /** Where the last of them went. */
  readonly target: Target;
  readonly outcome: InvokeOutcome;
  readonly attempts: 1 | 2;
}

// The pause before the second attempt, with jitter, so that what was turned away together does not come back together.
const PAUSE_MS = 50;
const JITTER_MS = 100;
// When most requests fail, retries would double the load of a service that already has too much. Each success saves
// a tenth of a retry, up to this many.
const SAVED_MAX = 20;
const SAVED_PER_SUCCESS = 0.1;

/**
 * Invokes, and once more where nothing was done, within `deadlineMs` from now for both. Each attempt goes where `to`
 * leads at that moment. Reject-free like the client itself.
 */
export function createRetryingInvoke(deps: RetryDeps) {
  let saved = SAVED_MAX;

  return async function invoke(to: () => Target, request: InvokeRequest, deadlineMs: number): Promise<Attempts> {
    const startedAtMs = deps.nowMs();
    const target = to();
    const first = await deps.client.invoke(target.endpointName, request);
    if (first.kind === 'answer') saved = Math.min(SAVED_MAX, saved + SAVED_PER_SUCCESS);
    if (!nothingWasDone(first) || saved < 1) return { target, outcome: first, attempts: 1 };

    const pauseMs = PAUSE_MS + deps.random() * JITTER_MS;
    const leftMs = deadlineMs - (deps.nowMs() - startedAtMs) - pauseMs;
    if (leftMs <= 0) return { target, outcome: first, attempts: 1 };
    saved -= 1;
    deps.onRetry();
    await deps.sleep(pauseMs);
    const again = to();
    const left = { ...request, timeoutMs: Math.min(request.timeoutMs, leftMs) };
    return { target: again, outcome: await deps.client.invoke(again.endpointName, left), attempts: 2 };
  };
}

export type RetryingInvoke = ReturnType<typeof createRetryingInvoke>;
