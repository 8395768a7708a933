import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createActors } from '../../handlers/actor.ts';
import { createShiftedClock } from '../support/shifted-clock.ts';
import { MODES, type Rig, startRig, until } from './slack-edge-setup.ts';

const IN = 'C0TITANIC';

describe.each(MODES)('who may, over %s', (mode) => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig({ mode, slack: { rateLimits: { enabled: false } } });
  });
  afterAll(() => rig.stop());
  beforeEach(() => {
    rig.core.asked.length = 0;
  });

  /** As somebody, whether Slack's own client would let them or not. */
  async function sent(change: Record<string, string>) {
    const payload = await rig.slack.control.commandPayload({
      user: 'U0OPERATOR',
      channel: IN,
      text: 'promote survival-42',
    });
    const before = (await rig.slack.control.channel({ channel: IN, as: '*' })).at(-1)?.ts ?? '0';
    const delivery = await rig.slack.control.raw({ kind: 'slash_commands', payload: { ...payload, ...change } });
    const answers = () => rig.slack.control.channel({ channel: IN, as: '*', afterTs: before });
    await until(async () => (await answers()).length > 0, 10_000);
    const told = await answers();
    return { outcome: delivery.ack?.outcome, told: told.map((one) => one.text).join('\n') };
  }

  it.each([
    ['a guest', 'U0GUEST', 'guest'],
    ['somebody deactivated', 'U0GONE', 'deactivated'],
    ['somebody of another workspace', 'U0FOREIGN', 'another workspace'],
    ['a bot', 'U0TITANIC', 'a bot'],
    ['somebody whom Slack does not know', 'U0NOBODY', 'no such person'],
  ])('the core is told to refuse %s, and why', async (_, user, why) => {
    const { outcome } = await sent({ user_id: user });
    expect(outcome).toBe('acknowledged');
    expect(rig.core.asked).toMatchObject([{ actor: { id: user }, standing: { kind: 'refused' } }]);
    expect(JSON.stringify(rig.core.asked[0]?.standing)).toContain(why);
  });

  it('a stranger to both groups is a member with no role', async () => {
    await sent({ user_id: 'U0STRANGER' });
    expect(rig.core.asked[0]?.standing).toEqual({ kind: 'member', approver: false, operator: false, lastKnown: false });
  });

  it('guests are told that they may not even ask', async () => {
    expect((await sent({ user_id: 'U0GUEST', text: 'status' })).told).toContain('only from full members');
  });

  it('an externally shared channel is refused', async () => {
    await sent({ channel_id: 'C0SHARED' });
    expect(rig.core.asked[0]?.standing).toMatchObject({ kind: 'refused', reason: { code: 'shared-channel' } });
  });

  it.each([
    ['team', { team_id: 'T0OTHER' }],
    ['app', { api_app_id: 'A0OTHER' }],
  ])('another %s is acknowledged, told so, and nobody is asked', async (_, change) => {
    const { outcome, told } = await sent(change);
    expect(outcome).toBe('acknowledged');
    expect(told).toContain(`the request is of another`);
    expect(rig.core.asked).toEqual([]);
  });

  it('a name, a value or metadata is no identity', async () => {
    await sent({ user_name: 'alice', user_id: 'U0STRANGER' });
    expect(rig.core.asked[0]).toMatchObject({ actor: { id: 'U0STRANGER' }, standing: { approver: false } });
  });

  it('a response URL that is not Slack’s is not used', async () => {
    const before = rig.logged.length;
    const { told } = await sent({ response_url: 'https://evil.example/collect' });
    expect(told).toContain('did promote');
    expect(rig.logged.slice(before).map((one) => one.message)).toContain(
      'A response URL is not of Slack and is not used',
    );
  });

  it('words that would mention everybody are inert in the answer', async () => {
    const { told } = await sent({ text: 'deploy <!channel> `*x*` \u202etxt' });
    expect(told).toContain('&lt;!channel&gt;');
    expect(told).not.toMatch(/<!channel>|\u202e/);
  });
});

describe('groups', () => {
  const clock = createShiftedClock();
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig({ mode: 'socket', clock, slack: { rateLimits: { enabled: false } } });
  });
  afterAll(() => rig.stop());
  afterEach(async () => {
    await rig.slack.control.putGroup({ id: 'S0APPROVERS', state: 'active' });
    await rig.slack.control.putGroup({ id: 'S0OPERATORS', state: 'active' });
  });

  it('are read once for several who ask together, and again after three seconds', async () => {
    const reads = async () => (await rig.slack.control.calls({ method: 'usergroups.users.list' })).length;
    const before = await reads();
    await Promise.all(Array.from({ length: 10 }, () => rig.connection.directory.approvers()));
    expect((await reads()) - before).toBe(1);
    clock.shift(3_050);
    await rig.connection.directory.approvers();
    expect((await reads()) - before).toBe(2);
  });

  it('that cannot be read mean no, but for a rollback the last known membership counts', async () => {
    const actors = createActors(rig.connection.directory, rig.connection.ordinaryGroups);
    await rig.connection.directory.approvers();
    await rig.connection.directory.operators();
    await rig.slack.control.putGroup({ id: 'S0APPROVERS', state: 'unreadable' });
    await rig.slack.control.putGroup({ id: 'S0OPERATORS', state: 'missing' });
    clock.shift(3_050);
    expect(await actors.standing('U0ALICE', IN, 'promote')).toMatchObject({
      kind: 'unreadable',
      why: 'internal_error',
    });
    expect(await actors.standing('U0ALICE', IN, 'rollback')).toEqual({
      kind: 'member',
      approver: true,
      operator: false,
      lastKnown: true,
    });
    expect(await actors.standing('U0STRANGER', IN, 'rollback')).toMatchObject({ kind: 'unreadable' });
    expect(await actors.standing('U0GUEST', IN, 'rollback')).toMatchObject({ kind: 'refused' });
  });

  it('are checked at the start: somebody must be able to approve', async () => {
    expect(await rig.connection.startupCheck()).toEqual([]);
    await rig.slack.control.putGroup({ id: 'S0APPROVERS', users: ['U0ALICE', 'U0GONE'] });
    await rig.slack.control.putChannel({ id: IN, isArchived: true });
    clock.shift(3_050);
    const warnings = await rig.connection.startupCheck();
    expect(warnings.join('\n')).toContain('Only 1 of 2 approvers');
    expect(warnings.join('\n')).toContain('archived');
    await rig.slack.control.putChannel({ id: IN, isArchived: false });
    await rig.slack.control.putGroup({ id: 'S0APPROVERS', state: 'missing' });
    clock.shift(3_050);
    expect((await rig.connection.startupCheck()).join('\n')).toContain('no_such_subteam');
  });
});

describe('a person who is too fast', () => {
  it('is told once, and can still roll back', async () => {
    const rig = await startRig({ mode: 'socket', slack: { rateLimits: { enabled: false } } });
    const say = (text: string) => rig.slack.control.command({ user: 'U0BOTH', channel: IN, text });
    for (let n = 0; n < 15; n += 1) expect((await say('smoke prod')).outcome).toBe('acknowledged');
    await say('rollback');
    await new Promise((resolve) => setTimeout(resolve, 300));
    const told = await rig.slack.control.channel({ channel: IN, as: 'U0BOTH' });
    expect(told.filter((one) => one.text.includes('Too many commands'))).toHaveLength(1);
    expect(rig.core.asked.filter((one) => one.request.verb === 'smoke')).toHaveLength(10);
    expect(rig.core.asked.filter((one) => one.request.verb === 'rollback')).toHaveLength(1);
    await rig.stop();
  });
});
