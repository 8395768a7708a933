import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';

/** Lines with the same words: so many a minute; of the others only their number is told. */
const LINES_PER_MINUTE = 30;
const MINUTE_MS = 60_000;
/** Different words remembered at most; the ones that were begun first go first. */
const MOST_WORDS = 200;

/**
 * A log that nobody outside can flood: whoever sends a thousand bad requests a second writes thirty lines a minute, and
 * one that says how many were left out.
 */
export function createBoundedLog(log: Logger, clock: Pick<Clock, 'elapsedMs'>): Logger {
  const minutes = new Map<string, { sinceMs: number; written: number; leftOut: number }>();

  function bounded(level: keyof Logger): Logger[keyof Logger] {
    return (facts, message) => {
      const now = clock.elapsedMs();
      const words = `${level} ${message}`;
      let minute = minutes.get(words);
      if (minute === undefined || now - minute.sinceMs >= MINUTE_MS) {
        const { leftOut = 0 } = minute ?? {};
        minute = { sinceMs: now, written: 0, leftOut: 0 };
        minutes.delete(words);
        minutes.set(words, minute);
        const first = minutes.keys().next();
        if (minutes.size > MOST_WORDS && !first.done) minutes.delete(first.value);
        if (leftOut > 0) log[level]({ leftOut }, `${message} (as many times more before)`);
      }
      minute.written += 1;
      if (minute.written <= LINES_PER_MINUTE) log[level](facts, message);
      else minute.leftOut += 1;
    };
  }

  return { info: bounded('info'), warn: bounded('warn'), error: bounded('error') };
}
