import { Agent, request } from 'node:http';
import type { SignedRequest } from '../sandbox/slack/delivery/signed-request.ts';
import { signedRequest } from '../sandbox/slack/delivery/signed-request.ts';
import type { RunningSlack } from '../sandbox/slack/start-slack.ts';

export interface Typed {
  readonly user: string;
  readonly text: string;
}

/** Commands as Slack sends them, signed ahead: a signature is good for five minutes, and the flood is to cost little. */
export async function signAhead(
  slack: RunningSlack,
  channel: string,
  count: number,
  typed: (n: number) => Typed,
): Promise<readonly SignedRequest[]> {
  const signed: SignedRequest[] = [];
  for (let n = 1; n <= count; n += 1) {
    const payload = await slack.control.commandPayload({ ...typed(n), channel });
    signed.push(signedRequest('slash_commands', payload, slack.signingSecret, Date.now(), undefined));
  }
  return signed;
}

/** Posts to one address over kept connections; true: acknowledged. */
export function createSender(url: string): {
  send(signed: SignedRequest): Promise<boolean>;
  close(): void;
} {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  return {
    send: ({ body, headers }) =>
      new Promise((resolve) => {
        const sent = request(url, { method: 'POST', headers, agent }, (answer) => {
          answer.resume().on('end', () => resolve(answer.statusCode === 200));
        });
        sent.on('error', () => resolve(false));
        sent.end(body);
      }),
    close: () => agent.destroy(),
  };
}
