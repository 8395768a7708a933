import { WebClient } from '@slack/web-api';
import type { Logger } from '../ports/logger.ts';
import { known, type Reading, unknown } from '../rollout/observation.ts';
import { callFault } from './slack-call-fault.ts';
import { createSlackLogger } from './slack-logger.ts';
import { authTestShape, botsInfoShape } from './slack-shapes.ts';

/** What Slack says of the token that it was asked with. */
export interface SlackSight {
  readonly teamId: string;
  readonly botUserId: string;
  readonly botId: string;
  /** Why unknown: the scope for it may be what is missing. */
  readonly appId: Reading<string>;
  /** As really granted; null: Slack did not say. */
  readonly scopes: readonly string[] | null;
  /** Slack's own clock when it answered, to the second; null: it did not say. */
  readonly dateMs: number | null;
  /** Our own clock when the answer came. */
  readonly heardMs: number;
}

/** A person waits for it. Milliseconds. */
const TIMEOUT_MS = 5_000;

/** Of a client that asks once, for somebody who waits. */
export const askingOptions = (apiUrl: string | undefined, log: Logger) => ({
  ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
  retryConfig: { retries: 0 },
  rejectRateLimitedCalls: true,
  timeout: TIMEOUT_MS,
  allowAbsoluteUrls: false,
  logger: createSlackLogger(log),
});

/** Asks Slack who the bot token is and what it may do. Unknown: why Slack refused, or could not be asked. */
export async function seeSlack(
  botToken: string,
  apiUrl: string | undefined,
  log: Logger,
): Promise<Reading<SlackSight>> {
  let date = '';
  const client = new WebClient(botToken, {
    ...askingOptions(apiUrl, log),
    // The library shows no header but those of scopes.
    fetch: async (...request) => {
      const response = await fetch(...request);
      date = response.headers.get('date') ?? date;
      return response;
    },
  });
  try {
    const told = await client.auth.test();
    const heardMs = Date.now();
    const me = authTestShape.parse(told);
    const dateMs = Date.parse(date);
    return known({
      teamId: me.team_id,
      botUserId: me.user_id,
      botId: me.bot_id,
      scopes: told.response_metadata?.scopes ?? null,
      heardMs,
      dateMs: Number.isNaN(dateMs) ? null : dateMs,
      appId: await appOf(client, me.bot_id),
    });
  } catch (error) {
    return unknown(callFault(error).code);
  }
}

async function appOf(client: WebClient, bot: string): Promise<Reading<string>> {
  try {
    return known(botsInfoShape.parse(await client.bots.info({ bot })).bot.app_id);
  } catch (error) {
    return unknown(callFault(error).code);
  }
}

/** Whether Slack gives sockets for the app-level token: asks for the address of one and does not open it. */
export async function seeAppToken(appToken: string, apiUrl: string | undefined, log: Logger): Promise<Reading<true>> {
  try {
    await new WebClient(appToken, askingOptions(apiUrl, log)).apps.connections.open();
    return known(true);
  } catch (error) {
    return unknown(callFault(error).code);
  }
}
