import { ControlError } from '../control/control-error.ts';
import type { ActResult, ClickInput } from '../control/slack-control.ts';
import type { JsonObject } from '../json.ts';
import type { MessageRecord, ViewRecord } from '../records.ts';
import type { SlackParts } from '../slack-parts.ts';
import { shownView, viewBlocks } from '../view-stack.ts';
import { stateValues } from '../view-state.ts';
import { wireMessage } from '../wire-shapes.ts';
import type { User } from '../world.ts';
import { beginAct, finishAct, unsent } from './act-result.ts';
import { actingPerson, channelOf } from './acting-person.ts';
import { actionOf } from './action-of.ts';
import { askToConfirm, findElement } from './find-element.ts';
import { interactionBase } from './payloads.ts';

/** A person presses a button or chooses from a menu, in a message, a modal or their Home. */
export async function clickElement(slack: SlackParts, input: ClickInput): Promise<ActResult> {
  const user = actingPerson(slack, input.user);
  const act = beginAct(slack, input.user, input.channel, input.settleMs);
  const prepared = prepareClick(slack, user, input);
  if (prepared === 'stop') return unsent(slack, act, 'cancelled');
  const delivery = await slack.deliverer.deliver('interactive', prepared);
  const failed = delivery.ack.outcome !== 'acknowledged';
  const notice = failed ? { notice: 'This app is not responding. Try again in a while.' } : {};
  return finishAct(slack, act, delivery.id, delivery.ack, notice);
}

/** The block_actions payload, or `stop` when the person said no. @throws ControlError when there is nothing to click */
export function prepareClick(slack: SlackParts, user: User, input: ClickInput): JsonObject | 'stop' {
  if (input.viewId !== undefined) return clickInView(slack, user, input, input.viewId);
  if (input.channel === undefined || input.ts === undefined) {
    throw new ControlError('nothing_named', 'name a message by channel and ts, or a view by viewId');
  }
  return clickInMessage(slack, user, input, input.channel, input.ts);
}

function clickInMessage(
  slack: SlackParts,
  user: User,
  input: ClickInput,
  channelId: string,
  ts: string,
): JsonObject | 'stop' {
  const { workspace } = slack;
  const channel = channelOf(slack, user, channelId);
  const record = seenRecord(slack, user, channel.id, ts, input.stale);
  const placed = findElement(record.blocks, input);
  if (askToConfirm(placed, input.confirm) === 'stop') return 'stop';
  const { action, state } = actionOf(placed, input.value, workspace.now());
  const values = stateValues(record.blocks, state ? chosenOne(action, state) : {});
  const ephemeral = record.ephemeralTo !== undefined;
  const origin = { channel: channel.id, user: user.id, messageTs: ts };
  return {
    ...interactionBase(slack, user, 'block_actions'),
    container: {
      type: 'message',
      message_ts: ts,
      channel_id: channel.id,
      is_ephemeral: ephemeral,
      ...(record.threadTs ? { thread_ts: record.threadTs } : {}),
    },
    trigger_id: slack.triggers.issue({ user: user.id }),
    channel: { id: channel.id, name: channel.imUser ? 'directmessage' : channel.name },
    // Slack does not send the message along when it is one that only this person sees.
    ...(ephemeral ? {} : { message: wireMessage(workspace, record) }),
    state: { values },
    response_url: slack.responseUrls.issue({ ...origin, ...(record.threadTs ? { threadTs: record.threadTs } : {}) }),
    actions: [action],
  };
}

/** The message as this person sees it now, or as it was when `stale` is given. */
function seenRecord(
  slack: SlackParts,
  user: User,
  channel: string,
  ts: string,
  stale: ClickInput['stale'],
): MessageRecord {
  const current = slack.workspace.state.messages.find((one) => one.channel === channel && one.ts === ts);
  if (stale) {
    const base = current ?? goneRecord(slack, channel, ts);
    return { ...base, text: stale.text, blocks: stale.blocks };
  }
  const visible = current && !current.deleted && (current.ephemeralTo ?? user.id) === user.id;
  if (!visible) throw new ControlError('no_such_message', `${user.name} sees no message ${ts} in ${channel}`);
  return current;
}

function goneRecord({ workspace }: SlackParts, channel: string, ts: string): MessageRecord {
  const { bot } = workspace.world;
  return {
    channel,
    ts,
    user: bot.userId,
    botId: bot.botId,
    text: '',
    blocks: [],
    attachments: [],
    replyBroadcast: false,
    deleted: true,
    earlier: [],
    fileIds: [],
    reactions: [],
  };
}

function clickInView(slack: SlackParts, user: User, input: ClickInput, viewId: string): JsonObject | 'stop' {
  const view = openView(slack, user, viewId);
  const placed = findElement(viewBlocks(view), input);
  if (askToConfirm(placed, input.confirm) === 'stop') return 'stop';
  const { action, state } = actionOf(placed, input.value, slack.workspace.now());
  if (state) {
    const blockId = String(action.block_id);
    view.chosen[blockId] = { ...view.chosen[blockId], [String(action.action_id)]: state };
  }
  return {
    ...interactionBase(slack, user, 'block_actions'),
    container: { type: 'view', view_id: view.id },
    trigger_id: slack.triggers.issue({ user: user.id, viewId: view.id }),
    view: shownView(slack.workspace, view),
    actions: [action],
  };
}

/** A view that is open for this person. @throws ControlError */
export function openView({ workspace }: SlackParts, user: User, viewId: string): ViewRecord {
  const view = workspace.view(viewId);
  if (!view?.open || view.user !== user.id) {
    throw new ControlError('no_such_view', `${user.name} has no view ${viewId} open`);
  }
  return view;
}

const chosenOne = (action: JsonObject, state: JsonObject) => ({
  [String(action.block_id)]: { [String(action.action_id)]: state },
});
