import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { SocketModeClient } from '@slack/socket-mode';
import { WebClient } from '@slack/web-api';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { waitFor } from '../../sandbox/slack/control/wait-for.ts';
import { type RunningSlack, type SlackOptions, startSlack } from '../../sandbox/slack/start-slack.ts';
import { catchRequests } from './local-slack/request-catcher.ts';

const COMMAND = { user: 'U0OPERATOR', channel: 'C0TITANIC', text: 'deploy staging -- Übung & <test>' };
const plain = (text: string) => ({ type: 'plain_text' as const, text });
const ending: (() => Promise<unknown>)[] = [];
let slack: RunningSlack;

async function start(options: SlackOptions = {}): Promise<void> {
  slack = await startSlack(options);
  ending.push(() => slack.close());
}
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
});

describe('signed HTTP delivery', () => {
  const listen = async (answer: Parameters<typeof catchRequests>[0] = () => ({ status: 200 })) => {
    const endpoint = await catchRequests(answer);
    ending.push(endpoint.close);
    slack.setRequestUrl(endpoint.url);
    return endpoint;
  };

  it('posts a command as a form whose signature covers exactly its bytes', async () => {
    await start();
    const { caught } = await listen();
    await slack.control.command(COMMAND);
    const [request] = caught;
    expect(request?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    const timestamp = request?.headers['x-slack-request-timestamp'];
    const digest = createHmac('sha256', slack.signingSecret).update(`v0:${timestamp}:${request?.body}`).digest('hex');
    expect(request?.headers['x-slack-signature']).toBe(`v0=${digest}`);
    expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
      token: expect.any(String),
      team_id: 'T0TITANIC',
      team_domain: 'titanic-local',
      channel_id: 'C0TITANIC',
      channel_name: 'titanic-rollouts',
      user_id: 'U0OPERATOR',
      user_name: 'olivia',
      command: '/titanic',
      text: COMMAND.text,
      api_app_id: 'A0TITANIC',
      is_enterprise_install: 'false',
      response_url: expect.stringContaining(`${slack.url}/response/`),
      trigger_id: expect.any(String),
    });
  });

  it('wraps a click into the payload field, with the message as it stands', async () => {
    await start();
    const { caught } = await listen();
    const client = new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl });
    const blocks = [
      { type: 'actions', elements: [{ type: 'button', action_id: 'reject', text: plain('No'), value: 'r-1' }] },
    ];
    const { ts } = await client.chat.postMessage({ channel: 'C0TITANIC', text: 'card', blocks });
    await slack.control.click({ user: 'U0ALICE', channel: 'C0TITANIC', ts: String(ts), actionId: 'reject' });
    const payload = JSON.parse(new URLSearchParams(caught[0]?.body).get('payload') ?? '{}');
    expect(payload).toMatchObject({
      type: 'block_actions',
      user: { id: 'U0ALICE', username: 'alice', team_id: 'T0TITANIC' },
      api_app_id: 'A0TITANIC',
      team: { id: 'T0TITANIC', domain: 'titanic-local' },
      enterprise: null,
      is_enterprise_install: false,
      container: { type: 'message', message_ts: ts, channel_id: 'C0TITANIC', is_ephemeral: false },
      channel: { id: 'C0TITANIC', name: 'titanic-rollouts' },
      message: { ts, text: 'card', bot_id: 'B0TITANIC', blocks },
      state: { values: {} },
      actions: [{ action_id: 'reject', type: 'button', value: 'r-1', text: plain('No'), block_id: expect.any(String) }],
    });
  });

  it('can sign wrongly, stale or not at all, and repeat a request byte for byte', async () => {
    await start();
    const { caught } = await listen();
    const { deliveryId } = await slack.control.command(COMMAND);
    await slack.control.replay({ deliveryId });
    expect(caught[1]).toEqual({
      ...caught[0],
      headers: expect.objectContaining({ 'x-slack-signature': caught[0]?.headers['x-slack-signature'] }),
    });
    const payload = await slack.control.commandPayload(COMMAND);
    const raw = (tampering: object) =>
      slack.control.raw({ kind: 'slash_commands', payload: { ...payload, user_id: 'U0ALICE' }, tampering });
    await raw({ signature: 'missing' });
    expect(caught[2]?.headers).not.toHaveProperty('x-slack-signature');
    await raw({ timestampOffsetSeconds: -301 });
    expect(Number(caught[3]?.headers['x-slack-request-timestamp'])).toBeLessThan(Date.now() / 1000 - 300);
    expect(new URLSearchParams(caught[3]?.body).get('user_id')).toBe('U0ALICE');
  });

  it('sends an event again with the same id until it is acknowledged', async () => {
    await start({ eventRetryDelaysMs: [0, 20, 20] });
    const { caught } = await listen((request) => ({
      status: request.headers['x-slack-retry-num'] === '2' ? 200 : 500,
    }));
    await slack.control.putGroup({ id: 'S0OPERATORS', name: 'Ops' });
    await waitFor(slack.control, async () => caught.length >= 3, 2000);
    const retries = caught.map(({ headers }) => [headers['x-slack-retry-num'], headers['x-slack-retry-reason']]);
    expect(retries).toEqual([
      [undefined, undefined],
      ['1', 'http_error'],
      ['2', 'http_error'],
    ]);
    expect(new Set(caught.map(({ body }) => JSON.parse(body).event_id)).size).toBe(1);
    expect(caught[0]?.headers['content-type']).toBe('application/json');
    expect(JSON.parse(caught[0]?.body ?? '{}')).toMatchObject({
      type: 'event_callback',
      event: { type: 'subteam_updated' },
    });
  });

  it('verifies a request URL that echoes the challenge', async () => {
    await start();
    await listen(({ body }) => ({ status: 200, body: JSON.parse(body).challenge }));
    expect(await slack.control.verifyRequestUrl()).toEqual({ verified: true, status: 200 });
  });

  it('tells the person when the request URL answers with an error', async () => {
    await start();
    await listen(() => ({ status: 500 }));
    expect(await slack.control.command(COMMAND)).toMatchObject({
      outcome: 'dispatch_failed',
      notice: '/titanic failed with the error "dispatch_failed"',
    });
  });
});

describe('trigger ids', () => {
  const modal = { type: 'modal' as const, title: plain('Why'), blocks: [] };

  it('can be used once, within three seconds, and not be made up', async () => {
    let nowMs = 1_800_000_000_000;
    await start({ now: () => nowMs });
    const client = new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl });
    const open = async (triggerId: unknown) =>
      client.views.open({ trigger_id: String(triggerId), view: modal }).then(
        () => 'opened',
        (error: { data: { error: string } }) => error.data.error,
      );
    const trigger = async () => (await slack.control.commandPayload(COMMAND)).trigger_id;
    const first = await trigger();
    nowMs += 3000;
    expect(await open(first)).toBe('opened');
    expect(await open(first)).toBe('exchanged_trigger_id');
    const second = await trigger();
    nowMs += 3001;
    expect(await open(second)).toBe('expired_trigger_id');
    expect(await open('12345.made.up')).toBe('invalid_trigger_id');
    const third = await trigger();
    expect(await client.views.push({ trigger_id: String(third), view: modal })).toMatchObject({ ok: true });
    expect(await client.views.push({ trigger_id: String(await trigger()), view: modal })).toMatchObject({ ok: true });
    await expect(client.views.push({ trigger_id: String(await trigger()), view: modal })).rejects.toMatchObject({
      data: { error: 'push_limit_reached' },
    });
  });
});

describe('Socket Mode', () => {
  const open = async (): Promise<WebSocket> => {
    const { url } = await new WebClient(slack.appToken, { slackApiUrl: slack.apiUrl }).apps.connections.open();
    const socket = new WebSocket(String(url));
    ending.push(async () => socket.terminate());
    return socket;
  };
  const next = async (socket: WebSocket) => JSON.parse(String((await once(socket, 'message'))[0]));

  it('greets each socket, and counts them', async () => {
    await start();
    expect(await next(await open())).toMatchObject({
      type: 'hello',
      num_connections: 1,
      connection_info: { app_id: 'A0TITANIC' },
    });
    expect(await next(await open())).toMatchObject({ num_connections: 2 });
    expect(await slack.control.workspace()).toMatchObject({ sockets: 2, transport: 'socket' });
  });

  it('takes a ticket once', async () => {
    await start();
    const first = await open();
    await next(first);
    const again = new WebSocket(first.url);
    const [error] = await once(again, 'error');
    expect(String(error)).toContain('401');
  });

  it('sends an envelope to one socket and takes its acknowledgement', async () => {
    await start();
    const socket = await open();
    await next(socket);
    const acting = slack.control.command(COMMAND);
    const envelope = await next(socket);
    expect(envelope).toMatchObject({
      type: 'slash_commands',
      accepts_response_payload: true,
      payload: { text: COMMAND.text },
    });
    socket.send(JSON.stringify({ envelope_id: envelope.envelope_id, payload: { text: 'on it' } }));
    expect((await acting).responses.map((message) => message.text)).toEqual(['on it']);
  });

  it('repeats an envelope under one id, and marks it as a retry, when told to', async () => {
    await start();
    const socket = await open();
    await next(socket);
    const got: { envelope_id: string; retry_attempt?: number }[] = [];
    socket.on('message', (data) => {
      const envelope = JSON.parse(String(data));
      got.push(envelope);
      socket.send(JSON.stringify({ envelope_id: envelope.envelope_id }));
    });
    await slack.control.addDeliveryFault({ duplicates: 1, retryAttempt: 1, times: 1 });
    await slack.control.openHome({ user: 'U0ALICE' });
    await waitFor(slack.control, async () => got.length === 2, 1000);
    expect(got[0]?.envelope_id).toBe(got[1]?.envelope_id);
    expect(got[0]).toMatchObject({
      type: 'events_api',
      retry_attempt: 1,
      retry_reason: 'timeout',
      accepts_response_payload: false,
    });
  });

  it('refuses the eleventh socket and, when the link is disabled, all of them', async () => {
    await start();
    for (let count = 0; count < 10; count += 1) await next(await open());
    expect(await next(await open())).toMatchObject({ type: 'disconnect', reason: 'too_many_websockets' });
    await slack.control.disconnectSockets({ reason: 'link_disabled' });
    expect(await next(await open())).toMatchObject({ type: 'disconnect', reason: 'link_disabled' });
    await slack.control.enableLink();
    expect(await next(await open())).toMatchObject({ type: 'hello' });
  });

  it('tells the person at once when no socket is open', async () => {
    await start();
    expect(await slack.control.command(COMMAND)).toMatchObject({ outcome: 'dispatch_failed', latencyMs: 0 });
  });

  it('refreshes connections, and a second client bridges the gap of the first', async () => {
    await start();
    const clients = Array.from(
      { length: 2 },
      () =>
        new SocketModeClient({
          appToken: slack.appToken,
          clientOptions: { slackApiUrl: slack.apiUrl },
          // A reconnect waits this long, so the test does not have to wait the usual five seconds.
          clientPingTimeout: 300,
          logger: {
            debug() {},
            info() {},
            warn() {},
            error() {},
            setLevel() {},
            getLevel: () => 'error' as never,
            setName() {},
          },
        }),
    );
    for (const client of clients) {
      client.on('slash_commands', ({ ack }: { ack: (body: object) => Promise<void> }) => ack({ text: 'here' }));
      ending.push(() => client.disconnect().catch(() => undefined));
      await client.start();
    }
    const socketsAre = (count: number) =>
      waitFor(slack.control, async (control) => (await control.workspace()).sockets === count, 3000);
    await socketsAre(2);
    await slack.control.disconnectSockets({ reason: 'refresh_requested', count: 1 });
    expect((await slack.control.workspace()).sockets).toBe(1);
    expect((await slack.control.command(COMMAND)).outcome).toBe('acknowledged');
    await socketsAre(2);
  });
});
