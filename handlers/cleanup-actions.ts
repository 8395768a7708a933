import type { Answering } from './answering.ts';
import type { Listener } from './handler-deps.ts';
import { readPressed } from './incoming.ts';
import { answerTo, type PressedCard } from './pressed-card.ts';

/** **Delete** (`confirm-cleanup`), and **Discard** or **Stop** (`stop-cleanup`) on the card of a clean-up. */
export function createCleanupPressed(
  answering: Answering,
  card: PressedCard,
  verb: 'confirm-cleanup' | 'stop-cleanup',
): Listener {
  return (incoming) =>
    answering.acknowledge(incoming, () => {
      const pressed = readPressed(incoming.body);
      return {
        to: answerTo(pressed),
        what: `press ${verb}`,
        lane: 'ordinary',
        answer: () => card.answer(pressed, (cleanupId) => ({ verb, cleanupId })),
        afterwards: () => card.settleOrphan(pressed),
      };
    });
}
