import type { App } from '@slack/bolt';
import { afterEach, describe, expect, it } from 'vitest';
import { objectsOf } from '../../sandbox/slack/json.ts';
import type { RunningSlack, SlackOptions } from '../../sandbox/slack/start-slack.ts';
import { type StartedBot, startBot } from './local-slack/start-bot.ts';

const IN = 'C0TITANIC';
let bot: StartedBot;
let slack: RunningSlack;
let app: App;
afterEach(() => bot.stop());

async function start(listen: (app: App) => void, options: SlackOptions = {}): Promise<void> {
  bot = await startBot('socket', listen, options);
  ({ slack, app } = bot);
}

const picker = (more: object = {}) => ({
  type: 'modal',
  callback_id: 'f',
  title: { type: 'plain_text', text: 'Choose' },
  submit: { type: 'plain_text', text: 'Go' },
  blocks: [
    {
      type: 'input',
      block_id: 'model',
      label: { type: 'plain_text', text: 'Model' },
      element: { type: 'external_select', action_id: 'pick', min_query_length: 0, ...more },
    },
  ],
});
const optionOf = (value: string) => ({ value, text: { type: 'plain_text' as const, text: `version ${value}` } });

describe('a shortcut of the local Slack', () => {
  it('reaches the app with what it was chosen on, and opens a modal by its trigger', async () => {
    const seen: object[] = [];
    await start((bolt) => {
      bolt.shortcut('menu.v1', async ({ ack, client, shortcut }) => {
        await ack();
        await client.apiCall('views.open', { trigger_id: shortcut.trigger_id, view: picker() });
      });
      bolt.shortcut('leave-what-this-is-about.v1', async ({ ack, shortcut }) => {
        await ack();
        seen.push(shortcut);
      });
    });
    const opened = await slack.control.shortcut({ user: 'U0ALICE', callbackId: 'menu.v1', settleMs: 50 });
    expect(opened).toMatchObject({ outcome: 'acknowledged', view: { callback_id: 'f' } });
    const { ts } = await slack.control.say({ user: 'U0ADAM', channel: IN, text: 'hello' });
    const on = { user: 'U0ALICE', callbackId: 'leave-what-this-is-about.v1', channel: IN, ts };
    await slack.control.shortcut(on);
    expect(seen).toMatchObject([
      { type: 'message_action', message_ts: ts, channel: { id: IN }, message: { ts, user: 'U0ADAM', text: 'hello' } },
    ]);
  });

  it('is there only where the app has it, and only on what all see', async () => {
    await start((bolt) => {
      bolt.command('/titanic', async ({ ack }) => ack('for you alone'));
    });
    const by = { user: 'U0ALICE', callbackId: 'menu.v1' };
    const { responses } = await slack.control.command({ user: 'U0ALICE', channel: IN, text: '', settleMs: 20 });
    const message = { channel: IN, ts: responses[0]?.ts ?? '' };
    const leave = { ...by, callbackId: 'leave-what-this-is-about.v1' };
    await expect(slack.control.shortcut({ ...by, callbackId: 'other' })).rejects.toThrow('no shortcut other');
    await expect(slack.control.shortcut({ ...by, ...message })).rejects.toThrow('is not of a message');
    await expect(slack.control.shortcut(leave)).rejects.toThrow('is chosen on a message');
    await expect(slack.control.shortcut({ ...leave, ...message })).rejects.toThrow('no message');
    expect(await slack.control.shortcut(by)).toMatchObject({ outcome: 'operation_timeout' });
  });
});

describe('a menu that the app searches', () => {
  async function open(more: object, answer: (typed: string) => object): Promise<string> {
    await start((bolt) => {
      bolt.shortcut('menu.v1', async ({ ack, client, shortcut }) => {
        await ack();
        await client.apiCall('views.open', { trigger_id: shortcut.trigger_id, view: picker(more) });
      });
      bolt.options('pick', async ({ ack, options }) => ack(answer(options.value) as never));
      bolt.view('f', async ({ ack }) => ack());
    });
    const { view } = await slack.control.shortcut({ user: 'U0ALICE', callbackId: 'menu.v1', settleMs: 50 });
    return String(view?.id);
  }

  it('offers what the app answers, and nothing else can be chosen', async () => {
    const viewId = await open({}, (typed) => ({ options: [optionOf(`${typed}1`), optionOf(`${typed}2`)] }));
    const by = { user: 'U0ALICE', viewId };
    await expect(slack.control.submitView({ ...by, values: { model: '71' } })).rejects.toThrow('does not take');
    const found = await slack.control.suggest({ ...by, actionId: 'pick', typed: '7' });
    expect(found).toMatchObject({ outcome: 'acknowledged', options: [{ value: '71' }, { value: '72' }] });
    await expect(slack.control.submitView({ ...by, values: { model: '73' } })).rejects.toThrow('does not take');
    expect(await slack.control.submitView({ ...by, values: { model: '72' } })).toMatchObject({
      outcome: 'acknowledged',
    });
    const sent = (await slack.control.deliveries()).at(-1)?.payload;
    expect(JSON.stringify(sent?.view)).toContain('"selected_option":{"value":"72"');
  });

  it('stays empty where the answer is none that Slack can show', async () => {
    const many = Array.from({ length: 101 }, (_, index) => optionOf(String(index)));
    let answer: object = { options: many };
    const viewId = await open({}, () => answer);
    const ask = () => slack.control.suggest({ user: 'U0ALICE', viewId, actionId: 'pick', typed: '' });
    expect(await ask()).toMatchObject({ outcome: 'unusable', options: [] });
    answer = { options: [{ value: '1' }] };
    expect((await ask()).problems).toEqual(['/options/0: missing required field: text']);
    answer = { options: [] };
    expect(await ask()).toMatchObject({ outcome: 'acknowledged', options: [] });
  });

  it('asks only once so much is typed as the menu wants', async () => {
    const typed: string[] = [];
    const viewId = await open({ min_query_length: 2 }, (text) => {
      typed.push(text);
      return { options: [] };
    });
    for (const text of ['', '7', '71']) {
      await slack.control.suggest({ user: 'U0ALICE', viewId, actionId: 'pick', typed: text });
    }
    expect(typed).toEqual(['71']);
  });
});

describe('calling the app by name', () => {
  it('tells it, where it is and subscribed, and of nothing else that is said', async () => {
    const heard: object[] = [];
    await start((bolt) => {
      bolt.event('app_mention', async ({ event }) => void heard.push(event));
    });
    await slack.control.say({ user: 'U0ALICE', channel: IN, text: 'hello titanic' });
    const { ts } = await slack.control.say({ user: 'U0ALICE', channel: IN, text: 'hello <@U0TITANIC>' });
    await slack.control.putChannel({ id: 'C0WITHOUT', name: 'without', members: ['U0ALICE'] });
    await slack.control.say({ user: 'U0ALICE', channel: 'C0WITHOUT', text: 'hello <@U0TITANIC>' });
    const inThread = { user: 'U0FOREIGN', channel: 'C0SHARED', text: '<@U0TITANIC>', threadTs: ts };
    await slack.control.say(inThread);
    await expect.poll(() => heard.length).toBe(2);
    expect(heard).toMatchObject([
      { type: 'app_mention', user: 'U0ALICE', channel: IN, ts },
      { user: 'U0FOREIGN', channel: 'C0SHARED', thread_ts: ts, user_team: 'T0PARTNER' },
    ]);
  });
});

describe('an app without a Home tab', () => {
  it('can publish none, and nobody can open it', async () => {
    await start(() => undefined, { homeTab: false });
    const view = { type: 'home', blocks: [{ type: 'divider' }] };
    await expect(app.client.apiCall('views.publish', { user_id: 'U0ALICE', view })).rejects.toThrow('not_enabled');
    await expect(slack.control.openHome({ user: 'U0ALICE' })).rejects.toThrow('no Home tab');
    expect(objectsOf(await slack.control.openViews({ user: 'U0ALICE' }))).toEqual([]);
  });
});
