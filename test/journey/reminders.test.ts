import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACTIONS } from '../../blocks/ids.ts';
import { eventsOf } from '../../sandbox/demo/record.ts';
import { CHANNEL, type Journey, startJourney, UNPACED, WHO } from '../support/journey.ts';

const { bea, alice, adam } = WHO;
const REMINDER_MS = 1_500;

describe('a gate that nobody decides', { timeout: 90_000 }, () => {
  let journey: Journey;
  let rollout: string;
  beforeAll(async () => {
    journey = await startJourney({
      delivery: 'socket',
      config: 'quorum',
      times: { ...UNPACED, reminderMs: REMINDER_MS },
    });
    rollout = await journey.toTheGate(bea, 'deploy staging');
  }, 90_000);
  afterAll(() => journey.close());

  /** What its thread says to approvers once more. */
  async function reminders(): Promise<readonly string[]> {
    const card = await journey.card(rollout);
    const seen = await journey.slack.channel({ channel: CHANNEL, as: '*' });
    return seen.filter((m) => m.threadTs === card?.ts && m.text.includes('Reminder ')).map((m) => m.text);
  }

  const told = async () => eventsOf(await journey.record.entries(), 'GateReminded');

  it('is put once more before those who may decide it and have not, and before nobody else', async () => {
    await journey.presses(alice, ACTIONS.promote, rollout);
    await journey.until('a reminder is recorded', (s) => s.rollouts[0]?.status === 'gate' && remindedIn(s) >= 1);
    await expect.poll(reminders, { timeout: 30_000 }).toHaveLength(1);
    const [first = ''] = await reminders();
    expect(first).toContain('Reminder 1 of 2');
    expect(first).toContain('1 of 2 approvals so far');
    // Bea asked for it, Alice has approved it.
    expect(first.match(/<[@!][^>]+>/g)).toEqual([`<@${adam}>`]);
  });

  it('is left alone after as many as are configured, also by a bot that was started again', async () => {
    await journey.until('the second reminder is recorded', (s) => remindedIn(s) === 2);
    await journey.sandbox.bot().end('SIGKILL');
    await journey.sandbox.startBot();
    await expect.poll(reminders, { timeout: 30_000 }).toHaveLength(2);
    const [first, second] = await told();
    expect([first, second].map((r) => [r?.event.nth, r?.event.most])).toEqual([
      [1, 2],
      [2, 2],
    ]);
    const apartMs = Date.parse(second?.entry.at ?? '') - Date.parse(first?.entry.at ?? '');
    expect(apartMs).toBeGreaterThanOrEqual(2 * REMINDER_MS);
  });

  it('is decided as ever', async () => {
    expect(await journey.presses(adam, ACTIONS.promote, rollout)).toMatchInlineSnapshot(
      `"survival-N is approved and goes to prod now."`,
    );
    await journey.until('prod is checked', (s) => s.ended.some((r) => r.id === rollout));
    expect(await told()).toHaveLength(2);
  });
});

function remindedIn(state: Awaited<ReturnType<Journey['record']['state']>>): number {
  const [rollout] = state.rollouts;
  return rollout !== undefined && 'gate' in rollout ? (rollout.gate.reminded?.count ?? 0) : 0;
}
