import { SlackApiError } from '../api/slack-api-error.ts';
import { ControlError } from '../control/control-error.ts';
import type { ActResult, CommandInput } from '../control/slack-control.ts';
import type { Acknowledgement } from '../delivery/acknowledgement.ts';
import { showResponse } from '../delivery/show-response.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import type { SlackParts } from '../slack-parts.ts';
import { beginAct, finishAct } from './act-result.ts';
import { actingPerson, channelOf } from './acting-person.ts';
import { commandPayload } from './payloads.ts';

/** @throws ControlError when this person could not give the command there */
export function prepareCommand(slack: SlackParts, input: CommandInput): JsonObject {
  const user = actingPerson(slack, input.user);
  const channel = channelOf(slack, user, input.channel);
  const command = input.command ?? slack.settings.commands[0] ?? '';
  if (!slack.settings.commands.includes(command)) {
    throw new ControlError('no_such_command', `${command} is not a valid command`);
  }
  return commandPayload(slack, user, channel, command, input.text.trim());
}

/** A person types a slash command. */
export async function giveCommand(slack: SlackParts, input: CommandInput): Promise<ActResult> {
  const payload = prepareCommand(slack, input);
  const channel = String(payload.channel_id);
  const act = beginAct(slack, input.user, channel, input.settleMs);
  const delivery = await slack.deliverer.deliver('slash_commands', payload);
  const notice =
    noticeOf(String(payload.command), delivery.ack) ?? showAck(slack, { channel, user: input.user }, delivery.ack);
  return finishAct(slack, act, delivery.id, delivery.ack, notice ? { notice } : {});
}

function noticeOf(command: string, ack: Acknowledgement): string | undefined {
  if (ack.outcome === 'acknowledged') return undefined;
  return `${command} failed with the error "${ack.outcome}"`;
}

/** The body of the acknowledgement is the first answer; Slack drops one it cannot show. */
function showAck(
  slack: SlackParts,
  origin: { channel: string; user: string },
  ack: Acknowledgement,
): string | undefined {
  if (ack.outcome !== 'acknowledged' || !isJsonObject(ack.body)) return undefined;
  try {
    showResponse(slack.workspace, origin, ack.body);
    return undefined;
  } catch (error) {
    if (!(error instanceof SlackApiError)) throw error;
    return `the answer could not be shown: ${error.code} ${JSON.stringify(error.detail)}`;
  }
}
