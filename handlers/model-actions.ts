import { code, text } from '../blocks/inline.ts';
import { notice } from '../blocks/refusal.ts';
import { rejectModelModal } from '../blocks/reject-modal.ts';
import type { Answering } from './answering.ts';
import { keyOfSubmit } from './command-key.ts';
import type { HandlerDeps, Listener } from './handler-deps.ts';
import { readPressed, readSubmitted } from './incoming.ts';
import { answerTo } from './pressed-card.ts';
import { readMetadata, writeMetadata } from './reject-modal-submit.ts';
import { chooseServiceFor } from './service-choice.ts';
import type { Submit } from './submitting.ts';

/** **Reject model**: asks why. Who may is decided when it is submitted. */
export function createRejectModelPressed(answering: Answering, deps: Pick<HandlerDeps, 'conversation'>): Listener {
  return (incoming) =>
    answering.acknowledge(incoming, () => {
      const pressed = readPressed(incoming.body);
      return {
        to: answerTo(pressed),
        what: 'press reject-model',
        lane: 'ordinary',
        answer: async () => {
          const modal = rejectModelModal(pressed.value, writeMetadata(pressed));
          const opened = pressed.triggerId !== null && (await deps.conversation.openModal(pressed.triggerId, modal));
          if (opened) return null;
          return notice([
            text('Slack did not open the form. Press again, or '),
            code('/titanic reject-model VERSION -- reason'),
          ]);
        },
      };
    });
}

/** The form of **Reject model**, submitted. */
export function createRejectModelSubmitted(
  answering: Answering,
  deps: Pick<HandlerDeps, 'services'> & { readonly submit: Submit },
): Listener {
  return (incoming) =>
    answering.acknowledge(incoming, () => {
      const submitted = readSubmitted(incoming.body);
      const { subject: approvalId, channel } = readMetadata(submitted.metadata);
      const { person, reason } = submitted;
      return {
        to: { person, channel, responseUrl: null },
        what: 'submit reject-model',
        lane: 'ordinary',
        answer: async () => {
          const names = deps.services.map(({ name }) => name);
          const choice = chooseServiceFor(names, undefined, approvalId);
          if (choice.kind === 'unclear') return choice.answer;
          const request = { verb: 'reject-model', approvalId, version: null, reason } as const;
          return deps.submit({ person, channel, service: choice.service, request, key: keyOfSubmit(submitted) });
        },
      };
    });
}
