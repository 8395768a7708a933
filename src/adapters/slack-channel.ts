import type { WebClient } from '@slack/web-api';
import type { Channel, PostOutcome, Rendered } from '../ports/channel.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import { callFault } from './slack-call-fault.ts';
import { isRefusedContent, plainMessage, wholeMessage } from './slack-message.ts';
import { createPace, type Pace } from './slack-pace.ts';
import { postedShape } from './slack-shapes.ts';

/** Slack takes about one message a second in a channel, with short bursts. */
const POSTS_AT_ONCE = 4;
const POSTS_PER_MINUTE = 60;
/** `chat.update` is a tier 3 method: 50 a minute for all channels together. */
const UPDATES_AT_ONCE = 8;
const UPDATES_PER_MINUTE = 45;
/** The longest that a call waits for its turn; beyond, the announcer comes again with the newest state. Milliseconds. */
const LONGEST_TURN_MS = 1_000;
/** When to come again where Slack names no time. Milliseconds. */
const RETRY_MS = 3_000;
/** When to come again where somebody has to change something in Slack first. Milliseconds. */
const CHANNEL_RETRY_MS = 60_000;

/** The message or its thread is not there any more; a new card is needed. */
const MESSAGE_GONE = [
  'message_not_found',
  'cant_update_message',
  'edit_window_closed',
  'is_inactive',
  'thread_not_found',
];
/** Somebody can put these right: invite the bot, unarchive the channel, correct `slack.channel`. */
const CHANNEL_TROUBLE = ['channel_not_found', 'not_in_channel', 'is_archived', 'restricted_action', 'access_denied'];

/** The configured channel. Slack's refusal of blocks falls back to the plain text, so that no gate is lost. */
export function createSlackChannel(deps: {
  readonly client: WebClient;
  readonly channel: string;
  readonly postsPerMinute?: number | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}): Channel {
  const { client, channel, clock, log } = deps;
  const posts = createPace(clock, POSTS_AT_ONCE, deps.postsPerMinute ?? POSTS_PER_MINUTE);
  const updates = createPace(clock, UPDATES_AT_ONCE, deps.postsPerMinute ?? UPDATES_PER_MINUTE);

  /** 0 when it is our turn, else when to come again. */
  async function turn(pace: Pace): Promise<number> {
    const latestMs = clock.elapsedMs() + LONGEST_TURN_MS;
    for (;;) {
      const waitMs = pace.take();
      if (waitMs === 0 || clock.elapsedMs() + waitMs > latestMs) return waitMs;
      await clock.sleep(waitMs);
    }
  }

  async function send(
    pace: Pace,
    message: Rendered,
    call: (message: object) => Promise<unknown>,
  ): Promise<PostOutcome> {
    const waitMs = await turn(pace);
    if (waitMs > 0) return { kind: 'failed', why: 'own pace', gone: false, retryAfterMs: waitMs };
    try {
      return posted(await call(wholeMessage(message)));
    } catch (error) {
      const fault = callFault(error);
      if (!isRefusedContent(fault)) return failed(error);
      log.error({ why: fault.code }, 'Slack refused the blocks of a message; its plain text is sent instead');
    }
    try {
      return posted(await call(plainMessage(message)));
    } catch (error) {
      return failed(error);
    }
  }

  function failed(error: unknown): PostOutcome {
    const { code, retryAfterMs } = callFault(error);
    if (MESSAGE_GONE.includes(code)) return { kind: 'failed', why: code, gone: true, retryAfterMs: 0 };
    if (CHANNEL_TROUBLE.includes(code)) {
      log.error({ channel, why: code }, 'The channel cannot be written to: invite the bot or correct slack.channel');
      return { kind: 'failed', why: code, gone: false, retryAfterMs: CHANNEL_RETRY_MS };
    }
    return { kind: 'failed', why: code, gone: false, retryAfterMs: retryAfterMs ?? RETRY_MS };
  }

  return {
    id: channel,
    post: (message, threadTs) =>
      send(posts, message, (content) =>
        client.apiCall('chat.postMessage', {
          channel,
          ...content,
          ...(threadTs === null ? {} : { thread_ts: threadTs }),
        }),
      ),
    update: (ts, message) =>
      send(updates, message, (content) => client.apiCall('chat.update', { channel, ts, ...content })),
  };
}

function posted(answer: unknown): PostOutcome {
  return { kind: 'posted', ts: postedShape.parse(answer).ts };
}
