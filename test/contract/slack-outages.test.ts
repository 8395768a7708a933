import { describe, expect, it } from 'vitest';
import { createFastClock } from '../support/fast-clock.ts';
import { typeOverRefreshes } from '../support/refreshed-sockets.ts';
import { MODES, startRig, until } from './slack-edge-setup.ts';

const IN = 'C0TITANIC';
const status = async (url: string) => (await fetch(`${url}/readyz`)).status;

describe('Socket Mode', () => {
  it('opens another socket when Slack refreshes one or it is cut', async () => {
    const rig = await startRig({ mode: 'socket' });
    for (const reason of ['refresh_requested', 'cut'] as const) {
      await rig.slack.control.disconnectSockets({ reason });
      await until(() => !rig.edge.ready().ok);
      expect(await rig.edge.readiness()).toMatchObject({ ok: false, trouble: ['no-socket'] });
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

  it('is never deaf over Slack’s refreshes, and handles each command once', async () => {
    const { once, asked, acknowledged, fewestSockets } = await typeOverRefreshes(200, 5);
    expect({ once, asked, acknowledged }).toEqual({ once: 200, asked: 200, acknowledged: 200 });
    expect(fewestSockets).toBeGreaterThanOrEqual(1);
  });

  it('opens its two sockets one after the other, because Slack refreshes them by their age', async () => {
    const rig = await startRig({ mode: 'socket', clock: createFastClock(25) });
    await until(async () => (await rig.slack.control.workspace()).sockets === 2, 10_000);
    const [first, second] = await rig.slack.control.calls({ method: 'apps.connections.open' });
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThan(200);
    await rig.stop();
    expect(rig.edge.ready()).toEqual({ ok: false, detail: 'stopping', trouble: ['stopping'] });
  });

  it.each(['too_many_websockets', 'link_disabled'] as const)('stays away a while after %s', async (reason) => {
    const rig = await startRig({ mode: 'socket', clock: createFastClock(25) });
    const opened = () => rig.slack.control.calls({ method: 'apps.connections.open' });
    await until(async () => (await rig.slack.control.workspace()).sockets === 2, 10_000);
    const before = (await opened()).length;
    const closedMs = Date.now();
    await rig.slack.control.disconnectSockets({ reason });
    await until(() => !rig.edge.ready().ok);
    expect(rig.edge.ready().detail).toMatch(/Slack says (too-many|disabled)/);
    expect(rig.logged.filter(({ level }) => level === 'error')[0]?.message).toMatch(/too many sockets|switched off/);
    await rig.slack.control.enableLink();
    await until(() => rig.edge.ready().ok, 10_000);
    // Ten seconds at least, half of it by chance, and twenty-five times faster.
    expect(((await opened())[before]?.atMs ?? 0) - closedMs).toBeGreaterThanOrEqual(200);
    await rig.stop();
  });
});

describe.each(MODES)('stopping, over %s,', (mode) => {
  it('waits for an answer that is being given', async () => {
    const rig = await startRig({ mode });
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

describe('stopping behind a load balancer', () => {
  it('is not ready any more, and still takes what is sent before that is noticed', async () => {
    const rig = await startRig({ mode: 'http', lingerMs: 2_000 });
    const stopped = rig.edge.stop();
    expect(rig.edge.ready()).toEqual({ ok: false, detail: 'stopping', trouble: ['stopping'] });
    const sent = await rig.slack.control.command({ user: 'U0BOTH', channel: IN, text: 'smoke prod' });
    expect(sent.outcome).toBe('acknowledged');
    await until(() => rig.core.asked.length === 1);
    await stopped;
    await rig.slack.close();
  });
});

describe('starting', () => {
  it('goes on without a Slack that is away, says so when it then refuses the token, and asks again', async () => {
    const rig = await startRig({
      mode: 'http',
      clock: createFastClock(50),
      before: async ({ control }) => void (await control.setAway({ away: true })),
    });
    expect(rig.edge.ready().detail).toBe('Slack has not said who we are yet');
    await rig.slack.control.addFault({ method: 'auth.test', effect: { kind: 'error', error: 'account_inactive' } });
    await rig.slack.control.setAway({ away: false });
    await until(() => /refuses the bot token \(account_inactive\)/.test(rig.edge.ready().detail), 10_000);
    await rig.slack.control.clearFaults();
    await until(() => rig.edge.ready().ok, 10_000);
    await rig.stop();
  });

  it('ends with one sentence when Slack refuses the token', async () => {
    await expect(startRig({ mode: 'http', slack: { scopes: [] } })).rejects.toThrow(/SLACK_BOT_TOKEN/);
  });
});
