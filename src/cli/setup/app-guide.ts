import { httpAddress, YOUR_ADDRESS } from '../../http-manifest.ts';
import { Misuse } from '../context.ts';
import type { SetupOptions } from './session.ts';

/** Where Slack is to reach the bot, as it was given. Throws where Slack would not take it. */
export function addressOf({ url }: Pick<SetupOptions, 'url'>): string | undefined {
  if (url === undefined) return undefined;
  const read = httpAddress(url);
  if (!read.ok) throw new Misuse(`--url ${read.why}`);
  return read.address;
}

/** How the Slack app is made, for somebody who has none yet. `address`: of the bot, for HTTP. */
export function appGuide(delivery: 'socket' | 'http', address = YOUR_ADDRESS): readonly string[] {
  const requests =
    delivery === 'socket'
      ? 'Basic Information, App-Level Tokens: make one with connections:write. It is SLACK_APP_TOKEN (xapp-…).'
      : 'Basic Information, Signing Secret: it is SLACK_SIGNING_SECRET.';
  const manifest =
    delivery === 'socket'
      ? ['  2. Paste manifest.yml.']
      : [
          `  2. Paste slack-app.yml, which this makes of manifest.yml${address === YOUR_ADDRESS ? ', with your own host' : ''}:`,
          `     node src/http-manifest.ts --url ${address} --write slack-app.yml`,
        ];
  return [
    'The Slack app, if there is none yet:',
    '  1. Open https://api.slack.com/apps?new_app=1 and choose "From a manifest".',
    ...manifest,
    '  3. Install it. OAuth & Permissions shows SLACK_BOT_TOKEN (xoxb-…).',
    `  4. ${requests}`,
    '  5. In the channel where rollouts are to be announced: /invite @titanic',
  ];
}
