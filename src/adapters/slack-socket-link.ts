import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import { callFault } from './slack-call-fault.ts';
import { SlackSocketClient } from './slack-socket-client.ts';
import { createReconnectWait, endOfFault, type SocketEnd } from './slack-socket-end.ts';

/** How long a socket may take to open. Milliseconds. */
const OPEN_WITHIN_MS = 15_000;
/** How long one is kept after Slack's goodbye: Slack warns about ten seconds ahead, and closes it itself. Milliseconds. */
const LINGER_MS = 30_000;

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

/** What to do about an end that does not pass by itself. */
const ADVICE: Readonly<Partial<Record<SocketEnd, string>>> = {
  'too-many': 'Slack has too many sockets of this app open: does another process use the same app?',
  disabled: 'Slack has Socket Mode switched off for this app: switch it on, or unset SLACK_APP_TOKEN to use HTTP',
  refused: 'Slack refuses the app token: check SLACK_APP_TOKEN',
};

/** One socket, kept open: the next is opened as soon as Slack says that it will close this one. */
export function createSocketLink(deps: {
  readonly appToken: string;
  readonly apiUrl: string | undefined;
  readonly clock: Clock;
  readonly fraction: () => number;
  readonly log: Logger;
  /** Milliseconds until this link may open a socket, because another has just opened one; 0: its turn, taken. */
  readonly turnMs: () => number;
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

  function newClient(goodbye: (end: SocketEnd) => void): SlackSocketClient {
    const client = new SlackSocketClient({ appToken: deps.appToken, apiUrl: deps.apiUrl, log, goodbye });
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

  /** One socket from its opening to its end, or to Slack's word that it ends. */
  async function live(stop: AbortSignal): Promise<{ readonly end: SocketEnd; readonly livedMs: number }> {
    const ending = Promise.withResolvers<SocketEnd>();
    const closed = new AbortController();
    const client = newClient(ending.resolve);
    client.once('disconnected', () => {
      ending.resolve('lost');
      closed.abort();
    });
    const close = () => void client.disconnect();
    stop.addEventListener('abort', close, { once: true });
    closed.signal.addEventListener('abort', () => stop.removeEventListener('abort', close));
    const opening = new AbortController();
    let openedMs: number | null = null;
    let end: SocketEnd;
    try {
      // A goodbye may come in place of a welcome.
      const refused = await Promise.race([client.start().then(() => null), late(opening.signal), ending.promise]);
      if (refused === 'lost') throw new Error('the socket was cut before it was open');
      if (refused === null) {
        openedMs = clock.elapsedMs();
        setOpen(true, null);
        if (stop.aborted) close();
      }
      end = await ending.promise;
      trouble = end === 'lost' ? 'the socket was closed' : `Slack says ${end}`;
    } catch (error) {
      end = told(error);
    }
    opening.abort();
    setOpen(false, trouble);
    const lingerMs = openedMs === null || stop.aborted ? 0 : LINGER_MS;
    void clock.sleep(lingerMs, closed.signal).then(() => closed.signal.aborted || close());
    return { end, livedMs: openedMs === null ? 0 : clock.elapsedMs() - openedMs };
  }

  function told(error: unknown): SocketEnd {
    const fault = callFault(error);
    trouble = fault.code;
    log.warn({ why: fault.code }, 'The socket to Slack could not be opened; tried again');
    return endOfFault(fault);
  }

  async function late(signal: AbortSignal): Promise<never> {
    await clock.sleep(OPEN_WITHIN_MS, signal);
    throw new Error('the socket did not open in time');
  }

  return {
    isOpen: () => open,
    trouble: () => trouble,
    async run(stop) {
      const waitAfter = createReconnectWait(deps.fraction);
      while (!stop.aborted) {
        for (let waitMs = deps.turnMs(); waitMs > 0 && !stop.aborted; waitMs = deps.turnMs()) {
          await clock.sleep(waitMs, stop);
        }
        if (stop.aborted) return;
        const { end, livedMs } = await live(stop);
        const advice = ADVICE[end];
        if (advice !== undefined) log.error({ why: end }, advice);
        await clock.sleep(waitAfter(end, livedMs), stop);
      }
    },
  };
}
