import type { Request } from '../src/rollout/api.ts';
import type { Answering } from './answering.ts';
import type { Listener } from './handler-deps.ts';
import { readPressed } from './incoming.ts';
import { answerTo, type PressedCard, triggerOf } from './pressed-card.ts';

/** A button of a card that asks the core for one thing: what it is called, and what it asks by the id it carries. */
export type CardPress = (what: string, requestOf: (id: string) => Request, lane?: 'ordinary' | 'rollback') => Listener;

/** Acknowledge, ask the core once, answer; afterwards a card that is not the recorded one is settled. */
export function createCardPress(answering: Answering, card: PressedCard): CardPress {
  return (what, requestOf, lane = 'ordinary') =>
    (incoming) =>
      answering.acknowledge(incoming, () => {
        const pressed = readPressed(incoming.body);
        return {
          to: answerTo(pressed),
          trigger: triggerOf(pressed),
          what: `press ${what}`,
          lane,
          answer: () => card.answer(pressed, requestOf),
          afterwards: () => card.settleOrphan(pressed),
        };
      });
}
