import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACTIONS } from '../../blocks/ids.ts';
import { eventsOf } from '../../sandbox/demo/record.ts';
import { CHANNEL, type Journey, PROD, startJourney, WHO } from '../support/journey.ts';

/** A little longer than a reading of a group is shared. */
const READINGS_SHARED_MS = 3_200;

const { olivia, bea, alice, sam, gus, greta, fred } = WHO;

describe('who may not, and what is not understood', { timeout: 90_000 }, () => {
  let journey: Journey;
  let rollout: string;
  beforeAll(async () => {
    journey = await startJourney({ delivery: 'http' });
    await journey.toTheGate(olivia, 'deploy staging --model 3');
    rollout = await journey.toTheGate(bea, 'deploy staging --model 1');
    await journey.shows(rollout, 'waits for approval');
  }, 90_000);
  afterAll(() => journey.close());

  const refusalsOf = async (person: string) =>
    eventsOf(await journey.record.entries(), 'CommandRefused').filter(({ event }) => event.by === person);

  it('refuses who asked for the rollout, though she is an approver', async () => {
    expect(await journey.presses(bea, ACTIONS.promote, rollout)).toMatchInlineSnapshot(
      `"⛔ You asked for this rollout, so your approval does not count. Another approver has to decide."`,
    );
    expect(await refusalsOf(bea)).toMatchObject([{ event: { verb: 'promote', rolloutId: rollout } }]);
  });

  it('refuses somebody without a role, in words and by buttons', async () => {
    expect(await journey.presses(sam, ACTIONS.promote, rollout)).toMatchInlineSnapshot(
      `"⛔ Only approvers may do this. Ask one of the approvers to do it."`,
    );
    expect(await journey.types(sam, 'deploy staging')).toMatchInlineSnapshot(
      `"⛔ Only operators may do this. Ask one of the operators, or ask to become one."`,
    );
    expect(await journey.types(sam, 'rollback staging')).toMatchInlineSnapshot(
      `"⛔ Only operators and approvers may do this. Ask one of them."`,
    );
    expect(await journey.types(sam, 'lock prod -- because')).toMatchInlineSnapshot(
      `"⛔ Only operators may do this. Ask one of the operators, or ask to become one."`,
    );
    expect(await refusalsOf(sam)).toHaveLength(4);
  });

  it('refuses a guest', async () => {
    await journey.slack.putGroup({ id: 'S0APPROVERS', users: ['U0ALICE', 'U0ADAM', 'U0BOTH', gus] });
    expect(await journey.presses(gus, ACTIONS.promote, rollout)).toMatchInlineSnapshot(
      `"⛔ titanic takes commands only from full members of this workspace: the account is a guest."`,
    );
    expect(await journey.types(gus, 'status')).toMatchInlineSnapshot(
      `"⛔ titanic takes commands only from full members of this workspace: the account is a guest."`,
    );
  });

  it('refuses somebody who was deactivated while the request was on its way', async () => {
    await journey.slack.putUser({ id: greta, deleted: false });
    const payload = await journey.slack.commandPayload({ user: alice, channel: CHANNEL, text: `promote ${rollout}` });
    await journey.slack.putUser({ id: greta, deleted: true });
    const before = (await journey.record.entries()).length;
    await journey.slack.raw({ kind: 'slash_commands', payload: { ...payload, user_id: greta, user_name: 'greta' } });
    await expect.poll(async () => (await refusalsOf(greta)).length, { timeout: 20_000 }).toBe(1);
    expect((await journey.record.entries()).length).toBe(before + 1);
    const [refused] = await refusalsOf(greta);
    expect(refused?.event.reason).toEqual({ code: 'not-a-member', params: { why: 'the account is deactivated' } });
  });

  it('refuses people of another workspace, and everybody in a channel that is shared with one', async () => {
    const before = (await journey.record.entries()).length;
    expect(await journey.types(fred, 'rollback', 'C0SHARED')).toMatchInlineSnapshot(
      `"⛔ This channel is shared with another organisation. Use an internal channel."`,
    );
    expect(await journey.types(alice, `promote ${rollout}`, 'C0SHARED')).toMatchInlineSnapshot(
      `"⛔ This channel is shared with another organisation. Use an internal channel."`,
    );
    expect(await journey.types(alice, 'status', 'C0SHARED')).toMatchInlineSnapshot(
      `"⛔ This channel is shared with another organisation. Use an internal channel."`,
    );
    const since = (await journey.record.entries()).slice(before);
    expect(since.every(({ events }) => events.every(({ type }) => type === 'CommandRefused'))).toBe(true);
  });

  it.each(
    [
      ['deplyo staging'],
      ['deploy prod'],
      ['deploy'],
      ['promote survival-1 survival-2'],
      ['rollback --too 3'],
      ['launch the missiles'],
      ['lock prod'],
      ['deploy staging --model 99'],
      ['approve-model 99'],
      ['deploy staging --model arn:aws:sagemaker:us-east-1:123456789012:model-package/other-group/1'],
      ['promote survival-777'],
      ['approve-model 1'],
      ['deploy staging --model “1'],
      ['rollback prod to 1'],
    ].map(([words = ''], index) => ({ words, person: index % 2 === 0 ? olivia : bea })),
  )('does nothing at “$words” but answer', async ({ words, person }) => {
    const mark = await journey.mark();
    const before = await journey.record.state();
    expect(await journey.types(person, words)).toMatchSnapshot();
    const after = await journey.record.state();
    expect(after.rollouts).toEqual(before.rollouts);
    expect(after.environments).toEqual(before.environments);
    expect(await journey.mark()).toBe(mark);
  });

  it('says no to deployments and promotions while the groups cannot be read', async () => {
    await journey.slack.putGroup({ id: 'S0APPROVERS', state: 'unreadable' });
    await journey.slack.putGroup({ id: 'S0OPERATORS', state: 'unreadable' });
    // What was read a moment before is shared.
    await wait(READINGS_SHARED_MS);
    expect(await journey.types(alice, `promote ${rollout}`)).toMatchInlineSnapshot(
      `"⛔ Slack could not say who is in the group (internal_error), so the answer is no. Try again in a minute."`,
    );
    expect(await journey.types(bea, 'deploy staging')).toMatchInlineSnapshot(
      `"⛔ Slack could not say who is in the group (internal_error), so the answer is no. Try again in a minute."`,
    );
    expect(await journey.world.serving(PROD)).toBeNull();
  });

  it('goes back all the same, by the membership as last known, and the record says so', async () => {
    expect(await journey.types(olivia, 'rollback staging -- errors')).toMatchInlineSnapshot(
      `"staging goes back to version 3. SageMaker starts its fleet anew, which takes minutes."`,
    );
    const state = await journey.until('staging is back', (s) => s.endedRollbacks.length > 0);
    expect(state.endedRollbacks[0]).toMatchObject({ environment: 'staging', by: olivia, target: { version: 3 } });
    const [started] = eventsOf(await journey.record.entries(), 'RollbackStarted');
    expect(JSON.stringify(started?.entry)).toContain('last known');
    expect(await journey.shows(state.endedRollbacks[0]?.id ?? '', 'back at')).toMatchInlineSnapshot(`
      "# ↩ survival staging: back at version 3
      Started by @olivia, <time>: asked for
      Image sha256:09805f4f7146…
      Reason errors; Slack could not be read, the last known membership counted
      Left for good titanic-survival-staging-v1-rN
      Ended <time>, after # ms
      staging runs version 3.
      survival-N"
    `);
  });

  it('reads what phones make of dashes, quotes and spaces', async () => {
    await journey.slack.putGroup({ id: 'S0APPROVERS', state: 'active' });
    await journey.slack.putGroup({ id: 'S0OPERATORS', state: 'active' });
    const id = await journey.deploys(
      bea,
      'deploy\u00a0staging \u2014model \u201c1\u201d \u2014 it\u2019s \u201cbetter\u201d \u2014 I think',
    );
    const { rollouts } = await journey.record.state();
    expect(rollouts.find((rollout) => rollout.id === id)).toMatchObject({
      candidate: { version: 1 },
      note: 'it\u2019s \u201cbetter\u201d \u2014 I think',
    });
  });
});
