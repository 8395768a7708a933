import type { Limit, RateLimits } from './api/rate-limiter.ts';
import type { CallLog } from './call-log.ts';
import type { Deliverer } from './delivery/deliverer.ts';
import type { ResponseUrls } from './delivery/response-urls.ts';
import type { SocketHub } from './delivery/socket-hub.ts';
import type { Triggers } from './delivery/triggers.ts';
import type { Faults } from './faults.ts';
import type { Settings } from './settings.ts';
import type { Workspace } from './workspace.ts';

/** Every part of a running local Slack, put together once in `start-slack.ts`. */
export interface SlackParts {
  workspace: Workspace;
  settings: Settings;
  faults: Faults;
  callLog: CallLog;
  triggers: Triggers;
  responseUrls: ResponseUrls;
  sockets: SocketHub;
  deliverer: Deliverer;
  limiter: {
    readonly limits: RateLimits;
    retryAfterSeconds(method: string, limit: Limit, channel: string): number | undefined;
    forget(): void;
  };
  /** `http://127.0.0.1:PORT`, known once the server listens. */
  baseUrl(): string;
}
