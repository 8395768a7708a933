import type { WebClient } from '@slack/web-api';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import { type CallFault, callFault, isCredentialFault } from './slack-call-fault.ts';
import { authTestShape, botsInfoShape } from './slack-shapes.ts';

/** Who we are in Slack; requests of any other team or app are refused. */
export interface Identity {
  readonly teamId: string;
  readonly enterpriseId: string | null;
  readonly botUserId: string;
  readonly botId: string;
  readonly appId: string;
}

/** How long to wait after a failed attempt; doubled each time up to the longest. Milliseconds. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

export interface Identities {
  current(): Identity | null;
  /** Asks Slack until it answers. @throws when Slack refuses the token itself */
  learn(stop: AbortSignal): Promise<Identity | null>;
}

/** `auth.test` says the team and the bot, `bots.info` the app, unless that is configured. */
export function createIdentities(deps: {
  readonly client: WebClient;
  readonly appId: string | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}): Identities {
  const { client, clock, log } = deps;
  let learnt: Identity | null = null;

  async function ask(): Promise<Identity> {
    const me = authTestShape.parse(await client.auth.test());
    const appId = deps.appId ?? botsInfoShape.parse(await client.bots.info({ bot: me.bot_id })).bot.app_id;
    return {
      teamId: me.team_id,
      enterpriseId: me.enterprise_id ?? null,
      botUserId: me.user_id,
      botId: me.bot_id,
      appId,
    };
  }

  return {
    current: () => learnt,
    async learn(stop) {
      for (let waitMs = FIRST_WAIT_MS; learnt === null && !stop.aborted; waitMs *= 2) {
        try {
          learnt = await ask();
        } catch (error) {
          const fault = callFault(error);
          if (isCredentialFault(fault)) throw new SlackRefusesUs(fault);
          log.warn({ why: fault.code }, 'Slack cannot be asked who we are; tried again');
          await clock.sleep(Math.min(waitMs, LONGEST_WAIT_MS), stop);
        }
      }
      return learnt;
    },
  };
}

/** The token or its scopes are wrong; nothing but another configuration helps. */
export class SlackRefusesUs extends Error {
  readonly code = 'slack-refuses-us';

  constructor(fault: CallFault) {
    super(`Slack refuses the bot token (${fault.code}). Check SLACK_BOT_TOKEN and the scopes in manifest.yml.`);
    this.name = 'SlackRefusesUs';
  }
}
