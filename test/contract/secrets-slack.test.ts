import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPinoLogger } from '../../src/adapters/pino-logger.ts';
import { connectSlack, type SlackConnection } from '../../src/adapters/slack-connection.ts';
import { createSlackMetrics } from '../../src/adapters/slack-metrics.ts';
import { createSlackSocketReceiver } from '../../src/adapters/slack-socket-receiver.ts';
import { createFastClock } from '../support/fast-clock.ts';
import { type FaultyProxy, type ProxyMode, startFaultyProxy } from '../support/faulty-proxy.ts';
import { createMemoryMemberships } from '../support/memory-memberships.ts';

const CANARY = 'CaNaRy';
// None of them looks like what the log would hide by its shape.
const BOT_TOKEN = `${CANARY}-bot-token`;
const APP_TOKEN = `${CANARY}-app-token`;
const PAYLOAD = `${CANARY} of a payload`;

const says = (body: object, status = 200): ProxyMode => {
  return {
    kind: 'answer',
    status,
    headers: { 'content-type': 'application/json', 'x-leak': CANARY },
    body: JSON.stringify(body),
  };
};
const refusal = (error: string) =>
  says({
    ok: false,
    error,
    needed: CANARY,
    response_metadata: { messages: [`[ERROR] invalid value: ${PAYLOAD} [json-pointer:/blocks/0]`] },
  });

/** Each way in which a call can end but well; some of them repeat what was sent, as Slack does. */
const KINDS: Readonly<Record<string, ProxyMode>> = {
  'refused content': refusal('invalid_blocks'),
  'refused arguments': refusal('invalid_arguments'),
  'a refused token': refusal('invalid_auth'),
  'a missing right': refusal('missing_scope'),
  'no such channel': refusal('channel_not_found'),
  'an error without a name': says({ ok: false, leak: PAYLOAD }),
  'other JSON': says({ ok: true, leak: PAYLOAD }),
  'a list': says([PAYLOAD]),
  'no JSON': { kind: 'answer', status: 200, body: PAYLOAD },
  'a page of 502': { kind: 'answer', status: 502, body: PAYLOAD },
  'a rate limit': { kind: 'answer', status: 429, headers: { 'retry-after': '1' }, body: PAYLOAD },
  'a way to a socket that nobody answers': says({
    ok: true,
    url: `ws://127.0.0.1:1/?ticket=${CANARY}`,
    upload_url: `http://127.0.0.1:1/${CANARY}`,
  }),
  'a cut connection': { kind: 'lose-reply' },
};

type Checking = 'startupCheck' | 'checks';

/** Complete by type: what is added to a connection needs its line. */
type Calls = {
  readonly [P in Exclude<keyof SlackConnection, 'interactive' | 'identities' | 'judgeOrigin' | Checking>]: {
    readonly [M in keyof SlackConnection[P]]: () => unknown;
  };
} & { readonly [P in 'learn' | 'judgeOrigin' | Checking]: { readonly call: () => unknown } };

describe('what Slack answers, and what it is asked with', { timeout: 60_000 }, () => {
  let proxy: FaultyProxy;
  let calls: Calls;
  let logged = '';
  const keep = (line: string) => {
    logged += line;
  };
  const clock = createFastClock(50);
  const log = createPinoLogger('trace', { write: keep });
  beforeAll(async () => {
    proxy = await startFaultyProxy();
    calls = callsOf(
      connectSlack({
        botToken: BOT_TOKEN,
        appId: undefined,
        apiUrl: `${proxy.url}/api/`,
        channel: 'C0TITANIC',
        approvers: {
          kind: 'usergroup',
          usergroup: 'S0APPROVERS',
          quorum: 1,
          mandatory: { kind: 'usergroup', usergroup: 'S0MANDATORY' },
        },
        operators: { kind: 'usergroup', usergroup: 'S0OPERATORS' },
        memberships: createMemoryMemberships(),
        clock,
        log,
      }),
    );
  });
  afterAll(() => proxy.close());

  /** One socket receiver, for as long as it takes to be refused a few times. */
  async function socket(): Promise<void> {
    const before = proxy.calls.length;
    const metrics = createSlackMetrics(new Registry());
    const deps = {
      appToken: APP_TOKEN,
      apiUrl: `${proxy.url}/api/`,
      sockets: 2,
      clock,
      fraction: () => 0.5,
      metrics,
      log,
    };
    const { receiver } = createSlackSocketReceiver(deps);
    await receiver.start();
    await expect
      .poll(() => proxy.calls.slice(before).filter(({ operation }) => operation.includes('connections.open')).length)
      .toBeGreaterThan(1);
    await receiver.stop();
  }

  it.each(Object.keys(KINDS))('is in no result, in no error and in no log: %s', async (kind) => {
    proxy.mode = () => KINDS[kind] ?? { kind: 'pass' };
    const [said] = await Promise.all([
      Promise.all(
        Object.entries(calls).flatMap(([part, methods]) =>
          Object.entries(methods).map(async ([method, call]) => `${part}.${method} ${await wordsOf(call)}`),
        ),
      ),
      socket(),
    ]);
    expect(said.length).toBeGreaterThan(15);
    expect(said.filter((words) => words.includes(CANARY))).toEqual([]);
    expect(logged.split('\n').filter((line) => line.includes(CANARY))).toEqual([]);
  });

  it('was really sent: the proxy saw the payload', () => {
    expect(proxy.calls.some(({ body }) => decodeURIComponent(body.replaceAll('+', ' ')).includes(PAYLOAD))).toBe(true);
    expect(new Set(proxy.calls.map(({ operation }) => operation)).size).toBeGreaterThan(8);
    expect(logged).not.toBe('');
  });
});

/** What becomes of it, as it would be recorded, shown or logged. */
async function wordsOf(call: () => unknown): Promise<string> {
  try {
    return JSON.stringify(await call()) ?? 'nothing';
  } catch (error) {
    return `${String(error)} ${error instanceof Error ? error.message : ''}`;
  }
}

function callsOf(connection: SlackConnection): Calls {
  const { channel, directory, ordinaryGroups, conversation, home, files, identities } = connection;
  const message = { text: PAYLOAD, blocks: [{ type: 'section', text: { type: 'plain_text', text: PAYLOAD } }] };
  const to = { person: 'U0ALICE', channel: 'C0TITANIC', responseUrl: null };
  const modal = { type: 'modal', title: { type: 'plain_text', text: PAYLOAD } };
  return {
    channel: {
      id: () => null,
      trouble: () => channel.trouble(),
      post: () => channel.post(message, null),
      update: () => channel.update('1.2', message),
    },
    directory: {
      person: () => directory.person('U0ALICE'),
      approvers: () => directory.approvers(),
      operators: () => directory.operators(),
      mandatory: () => directory.mandatory(),
      lastKnown: () => directory.lastKnown('approvers'),
      refresh: () => directory.refresh(),
      sharedChannel: () => directory.sharedChannel('C0TITANIC'),
    },
    ordinaryGroups: {
      approvers: () => ordinaryGroups.approvers(),
      operators: () => ordinaryGroups.operators(),
      mandatory: () => ordinaryGroups.mandatory(),
    },
    conversation: {
      answer: () => conversation.answer(to, message),
      openModal: () => conversation.openModal('trigger', modal),
      updateModal: () => conversation.updateModal('V1', modal),
      rewrite: () => conversation.rewrite('C0TITANIC', '1.2', message),
      permalink: () => conversation.permalink('C0TITANIC', '1.2'),
    },
    home: { publish: () => home.publish('U0ALICE', { type: 'home', blocks: [] }, null) },
    files: { share: () => files.share({ name: 'f', title: 't', text: PAYLOAD }, { channel: 'C0TITANIC', ts: '1.2' }) },
    learn: { call: () => identities.learn(AbortSignal.timeout(50)) },
    judgeOrigin: { call: () => connection.judgeOrigin({ token: CANARY }) },
    startupCheck: { call: () => connection.startupCheck() },
    checks: { call: () => connection.checks() },
  };
}
