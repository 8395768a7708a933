import { describe, expect, it } from 'vitest';
import { startRig, until } from './slack-edge-setup.ts';

const IN = 'C0TITANIC';
const status = async (url: string) => (await fetch(`${url}/readyz`)).status;

describe('Socket Mode', () => {
  it('opens another socket when Slack refreshes one or it is cut', async () => {
    const rig = await startRig({ mode: 'socket' });
    for (const reason of ['refresh_requested', 'cut'] as const) {
      await rig.slack.control.disconnectSockets({ reason });
      await until(() => !rig.edge.ready().ok);
      expect(await status(rig.url)).toBe(503);
      await until(() => rig.edge.ready().ok);
      const { outcome } = await rig.slack.control.command({ user: 'U0BOTH', channel: IN, text: 'help' });
      expect(outcome).toBe('acknowledged');
    }
    await rig.stop();
  });

  it('survives that Slack is away, and is back when Slack is', async () => {
    const rig = await startRig({ mode: 'socket' });
    await rig.slack.control.setAway({ away: true });
    await until(() => !rig.edge.ready().ok);
    expect((await fetch(`${rig.url}/healthz`)).status).toBe(200);
    expect(await rig.connection.directory.approvers()).toMatchObject({ kind: 'unknown' });
    expect(await rig.connection.channel.post({ text: 'x', blocks: [] }, null)).toMatchObject({
      kind: 'failed',
      gone: false,
    });
    await rig.slack.control.setAway({ away: false });
    await until(() => rig.edge.ready().ok, 10_000);
    await rig.stop();
  });

  it('leaves no gap with two sockets', async () => {
    const rig = await startRig({ mode: 'socket', sockets: 2 });
    await until(async () => (await rig.slack.control.workspace()).sockets === 2);
    await rig.stop();
    expect(rig.edge.ready()).toEqual({ ok: false, detail: 'stopping' });
  });
});

describe('stopping', () => {
  it('waits for an answer that is being given', async () => {
    const rig = await startRig({ mode: 'http' });
    let finish = () => {};
    const gate = new Promise<void>((resolve) => {
      finish = resolve;
    });
    rig.core.answerWith(async () => {
      await gate;
      return { kind: 'done', reason: { code: 'already-recorded' }, subject: null };
    });
    await rig.slack.control.command({ user: 'U0BOTH', channel: IN, text: 'smoke prod' });
    await until(() => rig.core.asked.length === 1);
    const stopped = rig.edge.stop();
    setTimeout(finish, 200);
    await stopped;
    const told = await rig.slack.control.channel({ channel: IN, as: 'U0BOTH' });
    expect(told.map((one) => one.text)).toEqual(['This was recorded before; nothing was done twice.']);
    await rig.slack.close();
  });
});

describe('starting', () => {
  it('ends with one sentence when Slack refuses the token', async () => {
    await expect(startRig({ mode: 'http', slack: { scopes: [] } })).rejects.toThrow(/SLACK_BOT_TOKEN/);
  });
});
