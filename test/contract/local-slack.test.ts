import type { App, BlockAction, ButtonAction } from '@slack/bolt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../../sandbox/slack/control/wait-for.ts';
import { type StartedBot, startBot } from './local-slack/start-bot.ts';

const OLIVIA = { user: 'U0OPERATOR', channel: 'C0TITANIC' };
const plain = (text: string) => ({ type: 'plain_text' as const, text });

const card = (buttons: boolean) => [
  { type: 'section', text: { type: 'mrkdwn', text: '*survival* version 7 waits for <@U0ALICE>' } },
  ...(buttons
    ? [
        {
          type: 'actions',
          block_id: 'gate',
          elements: [
            {
              type: 'button',
              action_id: 'promote',
              text: plain('Promote to prod'),
              value: 'r-1',
              confirm: {
                title: plain('Promote?'),
                text: plain('To prod'),
                confirm: plain('Promote'),
                deny: plain('No'),
              },
            },
            { type: 'button', action_id: 'reject', text: plain('Reject'), value: 'r-1' },
            { type: 'button', action_id: 'mute', text: plain('Mute') },
          ],
        },
      ]
    : []),
];

const reasonModal = {
  type: 'modal' as const,
  callback_id: 'reason',
  private_metadata: 'r-1',
  title: plain('Reject'),
  submit: plain('Reject'),
  blocks: [
    {
      type: 'input',
      block_id: 'why',
      label: plain('Why'),
      element: { type: 'plain_text_input', action_id: 'text', min_length: 3 },
    },
  ],
};

function smallBot(app: App): void {
  app.command('/titanic', async ({ command, ack, respond, client }) => {
    if (command.text === 'silent') return;
    if (command.text === 'say') return void (await ack('said with the acknowledgement'));
    await ack();
    if (command.text === 'card') {
      await client.chat.postMessage({ channel: command.channel_id, text: 'a card', blocks: card(true) });
      return;
    }
    if (command.text === 'many') {
      for (let turn = 0; turn < 6; turn += 1) await respond(`answer ${turn}`).catch(() => undefined);
      return;
    }
    await respond({ text: `you said ${command.text}`, response_type: 'ephemeral' });
  });
  app.action<BlockAction<ButtonAction>>('promote', async ({ ack, body, client }) => {
    await ack();
    const { channel, message } = body;
    if (!channel || !message) return;
    await client.chat.update({
      channel: channel.id,
      ts: message.ts,
      text: `promoted by ${body.user.id}`,
      blocks: card(false),
    });
  });
  app.action<BlockAction>('reject', async ({ ack, body, client }) => {
    await ack();
    await client.views.open({ trigger_id: body.trigger_id, view: reasonModal });
  });
  app.view('reason', async ({ ack, view, body, client }) => {
    const why = view.state.values.why?.text?.value ?? '';
    if (why === 'because') return void (await ack({ response_action: 'errors', errors: { why: 'Say more' } }));
    if (why === 'later')
      return void (await ack({ response_action: 'update', view: { ...reasonModal, title: plain('Still') } }));
    await ack();
    await client.chat.postEphemeral({
      channel: 'C0TITANIC',
      user: body.user.id,
      text: `${view.private_metadata}: ${why}`,
    });
  });
  app.event('app_home_opened', async ({ event, client }) => {
    await client.views.publish({ user_id: event.user, view: { type: 'home', blocks: card(false) as never } });
  });
}

describe.each(['socket', 'http'] as const)('a Bolt app on the local Slack over %s', (transport) => {
  let bot: StartedBot;
  beforeAll(async () => {
    bot = await startBot(transport, smallBot, { rateLimits: { postingBurst: 50 } });
  });
  afterAll(() => bot.stop());

  const control = () => bot.slack.control;
  const postCard = async () => {
    const { responses } = await control().command({ ...OLIVIA, text: 'card', settleMs: 150 });
    const posted = responses.at(-1);
    if (!posted) throw new Error('no card came');
    return posted;
  };

  it('answers a command to the person who gave it, and to nobody else', async () => {
    const result = await control().command({ ...OLIVIA, text: 'status', settleMs: 150 });
    expect(result.outcome).toBe('acknowledged');
    expect(result.responses.map((message) => [message.text, message.ephemeral])).toEqual([['you said status', true]]);
    const others = await control().channel({ channel: 'C0TITANIC', as: 'U0ALICE' });
    expect(others.some((message) => message.text === 'you said status')).toBe(false);
  });

  it('shows the text of an acknowledgement', async () => {
    const result = await control().command({ ...OLIVIA, text: 'say' });
    expect(result.responses.map((message) => message.text)).toEqual(['said with the acknowledgement']);
  });

  it('tells the person when the app stays silent for three seconds', async () => {
    const result = await control().command({ ...OLIVIA, text: 'silent' });
    // Over HTTP, Bolt gives up at the same moment as Slack, so either may be first.
    expect(['operation_timeout', ...(transport === 'http' ? ['dispatch_failed'] : [])]).toContain(result.outcome);
    expect(result.notice).toContain('/titanic failed with the error');
    expect(result.latencyMs).toBeGreaterThan(2900);
  });

  it('refuses the sixth use of a response URL', async () => {
    const before = (await control().calls({ method: 'response_url' })).at(-1)?.seq ?? 0;
    await control().command({ ...OLIVIA, text: 'many' });
    const calls = await waitFor(
      control(),
      async (slack) => {
        const found = await slack.calls({ method: 'response_url', afterSeq: before });
        return found.length === 6 && found;
      },
      2000,
    );
    expect(calls.map((call) => call.status)).toEqual([200, 200, 200, 200, 200, 404]);
    expect(calls.at(-1)?.response).toEqual({ ok: false, error: 'used_url' });
  });

  it('carries a confirmed click to the app, which replaces the card', async () => {
    const posted = await postCard();
    expect(posted.rendered).toBe('survival version 7 waits for @alice\n[Promote to prod] [Reject] [Mute]');
    const click = { user: 'U0ALICE', channel: posted.channel, ts: posted.ts, actionId: 'promote' };
    await expect(control().click(click)).rejects.toMatchObject({ code: 'needs_confirm' });
    expect((await control().click({ ...click, confirm: 'no' })).outcome).toBe('cancelled');
    expect((await control().click({ ...click, confirm: 'yes' })).outcome).toBe('acknowledged');
    const after = await waitFor(
      control(),
      async (slack) => {
        const message = await slack.message(posted);
        return message?.text === 'promoted by U0ALICE' && message;
      },
      2000,
    );
    expect(after.earlier).toHaveLength(1);
    await expect(control().click({ ...click, confirm: 'yes' })).rejects.toMatchObject({ code: 'no_such_element' });
    const replayed = await control().click({ ...click, confirm: 'yes', stale: posted });
    expect(replayed.outcome).toBe('acknowledged');
  });

  it('opens a modal from a click and plays its submission', async () => {
    const posted = await postCard();
    const clicked = await control().click({
      user: 'U0ADAM',
      channel: posted.channel,
      ts: posted.ts,
      actionId: 'reject',
      settleMs: 150,
    });
    const viewId = String(clicked.view?.id);
    const submit = (text: string) => control().submitView({ user: 'U0ADAM', viewId, values: { text }, settleMs: 150 });
    expect((await submit('no')).errors).toEqual({ why: 'This entry must be at least 3 characters.' });
    expect((await submit('because')).errors).toEqual({ why: 'Say more' });
    expect((await submit('later')).view).toMatchObject({ id: viewId, title: { text: 'Still' } });
    const done = await submit('the p95 doubled');
    expect(done.view).toBeUndefined();
    expect(done.responses.map((message) => message.text)).toEqual(['r-1: the p95 doubled']);
    expect(await control().openViews({ user: 'U0ADAM' })).toEqual([]);
  });

  it('says that an app does not respond to a button it does not know', async () => {
    const posted = await postCard();
    const result = await control().click({ user: 'U0ALICE', channel: posted.channel, ts: posted.ts, actionId: 'mute' });
    expect(result.outcome).not.toBe('acknowledged');
    expect(result.notice).toContain('not responding');
  });

  it('publishes a Home tab when somebody opens it', async () => {
    const result = await control().openHome({ user: 'U0STRANGER', settleMs: 150 });
    expect(result.outcome).toBe('acknowledged');
    expect(await control().home({ user: 'U0STRANGER' })).toMatchObject({ type: 'home', bot_id: 'B0TITANIC' });
  });

  // A signature is part of HTTP alone.
  if (transport === 'http') {
    it('has forged and stale requests refused by Bolt itself', async () => {
      const payload = await control().commandPayload({ ...OLIVIA, text: 'say' });
      const status = async (tampering: object) =>
        (await control().raw({ kind: 'slash_commands', payload, tampering })).answer?.status;
      expect(await status({ signature: 'wrong' })).toBe(401);
      expect(await status({ signature: 'missing' })).toBe(401);
      expect(await status({ timestampOffsetSeconds: -301 })).toBe(401);
      expect(await status({ contentType: 'application/x-www-form-urlencoded; charset=utf-8' })).toBe(400);
      expect(await status({})).toBe(200);
    });
  }

  it('delivers a duplicate and a replay, because Slack does too', async () => {
    await control().addDeliveryFault({ duplicates: 1, times: 1 });
    const first = await control().command({ ...OLIVIA, text: 'twice', settleMs: 200 });
    expect(first.responses.map((message) => message.text)).toEqual(['you said twice', 'you said twice']);
    const again = await control().replay({ deliveryId: first.deliveryId });
    expect(again.ack?.outcome).toBe('acknowledged');
  });
});
