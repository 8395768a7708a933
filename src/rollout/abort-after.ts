import type { Clock } from '../ports/clock.ts';

/** How often a call in flight looks at the clock. Milliseconds. */
const CLOCK_LOOK_MS = 1_000;

/**
 * Aborts what has taken longer than `limitMs`, unless it is done. In short sleeps: while a machine is suspended its
 * timers stand still, but a call's time runs out all the same.
 */
export async function abortAfter(
  clock: Clock,
  limitMs: number,
  abort: AbortController,
  done: AbortSignal,
): Promise<void> {
  const untilMs = clock.elapsedMs() + limitMs;
  for (let leftMs = limitMs; leftMs > 0 && !done.aborted; leftMs = untilMs - clock.elapsedMs()) {
    await clock.sleep(Math.min(leftMs, CLOCK_LOOK_MS), done);
  }
  if (!done.aborted) abort.abort();
}
