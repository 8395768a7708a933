import { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { Logger } from '../ports/logger.ts';
import { known, type Reading, unknown } from '../rollout/observation.ts';
import { callFault } from './slack-call-fault.ts';
import { askingOptions } from './slack-sight.ts';

/** A channel or user group as Slack lists it. */
export interface SlackPlace {
  readonly id: string;
  /** Without `#` or `@`. */
  readonly name: string;
  /** Of a channel: the bot is in it. Of a group: somebody is. */
  readonly inhabited: boolean;
}

const PAGE_SIZE = 200;
/** This is 10,000 channels; whoever has more names theirs by its id. */
const MOST_PAGES = 50;

const channelsShape = z.object({
  channels: z.array(z.object({ id: z.string(), name: z.string(), is_member: z.boolean().optional() })),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});
const groupsShape = z.object({
  usergroups: z.array(z.object({ id: z.string(), handle: z.string(), user_count: z.number().optional() })),
});

/** The channels that the bot can see, those that it is in first. Unknown: why Slack did not say. */
export async function seeChannels(
  botToken: string,
  apiUrl: string | undefined,
  log: Logger,
): Promise<Reading<readonly SlackPlace[]>> {
  const client = new WebClient(botToken, askingOptions(apiUrl, log));
  const all: SlackPlace[] = [];
  let cursor = '';
  try {
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const asked = { types: 'public_channel,private_channel', exclude_archived: true, limit: PAGE_SIZE };
      const told = await client.conversations.list(cursor === '' ? asked : { ...asked, cursor });
      const { channels, response_metadata: next } = channelsShape.parse(told);
      all.push(...channels.map(({ id, name, is_member: inhabited = false }) => ({ id, name, inhabited })));
      cursor = next?.next_cursor ?? '';
      if (cursor === '') return known(all.sort((a, b) => Number(b.inhabited) - Number(a.inhabited)));
    }
    return unknown(`there are more than ${MOST_PAGES * PAGE_SIZE} channels`);
  } catch (error) {
    return unknown(callFault(error).code);
  }
}

/** The user groups of the workspace. Unknown: why Slack did not say. */
export async function seeUserGroups(
  botToken: string,
  apiUrl: string | undefined,
  log: Logger,
): Promise<Reading<readonly SlackPlace[]>> {
  try {
    const { usergroups } = groupsShape.parse(
      await new WebClient(botToken, askingOptions(apiUrl, log)).usergroups.list({ include_count: true }),
    );
    return known(usergroups.map(({ id, handle: name, user_count = 0 }) => ({ id, name, inhabited: user_count > 0 })));
  } catch (error) {
    return unknown(callFault(error).code);
  }
}
