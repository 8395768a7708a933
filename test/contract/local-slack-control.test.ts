import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebClient } from '@slack/web-api';
import { afterEach, describe, expect, it } from 'vitest';
import { ControlError, createSlackControl, waitFor } from '../../sandbox/slack/control-client.ts';
import { renderText } from '../../sandbox/slack/render-text.ts';
import { type RunningSlack, startSlack } from '../../sandbox/slack/start-slack.ts';

const CHANNEL = 'C0TITANIC';
let slack: RunningSlack | undefined;
afterEach(async () => {
  await slack?.close();
  slack = undefined;
});
const started = async (options: Parameters<typeof startSlack>[0] = {}): Promise<RunningSlack> => {
  slack = await startSlack(options);
  return slack;
};

describe('acting as a person of the local Slack', () => {
  it.each([
    ['U0GONE', CHANNEL, 'user_deactivated'],
    ['U0TITANIC', CHANNEL, 'user_is_bot'],
    ['U0NOBODY', CHANNEL, 'no_such_user'],
    ['U0FOREIGN', CHANNEL, 'not_a_member'],
    ['U0ALICE', 'C0NOWHERE', 'no_such_channel'],
  ])('is impossible for %s in %s: %s', async (user, channel, code) => {
    const { control } = await started();
    await expect(control.command({ user, channel, text: 'status' })).rejects.toMatchObject({ code });
  });

  it('lets a stranger speak in a shared channel, marked by their own team', async () => {
    const { control, botToken, apiUrl } = await started();
    const blocks = [
      { type: 'actions', elements: [{ type: 'button', action_id: 'x', text: { type: 'plain_text', text: 'X' } }] },
    ];
    const client = new WebClient(botToken, { slackApiUrl: apiUrl });
    const { ts } = await client.chat.postMessage({ channel: 'C0SHARED', text: 'card', blocks });
    const payload = await control.clickPayload({
      user: 'U0FOREIGN',
      channel: 'C0SHARED',
      ts: String(ts),
      actionId: 'x',
    });
    expect(payload.user).toMatchObject({ id: 'U0FOREIGN', team_id: 'T0PARTNER' });
  });

  it('needs the message to be there and to be seen by that person', async () => {
    const { control, botToken, apiUrl } = await started();
    const client = new WebClient(botToken, { slackApiUrl: apiUrl });
    const blocks = [
      { type: 'actions', elements: [{ type: 'button', action_id: 'x', text: { type: 'plain_text', text: 'X' } }] },
    ];
    const { message_ts: ts } = await client.chat.postEphemeral({
      channel: CHANNEL,
      user: 'U0ALICE',
      text: 'yours',
      blocks,
    });
    const click = { channel: CHANNEL, ts: String(ts), actionId: 'x' };
    await expect(control.clickPayload({ ...click, user: 'U0ADAM' })).rejects.toMatchObject({ code: 'no_such_message' });
    const seen = await control.clickPayload({ ...click, user: 'U0ALICE' });
    expect(seen).toMatchObject({ container: { is_ephemeral: true } });
    expect(seen).not.toHaveProperty('message');
    await control.deleteMessage({ channel: CHANNEL, ts: String(ts) });
    await expect(control.clickPayload({ ...click, user: 'U0ALICE' })).rejects.toMatchObject({
      code: 'no_such_message',
    });
  });

  it('needs confirm dialogs to be answered only where there are any', async () => {
    const { control, botToken, apiUrl } = await started();
    const client = new WebClient(botToken, { slackApiUrl: apiUrl });
    const blocks = [
      { type: 'actions', elements: [{ type: 'button', action_id: 'x', text: { type: 'plain_text', text: 'X' } }] },
    ];
    const { ts } = await client.chat.postMessage({ channel: CHANNEL, text: 'card', blocks });
    const click = control.click({ user: 'U0ALICE', channel: CHANNEL, ts: String(ts), actionId: 'x', confirm: 'yes' });
    await expect(click).rejects.toMatchObject({ code: 'no_confirm_dialog' });
  });
});

describe('the control over HTTP', () => {
  it('does what the control in the process does', async () => {
    const { url } = await started();
    const remote = createSlackControl(url);
    const soon = waitFor(remote, async (control) => (await control.channel({ channel: CHANNEL })).length > 0, 2000);
    await remote.say({ user: 'U0ALICE', channel: '#titanic-rollouts', text: 'hello' });
    await soon;
    expect((await remote.channel({ channel: CHANNEL }))[0]).toMatchObject({ userName: 'alice', text: 'hello' });
    await remote.putUser({ id: 'U0NEW', name: 'nora' });
    await remote.putGroup({ id: 'S0APPROVERS', users: ['U0NEW'] });
    expect((await remote.workspace()).world.groups[0]?.users).toEqual(['U0NEW']);
    const refused = remote.command({ user: 'U0GONE', channel: CHANNEL, text: 'x' });
    await expect(refused).rejects.toBeInstanceOf(ControlError);
    await expect(refused).rejects.toMatchObject({ code: 'user_deactivated' });
  });

  it('may be read with GET, but changed with POST and JSON only', async () => {
    const { url } = await started();
    const channel = await fetch(`${url}/_control/channel?channel=${CHANNEL}`);
    expect(await channel.json()).toEqual([]);
    expect((await fetch(`${url}/_control/setAway?away=true`)).status).toBe(405);
    expect((await fetch(`${url}/_control/setAway`, { method: 'POST', body: '{"away":true}' })).status).toBe(403);
    expect((await fetch(`${url}/_control/fly`)).status).toBe(404);
  });

  it('is closed to other hosts and other origins', async () => {
    const { port } = await started();
    const status = (headers: Record<string, string>) =>
      new Promise((resolve, reject) => {
        const call = request({ port, host: '127.0.0.1', path: '/_control/workspace', headers }, (response) => {
          response.resume();
          resolve(response.statusCode);
        });
        call.on('error', reject).end();
      });
    expect(await status({})).toBe(200);
    expect(await status({ host: 'rebound.example.com' })).toBe(403);
    expect(await status({ origin: 'https://example.com' })).toBe(403);
  });
});

describe('a saved workspace', () => {
  it('is there again after a restart', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'local-slack-'));
    const statePath = join(folder, 'slack.json');
    const first = await started({ statePath });
    await first.control.say({ user: 'U0ALICE', channel: CHANNEL, text: 'before' });
    await first.control.putGroup({ id: 'S0APPROVERS', users: ['U0ADAM'] });
    await first.close();
    const second = await started({ statePath });
    expect((await second.control.channel({ channel: CHANNEL })).map((message) => message.text)).toEqual(['before']);
    expect((await second.control.workspace()).world.groups[0]?.users).toEqual(['U0ADAM']);
    const later = await second.control.say({ user: 'U0ALICE', channel: CHANNEL, text: 'after' });
    expect(later.ts > ((await second.control.channel({ channel: CHANNEL }))[0]?.ts ?? '')).toBe(true);
    await second.close();
    slack = undefined;
    expect(await readdir(folder)).toEqual(['slack.json']);
    await rm(folder, { recursive: true });
  });
});

describe('the plain-text renderer', () => {
  const nameOf = (id: string) => ({ U0ALICE: 'alice', S0APPROVERS: 'approvers' })[id];
  const show = (text: string) => renderText({ text }, nameOf);

  it('shows markup as a reader sees it', () => {
    expect(show('*bold* by <@U0ALICE> for <!subteam^S0APPROVERS> at <!date^1^{date}|noon>')).toBe(
      'bold by @alice for @approvers at noon',
    );
    expect(show('<https://example.com/a?b=1&amp;c=2|the log> and snake_case_name')).toBe(
      'the log (https://example.com/a?b=1&c=2) and snake_case_name',
    );
  });

  it('never lets an escaped mention look like a real one', () => {
    expect(show('model &lt;!channel&gt; &amp;lt;')).toBe('model <!channel> &lt;');
    expect(show('<!channel>')).toBe('@channel');
  });

  it('aligns tables and names fields, buttons and inputs', () => {
    const cell = (text: string) => ({ type: 'raw_text', text });
    const plain = (text: string) => ({ type: 'plain_text', text });
    const blocks = [
      { type: 'header', text: plain('Smoke run') },
      { type: 'section', fields: [{ type: 'mrkdwn', text: '*Requested by*\n<@U0ALICE>' }] },
      {
        type: 'table',
        column_settings: [{ align: 'left' }, { align: 'right' }],
        rows: [
          [cell('quantile'), cell('ms')],
          [cell('p50'), cell('12')],
          [cell('p95'), { type: 'raw_number', value: 140, text: '140' }],
        ],
      },
      { type: 'divider' },
      {
        type: 'actions',
        elements: [
          { type: 'button', text: plain('Promote to prod') },
          { type: 'button', text: plain('Reject') },
        ],
      },
      { type: 'input', label: plain('Reason'), element: { type: 'plain_text_input' } },
    ];
    expect(renderText({ blocks }, nameOf)).toMatchInlineSnapshot(`
      "# Smoke run
      Requested by: @alice
      quantile   ms
      p50        12
      p95       140
      ────────────────────
      [Promote to prod] [Reject]
      Reason: ____"
    `);
  });
});
