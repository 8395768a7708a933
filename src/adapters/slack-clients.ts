import { type WebAPICallResult, WebClient, type WebClientOptions } from '@slack/web-api';
import type { CallMeasure } from '../ports/call-measure.ts';
import type { Logger } from '../ports/logger.ts';
import { callFault } from './slack-call-fault.ts';
import { createSlackLogger } from './slack-logger.ts';

/** How long a person's click may wait for one call; Slack's own triggers die after 3 s. Milliseconds. */
const INTERACTIVE_TIMEOUT_MS = 3_000;
/** A message that is not through in time is tried again; the announcer's claim on the channel has to outlast it. */
const ANNOUNCING_TIMEOUT_MS = 3_000;
const HOME_TIMEOUT_MS = 5_000;

/**
 * Three clients, because a rate-limited call stops the whole queue of the client that made it, and a card that is
 * updated too often must not delay the modal that somebody waits for.
 */
export interface SlackClients {
  /** Answers, modals, who somebody is: fails fast and says so. */
  readonly interactive: WebClient;
  /** Cards and threads; the announcer tries again by itself. */
  readonly announcing: WebClient;
  /** Home tabs, which nobody waits for. */
  readonly home: WebClient;
}

/** Every method of a client goes through its `apiCall`. */
class MeasuredClient extends WebClient {
  measure: CallMeasure | undefined;

  override async apiCall(method: string, options?: Record<string, unknown>): Promise<WebAPICallResult> {
    const startedMs = performance.now();
    try {
      const result = await super.apiCall(method, options);
      this.measure?.called(method, 'ok', performance.now() - startedMs);
      return result;
    } catch (error) {
      const outcome = callFault(error).definite ? 'refused' : 'failed';
      this.measure?.called(method, outcome, performance.now() - startedMs);
      throw error;
    }
  }
}

export function createSlackClients(settings: {
  readonly botToken: string;
  readonly apiUrl: string | undefined;
  readonly log: Logger;
  readonly measure?: CallMeasure | undefined;
}): SlackClients {
  // An options object for each: the libraries write into what they are given.
  const options = (timeoutMs: number): WebClientOptions => ({
    ...(settings.apiUrl === undefined ? {} : { slackApiUrl: settings.apiUrl }),
    // A message whose reply was lost may be there: only its sender can tell, so nothing is retried here.
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: timeoutMs,
    allowAbsoluteUrls: false,
    logger: createSlackLogger(settings.log),
  });
  const measured = (given: WebClientOptions) => {
    const client = new MeasuredClient(settings.botToken, given);
    client.measure = settings.measure;
    return client;
  };
  return {
    interactive: measured(options(INTERACTIVE_TIMEOUT_MS)),
    announcing: measured(options(ANNOUNCING_TIMEOUT_MS)),
    home: measured(options(HOME_TIMEOUT_MS)),
  };
}
