import { setTimeout as wait } from 'node:timers/promises';
import { build, type Histogram } from 'hdr-histogram-js';

/** Sends at a fixed rate whatever the answers do; latency counts from the scheduled moment. Values in microseconds. */
export async function openLoop(options: {
  readonly ratePerSecond: number;
  readonly requests: number;
  readonly send: () => Promise<boolean>;
}): Promise<{
  readonly latency: Histogram;
  readonly failed: number;
  /** The latest that anything was sent after its moment: above some milliseconds the machine is busy with other things. */
  readonly latestMs: number;
}> {
  const latency = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 60_000_000,
    numberOfSignificantValueDigits: 3,
  });
  const startedAt = performance.now();
  const running: Promise<void>[] = [];
  let failed = 0;
  let latestMs = 0;
  for (let n = 0; n < options.requests; n += 1) {
    const dueAt = startedAt + (n * 1_000) / options.ratePerSecond;
    const inMs = dueAt - performance.now();
    if (inMs > 0) await wait(inMs);
    latestMs = Math.max(latestMs, performance.now() - dueAt);
    running.push(
      options.send().then((ok) => {
        if (!ok) failed += 1;
        // A timer may fire a fraction of a millisecond early.
        latency.recordValue(Math.max(1, Math.round((performance.now() - dueAt) * 1_000)));
      }),
    );
  }
  await Promise.all(running);
  return { latency, failed, latestMs };
}
