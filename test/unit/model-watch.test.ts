import { describe, expect, it } from 'vitest';
import { createModelWatch } from '../../src/model-watch.ts';
import { known, type PackageSeen, type Reading, unknown } from '../../src/rollout/observation.ts';
import { silentLogger } from '../support/aws-env.ts';
import { packageSeen } from '../support/rollout-facts.ts';
import { story } from '../support/story.ts';
import { engineOn, storeOf } from '../support/told-engine.ts';

const two = story().promotes(1).promotes(2);
const INSTANT = new Date('2026-03-03T10:10:00Z');

function watching(found: Reading<PackageSeen | null>, told = two) {
  const store = storeOf(told);
  const { engine } = engineOn(told, store, 'w2');
  const claimed = new Set<string>();
  const asked: string[] = [];
  const watch = createModelWatch({
    services: ['survival'],
    rollouts: engine,
    registry: {
      async byArn(arn) {
        asked.push(arn);
        return found;
      },
    },
    ticks: {
      async claimTick(service, job, instant) {
        const fresh = !claimed.has(`${service} ${job} ${instant}`);
        claimed.add(`${service} ${job} ${instant}`);
        return fresh;
      },
    },
    log: silentLogger,
  });
  return { watch, asked, state: () => engine.state('survival') };
}

describe('the watch on the model of prod', () => {
  it('records once that it was rejected outside, however many replicas look', async () => {
    const { watch, asked, state } = watching(known(packageSeen(2, { approval: 'Rejected' })));
    await watch(INSTANT);
    await watch(INSTANT);
    await watch(new Date(INSTANT.getTime() + 600_000));
    expect(asked).toHaveLength(2);
    expect(await state()).toMatchObject({
      value: { seq: two.state.seq + 1, rejectedInProd: { version: 2, by: null } },
    });
  });

  it('records nothing while it is approved, unreadable or gone, or prod runs nothing', async () => {
    for (const found of [known(packageSeen(2)), unknown('throttled'), known(null)]) {
      const { watch, state } = watching(found);
      await watch(INSTANT);
      expect(await state()).toMatchObject({ value: { seq: two.state.seq } });
    }
    const { watch, asked } = watching(known(null), story());
    await watch(INSTANT);
    expect(asked).toEqual([]);
  });
});
