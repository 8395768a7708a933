import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACTIONS } from '../../blocks/ids.ts';
import { eventsOf } from '../../sandbox/demo/record.ts';
import type { SeenMessage } from '../../sandbox/slack/control/slack-control.ts';
import { CHANNEL, type Journey, PROD, rolloutOf, startJourney, WHO } from '../support/journey.ts';

const { olivia, bea, alice, adam, sam } = WHO;

describe.each(['socket', 'http'] as const)(
  'presses that come twice, late or not from where they should, by %s',
  (delivery) => {
    let journey: Journey;
    let superseded: SeenMessage;
    let supersededId: string;
    let rollout: string;
    let gateCard: SeenMessage;
    beforeAll(async () => {
      journey = await startJourney({ delivery });
    });
    afterAll(() => journey.close());

    const ofType = async (type: 'PromotionApproved' | 'RolloutStarted' | 'RolloutEnded') =>
      eventsOf(await journey.record.entries(), type).map(({ event }) => event.rolloutId);

    it('starts one rollout, though the command is delivered three times', async () => {
      await journey.slack.addDeliveryFault({ duplicates: 2, times: 1 });
      supersededId = await journey.toTheGate(olivia, 'deploy staging --model 1');
      expect(await ofType('RolloutStarted')).toEqual([supersededId]);
      await journey.shows(supersededId, 'waits for approval');
      superseded = await seenCard(supersededId);
    });

    it('answers a press on the card of a rollout that was superseded with what became of it', async () => {
      rollout = await journey.toTheGate(bea, 'deploy staging --model 3');
      expect(await journey.presses(alice, ACTIONS.promote, supersededId, superseded)).toMatchInlineSnapshot(
        `"⛔ survival-N was decided already: superseded by survival-N, by @bea, <time>."`,
      );
      expect(await journey.shows(supersededId, 'superseded')).toMatchInlineSnapshot(`
        "# survival version 1: ⏹ superseded
        Asked by @olivia, <time>
        Model nothing in prod → version 1
        Image none → sha256:81333e14b003…
        Instances staging ml.m5.large × 1, prod ml.m5.large × 2
        Smoke test  This version  prod, recorded
        Cases passed  2 of 2  –
        Requests  60  –
        Errors  0.0 %  –
        p50  # ms  –
        p95 (95 % interval)  # ms (# ms to # ms)  –
        p99  # ms  –
        [line chart] Latency of the smoke tests
          This version: p10 #, p25 #, p50 #, p75 #, p90 #, p95 #, p99 #
        Ended <time> by @bea, # ms after it was asked for
        Superseded by survival-N, asked by @bea.
        survival-N ✓ staging # ms ✓ smoke tests # ms ✗ approval # ms"
      `);
      expect(await ofType('PromotionApproved')).toEqual([]);
    });

    it('asks for a reason at Reject, and refuses the form of somebody without a role', async () => {
      await journey.shows(rollout, 'waits for approval');
      gateCard = await seenCard(rollout);
      expect(await rejects(sam, 'I do not like it')).toMatchInlineSnapshot(
        `"⛔ Only approvers may do this. Ask one of the approvers to do it."`,
      );
      expect(rolloutOf(await journey.record.state(), rollout)?.status).toBe('gate');
    });

    it('takes one of two approvers who press at once, and tells the other what was decided', async () => {
      const mark = await journey.mark();
      const answers = await Promise.all([
        journey.presses(alice, ACTIONS.promote, rollout),
        journey.presses(adam, ACTIONS.promote, rollout),
      ]);
      const said = answers.map((answer) => answer.replace(/@(alice|adam)/, '@somebody')).toSorted();
      expect(said).toMatchInlineSnapshot(`
        [
          "survival-N is approved and goes to prod now.",
          "⛔ survival-N was decided already: promoted, by @somebody, <time>.",
        ]
      `);
      expect(await ofType('PromotionApproved')).toEqual([rollout]);
      await journey.until('prod is checked', (s) => s.ended.some((r) => r.id === rollout));
      expect(await journey.calls(PROD, mark)).toHaveLength(1);
    });

    it('does nothing at a replayed delivery', async () => {
      const before = (await journey.record.entries()).length;
      const won = (await journey.slack.deliveries()).filter(({ payload }) =>
        JSON.stringify(payload).includes(ACTIONS.promote),
      );
      for (const { id } of won) await journey.slack.replay({ deliveryId: id });
      // Whatever they cause has been caused once a later command is answered.
      await journey.types(olivia, 'status');
      const types = (await journey.record.entries())
        .slice(before)
        .flatMap(({ events }) => events.map(({ type }) => type));
      expect(types.filter((type) => type !== 'CommandRefused')).toEqual([]);
    });

    it('answers a late press on the settled card with what was decided, by whom and when', async () => {
      expect(await journey.presses(adam, ACTIONS.promote, rollout, gateCard)).toMatchInlineSnapshot(
        `"⛔ survival-N was decided already: promoted, by @alice, <time>."`,
      );
      await journey.shows(rollout, '✅ promoted to prod');
      expect(await ofType('PromotionApproved')).toEqual([rollout]);
      expect(await journey.calls(PROD)).toHaveLength(1);
    });

    it('ends a rollout that an approver rejects with a reason', async () => {
      rollout = await journey.toTheGate(olivia, 'deploy staging');
      await journey.shows(rollout, 'waits for approval');
      expect(await rejects(adam, 'the <data> is *old*')).toMatchInlineSnapshot(`"survival-N is rejected."`);
      expect(await journey.shows(rollout, 'rejected')).toMatchInlineSnapshot(`
        "# survival version 3: ⛔ rejected
        Asked by @olivia, <time>
        Model version 3 → version 3
        Image sha256:09805f4f7146… → sha256:09805f4f7146…
        Instances staging ml.m5.large × 1, prod ml.m5.large × 2
        Smoke test  This version  prod, recorded
        Cases passed  2 of 2  2 of 2
        Requests  60  60
        Errors  0.0 %  0.0 %
        p50  # ms  # ms
        p95 (95 % interval)  # ms (# ms to # ms)  # ms (# ms to # ms)
        p99  # ms  # ms
        [line chart] Latency of the smoke tests
          This version: p10 #, p25 #, p50 #, p75 #, p90 #, p95 #, p99 #
          prod, recorded: p10 #, p25 #, p50 #, p75 #, p90 #, p95 #, p99 #
        Ended <time> by @adam, # ms after it was asked for
        Rejected by @adam: the <data> is *old*.
        Next /titanic models lists other versions
        [Other versions]
        survival-N ✓ staging # ms ✓ smoke tests # ms ✗ approval # ms"
      `);
      expect((await journey.record.state()).ended[0]).toMatchObject({ id: rollout, outcome: 'rejected', by: adam });
    });

    it('answers a button that it does not know, and one of a card that is gone', async () => {
      const unknown = JSON.parse(JSON.stringify(gateCard.blocks).replaceAll(ACTIONS.promote, 'promote.v0'));
      const stale = { ...gateCard, blocks: unknown };
      expect(await journey.presses(alice, 'promote.v0', rollout, stale)).toMatchInlineSnapshot(
        `"This button or form is of another version of titanic and does nothing any more. Nothing was done. Use the newest card in the channel, or /titanic help."`,
      );
      const gone = { ...gateCard, ts: '1700000000.000100' };
      expect(await journey.presses(alice, ACTIONS.promote, rollout, gone)).toMatchInlineSnapshot(
        `"⛔ survival-N was decided already: promoted, by @alice, <time>."`,
      );
    });

    async function seenCard(id: string): Promise<SeenMessage> {
      const seen = await journey.card(id);
      if (seen === undefined) throw new Error(`no card of ${id}`);
      return seen;
    }

    async function rejects(person: string, why: string): Promise<string> {
      const { ts } = await seenCard(rollout);
      await journey.slack.click({ user: person, channel: CHANNEL, ts, actionId: ACTIONS.reject });
      const forms = async () => (await journey.slack.openViews({ user: person })).length;
      await expect.poll(forms, { timeout: 10_000 }).toBe(1);
      const [form] = await journey.slack.openViews({ user: person });
      return journey.answered(person, () =>
        journey.slack.submitView({ user: person, viewId: String(form?.id), values: { reason: why } }),
      );
    }
  },
);
