import { code, text } from '../blocks/inline.ts';
import { notice } from '../blocks/refusal.ts';
import { rejectModal } from '../blocks/reject-modal.ts';
import type { Answering } from './answering.ts';
import type { HandlerDeps, Listener } from './handler-deps.ts';
import { readPressed } from './incoming.ts';
import { answerTo } from './pressed-card.ts';
import { writeMetadata } from './reject-modal-submit.ts';

/** **Reject**: asks why. Opening the form changes nothing; who may is decided when it is submitted. */
export function createRejectPressed(answering: Answering, deps: Pick<HandlerDeps, 'conversation'>): Listener {
  return (incoming) =>
    answering.acknowledge(incoming, () => {
      const pressed = readPressed(incoming.body);
      return {
        to: answerTo(pressed),
        what: 'press reject',
        lane: 'ordinary',
        answer: async () => {
          const modal = rejectModal(pressed.value, writeMetadata(pressed));
          // The trigger is three seconds old at most, so nothing may come before this call.
          const opened = pressed.triggerId !== null && (await deps.conversation.openModal(pressed.triggerId, modal));
          if (opened) return null;
          return notice([
            text('Slack did not open the form. Press again, or '),
            code(`/titanic reject ${pressed.value} -- reason`),
          ]);
        },
      };
    });
}
