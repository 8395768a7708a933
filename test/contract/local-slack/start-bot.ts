import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { App, HTTPReceiver, type LogLevel } from '@slack/bolt';
import { type RunningSlack, type SlackOptions, startSlack } from '../../../sandbox/slack/start-slack.ts';

export interface StartedBot {
  slack: RunningSlack;
  app: App;
  stop(): Promise<void>;
}

const QUIET = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  getLevel: () => 'error' as LogLevel,
  setName() {},
};

/** A local Slack with a small Bolt app connected to it, over the transport that is named. */
export async function startBot(
  transport: 'socket' | 'http',
  listeners: (app: App) => void,
  options: SlackOptions = {},
): Promise<StartedBot> {
  const slack = await startSlack(options);
  const common = {
    token: slack.botToken,
    logger: QUIET,
    clientOptions: { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } },
  };
  if (transport === 'socket') {
    const app = new App({ ...common, socketMode: true, appToken: slack.appToken });
    listeners(app);
    await app.start();
    return {
      slack,
      app,
      async stop() {
        await app.stop();
        await slack.close();
      },
    };
  }
  const receiver = new HTTPReceiver({ signingSecret: slack.signingSecret, logger: QUIET });
  const app = new App({ ...common, receiver });
  listeners(app);
  const server = await receiver.start(0);
  if (!server.listening) await once(server, 'listening');
  slack.setRequestUrl(`http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`);
  return {
    slack,
    app,
    async stop() {
      await receiver.stop();
      await slack.close();
    },
  };
}
