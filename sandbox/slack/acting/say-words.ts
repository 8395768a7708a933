import type { SeenMessage } from '../control/slack-control.ts';
import { seeMessage } from '../control/see-message.ts';
import { sendEvent } from '../delivery/send-event.ts';
import { postMessage } from '../post-message.ts';
import type { SlackParts } from '../slack-parts.ts';
import { actingPerson, channelOf } from './acting-person.ts';

/** A person writes into a channel or a thread. The app is told only where it is called by name, and is there. */
export async function sayWords(
  slack: SlackParts,
  input: { user: string; channel: string; text: string; threadTs?: string },
  signal: AbortSignal,
): Promise<SeenMessage> {
  const { workspace } = slack;
  const { bot, team } = workspace.world;
  const speaker = actingPerson(slack, input.user);
  const channel = channelOf(slack, speaker, input.channel);
  const { text, threadTs } = input;
  const record = postMessage(
    workspace,
    { text, blocks: [], attachments: [] },
    { channel: channel.id, user: speaker.id, ...(threadTs ? { threadTs } : {}) },
  );
  const called = text.includes(`<@${bot.userId}>`) && channel.members.includes(bot.userId) && !channel.imUser;
  if (called && slack.settings.scopes.includes('app_mentions:read')) {
    const event = {
      type: 'app_mention',
      user: speaker.id,
      text,
      ts: record.ts,
      channel: channel.id,
      event_ts: record.ts,
      team: team.id,
      ...(threadTs ? { thread_ts: threadTs } : {}),
      // Slack names the workspace of whoever is of another one.
      ...(speaker.teamId === team.id ? {} : { user_team: speaker.teamId }),
    };
    void sendEvent(slack, event, signal);
  }
  return seeMessage(workspace, record);
}
