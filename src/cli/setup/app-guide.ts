/** How the Slack app is made, for somebody who has none yet. `address`: of the bot, for HTTP. */
export function appGuide(delivery: 'socket' | 'http', address: string | undefined): readonly string[] {
  const host = address === undefined ? 'your own host in place of YOUR-HOST' : `${address} in both addresses`;
  const requests =
    delivery === 'socket'
      ? 'Basic Information, App-Level Tokens: make one with connections:write. It is SLACK_APP_TOKEN (xapp-…).'
      : 'Basic Information, Signing Secret: it is SLACK_SIGNING_SECRET.';
  return [
    'The Slack app, if there is none yet:',
    '  1. Open https://api.slack.com/apps?new_app=1 and choose "From a manifest".',
    delivery === 'socket' ? '  2. Paste manifest.yml.' : `  2. Paste manifest.http.yml, with ${host}.`,
    '  3. Install it. OAuth & Permissions shows SLACK_BOT_TOKEN (xoxb-…).',
    `  4. ${requests}`,
    '  5. In the channel where rollouts are to be announced: /invite @titanic',
  ];
}
