import { LogLevel } from '@slack/bolt';
import type { Logger } from '../ports/logger.ts';

/** What Slack's libraries take as a logger. */
type SlackLogger = import('@slack/bolt').Logger;

/** Behind the first of these a library quotes what it was given: a reply, an address, a value of a message. */
const QUOTED = /[:([{<"'`].*$/s;

/**
 * Slack's libraries log into ours, warnings and errors only: below that they log frames, bodies and parts of tokens.
 * Objects are named, not printed, and texts end where they begin to quote, for the same reason. What became of a call is
 * logged by whoever made it.
 */
export function createSlackLogger(log: Logger): SlackLogger {
  const words = (parts: readonly unknown[]) => {
    const text = parts
      .map((part) => (typeof part === 'string' ? part : part instanceof Error ? part.name : typeof part))
      .join(' ');
    // Where in a message something is wrong, as Slack says it.
    const [place] = /\[json-pointer:\/[\w/]*\]/.exec(text) ?? [];
    return (place === undefined ? text.replace(QUOTED, '') : `refused by Slack at ${place}`).trim().slice(0, 200);
  };
  return {
    debug() {},
    info() {},
    warn: (...parts) => log.warn({ from: 'slack' }, words(parts)),
    error: (...parts) => log.error({ from: 'slack' }, words(parts)),
    setLevel() {},
    getLevel: () => LogLevel.WARN,
    setName() {},
  };
}
