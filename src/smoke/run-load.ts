import type { Histogram } from 'hdr-histogram-js';
import type { SmokeCase, SmokeConfig } from '../config-types.ts';
import { invokeOnce, SETTLE_GRACE_MS } from './invoke-once.ts';
import type { Tally } from './report.ts';
import { count, emptyTally, latenessHistogram, recordMs } from './report.ts';
import type { InvokeResult, SmokeRunInput } from './types.ts';

/** Requests that go to one endpoint before it is the other's turn, when prod is compared: short against drift. */
export const BLOCK_REQUESTS = 25;

/** One planned request: where it goes, and whether it counts. */
export type Slot = { readonly target: 'candidate' | 'prod'; readonly measured: boolean };

export type Load = { readonly candidate: Tally; readonly prod?: Tally; readonly latenessUs: Histogram };

export type LoadInput = Omit<SmokeRunInput, 'expectedVariant'> & {
  /** Told of each answer of the candidate, those of the warm-up too. */
  readonly onAnswer: (answer: Extract<InvokeResult, { kind: 'answer' }>) => void;
};

/**
 * Sends request n at t0 + n / rate whatever became of those before (an open loop), and measures each from that
 * moment. So a model that stalls is charged for all who would have waited, which a loop that waits for answers
 * hides. Of themselves at most `rate × (timeout + grace)` requests are in flight. That is also the bound: what would
 * exceed it, after the generator itself was held up, counts as a timeout and is not sent.
 *
 * `undefined`: `mayProbe` said no; what is in flight was aborted.
 */
export async function runLoad(input: LoadInput): Promise<Load | undefined> {
  const { smoke, clock } = input;
  const comparing = smoke.compareWithProd && input.prod !== undefined;
  const tallies = { candidate: emptyTally(), prod: emptyTally() };
  const latenessUs = latenessHistogram();
  const end = new AbortController();
  const pending = new Set<Promise<void>>();
  const mostPending = Math.ceil((smoke.ratePerSecond * (smoke.timeoutMs + SETTLE_GRACE_MS)) / 1000) + 1;
  const turns = { candidate: 0, prod: 0 };
  const startMs = clock.monotonicMs();

  let index = 0;
  for (const slot of slots(smoke, comparing)) {
    const scheduledMs = startMs + (index * 1000) / smoke.ratePerSecond;
    index += 1;
    await clock.sleepUntil(scheduledMs);
    if (!input.mayProbe()) {
      end.abort();
      return undefined;
    }
    if (slot.measured) recordMs(latenessUs, clock.monotonicMs() - scheduledMs);
    const request = send(slot, scheduledMs).finally(() => pending.delete(request));
    pending.add(request);
  }
  await Promise.all(pending);
  return { candidate: tallies.candidate, ...(comparing ? { prod: tallies.prod } : {}), latenessUs };

  async function send({ target, measured }: Slot, scheduledMs: number): Promise<void> {
    const client = target === 'prod' && input.prod !== undefined ? input.prod : input.candidate;
    const example = smoke.cases[turns[target] % smoke.cases.length];
    turns[target] += 1;
    const result =
      example === undefined || pending.size >= mostPending
        ? UNSENT
        : await invokeOnce(client, { ...messageOf(example), timeoutMs: smoke.timeoutMs }, clock, end.signal);
    const elapsedMs = clock.monotonicMs() - scheduledMs;
    const latencyMs = isTimeout(result) ? Math.max(elapsedMs, smoke.timeoutMs) : elapsedMs;
    if (measured) count(tallies[target], result, latencyMs);
    if (target === 'candidate' && result.kind === 'answer') input.onAnswer(result);
  }
}

/** The plan: warm-up, then the measured ones; in alternating blocks where prod is compared. */
export function* slots(
  smoke: Pick<SmokeConfig, 'requests' | 'warmUpRequests'>,
  comparing: boolean,
): Generator<Slot, void> {
  for (const [measured, total] of [
    [false, smoke.warmUpRequests],
    [true, smoke.requests],
  ] as const) {
    for (let left = total; left > 0; left -= BLOCK_REQUESTS) {
      const block = Math.min(left, BLOCK_REQUESTS);
      for (let n = 0; n < block; n += 1) yield { target: 'candidate', measured };
      for (let n = 0; comparing && n < block; n += 1) yield { target: 'prod', measured };
    }
  }
}

const UNSENT: InvokeResult = { kind: 'error', errorClass: 'timeout', message: 'too many requests in flight' };

function messageOf({ contentType, body }: SmokeCase): { readonly contentType: string; readonly body: string } {
  return { contentType, body };
}

function isTimeout(result: InvokeResult): boolean {
  return result.kind === 'error' && result.errorClass === 'timeout';
}
