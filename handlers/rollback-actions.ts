import type { Environment } from '../src/rollout/candidate.ts';
import type { Answering } from './answering.ts';
import type { Listener } from './handler-deps.ts';
import { readPressed } from './incoming.ts';
import { answerTo, type PressedCard } from './pressed-card.ts';

/** **One further back**: beyond what this rollback went back to, and no other, so that two presses go one step. */
export function createFurtherPressed(answering: Answering, card: PressedCard, environment: Environment): Listener {
  return (incoming) =>
    answering.acknowledge(incoming, () => {
      const pressed = readPressed(incoming.body);
      return {
        to: answerTo(pressed),
        what: 'press further-back',
        lane: 'rollback',
        answer: () =>
          card.answer(pressed, (furtherThan) => ({
            verb: 'rollback',
            environment,
            toVersion: null,
            reason: null,
            furtherThan,
          })),
        afterwards: () => card.settleOrphan(pressed),
      };
    });
}

/** **Recreate prod**. */
export function createRecreatePressed(answering: Answering, card: PressedCard): Listener {
  return (incoming) =>
    answering.acknowledge(incoming, () => {
      const pressed = readPressed(incoming.body);
      return {
        to: answerTo(pressed),
        what: 'press recreate',
        lane: 'rollback',
        answer: () => card.answer(pressed, () => ({ verb: 'recreate' })),
        afterwards: () => card.settleOrphan(pressed),
      };
    });
}
