import { expect, test } from 'vitest';
import { createGroupReserve } from '../../src/adapters/slack-group-reserve.ts';
import { known } from '../../src/rollout/observation.ts';
import { createStepClock } from '../support/step-clock.ts';

function reserve(approvers: Parameters<typeof createGroupReserve>[0]['approvers']) {
  const clock = createStepClock();
  let reads = 0;
  const read = async () => {
    reads += 1;
    return known(['U0ALICE']);
  };
  const groups = createGroupReserve({
    directory: { approvers: read, operators: read, mandatory: read },
    clock,
    approvers,
    mandatory: undefined,
    operators: undefined,
  });
  return { clock, groups, reads: () => reads };
}

test('in a flood of a minute, ordinary requests leave some of Slack’s twenty reads for a rollback', async () => {
  const { clock, groups } = reserve({ kind: 'usergroup', usergroup: 'S0APPROVERS' });
  let asked = 0;
  let atMs = Number.NEGATIVE_INFINITY;
  for (let ms = 0; ms < 60_000; ms += 100) {
    void groups.approvers().then(() => {
      // The directory asks Slack once in three seconds.
      if (clock.elapsedMs() - atMs < 3_000) return;
      asked += 1;
      atMs = clock.elapsedMs();
    });
    await clock.pass(100);
  }
  expect(asked).toBeGreaterThan(10);
  expect(asked).toBeLessThanOrEqual(18);
});

test('whoever finds the share used up waits for the next, within a limit', async () => {
  const { clock, groups } = reserve({ kind: 'usergroup', usergroup: 'S0APPROVERS' });
  for (let n = 0; n < 6; n += 1) {
    expect(await groups.approvers()).toMatchObject({ kind: 'known' });
    await clock.pass(2_500);
  }
  // The share grew meanwhile; a wait within the limit ends with an answer.
  const waited = groups.approvers();
  await clock.pass(5_000);
  expect(await waited).toMatchObject({ kind: 'known' });
});

test('people who are named in the configuration cost no reads and no waits', async () => {
  const { groups, reads } = reserve({ kind: 'users', users: ['U0ALICE'] });
  for (let n = 0; n < 50; n += 1) await groups.approvers();
  expect(reads()).toBe(50);
});
