import { describe, expect, test } from 'vitest';
import { cardOf } from '../../../src/rollout/card.ts';
import { modelFacts } from '../../../src/rollout/model-facts.ts';
import { eventOf } from '../../support/decision-facts.ts';
import { approver, candidate, operator, packageSeen } from '../../support/rollout-facts.ts';
import { cancel, type Saying } from '../../support/sayings.ts';
import { story } from '../../support/story.ts';

const model = modelFacts(packageSeen(2, { description: 'knows the third class' }));
const beside = modelFacts(packageSeen(1));
const deploy: Saying = (told) => ({
  verb: 'deploy',
  note: null,
  choice: { kind: 'sealed', candidate: candidate(2), facts: model },
  staging: told.look('staging'),
  beside,
});

describe('what the registry says of a package', () => {
  const asked = story().promotes(1);
  const begun = asked.tells(operator, deploy);

  test('is recorded when its rollout begins, and kept for those who decide', () => {
    expect(eventOf(asked.says(operator, deploy), 'RolloutStarted').about).toEqual({ model, beside });
    expect(begun.to('gate').rollout.about).toEqual({ model, beside });
  });

  test('is not carried along in the state once nobody decides about it any more', () => {
    const over = begun.tells(operator, cancel());
    const ended = over.state.ended.find((r) => r.id === begun.rollout.id) ?? over.to('ended').state.ended[0];
    expect(ended).toMatchObject({ status: 'ended', candidate: { version: 2 } });
    expect(ended).not.toHaveProperty('about');
  });
});

describe('the card of a rollout that ended', () => {
  test('names the rollback that began with its end, and no other', () => {
    const tested = story().promotes(1).promotes(2).begins(3).to('testing').tells(approver, cancel());
    const [over] = tested.state.ended;
    const { rollback: back } = tested.state.environments.staging;
    expect(cardOf(tested.state, over?.id ?? '')).toMatchObject({
      goesBack: { id: back?.id, environment: 'staging', target: { version: 2 } },
    });
    const promoted = tested.state.ended[1];
    expect(promoted?.outcome).toBe('promoted');
    expect(cardOf(tested.state, promoted?.id ?? '')).toMatchObject({ goesBack: null });
  });
});
