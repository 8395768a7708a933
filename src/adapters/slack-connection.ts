import type { WebClient } from '@slack/web-api';
import type { CallMeasure } from '../ports/call-measure.ts';
import type { Clock } from '../ports/clock.ts';
import type { Conversation } from '../ports/conversation.ts';
import type { HomeTab } from '../ports/home-tab.ts';
import type { Logger } from '../ports/logger.ts';
import type { MembershipStore } from '../ports/membership-store.ts';
import type { SharedFiles } from '../ports/shared-files.ts';
import type { Reason } from '../rollout/reasons.ts';
import { createLastKnownMembers } from './last-known-members.ts';
import { createSlackChannel, type SlackChannel } from './slack-channel.ts';
import { createSlackClients } from './slack-clients.ts';
import { createSlackConversation } from './slack-conversation.ts';
import { createSlackDirectory, type People, type SlackDirectory } from './slack-directory.ts';
import { createSlackFiles } from './slack-files.ts';
import { createGroupReserve } from './slack-group-reserve.ts';
import { judgeOrigin } from './slack-guards.ts';
import { createSlackHome } from './slack-home.ts';
import { createIdentities, type Identities } from './slack-identity.ts';
import { createResponseUrls } from './slack-response-url.ts';
import { type SlackCheck, slackChecks, slackStartupCheck } from './slack-startup-check.ts';

export interface SlackConnectionSettings {
  readonly botToken: string;
  /** undefined: learnt from Slack. */
  readonly appId: string | undefined;
  /** undefined: Slack's own. */
  readonly apiUrl: string | undefined;
  readonly channel: string;
  readonly approvers: People & { readonly quorum: number; readonly mandatory?: People };
  /** undefined: approvers only. */
  readonly operators: People | undefined;
  /** undefined: what Slack allows. */
  readonly postsPerMinute?: number | undefined;
  /** Keeps what was last read of the groups. */
  readonly memberships: MembershipStore;
  readonly measure?: CallMeasure | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What the rest of the program needs of Slack apart from being called by it. */
export interface SlackConnection {
  readonly channel: SlackChannel;
  readonly directory: SlackDirectory;
  /** The groups as ordinary requests read them: in turn, so that enough is left for a rollback. */
  readonly ordinaryGroups: Pick<SlackDirectory, 'approvers' | 'operators' | 'mandatory'>;
  readonly conversation: Conversation;
  readonly home: HomeTab;
  readonly files: SharedFiles;
  readonly identities: Identities;
  /** Why a payload is not of our own app and workspace; null: it is. */
  judgeOrigin(body: unknown): Reason | null;
  /** What would keep rollouts from being decided or shown, a sentence each. */
  startupCheck(): Promise<readonly string[]>;
  /** The same one by one, with what is fine. */
  checks(): Promise<readonly SlackCheck[]>;
  readonly interactive: WebClient;
}

/** Makes the clients and what stands on them. Calls nothing yet, so that it works while Slack is away. */
export function connectSlack(settings: SlackConnectionSettings): SlackConnection {
  const { botToken, apiUrl, appId, channel, approvers, operators, postsPerMinute, memberships, measure, clock, log } =
    settings;
  const { interactive, announcing, home } = createSlackClients({ botToken, apiUrl, log, measure });
  const identities = createIdentities({ client: interactive, appId, clock, log });
  const directory = createSlackDirectory({
    client: interactive,
    clock,
    identity: identities.current,
    approvers,
    mandatory: approvers.mandatory,
    operators,
    lastKnown: createLastKnownMembers({ store: memberships, clock, log }),
  });
  const looked = { client: interactive, directory, channel, quorum: approvers.quorum };
  return {
    channel: createSlackChannel({ client: announcing, channel, postsPerMinute, clock, log }),
    directory,
    ordinaryGroups: createGroupReserve({ directory, clock, approvers, mandatory: approvers.mandatory, operators }),
    conversation: createSlackConversation({
      client: interactive,
      responseUrls: createResponseUrls({ apiUrl }),
      channel,
      log,
    }),
    home: createSlackHome({ client: home, log }),
    files: createSlackFiles({ client: announcing, apiUrl }),
    identities,
    judgeOrigin: (body) => judgeOrigin(body, identities.current()),
    startupCheck: () => slackStartupCheck(looked),
    checks: () => slackChecks(looked),
    interactive,
  };
}
