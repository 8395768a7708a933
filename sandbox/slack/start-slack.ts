import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRateLimiter } from './api/rate-limiter.ts';
import { createCallLog } from './call-log.ts';
import { createLocalControl } from './control/local-control.ts';
import type { SlackControl } from './control/slack-control.ts';
import { createDeliverer } from './delivery/deliverer.ts';
import { createResponseUrls } from './delivery/response-urls.ts';
import { createSocketHub } from './delivery/socket-hub.ts';
import { createTriggers } from './delivery/triggers.ts';
import { createFaults } from './faults.ts';
import { createStateSaver, loadState } from './save-state.ts';
import { serveSlack } from './serve-slack.ts';
import { type SlackOptions, settingsOf, worldOf } from './settings.ts';
import type { SlackParts } from './slack-parts.ts';
import { createWorkspace, emptyState } from './workspace.ts';

export type { SlackControl } from './control/slack-control.ts';
export type { SlackOptions } from './settings.ts';

export interface RunningSlack {
  /** `http://127.0.0.1:PORT`, also what `createSlackControl` takes. */
  url: string;
  /** What `slackApiUrl` and `SLACK_API_URL` take; ends with a slash. */
  apiUrl: string;
  port: number;
  botToken: string;
  appToken: string;
  signingSecret: string;
  /** Switches to signed HTTP delivery, or with undefined back to Socket Mode. */
  setRequestUrl(url: string | undefined): void;
  control: SlackControl;
  close(): Promise<void>;
}

/**
 * Starts a local Slack on 127.0.0.1.
 * @throws when the port is taken or the saved state cannot be read
 */
export async function startSlack(
  options: SlackOptions & {
    /** Answers paths that are not Slack's, such as a page. */ otherwise?: RequestListener;
  } = {},
): Promise<RunningSlack> {
  const settings = settingsOf(options);
  const now = options.now ?? Date.now;
  const state = (options.statePath && loadState(options.statePath)) || emptyState(worldOf(options));
  const saver = options.statePath ? createStateSaver(options.statePath, () => state) : undefined;
  const workspace = createWorkspace(state, now, () => saver?.schedule());
  const faults = createFaults();
  const ending = new AbortController();
  let port = 0;
  const baseUrl = () => `http://127.0.0.1:${port}`;
  const sockets = createSocketHub({
    appId: workspace.world.appId,
    pingMs: settings.socketPingMs,
    now,
    socketBaseUrl: () => `ws://127.0.0.1:${port}`,
    isAway: faults.isAway,
  });
  const slack: SlackParts = {
    workspace,
    settings,
    faults,
    callLog: createCallLog(),
    triggers: createTriggers(now),
    responseUrls: createResponseUrls(now, baseUrl),
    sockets,
    deliverer: createDeliverer(settings, sockets, faults, now),
    limiter: createRateLimiter(settings.rateLimits, now),
    baseUrl,
  };
  const control = createLocalControl(slack, ending.signal);
  const server = serveSlack(slack, control, options.otherwise);
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
  return {
    url: baseUrl(),
    apiUrl: `${baseUrl()}/api/`,
    port,
    botToken: settings.botToken,
    appToken: settings.appToken,
    signingSecret: settings.signingSecret,
    setRequestUrl(url) {
      settings.requestUrl = url;
      workspace.touch();
    },
    control,
    async close() {
      ending.abort();
      sockets.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      saver?.flush();
    },
  };
}
