import { describe, expect, test } from 'vitest';
import { cardOf } from '../../../src/rollout/card.ts';
import type { RolloutCard } from '../../../src/rollout/card-of-rollout.ts';
import { usualChange, usualStep } from '../../../src/rollout/usual-time.ts';
import { canary } from '../../support/guarded.ts';
import { type Story, story } from '../../support/story.ts';

const shift = { traffic: canary.traffic, keepPreviousSeconds: canary.keepPreviousSeconds };
const unguarded = { call: 'update', shift: null } as const;
const guarded = { call: 'update', shift } as const;

/** Goes to prod with a change that takes this long. */
function promotes(told: Story, version: number, seconds: number, strategy?: typeof canary): Story {
  const about = strategy === undefined ? {} : { strategy };
  return told
    .begins(version, about)
    .to('prod')
    .intends('prod')
    .later(seconds * 1_000 - 2_000)
    .to('ended');
}

function cardOfNewest(told: Story): RolloutCard {
  const card = cardOf(told.state, told.subject);
  if (card?.kind !== 'rollout') throw new Error('no card');
  return card;
}

describe('what is usual', () => {
  test('is unknown before it happened once', () => {
    const { environments } = story().begins(1).state;
    expect(usualChange(environments.prod, unguarded)).toBeNull();
    expect(usualStep(story().begins(1).state, 'smoke tests')).toBeNull();
  });

  test('is the median of the last changes of the same kind, from their call to their success', () => {
    let told = promotes(story(), 1, 900);
    expect(usualChange(told.state.environments.prod, { call: 'create', shift: null })).toEqual({ ms: 900_000, of: 1 });
    expect(usualChange(told.state.environments.prod, unguarded)).toBeNull();
    for (const [at, seconds] of [9_999, 100, 300, 200, 400, 1_000].entries()) told = promotes(told, at + 2, seconds);
    expect(usualChange(told.state.environments.prod, unguarded)).toEqual({ ms: 300_000, of: 5 });
    told = promotes(told, 9, 4_000, canary);
    expect(usualChange(told.state.environments.prod, unguarded)).toEqual({ ms: 300_000, of: 5 });
    expect(usualChange(told.state.environments.prod, guarded)).toEqual({ ms: 4_000_000, of: 1 });
    const other = { ...guarded, shift: { ...shift, keepPreviousSeconds: 0 } };
    expect(usualChange(told.state.environments.prod, other)).toBeNull();
  });

  test('is of two between them, and counts no failure and no removal', () => {
    const two = promotes(promotes(promotes(story(), 1, 900), 2, 100), 3, 200);
    expect(usualChange(two.state.environments.prod, unguarded)).toEqual({ ms: 150_000, of: 2 });
    const failed = two.begins(4).to('prod').sends('prod').later(60_000).fails('prod', { code: 'no-trace' });
    expect(failed.state.environments.prod.took).toEqual(two.state.environments.prod.took);
  });

  test('is told on the card of the next one: of its change, of a rollback, and of the smoke tests', () => {
    const told = promotes(promotes(promotes(story(), 1, 900), 2, 120), 3, 4_000, canary);
    const gate = cardOfNewest(told.begins(4, { strategy: canary }).to('gate'));
    expect(gate.usual).toMatchObject({ promotion: { ms: 4_000_000, of: 1 }, rollback: { ms: 120_000, of: 1 } });
    const testing = cardOfNewest(told.begins(4).to('testing'));
    expect(testing.usual.step).toEqual({ ms: 2_000, of: 3 });
    const changing = cardOfNewest(told.begins(4).to('prod').sends('prod'));
    expect(changing.doing?.usual).toEqual({ ms: 120_000, of: 1 });
  });
});
