import type { WebClient } from '@slack/web-api';
import type { HomeTab } from '../ports/home-tab.ts';
import type { Logger } from '../ports/logger.ts';
import { callFault } from './slack-call-fault.ts';
import { publishedShape } from './slack-shapes.ts';

/** When to come again where Slack names no time. Milliseconds. */
const RETRY_MS = 30_000;
/** The app was installed from a manifest without a Home. */
const NO_HOME = 'not_enabled';

/** Home tabs, over a client of their own: whatever Slack says to one of these calls, no answer and no card waits for it. */
export function createSlackHome(deps: { readonly client: WebClient; readonly log: Logger }): HomeTab {
  const { client, log } = deps;
  return {
    async publish(person, view, hash) {
      try {
        const args = { user_id: person, view, ...(hash === null ? {} : { hash }) };
        const answer = publishedShape.parse(await client.apiCall('views.publish', args));
        return { kind: 'published', hash: answer.view.hash };
      } catch (error) {
        const { code, retryAfterMs } = callFault(error);
        const todo = code === NO_HOME ? 'install the app again from manifest.yml: it has no Home tab' : undefined;
        if (code !== 'hash_conflict') log.warn({ why: code, todo }, 'Slack did not take a Home');
        return {
          kind: 'failed',
          why: code,
          taken: code === 'hash_conflict',
          retryAfterMs: retryAfterMs ?? RETRY_MS,
        };
      }
    },
  };
}
