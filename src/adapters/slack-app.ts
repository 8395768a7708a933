import { App, type Receiver } from '@slack/bolt';
import type { Logger } from '../ports/logger.ts';
import type { Identity } from './slack-identity.ts';
import type { InFlight } from './slack-in-flight.ts';
import { createSlackLogger } from './slack-logger.ts';

/**
 * Bolt, the same for HTTP and Socket Mode: only the receiver differs. It authorises by what we learnt of ourselves, so
 * that no request waits for a call to Slack, and keeps no conversation store.
 */
export async function createSlackApp(deps: {
  readonly receiver: Receiver;
  readonly botToken: string;
  readonly identity: () => Identity | null;
  readonly inFlight: InFlight;
  readonly log: Logger;
}): Promise<App> {
  const { receiver, botToken, inFlight, log } = deps;
  const app = new App({
    receiver,
    authorize: async () => {
      const identity = deps.identity();
      if (identity === null) return { botToken };
      return { botToken, botId: identity.botId, botUserId: identity.botUserId, teamId: identity.teamId };
    },
    logger: createSlackLogger(log),
    clientOptions: { retryConfig: { retries: 0 }, rejectRateLimitedCalls: true, timeout: 3_000 },
    convoStore: false,
    deferInitialization: true,
    extendedErrorHandler: true,
    attachFunctionToken: false,
  });
  await app.init();
  app.use(({ next }) => inFlight.track(next()));
  app.error(async ({ error }: { readonly error: Error }) => {
    // Listeners answer for themselves; what arrives here is a defect, and the person has been acknowledged.
    log.error({ why: `${error.name}: ${error.message}`.slice(0, 300) }, 'A listener failed');
  });
  return app;
}
