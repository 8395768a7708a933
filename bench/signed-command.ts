import { createHmac, randomUUID } from 'node:crypto';

/** A slash command as Slack sends it, signed now. */
export function signedCommand(
  secret: string,
  user: string,
  text: string,
): { readonly body: string; readonly headers: Record<string, string> } {
  const body = new URLSearchParams({
    token: 'unused',
    team_id: 'T0TITANIC',
    team_domain: 'titanic-local',
    channel_id: 'C0TITANIC',
    channel_name: 'titanic-rollouts',
    user_id: user,
    user_name: 'bench',
    command: '/titanic',
    text,
    api_app_id: 'A0TITANIC',
    is_enterprise_install: 'false',
    response_url: 'http://127.0.0.1:9/response/none',
    trigger_id: randomUUID(),
  }).toString();
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const signature = `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
  return {
    body,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': signature,
    },
  };
}
