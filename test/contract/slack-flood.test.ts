import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Rig, startRig, until } from './slack-edge-setup.ts';

const IN = 'C0TITANIC';
/** Far above what it takes, because the machine may be busy. Milliseconds. */
const WITHIN_MS = 15_000;
const STRANGERS = Array.from({ length: 40 }, (_, n) => `U0MANY${n}`);

describe('a flood of commands', () => {
  let rig: Rig;
  const startedAt = performance.now();
  /** What limits let through as time goes by; each more a second. */
  const seconds = () => Math.ceil((performance.now() - startedAt) / 1_000);
  beforeAll(async () => {
    rig = await startRig({ mode: 'http' });
    const { control } = rig.slack;
    for (const id of STRANGERS) await control.putUser({ id });
    const channel = (await control.workspace()).world.channels.find(({ id }) => id === IN);
    await control.putChannel({ id: IN, members: [...(channel?.members ?? []), ...STRANGERS] });
  });
  afterAll(() => rig.stop());

  const type = async (user: string, text: string, change: Record<string, string> = {}) => {
    const payload = await rig.slack.control.commandPayload({ user, channel: IN, text });
    const { ack } = await rig.slack.control.raw({ kind: 'slash_commands', payload: { ...payload, ...change } });
    return ack?.outcome;
  };
  const told = async () => (await rig.slack.control.channel({ channel: IN, as: '*' })).filter((m) => m.ephemeral);

  it('from another workspace is told so to a few, and the others are counted', async () => {
    await Promise.all(STRANGERS.map((user) => type(user, 'deploy staging', { team_id: 'T0ELSEWHERE' })));
    await until(async () => (await told()).length > 0, WITHIN_MS);
    expect((await told()).length).toBeLessThanOrEqual(30 + seconds());
    expect(rig.core.asked).toEqual([]);
    expect(await (await fetch(`${rig.url}/metrics`)).text()).toContain('refused_total{why="origin"} 40');
  });

  it('from many without a role uses up neither Slack’s reads nor the core, and a rollback in it comes through', async () => {
    // As the check at the start does.
    await Promise.all([rig.connection.directory.approvers(), rig.connection.directory.operators()]);
    const typed = STRANGERS.flatMap((user) => ['deploy staging', 'rollback'].map((text) => type(user, text)));
    typed.push(...Array.from({ length: 20 }, () => type('U0OPERATOR', 'smoke prod')));
    typed.push(type('U0BOTH', 'rollback staging -- in the middle'));
    await Promise.all(typed);
    await until(() => rig.core.asked.some(({ actor }) => actor.kind === 'person' && actor.id === 'U0BOTH'), WITHIN_MS);
    const back = rig.core.asked.find(({ actor }) => actor.kind === 'person' && actor.id === 'U0BOTH');
    expect(back?.standing).toMatchObject({ kind: 'member', operator: true });
    await until(async () => (await told()).filter(({ text }) => text.includes('Too many')).length > 5, WITHIN_MS);
    // 30 of all that have no role and one more a second, 10 of the one who has, and the rollback.
    expect(rig.core.asked.length).toBeLessThanOrEqual(41 + seconds());
    const reads = await rig.slack.control.calls({ method: 'usergroups.users.list' });
    expect(reads.length).toBeLessThanOrEqual(8);
    const slowed = (await told()).filter(({ text }) => text.includes('Too many commands'));
    expect(slowed).toHaveLength(new Set(slowed.map(({ ephemeralTo }) => ephemeralTo)).size);
  });
});
