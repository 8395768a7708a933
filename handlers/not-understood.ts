import { unknownControl } from '../blocks/refusal.ts';
import type { Answering } from './answering.ts';
import type { Listener } from './handler-deps.ts';
import { readSomebody } from './incoming.ts';

/**
 * Buttons, forms, shortcuts and commands that this version does not know: of an older or a newer one, while a release
 * replaces another. Bolt would leave them unacknowledged, and Slack would show an error that explains nothing.
 */
export function createNotUnderstood(answering: Answering): Listener {
  return (incoming) =>
    answering.acknowledge(incoming, () => {
      const somebody = readSomebody(incoming.body);
      if (somebody === null) throw new Error('nobody to answer');
      return { to: somebody, what: 'not understood', lane: 'ordinary', answer: async () => unknownControl() };
    });
}
