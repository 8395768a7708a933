import type { Answering } from './answering.ts';
import type { Listener } from './handler-deps.ts';
import { readPressed } from './incoming.ts';
import { answerTo, type PressedCard } from './pressed-card.ts';

/** **Run smoke again** and **Give up**, on the card of a rollout whose smoke tests gave no verdict. */
export function createSmokePressed(answering: Answering, card: PressedCard, verb: 'smoke-again' | 'give-up'): Listener {
  return (incoming) =>
    answering.acknowledge(incoming, () => {
      const pressed = readPressed(incoming.body);
      return {
        to: answerTo(pressed),
        what: `press ${verb}`,
        lane: 'ordinary',
        answer: () => card.answer(pressed, (rolloutId) => ({ verb, rolloutId })),
        afterwards: () => card.settleOrphan(pressed),
      };
    });
}
