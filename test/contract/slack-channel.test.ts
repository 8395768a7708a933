import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createRender } from '../../blocks/render.ts';
import { rolloutCardOf, rollouts } from '../../blocks/samples/parts.ts';
import { isSlackAddress } from '../../src/adapters/slack-response-url.ts';
import { createFastClock } from '../support/fast-clock.ts';
import { createHandClock } from '../support/hand-clock.ts';
import { type Rig, startRig, until } from './slack-edge-setup.ts';

const { card } = createRender({ approversMention: '<!subteam^S0APPROVERS>', services: ['survival'] });
const message = card(rolloutCardOf(rollouts.gate));

describe('the channel of announcements', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig({ mode: 'socket', slack: { rateLimits: { enabled: false } } });
  });
  afterAll(() => rig.stop());
  afterEach(() => rig.slack.control.clearFaults());

  async function posted(): Promise<string> {
    const outcome = await rig.connection.channel.post(message, null);
    if (outcome.kind !== 'posted') throw new Error(outcome.why);
    return outcome.ts;
  }

  it('posts, answers in the thread and updates, with text and blocks and nothing made of what is in them', async () => {
    const ts = await posted();
    expect((await rig.connection.channel.post({ text: 'a line', blocks: [] }, ts)).kind).toBe('posted');
    expect((await rig.connection.channel.update(ts, card(rolloutCardOf(rollouts.ended)))).kind).toBe('posted');
    const calls = await rig.slack.control.calls();
    const sent = calls.filter((call) => call.method === 'chat.postMessage' || call.method === 'chat.update');
    for (const { args } of sent) {
      expect(args).toMatchObject({ parse: 'none', text: expect.any(String), blocks: expect.anything() });
      expect([String(args.link_names), String(args.unfurl_links), String(args.unfurl_media)]).toEqual([
        'false',
        'false',
        'false',
      ]);
    }
    const shown = await rig.slack.control.channel({ channel: 'C0TITANIC' });
    expect(shown.at(-1)).toMatchObject({ threadTs: ts, text: 'a line' });
  });

  it.each(['post', 'update'] as const)('sends the plain text where Slack refuses the blocks of a %s', async (how) => {
    const plain = card(rolloutCardOf({ ...rollouts.gate, smoke: null }));
    const ts = how === 'update' ? await posted() : '';
    const method = how === 'post' ? 'chat.postMessage' : 'chat.update';
    await rig.slack.control.addFault({ method, effect: { kind: 'error', error: 'invalid_blocks' }, times: 1 });
    const outcome =
      how === 'post' ? await rig.connection.channel.post(plain, null) : await rig.connection.channel.update(ts, plain);
    expect(outcome.kind).toBe('posted');
    const seen = await rig.slack.control.message({
      channel: 'C0TITANIC',
      ts: outcome.kind === 'posted' ? outcome.ts : '',
    });
    expect(seen?.rendered).toContain('/titanic promote survival-42');
    expect(rig.logged.some((one) => one.level === 'error' && one.message.includes('plain text'))).toBe(true);
  });

  it('puts a file into the thread of a card, byte for byte, or says why not', async () => {
    const ts = await posted();
    const file = { name: 'survival-42.json', title: 'Evidence of survival-42', text: '{"é": 1}\n' };
    expect(await rig.connection.files.share(file, { channel: 'C0TITANIC', ts })).toEqual({
      kind: 'known',
      value: true,
    });
    const [seen] = await rig.slack.control.files();
    expect(seen).toMatchObject({ name: file.name, title: file.title, text: file.text });
    const shown = await rig.slack.control.channel({ channel: 'C0TITANIC' });
    expect(shown.at(-1)).toMatchObject({ threadTs: ts });
    for (const method of ['files.getUploadURLExternal', 'files.completeUploadExternal']) {
      await rig.slack.control.addFault({ method, effect: { kind: 'error', error: 'missing_scope' }, times: 1 });
      const outcome = await rig.connection.files.share(file, { channel: 'C0TITANIC', ts });
      expect(outcome).toEqual({ kind: 'unknown', why: 'missing_scope' });
    }
    expect(await rig.slack.control.files()).toHaveLength(1);
  });

  it.each([
    ['https://files.slack.com/upload/v1/abc', true],
    ['https://files.slack.com.evil.example/upload', false],
    ['http://files.slack.com/upload', false],
    ['https://user@files.slack.com/upload', false],
    ['http://127.0.0.1:1/upload', false],
    ['no address', false],
  ])('sends the bytes of a file to Slack alone: %s', (url, allowed) => {
    expect(isSlackAddress(url, 'files.slack.com', undefined)).toBe(allowed);
  });

  it('says when a message is gone, so that a new card is made', async () => {
    const ts = await posted();
    await rig.slack.control.deleteMessage({ channel: 'C0TITANIC', ts });
    expect(await rig.connection.channel.update(ts, message)).toMatchObject({ kind: 'failed', gone: true });
    expect(await rig.connection.channel.post(message, ts)).toMatchObject({ kind: 'failed', gone: true });
  });

  it('does not post a second time by itself when a reply is lost', async () => {
    const before = (await rig.slack.control.channel({ channel: 'C0TITANIC' })).length;
    await rig.slack.control.addFault({ method: 'chat.postMessage', effect: { kind: 'lost' }, times: 1 });
    expect((await rig.connection.channel.post(message, null)).kind).toBe('failed');
    expect((await rig.slack.control.channel({ channel: 'C0TITANIC' })).length - before).toBe(1);
  });

  it('keeps below Slack’s pace by itself', async () => {
    await rig.slack.control.setRateLimits({ enabled: true });
    const outcomes = await Promise.all(Array.from({ length: 9 }, () => rig.connection.channel.post(message, null)));
    expect(outcomes.filter((one) => one.kind === 'failed' && one.why === 'ratelimited')).toEqual([]);
    const refused = (await rig.slack.control.calls({ method: 'chat.postMessage' })).filter(
      (call) => call.status === 429,
    );
    expect(refused.length).toBeLessThanOrEqual(1);
    await rig.slack.control.setRateLimits({ enabled: false });
  });
});

describe('the channel of announcements, in trouble,', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig({ mode: 'socket', slack: { rateLimits: { enabled: false } }, clock: createFastClock(20) });
  });
  afterAll(() => rig.stop());

  const post = () => rig.connection.channel.post(message, null);
  const calls = async () => (await rig.slack.control.calls({ method: 'chat.postMessage' })).length;
  const ready = async () => {
    const answer = await fetch(`${rig.url}/readyz`);
    return `${answer.status} ${(await answer.text()).trim()}`;
  };

  it('leaves Slack alone for as long as it wants, whoever comes sooner, and passes on how long that is', async () => {
    const effect = { kind: 'error', error: 'ratelimited', retryAfterSeconds: 8 } as const;
    await rig.slack.control.addFault({ method: 'chat.postMessage', effect, times: 1 });
    expect(await post()).toMatchObject({ gone: false, retryAfterMs: 8_000 });
    const before = await calls();
    expect(await post()).toMatchObject({ kind: 'failed', why: 'own pace', gone: false });
    expect(await calls()).toBe(before);
    await until(async () => (await post()).kind === 'posted');
  });

  it.each([
    ['is archived', { isArchived: true }, /is_archived\): it is archived: unarchive it/],
    ['lost the bot', { members: ['U0ALICE'] }, /not_in_channel\): the bot is not in it: invite the bot/],
  ])('says so once in the log, and in the readiness, when it %s', async (_, change, words) => {
    const { control } = rig.slack;
    const before = (await control.workspace()).world.channels.find(({ id }) => id === 'C0TITANIC');
    expect(await ready()).toBe('200 ready');
    rig.logged.splice(0);
    await control.putChannel({ id: 'C0TITANIC', ...change });
    for (let time = 0; time < 3; time += 1) {
      expect(await post()).toMatchObject({ kind: 'failed', gone: false, retryAfterMs: 60_000 });
    }
    expect(await ready()).toMatch(words);
    expect(await ready()).toMatch(/^200 ready, but nothing can be told in the channel C0TITANIC/);
    expect(rig.logged.filter(({ level }) => level === 'error')).toHaveLength(1);
    if (before !== undefined) await control.putChannel(before);
    expect((await post()).kind).toBe('posted');
    expect(await ready()).toBe('200 ready');
    expect(rig.logged.at(-1)?.message).toBe('The channel can be written to again');
  });
});

describe('a workspace that takes no charts', () => {
  const clock = createHandClock(Date.parse('2026-11-23T18:00:00.000Z'));
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig({ mode: 'socket', slack: { rateLimits: { enabled: false } }, clock });
  });
  afterAll(() => rig.stop());

  const calls = () => rig.slack.control.calls({ method: 'chat.postMessage' });
  const withChart = ({ args }: { readonly args: unknown }) => JSON.stringify(args).includes('data_visualization');

  it('gets each card without one, keeps its table and buttons, and is asked again after some hours', async () => {
    const { channel } = rig.connection;
    const effect = { kind: 'error', error: 'invalid_blocks' } as const;
    for (const method of ['chat.postMessage', 'chat.update'])
      await rig.slack.control.addFault({ method, effect, holding: 'data_visualization' });
    expect(await channel.post(message, null)).toMatchObject({ kind: 'failed', gone: false, retryAfterMs: 100 });
    const outcome = await channel.post(message, null);
    if (outcome.kind !== 'posted') throw new Error(outcome.why);
    const seen = await rig.slack.control.message({ channel: 'C0TITANIC', ts: outcome.ts });
    const types = seen?.blocks.map(({ type }) => type);
    expect(types).toEqual(['header', 'rich_text', 'table', 'actions', 'context']);
    expect(await channel.update(outcome.ts, message)).toMatchObject({ kind: 'posted' });
    expect((await calls()).filter(withChart)).toHaveLength(1);
    expect(rig.logged.filter(({ message: said }) => said.includes('with a chart'))).toHaveLength(1);
    clock.move(6 * 3_600_000);
    await rig.slack.control.clearFaults();
    expect(await channel.post(message, null)).toMatchObject({ kind: 'posted' });
    expect((await calls()).filter(withChart)).toHaveLength(2);
  });

  it('gets the plain text where the blocks without the chart are refused as well', async () => {
    const effect = { kind: 'error', error: 'invalid_blocks' } as const;
    await rig.slack.control.addFault({ method: 'chat.postMessage', effect, holding: 'header', times: 2 });
    expect(await rig.connection.channel.post(message, null)).toMatchObject({ kind: 'failed' });
    const outcome = await rig.connection.channel.post(message, null);
    if (outcome.kind !== 'posted') throw new Error(outcome.why);
    const seen = await rig.slack.control.message({ channel: 'C0TITANIC', ts: outcome.ts });
    expect(seen?.rendered).toContain('/titanic promote survival-42');
  });
});
