import type { WebClient } from '@slack/web-api';
import type { Rendered } from '../ports/channel.ts';
import type { AnswerTo, Conversation } from '../ports/conversation.ts';
import type { Logger } from '../ports/logger.ts';
import { callFault, isCredentialFault } from './slack-call-fault.ts';
import { isRefusedContent, plainMessage, wholeMessage } from './slack-message.ts';
import type { ResponseUrls } from './slack-response-url.ts';
import { permalinkShape, viewShape } from './slack-shapes.ts';

/** Answers to one person, over the client that fails fast. */
export function createSlackConversation(deps: {
  readonly client: WebClient;
  readonly responseUrls: ResponseUrls;
  /** Where somebody is answered who was nowhere. */
  readonly channel: string;
  readonly log: Logger;
}): Conversation {
  const { client, responseUrls, log } = deps;

  /** True when it was done; what went wrong is logged, because there is nobody else to tell. */
  async function tried(what: string, call: () => Promise<unknown>): Promise<boolean> {
    try {
      await call();
      return true;
    } catch (error) {
      log.warn({ what, why: callFault(error).code }, 'Slack did not take an answer');
      return false;
    }
  }

  async function ephemeral(to: AnswerTo, message: Rendered): Promise<boolean> {
    const { person: user } = to;
    const channel = to.channel ?? deps.channel;
    const call = (content: object) => client.apiCall('chat.postEphemeral', { channel, user, ...content });
    try {
      await call(wholeMessage(message));
      return true;
    } catch (error) {
      const fault = callFault(error);
      if (isRefusedContent(fault)) return tried('plain answer', () => call(plainMessage(message)));
      const why = isCredentialFault(fault) ? `${fault.code}: check the token and its scopes` : fault.code;
      log.error({ why }, 'Somebody could not be answered');
      return false;
    }
  }

  return {
    async answer(to, message) {
      if (to.responseUrl !== null) {
        if (!responseUrls.isAllowed(to.responseUrl)) log.warn({}, 'A response URL is not of Slack and is not used');
        else if (await responseUrls.post(to.responseUrl, wholeMessage(message))) return true;
      }
      return ephemeral(to, message);
    },
    async openModal(triggerId, modal) {
      try {
        const answer = await client.apiCall('views.open', { trigger_id: triggerId, view: modal });
        return viewShape.parse(answer).view.id;
      } catch (error) {
        log.warn({ what: 'modal', why: callFault(error).code }, 'Slack did not take an answer');
        return null;
      }
    },
    updateModal: (viewId, modal) =>
      tried('modal', () => client.apiCall('views.update', { view_id: viewId, view: modal })),
    rewrite: (channel, ts, message) =>
      tried('old card', () => client.apiCall('chat.update', { channel, ts, ...wholeMessage(message) })),
    async permalink(channel, ts) {
      try {
        const answer = await client.chat.getPermalink({ channel, message_ts: ts });
        return permalinkShape.parse(answer).permalink;
      } catch {
        return null;
      }
    },
  };
}
