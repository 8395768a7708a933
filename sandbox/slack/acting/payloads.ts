import type { JsonObject } from '../json.ts';
import type { SlackParts } from '../slack-parts.ts';
import type { Channel, User } from '../world.ts';

/** The form fields of a slash command. Every value is a string, as in the form that Slack posts. */
export function commandPayload(
  slack: SlackParts,
  user: User,
  channel: Channel,
  command: string,
  text: string,
): JsonObject {
  const { workspace, settings, responseUrls, triggers } = slack;
  const { world } = workspace;
  return {
    token: settings.verificationToken,
    team_id: world.team.id,
    team_domain: world.team.domain,
    channel_id: channel.id,
    channel_name: channel.imUser ? 'directmessage' : channel.isPrivate ? 'privategroup' : channel.name,
    user_id: user.id,
    user_name: user.name,
    command,
    text,
    api_app_id: world.appId,
    is_enterprise_install: 'false',
    response_url: responseUrls.issue({ channel: channel.id, user: user.id }),
    trigger_id: triggers.issue({ user: user.id }),
  };
}

/** What all interaction payloads of one person have in common. */
export function interactionBase(slack: SlackParts, user: User, type: string): JsonObject {
  const { world } = slack.workspace;
  return {
    type,
    user: { id: user.id, username: user.name, name: user.name, team_id: user.teamId },
    api_app_id: world.appId,
    token: slack.settings.verificationToken,
    team: { id: world.team.id, domain: world.team.domain },
    enterprise: null,
    is_enterprise_install: false,
  };
}
