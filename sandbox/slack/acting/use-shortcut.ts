import { ControlError } from '../control/control-error.ts';
import type { ActResult, ShortcutInput } from '../control/slack-control.ts';
import type { JsonObject } from '../json.ts';
import type { SlackParts } from '../slack-parts.ts';
import { wireMessage } from '../wire-shapes.ts';
import type { User } from '../world.ts';
import { beginAct, finishAct } from './act-result.ts';
import { actingPerson, channelOf } from './acting-person.ts';
import { interactionBase } from './payloads.ts';

/** A person chooses one of the app's shortcuts: from anywhere, or from the menu of a message. */
export async function useShortcut(slack: SlackParts, input: ShortcutInput): Promise<ActResult> {
  const user = actingPerson(slack, input.user);
  const act = beginAct(slack, user.id, input.channel, input.settleMs);
  const delivery = await slack.deliverer.deliver('interactive', prepareShortcut(slack, user, input));
  const failed = delivery.ack.outcome !== 'acknowledged';
  const notice = failed ? { notice: 'This app is not responding. Try again in a while.' } : {};
  return finishAct(slack, act, delivery.id, delivery.ack, notice);
}

/** @throws ControlError when the app has no such shortcut there */
function prepareShortcut(slack: SlackParts, user: User, input: ShortcutInput): JsonObject {
  const { callbackId, channel, ts } = input;
  const known = slack.settings.shortcuts.find((one) => one.callbackId === callbackId);
  if (!known) throw new ControlError('no_such_shortcut', `the app has no shortcut ${callbackId}`);
  const onMessage = channel !== undefined && ts !== undefined;
  if (onMessage !== (known.type === 'message')) {
    const where = known.type === 'message' ? 'is chosen on a message' : 'is not of a message';
    throw new ControlError('wrong_shortcut', `${known.name} ${where}`);
  }
  const base = {
    ...interactionBase(slack, user, known.type === 'message' ? 'message_action' : 'shortcut'),
    callback_id: callbackId,
    trigger_id: slack.triggers.issue({ user: user.id }),
    action_ts: (slack.workspace.now() / 1000).toFixed(6),
  };
  return onMessage ? { ...base, ...aboutMessage(slack, user, channel, ts) } : base;
}

function aboutMessage(slack: SlackParts, user: User, channelId: string, ts: string): JsonObject {
  const channel = channelOf(slack, user, channelId);
  const record = slack.workspace.message(channel.id, ts);
  // Slack offers no shortcuts on what only one person sees.
  if (!record || record.ephemeralTo !== undefined) {
    throw new ControlError('no_such_message', `there is no message ${ts} with a menu in ${channel.name}`);
  }
  const origin = { channel: channel.id, user: user.id, messageTs: ts };
  return {
    message_ts: ts,
    channel: { id: channel.id, name: channel.imUser ? 'directmessage' : channel.name },
    message: wireMessage(slack.workspace, record),
    response_url: slack.responseUrls.issue({ ...origin, ...(record.threadTs ? { threadTs: record.threadTs } : {}) }),
  };
}
