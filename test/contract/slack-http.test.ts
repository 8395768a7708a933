import { createHmac } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createResponseUrls } from '../../src/adapters/slack-response-url.ts';
import { type Rig, startRig, until } from './slack-edge-setup.ts';

const FORM = 'application/x-www-form-urlencoded';
const IN = 'C0TITANIC';

describe('what is posted to /slack/events', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig({ mode: 'http', slack: { rateLimits: { enabled: false } } });
  });
  afterAll(() => rig.stop());
  beforeEach(() => {
    rig.core.asked.length = 0;
  });

  function signed(body: string, offsetSeconds = 0): Record<string, string> {
    const timestamp = String(Math.floor(Date.now() / 1000) + offsetSeconds);
    const digest = createHmac('sha256', rig.slack.signingSecret).update(`v0:${timestamp}:${body}`).digest('hex');
    return { 'content-type': FORM, 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${digest}` };
  }

  async function post(body: string, headers: Record<string, string>): Promise<number> {
    const response = await fetch(`${rig.url}/slack/events`, { method: 'POST', body, headers });
    await response.text();
    return response.status;
  }

  async function command(change: Record<string, string> = {}): Promise<string> {
    const payload = await rig.slack.control.commandPayload({ user: 'U0BOTH', channel: IN, text: 'deploy staging' });
    const fields = Object.entries({ ...payload, ...change }).map(([name, value]): [string, string] => [
      name,
      String(value),
    ]);
    return new URLSearchParams(fields).toString();
  }

  it('is worked on when it is Slack’s', async () => {
    const body = await command();
    expect(await post(body, signed(body))).toBe(200);
    await until(() => rig.core.asked.length === 1);
  });

  it('is worked on with a charset behind its content type, which Bolt alone would refuse', async () => {
    const body = await command();
    expect(await post(body, { ...signed(body), 'content-type': `${FORM}; charset=utf-8` })).toBe(200);
    await until(() => rig.core.asked.length === 1);
  });

  it('has no second effect when it is replayed', async () => {
    const body = await command();
    const headers = signed(body);
    expect([await post(body, headers), await post(body, headers), await post(body, headers)]).toEqual([200, 200, 200]);
    await until(() => rig.core.asked.length > 0);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(rig.core.asked).toHaveLength(1);
  });

  it.each([
    ['without a signature', (headers: Record<string, string>) => ({ 'content-type': headers['content-type'] ?? '' })],
    [
      'with a forged one',
      (headers: Record<string, string>) => ({ ...headers, 'x-slack-signature': `v0=${'0'.repeat(64)}` }),
    ],
    [
      'with one of another version',
      (headers: Record<string, string>) => ({ ...headers, 'x-slack-signature': 'v1=00' }),
    ],
    [
      'with a time that is none',
      (headers: Record<string, string>) => ({ ...headers, 'x-slack-request-timestamp': 'now' }),
    ],
  ])('is refused %s', async (_, change) => {
    const body = await command();
    expect(await post(body, change(signed(body)))).toBe(401);
    expect(rig.core.asked).toEqual([]);
  });

  it.each([-400, 400])('is refused when it is %i s away from now, though signed', async (offset) => {
    const body = await command();
    expect(await post(body, signed(body, offset))).toBe(401);
  });

  it('is refused when a byte was changed after signing', async () => {
    const body = await command();
    expect(await post(body.replace('staging', 'prod'), signed(body))).toBe(401);
  });

  it.each([
    'payload=null',
    'payload=%22text%22',
    'payload=%5B%5D',
    'payload=%7Bbroken',
    'payload=%7B%7D',
    `payload=${encodeURIComponent('{"type":"block_actions"}')}`,
    `payload=${encodeURIComponent('{"type":"interactive_message","user":{"id":"U0ALICE"}}')}`,
    'payload=%7B%7D&payload=%7B%7D',
    'command=/titanic',
    '',
  ])('is answered 400 at once when it is signed and makes no sense: %s', async (body) => {
    const startedMs = performance.now();
    expect(await post(body, signed(body))).toBe(400);
    expect(performance.now() - startedMs).toBeLessThan(1_000);
  });

  it('is answered 400 when it is JSON and no event', async () => {
    for (const body of ['null', '[]', '{}', '{"event":null}', '{"type":"event_callback","event":null}']) {
      expect(await post(body, { ...signed(body), 'content-type': 'application/json' })).toBe(400);
    }
  });

  it('answers Slack’s checks of the address', async () => {
    expect(await rig.slack.control.verifyRequestUrl()).toEqual({ verified: true, status: 200 });
    expect(await post('ssl_check=1&token=x', { 'content-type': FORM })).toBe(200);
    expect(rig.core.asked).toEqual([]);
  });

  it('is refused when it is too large, said or not', async () => {
    const body = `payload=${'x'.repeat(1_100_000)}`;
    expect(await post(body, signed(body))).toBe(413);
    const status = await new Promise<number>((resolve, reject) => {
      const sending = request(`${rig.url}/slack/events`, {
        method: 'POST',
        headers: { 'transfer-encoding': 'chunked' },
      });
      sending.on('response', (response) => resolve(response.statusCode ?? 0));
      sending.on('error', reject);
      sending.write('x'.repeat(600_000));
      sending.end('x'.repeat(600_000));
    });
    expect(status).toBe(413);
  });

  it('takes no other method and no other path', async () => {
    expect((await fetch(`${rig.url}/slack/events`)).status).toBe(405);
    expect((await fetch(`${rig.url}/slack/other`, { method: 'POST', body: 'x' })).status).toBe(404);
    expect((await fetch(`${rig.url}/metrics`, { method: 'POST', body: 'x' })).status).toBe(404);
  });
});

describe('a response URL', () => {
  it('is Slack’s host over https, and loopback only where the Web API is', () => {
    const real = createResponseUrls({ apiUrl: undefined });
    const local = createResponseUrls({ apiUrl: 'http://127.0.0.1:9/api/' });
    expect(real.isAllowed('https://hooks.slack.com/commands/T0/1/x')).toBe(true);
    expect(local.isAllowed('http://127.0.0.1:9/response/x')).toBe(true);
    for (const url of [
      'http://hooks.slack.com/x',
      'https://hooks.slack.com:444/x',
      'https://hooks.slack.com@evil.example/x',
      'https://evil.example/hooks.slack.com',
      'https://hooks.slack.com.evil.example/x',
      'http://127.0.0.1:9/x',
      'http://169.254.169.254/latest/meta-data',
      'file:///etc/passwd',
      'nonsense',
    ]) {
      expect(real.isAllowed(url)).toBe(false);
    }
    expect(local.isAllowed('http://169.254.169.254/x')).toBe(false);
  });
});
