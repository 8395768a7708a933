import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACTIONS } from '../../blocks/ids.ts';
import { eventsOf } from '../../sandbox/demo/record.ts';
import { CHANNEL, type Journey, PROD, startJourney, UNPACED, WHO } from '../support/journey.ts';

const { olivia, alice, adam, bea } = WHO;
const ARN = 'arn:aws:sagemaker:us-east-1:123456789012:model-package/titanic-survival/4';

describe('what is approved in the Model Registry', { timeout: 90_000 }, () => {
  let journey: Journey;
  let first = '';
  beforeAll(async () => {
    journey = await startJourney({ delivery: 'http', config: 'staged', times: { ...UNPACED, autoStageMs: 200 } });
  }, 90_000);
  afterAll(() => journey.close());

  const rollouts = async () => eventsOf(await journey.record.entries(), 'RolloutStarted');

  it('goes to staging by itself, and needs one approval more because no person asked', async () => {
    const state = await journey.until('its gate opens', (s) => s.rollouts[0]?.status === 'gate');
    first = state.rollouts[0]?.id ?? '';
    const card = await journey.shows(first, 'waits for approval');
    expect(card.split('\n').slice(0, 3)).toMatchInlineSnapshot(`
      [
        "# survival version 3: ✋ waits for approval",
        "Asked by titanic itself, because it was approved in the Model Registry (no person asked, so one more has to approve), <time>",
        "Model nothing in prod → version 3",
      ]
    `);
    expect(card).toContain('Approvals 0 of 2');
    expect(await journey.presses(alice, ACTIONS.promote, first)).toMatchInlineSnapshot(
      `"Your approval of survival-N is recorded: 1 of 2."`,
    );
    expect(await journey.world.serving(PROD)).toBeNull();
  });

  it('waits for people who decide about something else, which is said once', async () => {
    await journey.sandbox.sagemaker.control.console('UpdateModelPackage', {
      ModelPackageArn: ARN,
      ModelApprovalStatus: 'Approved',
    });
    await journey.until('version 4 waits', (s) => s.autoStage.waiting?.version === 4);
    expect(await journey.types(olivia, 'status')).toContain('Version 4 waits to be rolled out to staging by itself');
    const lines = async () => {
      const seen = await journey.slack.channel({ channel: CHANNEL, as: alice });
      return seen.filter(({ text }) => text.startsWith('Version 4 is to be rolled out')).map((m) => m.rendered);
    };
    await expect.poll(lines, { timeout: 20_000 }).toHaveLength(1);
    expect((await lines())[0]?.replaceAll(/survival-\d+/g, 'survival-N')).toMatchInlineSnapshot(
      `"Version 4 is to be rolled out to staging by itself, and waits. survival-N is not over: it waits for approval. What is rolled out by itself takes nothing away from those who decide about it."`,
    );
    expect(await rollouts()).toHaveLength(1);
  });

  it('begins once nothing is in its way any more, and once', async () => {
    await journey.types(adam, `promote ${first}`);
    await journey.until('version 4 is at its gate', (s) =>
      s.rollouts.some((r) => r.candidate.version === 4 && r.status === 'gate'),
    );
    expect((await rollouts()).map(({ event }) => [event.candidate.version, event.requester, event.quorum])).toEqual([
      [3, null, 2],
      [4, null, 2],
    ]);
    expect(await journey.world.serving(PROD)).toMatchObject({ version: 3 });
    expect(eventsOf(await journey.record.entries(), 'AutoStageWaits')).toHaveLength(1);
    expect(await journey.types(bea, 'status')).toContain('titanic itself, because it was approved');
  });
});
