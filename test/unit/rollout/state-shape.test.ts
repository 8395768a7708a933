import { expect, test } from 'vitest';
import { initialState, STATE_SHAPE } from '../../../src/rollout/state.ts';
import { story } from '../../support/story.ts';

test('a snapshot of another shape is never taken for a state: what is in the state stands beside its number', () => {
  const state = initialState('survival');
  const rollout = story().begins(1).state.rollouts[0] ?? {};
  const keys = {
    shape: STATE_SHAPE,
    state: Object.keys(state).sort(),
    environment: Object.keys(state.environments.prod).sort(),
    rollout: Object.keys(rollout).sort(),
  };
  // Where this differs, raise STATE_SHAPE with it.
  expect(keys).toMatchSnapshot();
});
