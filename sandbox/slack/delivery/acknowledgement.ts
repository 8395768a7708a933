import type { Json } from '../json.ts';

/** Slack waits this long for an app, whatever the transport. */
export const ACK_DEADLINE_MS = 3000;

/** What became of one delivery. */
export type Acknowledgement =
  | { outcome: 'acknowledged'; latencyMs: number; body?: Json }
  | { outcome: 'operation_timeout'; latencyMs: number }
  /**
   * No socket was open, or the request URL answered with something other than success.
   * `noRetry`: it asked for no further attempt, with `x-slack-no-retry: 1`.
   */
  | { outcome: 'dispatch_failed'; latencyMs: number; why: string; noRetry?: boolean };

export type DeliveryKind = 'slash_commands' | 'interactive' | 'events_api';

export interface RetryMark {
  retryAttempt: number;
  retryReason: string;
}
