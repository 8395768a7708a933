import { setTimeout as delay } from 'node:timers/promises';
import type { JsonObject } from '../json.ts';
import type { SlackParts } from '../slack-parts.ts';
import type { Acknowledgement } from './acknowledgement.ts';

/**
 * Sends an Events API event, if the app subscribed to it, and again until it is acknowledged or Slack gives up.
 * @returns what became of the first attempt; later ones go on in the background
 */
export async function sendEvent(
  slack: SlackParts,
  event: JsonObject,
  signal: AbortSignal,
): Promise<Acknowledgement | undefined> {
  const { settings, deliverer, workspace } = slack;
  if (!settings.botEvents.includes(String(event.type))) return undefined;
  const payload = eventPayload(slack, event);
  const first = await deliverer.deliver('events_api', payload);
  if (mayRetry(first.ack)) {
    void retry(slack, payload, reasonOf(slack, first.ack), signal).finally(() => workspace.touch());
  }
  return first.ack;
}

/** The outer envelope of an event; `event_id` stays the same over its retries. */
export function eventPayload({ workspace, settings }: SlackParts, event: JsonObject): JsonObject {
  const { world } = workspace;
  const channel = typeof event.channel === 'string' ? workspace.channel(event.channel) : undefined;
  return {
    token: settings.verificationToken,
    team_id: world.team.id,
    context_team_id: world.team.id,
    context_enterprise_id: null,
    api_app_id: world.appId,
    event,
    type: 'event_callback',
    event_id: workspace.newId('Ev'),
    event_time: Math.floor(workspace.now() / 1000),
    authorizations: [
      {
        enterprise_id: null,
        team_id: world.team.id,
        user_id: world.bot.userId,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: channel?.isExtShared ?? false,
  };
}

async function retry(slack: SlackParts, payload: JsonObject, firstReason: string, signal: AbortSignal): Promise<void> {
  let retryReason = firstReason;
  for (const [index, waitMs] of slack.settings.eventRetryDelaysMs.entries()) {
    await delay(waitMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted || slack.faults.isAway()) return;
    const again = await slack.deliverer.deliver('events_api', payload, {
      retry: { retryAttempt: index + 1, retryReason },
    });
    if (!mayRetry(again.ack)) return;
    retryReason = reasonOf(slack, again.ack);
  }
}

const mayRetry = (ack: Acknowledgement): boolean =>
  ack.outcome === 'operation_timeout' || (ack.outcome === 'dispatch_failed' && ack.noRetry !== true);

function reasonOf(slack: SlackParts, ack: Acknowledgement): string {
  if (ack.outcome === 'operation_timeout') return slack.settings.requestUrl ? 'http_timeout' : 'timeout';
  return ack.outcome === 'dispatch_failed' && ack.why.includes('answered') ? 'http_error' : 'connection_failed';
}
