import { LogLevel } from '@slack/bolt';
import type { Logger } from '../ports/logger.ts';

/** What Slack's libraries take as a logger. */
type SlackLogger = import('@slack/bolt').Logger;

/**
 * Slack's libraries log into ours, warnings and errors only: below that they log frames, bodies and parts of tokens.
 * Objects are named, not printed, for the same reason.
 */
export function createSlackLogger(log: Logger): SlackLogger {
  const words = (parts: readonly unknown[]) =>
    parts
      .map((part) => (typeof part === 'string' ? part : part instanceof Error ? part.message : typeof part))
      .join(' ')
      .replace(/xox[a-z]-[\w-]+|xapp-[\w-]+/g, '[secret]')
      .slice(0, 500);
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
