/** Bolt with one command that does nothing but acknowledge: what titanic's acknowledgement is compared with. */
import process from 'node:process';
import { App } from '@slack/bolt';

const { SLACK_BOT_TOKEN, SLACK_SIGNING_SECRET, SLACK_API_URL } = process.env;
const app = new App({
  token: SLACK_BOT_TOKEN ?? '',
  signingSecret: SLACK_SIGNING_SECRET ?? '',
  clientOptions: { slackApiUrl: SLACK_API_URL ?? '' },
});
app.command('/titanic', async ({ ack }) => ack());
const server = await app.start({ port: 0, host: '127.0.0.1' });
const address = server.address();
// One line that the parent waits for.
console.log(typeof address === 'object' ? address?.port : '');
process.on('message', () => process.send?.(process.cpuUsage()));
process.on('disconnect', () => process.exit(0));
