import { SocketModeClient } from '@slack/socket-mode';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import { callFault, isCredentialFault } from './slack-call-fault.ts';
import { createSlackLogger } from './slack-logger.ts';

/** How long a socket may take to open. Milliseconds. */
const OPEN_WITHIN_MS = 15_000;
const CALL_TIMEOUT_MS = 10_000;
/** Waits between failed attempts, doubled each time, jittered. Milliseconds. */
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
/** A socket that lived this long ended well: the next opens at once. Milliseconds. */
const GOOD_LIFE_MS = 10_000;

/** One message of Slack's, with the way to acknowledge it. */
export interface Envelope {
  readonly id: string;
  readonly body: unknown;
  readonly retryNum: number | undefined;
  readonly retryReason: string | undefined;
  /** Rejects when the socket has gone meanwhile. */
  ack(response?: unknown): Promise<void>;
}

export interface SocketLink {
  isOpen(): boolean;
  /** Why it is not open, for the readiness page. */
  trouble(): string | null;
  /** Keeps one socket open until it is stopped. */
  run(stop: AbortSignal): Promise<void>;
}

/**
 * One socket, kept open. The library's own reconnecting is switched off: it stays deaf for five seconds at each of
 * Slack's refreshes, and where Slack cannot be reached it ends the process by an unhandled rejection, in the middle of
 * deployments that need no Slack.
 */
export function createSocketLink(deps: {
  readonly appToken: string;
  readonly apiUrl: string | undefined;
  readonly clock: Clock;
  readonly fraction: () => number;
  readonly log: Logger;
  readonly receive: (envelope: Envelope) => void;
  readonly changed: () => void;
}): SocketLink {
  const { clock, log } = deps;
  let open = false;
  let trouble: string | null = 'not opened yet';

  function setOpen(next: boolean, why: string | null): void {
    open = next;
    trouble = why;
    deps.changed();
  }

  function newClient(): SocketModeClient {
    const client = new SocketModeClient({
      appToken: deps.appToken,
      autoReconnectEnabled: false,
      logger: createSlackLogger(log),
      // An object of its own for each client, because the library writes into it; never `headers`, they would carry
      // the wrong token.
      clientOptions: {
        ...(deps.apiUrl === undefined ? {} : { slackApiUrl: deps.apiUrl }),
        retryConfig: { retries: 0 },
        rejectRateLimitedCalls: true,
        timeout: CALL_TIMEOUT_MS,
      },
    });
    client.on('slack_event', (event) => {
      deps.receive({
        id: String(event.envelope_id),
        body: event.body,
        retryNum: event.retry_num,
        retryReason: event.retry_reason,
        ack: event.ack,
      });
    });
    return client;
  }

  /** One socket from its opening to its end. Returns how long it lived. */
  async function live(stop: AbortSignal): Promise<number> {
    const client = newClient();
    const gone = new Promise<void>((resolve) => client.once('disconnected', () => resolve()));
    const close = () => void client.disconnect();
    const opening = new AbortController();
    stop.addEventListener('abort', close, { once: true });
    try {
      await Promise.race([client.start(), late(opening.signal)]);
      opening.abort();
      const openedMs = clock.elapsedMs();
      setOpen(true, null);
      if (stop.aborted) close();
      await gone;
      return clock.elapsedMs() - openedMs;
    } catch (error) {
      close();
      throw error;
    } finally {
      opening.abort();
      stop.removeEventListener('abort', close);
      setOpen(false, trouble ?? 'the socket was closed');
    }
  }

  async function late(signal: AbortSignal): Promise<never> {
    await clock.sleep(OPEN_WITHIN_MS, signal);
    throw new Error('the socket did not open in time');
  }

  return {
    isOpen: () => open,
    trouble: () => trouble,
    async run(stop) {
      let waitMs = FIRST_WAIT_MS;
      while (!stop.aborted) {
        try {
          if ((await live(stop)) >= GOOD_LIFE_MS) {
            waitMs = FIRST_WAIT_MS;
            continue;
          }
        } catch (error) {
          const fault = callFault(error);
          trouble = fault.code;
          if (isCredentialFault(fault)) {
            waitMs = LONGEST_WAIT_MS;
            log.error({ why: fault.code }, 'Slack refuses the app token: check SLACK_APP_TOKEN');
          } else log.warn({ why: fault.code }, 'The socket to Slack could not be opened; tried again');
        }
        await clock.sleep(waitMs * (0.8 + 0.4 * deps.fraction()), stop);
        waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
      }
    },
  };
}
