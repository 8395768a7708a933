import { callArguments } from '../api/call-arguments.ts';
import { readMessage } from '../api/read-message.ts';
import type { JsonObject } from '../json.ts';
import { postMessage, replaceMessage } from '../post-message.ts';
import type { Workspace } from '../workspace.ts';
import type { ResponseOrigin } from './response-urls.ts';

/**
 * Shows what an app answered to a command or an interaction, through its acknowledgement or a response URL.
 * @throws SlackApiError when the content is not acceptable
 */
export function showResponse(workspace: Workspace, origin: ResponseOrigin, answer: JsonObject): void {
  const original = origin.messageTs ? workspace.message(origin.channel, origin.messageTs) : undefined;
  if (answer.delete_original === true) {
    if (original) original.deleted = true;
    workspace.touch();
    return;
  }
  const content = readMessage(callArguments(answer));
  if (answer.replace_original === true && original) {
    replaceMessage(workspace, original, content);
    return;
  }
  const inChannel = answer.response_type === 'in_channel';
  const threadTs = typeof answer.thread_ts === 'string' ? answer.thread_ts : origin.threadTs;
  postMessage(workspace, content, {
    channel: origin.channel,
    ...(inChannel ? {} : { ephemeralTo: origin.user }),
    ...(threadTs ? { threadTs } : {}),
  });
}
