import type { Clock } from './ports/clock.ts';
import type { Logger } from './ports/logger.ts';

/** What titanic needs and cannot make itself, as last looked at. */
export interface Prerequisites {
  /** Looks at once, and again and again until it is stopped. */
  start(): void;
  /** Does not wait for a look under way. */
  stop(): void;
  /** What is missing, a sentence each, with what to do. */
  missing(): readonly string[];
}

/** How often it is looked at again: while something is missing, and while nothing is. Milliseconds. */
const AGAIN_MS = 60_000;
const AT_REST_MS = 10 * 60_000;

/**
 * Says what is missing when it is found missing, and when it is there again. The bot runs all the same: what does not
 * need it goes on, and nothing has to be restarted once it comes.
 */
export function createPrerequisites(deps: {
  /** Everything that is missing right now. */
  readonly look: () => Promise<readonly string[]>;
  readonly againMs: number | undefined;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly log: Logger;
}): Prerequisites {
  const { look, againMs = AGAIN_MS, clock, log } = deps;
  const stopping = new AbortController();
  let missing: readonly string[] = [];

  async function lookOnce(): Promise<void> {
    const now = await look();
    for (const words of now) if (!missing.includes(words)) log.error({ from: 'prerequisites' }, words);
    for (const was of missing) if (!now.includes(was)) log.info({ was }, 'This is no longer so');
    missing = now;
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await lookOnce();
      } catch (error) {
        log.warn({ why: error instanceof Error ? error.name : 'unknown' }, 'It could not be looked at what is missing');
      }
      await clock.sleep(missing.length > 0 ? againMs : Math.max(againMs, AT_REST_MS), stopping.signal);
    }
  }

  return {
    missing: () => missing,
    start() {
      void run();
    },
    stop: () => stopping.abort(),
  };
}
