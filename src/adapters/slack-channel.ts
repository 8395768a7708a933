import type { WebClient } from '@slack/web-api';
import type { Channel, PostOutcome, Rendered } from '../ports/channel.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import { callFault } from './slack-call-fault.ts';
import { createCharts } from './slack-charts.ts';
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
/** When to come again with a message whose chart was refused. Milliseconds. */
const WITHOUT_CHART_MS = 100;
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
/** What somebody has to put right in Slack, with the way. */
const CHANNEL_TROUBLE: ReadonlyMap<string, string> = new Map([
  ['channel_not_found', 'the bot cannot see it: invite the bot, or correct slack.channel'],
  ['not_in_channel', 'the bot is not in it: invite the bot'],
  ['is_archived', 'it is archived: unarchive it, or correct slack.channel'],
  ['restricted_action', 'the bot may not post in it: change who may post there'],
  ['access_denied', 'the bot may not post in it: change who may post there'],
]);

/** The configured channel, and why nothing can be told there. */
export interface SlackChannel extends Channel {
  /** null: as far as was seen, all is well. */
  trouble(): string | null;
}

/**
 * The configured channel. Slack's refusal of blocks falls back to the message without its chart, and then to the plain
 * text, so that no gate is lost.
 */
export function createSlackChannel(deps: {
  readonly client: WebClient;
  readonly channel: string;
  readonly postsPerMinute?: number | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}): SlackChannel {
  const { client, channel, clock, log } = deps;
  const posts = createPace(clock, POSTS_AT_ONCE, deps.postsPerMinute ?? POSTS_PER_MINUTE);
  const updates = createPace(clock, UPDATES_AT_ONCE, deps.postsPerMinute ?? UPDATES_PER_MINUTE);

  const charts = createCharts(clock);

  let trouble: string | null = null;

  /** 0 when it is our turn, else when to come again. */
  async function turn(pace: Pace): Promise<number> {
    const latestMs = clock.elapsedMs() + LONGEST_TURN_MS;
    for (;;) {
      const waitMs = pace.take();
      if (waitMs === 0 || clock.elapsedMs() + waitMs > latestMs) return waitMs;
      await clock.sleep(waitMs);
    }
  }

  async function send(pace: Pace, given: Rendered, call: (message: object) => Promise<unknown>): Promise<PostOutcome> {
    const message = charts.fit(given);
    const waitMs = await turn(pace);
    if (waitMs > 0) return { kind: 'failed', why: 'own pace', gone: false, retryAfterMs: waitMs };
    try {
      return posted(await call(wholeMessage(message)));
    } catch (error) {
      const fault = callFault(error);
      if (!isRefusedContent(fault)) return failed(pace, error);
      if (fault.code.startsWith('invalid_blocks') && charts.refused(message)) {
        log.warn({ why: fault.code }, 'Slack refused a message with a chart; for some hours none is sent');
        // Not at once: a message takes two calls at most, so that it is through before others take the claim over.
        return { kind: 'failed', why: 'chart refused', gone: false, retryAfterMs: WITHOUT_CHART_MS };
      }
      log.error({ why: fault.code }, 'Slack refused the blocks of a message; its plain text is sent instead');
    }
    try {
      return posted(await call(plainMessage(message)));
    } catch (error) {
      return failed(pace, error);
    }
  }

  function failed(pace: Pace, error: unknown): PostOutcome {
    const { code, retryAfterMs } = callFault(error);
    // Whoever comes sooner, because something happened meanwhile, waits all the same.
    if (retryAfterMs !== null) pace.pause(retryAfterMs);
    if (MESSAGE_GONE.includes(code)) return { kind: 'failed', why: code, gone: true, retryAfterMs: 0 };
    // There are several kinds of restricted_action_….
    const advice = CHANNEL_TROUBLE.get(code.startsWith('restricted_action') ? 'restricted_action' : code);
    if (advice === undefined) return { kind: 'failed', why: code, gone: false, retryAfterMs: retryAfterMs ?? RETRY_MS };
    const now = `nothing can be told in the channel ${channel} (${code}): ${advice}`;
    if (trouble !== now) log.error({ channel, why: code }, 'The channel cannot be written to, and is tried again');
    trouble = now;
    return { kind: 'failed', why: code, gone: false, retryAfterMs: CHANNEL_RETRY_MS };
  }

  function posted(answer: unknown): PostOutcome {
    if (trouble !== null) log.info({ channel }, 'The channel can be written to again');
    trouble = null;
    return { kind: 'posted', ts: postedShape.parse(answer).ts };
  }

  return {
    id: channel,
    trouble: () => trouble,
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
