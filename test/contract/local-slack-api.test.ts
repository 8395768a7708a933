import { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RunningSlack, type SlackOptions, startSlack } from '../../sandbox/slack/start-slack.ts';

let slack: RunningSlack;
let client: WebClient;
const CHANNEL = 'C0TITANIC';
const section = (text: string) => [{ type: 'section', text: { type: 'mrkdwn', text } }];

async function start(options: SlackOptions = {}): Promise<void> {
  slack = await startSlack(options);
  client = clientWith(slack.botToken);
}
const clientWith = (token?: string) =>
  new WebClient(token, {
    slackApiUrl: slack.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: {
      debug() {},
      info() {},
      warn() {},
      error() {},
      setLevel() {},
      getLevel: () => 'error' as never,
      setName() {},
    },
  });
/** The error code of a call that Slack refuses. */
const refusal = async (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'accepted',
    (error: { data?: { error?: string }; statusCode?: number }) => error.data?.error ?? error.statusCode ?? error,
  );

describe('the Web API of the local Slack', () => {
  beforeEach(() => start());
  afterEach(() => slack.close());

  it('refuses a missing, an unknown and the wrong kind of token by name', async () => {
    expect(await refusal(clientWith().auth.test())).toBe('not_authed');
    expect(await refusal(clientWith('xoxb-somebody').auth.test())).toBe('invalid_auth');
    expect(await refusal(client.apps.connections.open())).toBe('not_allowed_token_type');
    expect(await refusal(clientWith(slack.appToken).chat.postMessage({ channel: CHANNEL, text: 'x' }))).toBe(
      'not_allowed_token_type',
    );
  });

  it('tells an app who it is', async () => {
    const test = await client.auth.test();
    expect(test).toMatchObject({ team_id: 'T0TITANIC', user_id: 'U0TITANIC', bot_id: 'B0TITANIC' });
    expect(test.response_metadata?.scopes).toContain('usergroups:read');
    expect((await client.bots.info({ bot: 'B0TITANIC' })).bot?.app_id).toBe('A0TITANIC');
  });

  it('names the scope that is missing', async () => {
    const call = client.conversations.history({ channel: CHANNEL });
    await expect(call).rejects.toMatchObject({
      data: { error: 'missing_scope', needed: expect.stringContaining('channels:history') },
    });
    expect(await refusal(client.reactions.add({ channel: CHANNEL, timestamp: '1', name: 'eyes' }))).toBe(
      'missing_scope',
    );
  });

  it('knows no method that Slack does not have', async () => {
    expect(await refusal(client.apiCall('titanic.deploy'))).toBe('unknown_method');
  });

  it('takes JSON bodies as well as forms, but no token inside JSON', async () => {
    const post = (body: unknown, headers: Record<string, string>) =>
      fetch(`${slack.apiUrl}chat.postMessage`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }).then((response) => response.json());
    const bearer = { authorization: `Bearer ${slack.botToken}` };
    expect(await post({ channel: CHANNEL, blocks: section('hello') }, bearer)).toMatchObject({ ok: true });
    expect(await post({ channel: CHANNEL, text: 'x', token: slack.botToken }, {})).toMatchObject({
      error: 'not_authed',
    });
    expect(await post('{', bearer)).toMatchObject({ error: 'invalid_json' });
    expect(await post('{}', { ...bearer, 'content-type': 'text/plain' })).toMatchObject({ error: 'invalid_post_type' });
  });

  it('refuses messages that Slack would refuse', async () => {
    const post = (args: Record<string, unknown>) =>
      refusal(client.apiCall('chat.postMessage', { channel: CHANNEL, ...args }));
    expect(await post({})).toBe('no_text');
    expect(await post({ channel: 'C0NOWHERE', text: 'x' })).toBe('channel_not_found');
    expect(await post({ channel: '', text: 'x' })).toBe('invalid_arguments');
    expect(await post({ text: 'x', blocks: '{nonsense' })).toBe('invalid_blocks_format');
    expect(await post({ text: 'x', blocks: section('') })).toBe('invalid_blocks');
    expect(await post({ text: 'x', metadata: { event_type: 'x' } })).toBe('invalid_metadata_format');
    expect(await post({ text: 'x', thread_ts: '1700000000.000001' })).toBe('thread_not_found');
    await slack.control.putChannel({ id: 'C0QUIET', isArchived: true });
    expect(await post({ channel: 'C0QUIET', text: 'x' })).toBe('is_archived');
    await slack.control.putChannel({ id: 'C0OTHERS', members: ['U0ALICE'] });
    expect(await post({ channel: 'C0OTHERS', text: 'x' })).toBe('not_in_channel');
  });

  it('updates only what the app itself posted, and drops blocks that are not sent again', async () => {
    const posted = await client.chat.postMessage({ channel: CHANNEL, text: 'card', blocks: section('card') });
    const ts = String(posted.ts);
    expect((await client.chat.update({ channel: CHANNEL, ts, text: 'only text' })).message).not.toHaveProperty(
      'blocks',
    );
    expect(await slack.control.message({ channel: CHANNEL, ts })).toMatchObject({ edited: true, blocks: [] });
    expect(await refusal(client.chat.update({ channel: CHANNEL, ts, text: 'x'.repeat(4001) }))).toBe('msg_too_long');
    expect(await refusal(client.chat.update({ channel: CHANNEL, ts: '1700000000.000001', text: 'x' }))).toBe(
      'message_not_found',
    );
    const said = await slack.control.say({ user: 'U0ALICE', channel: CHANNEL, text: 'hello' });
    expect(await refusal(client.chat.update({ channel: CHANNEL, ts: said.ts, text: 'x' }))).toBe('cant_update_message');
    await client.chat.delete({ channel: CHANNEL, ts });
    expect(await slack.control.message({ channel: CHANNEL, ts })).toBeNull();
  });

  it('keeps replies in the thread of their parent and links to them', async () => {
    const parent = String((await client.chat.postMessage({ channel: CHANNEL, text: 'parent' })).ts);
    const reply = await client.chat.postMessage({ channel: CHANNEL, text: 'reply', thread_ts: parent });
    expect(reply.message?.thread_ts).toBe(parent);
    const link = await client.chat.getPermalink({ channel: CHANNEL, message_ts: String(reply.ts) });
    expect(link.permalink).toContain(`thread_ts=${parent}`);
  });

  it('shows an ephemeral message to one member only, and never to the API', async () => {
    const posted = await client.chat.postEphemeral({ channel: CHANNEL, user: 'U0ALICE', text: 'for you' });
    const ts = String(posted.message_ts);
    expect(await refusal(client.chat.update({ channel: CHANNEL, ts, text: 'x' }))).toBe('message_not_found');
    expect(await refusal(client.chat.postEphemeral({ channel: CHANNEL, user: 'U0FOREIGN', text: 'x' }))).toBe(
      'user_not_in_channel',
    );
    expect(await slack.control.channel({ channel: CHANNEL, as: 'U0ADAM' })).toEqual([]);
    expect(await slack.control.channel({ channel: CHANNEL, as: 'U0ALICE' })).toHaveLength(1);
  });

  it('tells people apart', async () => {
    const flags = async (user: string) => (await client.users.info({ user })).user;
    expect(await flags('U0OPERATOR')).toMatchObject({ is_restricted: false, deleted: false, team_id: 'T0TITANIC' });
    expect(await flags('U0GUEST')).toMatchObject({ is_restricted: true });
    expect(await flags('U0GONE')).toMatchObject({ deleted: true });
    expect(await flags('U0FOREIGN')).toMatchObject({ is_stranger: true, team_id: 'T0PARTNER' });
    expect(await refusal(client.users.info({ user: 'U0NOBODY' }))).toBe('user_not_found');
    expect((await client.conversations.info({ channel: 'C0SHARED' })).channel?.is_ext_shared).toBe(true);
    expect((await client.conversations.info({ channel: CHANNEL })).channel?.is_ext_shared).toBe(false);
  });

  it('reads user groups, and cannot read those that are broken', async () => {
    const list = () => client.usergroups.users.list({ usergroup: 'S0APPROVERS' });
    expect((await list()).users).toEqual(['U0ALICE', 'U0ADAM', 'U0BOTH']);
    await slack.control.putGroup({ id: 'S0APPROVERS', state: 'unreadable' });
    expect(await refusal(list())).toBe('internal_error');
    await slack.control.putGroup({ id: 'S0APPROVERS', state: 'missing' });
    expect(await refusal(list())).toBe('no_such_subteam');
  });

  it('takes a file in the three steps of filesUploadV2', async () => {
    await client.filesUploadV2({
      channel_id: CHANNEL,
      filename: 'evidence.json',
      content: '{"ok":true}',
      initial_comment: 'the record',
    });
    const [file] = await slack.control.files();
    expect(file).toMatchObject({ name: 'evidence.json', text: '{"ok":true}', channels: [CHANNEL] });
    expect((await slack.control.channel({ channel: CHANNEL }))[0]).toMatchObject({
      text: 'the record',
      fileIds: [file?.id],
    });
    const begun = await client.files.getUploadURLExternal({ filename: 'a.txt', length: 3 });
    const short = await fetch(String(begun.upload_url), { method: 'POST', body: 'ab' });
    expect(short.status).toBe(400);
  });

  it('records every call without its token', async () => {
    await client.chat.postMessage({ channel: CHANNEL, text: 'hello', blocks: section('hello') });
    const [call] = await slack.control.calls({ method: 'chat.postMessage' });
    expect(call).toMatchObject({
      tokenKind: 'bot',
      status: 200,
      args: { blocks: section('hello') },
      response: { ok: true },
    });
    expect(JSON.stringify(await slack.control.calls())).not.toContain(slack.botToken);
  });

  it('judges blocks without a token', async () => {
    expect((await clientWith().blocks.validate({ blocks: section('fine') })).ok).toBe(true);
    await expect(clientWith().blocks.validate({ blocks: [{ type: 'header' }] })).rejects.toMatchObject({
      data: { error: 'invalid_blocks', errors: [{ message: 'missing required field: text', pointer: '/blocks/0' }] },
    });
  });
});

describe('rate limits and faults of the local Slack', () => {
  afterEach(() => slack.close());

  it('limits a channel to about one message a second after a burst, each channel for itself', async () => {
    let nowMs = 1_800_000_000_000;
    await start({ now: () => nowMs });
    const post = (channel: string) => client.chat.postMessage({ channel, text: 'x' });
    for (let turn = 0; turn < 5; turn += 1) await post(CHANNEL);
    await expect(post(CHANNEL)).rejects.toMatchObject({ retryAfter: 1 });
    await post('C0RANDOM');
    nowMs += 1000;
    await post(CHANNEL);
    await expect(post(CHANNEL)).rejects.toMatchObject({ retryAfter: 1 });
  });

  it('limits a method of tier 2 to twenty calls a minute', async () => {
    await start();
    const read = () => client.usergroups.users.list({ usergroup: 'S0APPROVERS' });
    for (let turn = 0; turn < 20; turn += 1) await read();
    await expect(read()).rejects.toMatchObject({ retryAfter: 3 });
    await slack.control.setRateLimits({ enabled: false });
    await read();
  });

  it('fails as it is told to, for as many calls as it is told', async () => {
    await start();
    const post = () => client.chat.postMessage({ channel: CHANNEL, text: 'x' });
    await slack.control.addFault({
      method: 'chat.postMessage',
      effect: { kind: 'error', error: 'internal_error' },
      times: 1,
    });
    expect(await refusal(post())).toBe('internal_error');
    await slack.control.addFault({ method: '*', effect: { kind: 'status', status: 503 }, times: 1 });
    expect(await refusal(post())).toBe(503);
    const limited = { kind: 'error', error: 'ratelimited', retryAfterSeconds: 7 } as const;
    await slack.control.addFault({ method: 'chat.postMessage', effect: limited, times: 1 });
    await expect(post()).rejects.toMatchObject({ retryAfter: 7 });
    await slack.control.addFault({ method: 'chat.postMessage', effect: { kind: 'slow', delayMs: 120 }, times: 1 });
    const started = performance.now();
    await post();
    expect(performance.now() - started).toBeGreaterThan(110);
    expect(await slack.control.channel({ channel: CHANNEL })).toHaveLength(1);
  });

  it('can do what was asked and lose the reply, or lose the request', async () => {
    await start();
    const post = () => client.chat.postMessage({ channel: CHANNEL, text: 'x' });
    await slack.control.addFault({ method: 'chat.postMessage', effect: { kind: 'lost' }, times: 1 });
    await expect(post()).rejects.toThrow();
    expect(await slack.control.channel({ channel: CHANNEL })).toHaveLength(1);
    await slack.control.addFault({ method: 'chat.postMessage', effect: { kind: 'cut' }, times: 1 });
    await expect(post()).rejects.toThrow();
    expect(await slack.control.channel({ channel: CHANNEL })).toHaveLength(1);
  });

  it('can be away, and nobody can act meanwhile', async () => {
    await start();
    await slack.control.setAway({ away: true });
    expect(await refusal(client.auth.test())).toBe(503);
    const act = slack.control.command({ user: 'U0ALICE', channel: CHANNEL, text: 'status' });
    await expect(act).rejects.toMatchObject({ code: 'slack_away' });
    await slack.control.setAway({ away: false });
    expect((await client.auth.test()).ok).toBe(true);
  });
});
