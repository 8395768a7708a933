import { SocketModeClient } from '@slack/socket-mode';
import type { Logger } from '../ports/logger.ts';
import { createSlackLogger } from './slack-logger.ts';
import { readGoodbye, type SocketEnd } from './slack-socket-end.ts';

const CALL_TIMEOUT_MS = 10_000;

/**
 * The library's client, but for what it does when Slack says goodbye: it closes the socket at once, with
 * acknowledgements still to be sent and, after a mere warning, envelopes still to come; and it tells nobody why.
 */
export class SlackSocketClient extends SocketModeClient {
  readonly #goodbye: (end: SocketEnd) => void;

  constructor(deps: {
    readonly appToken: string;
    /** undefined: Slack's own. */
    readonly apiUrl: string | undefined;
    readonly log: Logger;
    /** Slack will close the socket; the owner opens another one, and closes this one if Slack does not. */
    readonly goodbye: (end: SocketEnd) => void;
  }) {
    super({
      appToken: deps.appToken,
      // It stays deaf for five seconds at each of Slack's refreshes, comes back at once where Slack asks it to stay
      // away, and where Slack cannot be reached it ends the process by an unhandled rejection, in the middle of
      // deployments that need no Slack.
      autoReconnectEnabled: false,
      logger: createSlackLogger(deps.log),
      // An object of its own for each client, because the library writes into it; never `headers`, they would carry
      // the wrong token.
      clientOptions: {
        ...(deps.apiUrl === undefined ? {} : { slackApiUrl: deps.apiUrl }),
        retryConfig: { retries: 0 },
        rejectRateLimitedCalls: true,
        timeout: CALL_TIMEOUT_MS,
      },
    });
    this.#goodbye = deps.goodbye;
  }

  protected override async onWebSocketMessage(data: string | ArrayBuffer, isBinary: boolean): Promise<void> {
    const end = readGoodbye(data);
    if (end === null) return super.onWebSocketMessage(data, isBinary);
    this.#goodbye(end);
  }
}
