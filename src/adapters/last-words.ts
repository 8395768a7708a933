import process from 'node:process';
import type { Logger } from '../ports/logger.ts';

/** Where it happened: that many lines of the stack. */
const FRAMES = 8;

/**
 * An error that nobody caught ends the process, with one line of the log. Node's own way would print the whole error to
 * stderr, and on an error may hang a request with its headers, a reply or a payload.
 */
export function tellLastWords(log: Logger, end: () => void): void {
  process.on('uncaughtException', (error: unknown, origin) => {
    const { why, at } = wordsOf(error);
    log.error({ origin, why, at }, 'An error that nobody caught ends the process');
    end();
  });
}

/** Name, message and place; nothing else of what an error may carry, not even its cause. */
function wordsOf(error: unknown): { readonly why: string; readonly at: readonly string[] } {
  if (!(error instanceof Error)) return { why: typeof error, at: [] };
  const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
  return {
    why: `${error.name}: ${error.message}`.slice(0, 300),
    at: frames.slice(0, FRAMES).map((line) => line.trim()),
  };
}
