import type { Modal } from '../blocks/modal.ts';
import { code, text } from '../blocks/inline.ts';
import { notice } from '../blocks/refusal.ts';
import type { Answering } from './answering.ts';
import type { HandlerDeps, Listener } from './handler-deps.ts';
import { type Pressed, readPressed } from './incoming.ts';
import { answerTo } from './pressed-card.ts';
import type { Lane } from './person-limits.ts';

/** A button that opens a form: what it is called, the form, and the words that do the same where Slack opens none. */
export type FormOpened = (
  what: string,
  form: (pressed: Pressed) => Modal,
  words: (pressed: Pressed) => string,
  lane?: Lane,
) => Listener;

/** Opening a form changes nothing and asks nobody; who may is decided when it is submitted. */
export function createFormOpened(answering: Answering, deps: Pick<HandlerDeps, 'conversation'>): FormOpened {
  return (what, form, words, lane = 'ordinary') =>
    (incoming) =>
      answering.acknowledge(incoming, () => {
        const pressed = readPressed(incoming.body);
        return {
          to: answerTo(pressed),
          what: `press ${what}`,
          lane,
          answer: async () => {
            // The trigger is three seconds old at most, so nothing may come before this call.
            const { triggerId } = pressed;
            const opened = triggerId !== null && (await deps.conversation.openModal(triggerId, form(pressed))) !== null;
            if (opened) return null;
            return notice([text('Slack did not open the form. Press again, or '), code(words(pressed))]);
          },
        };
      });
}
