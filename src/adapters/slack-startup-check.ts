import type { WebClient } from '@slack/web-api';
import type { Directory } from '../ports/directory.ts';
import { callFault } from './slack-call-fault.ts';
import { conversationShape } from './slack-shapes.ts';

/** Larger groups are not looked at person by person: they have enough. */
const MOST_LOOKED_AT = 20;

/** What would keep rollouts from being decided or shown, a sentence each. Empty: nothing. The bot starts all the same. */
export async function slackStartupCheck(deps: {
  readonly client: WebClient;
  readonly directory: Directory;
  readonly channel: string;
  readonly quorum: number;
}): Promise<readonly string[]> {
  const [approvers, channel] = await Promise.all([approverWarnings(deps), channelWarnings(deps)]);
  const operators = await deps.directory.operators();
  return [...approvers, ...channel, ...(operators.kind === 'unknown' ? [operatorWarning(operators.why)] : [])];
}

async function approverWarnings({
  directory,
  quorum,
}: {
  readonly directory: Directory;
  readonly quorum: number;
}): Promise<readonly string[]> {
  const group = await directory.approvers();
  if (group.kind === 'unknown') {
    const words = `The approvers cannot be read from Slack (${group.why}): until they can, nothing can be promoted.`;
    return [`${words} ${groupAdvice('approvers', group.why)}`];
  }
  const people = [...new Set(group.value)];
  if (people.length > MOST_LOOKED_AT) return [];
  const seen = await Promise.all(people.map((id) => directory.person(id)));
  const able = seen.filter((one) => one.kind === 'unknown' || one.value.problem === null).length;
  // Whoever asks may be one of them, and then does not count.
  if (able - 1 >= quorum) return [];
  return [
    `Only ${able} of ${people.length} approvers are active members; ${quorum} are needed besides the requester, so a rollout that one of them asks for could never be promoted.`,
  ];
}

async function channelWarnings({
  client,
  channel,
}: {
  readonly client: WebClient;
  readonly channel: string;
}): Promise<readonly string[]> {
  try {
    const seen = conversationShape.parse(await client.conversations.info({ channel })).channel;
    if (seen.is_archived === true) return [`The channel ${channel} is archived: nothing can be announced.`];
    if (seen.is_ext_shared === true)
      return [`The channel ${channel} is shared with another organisation: presses in it are refused.`];
    if (seen.is_member === false)
      return [`The bot is not in the channel ${channel}: invite it, or nothing can be announced.`];
    return [];
  } catch (error) {
    const { code } = callFault(error);
    const todo = code === 'channel_not_found' ? 'invite the bot, or correct slack.channel' : 'it is tried again';
    return [`The channel ${channel} cannot be reached (${code}): ${todo}.`];
  }
}

function operatorWarning(why: string): string {
  return `The operators cannot be read from Slack (${why}): until they can, nothing can be deployed. ${groupAdvice('operators', why)}`;
}

function groupAdvice(group: 'approvers' | 'operators', why: string): string {
  if (why === 'no_such_subteam') return `Make the group or enable it, or correct slack.${group}.usergroup.`;
  if (why === 'missing_scope') return 'Install the app again with the scopes of manifest.yml.';
  return 'It is tried again.';
}
