import type { IncomingMessage, ServerResponse } from 'node:http';
import { HTTPReceiver } from '@slack/bolt';
import type { Logger } from '../ports/logger.ts';
import { createHttpGuard } from './slack-http-guard.ts';
import { createSlackLogger } from './slack-logger.ts';
import type { SlackMetrics } from './slack-metrics.ts';
import { createSeenDeliveries } from './slack-seen-deliveries.ts';
import { deliveryDigest } from './slack-signature.ts';

export const EVENTS_PATH = '/slack/events';

/** Bolt's receiver without its server: our own server hands it what the guard let through. */
export function createSlackHttpReceiver(deps: {
  readonly signingSecret: string;
  readonly nowMs: () => number;
  readonly ready: () => boolean;
  readonly metrics: SlackMetrics;
  readonly log: Logger;
}) {
  const { signingSecret, nowMs, ready, metrics, log } = deps;
  const receiver = new HTTPReceiver({
    signingSecret,
    endpoints: [EVENTS_PATH],
    logger: createSlackLogger(log),
    customPropertiesExtractor: (request) => ({ deliveryId: deliveryOf(request) }),
  });
  const seen = createSeenDeliveries(nowMs);
  const guard = createHttpGuard({ signingSecret, nowMs, seen, ready, refused: metrics.refused, log });
  return {
    receiver,
    /** `POST /slack/events`. */
    async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
      const startedMs = performance.now();
      const guarded = await guard(request, response);
      if (guarded === null) return;
      response.once('finish', () => metrics.acked('http', performance.now() - startedMs));
      receiver.requestListener(guarded, response);
    },
  };
}

function deliveryOf(request: IncomingMessage): string {
  const signature = request.headers['x-slack-signature'];
  return deliveryDigest(typeof signature === 'string' ? signature : '');
}
