import { workingModal } from '../blocks/shown-modal.ts';
import type { Request } from '../src/rollout/api.ts';
import type { Answering, HeldBack } from './answering.ts';
import { keyOfSubmit } from './command-key.ts';
import { readMetadata } from './form-metadata.ts';
import type { HandlerDeps, Listener } from './handler-deps.ts';
import { readSubmitted, type Submitted } from './incoming.ts';
import type { Lane } from './person-limits.ts';
import { chooseServiceFor } from './service-choice.ts';
import type { Submit } from './submitting.ts';

/** What a filled-in form asks for, or what is wrong with it. `subject` is what its metadata points to. */
export type FormRead = (subject: string, submitted: Submitted) => Request | HeldBack;

/** Which service a form's subject is of: its name, or the id of something of it. */
type Named = 'service' | 'id';

/**
 * A form, submitted. Slack closes it with the acknowledgement, and the answer goes to the channel that it was opened
 * in; where that was none, the form itself shows the answer. Slack repeats what it got no acknowledgement for: the
 * key is of the view, which is submitted once.
 */
export function createFormSubmitted(
  answering: Answering,
  deps: Pick<HandlerDeps, 'services'> & { readonly submit: Submit },
): (what: string, named: Named, read: FormRead, lane?: Lane) => Listener {
  const names = deps.services.map(({ name }) => name);
  return (what, named, read, lane = 'ordinary') =>
    (incoming) =>
      answering.acknowledge(incoming, () => {
        const submitted = readSubmitted(incoming.body);
        const { subject, channel } = readMetadata(submitted.metadata);
        const { person, viewId } = submitted;
        const request = read(subject, submitted);
        if ('faults' in request) return request;
        const shows =
          channel === null ? { view: viewId, ack: { response_action: 'update', view: workingModal() } } : {};
        return {
          to: { person, channel, responseUrl: null },
          what: `submit ${what}`,
          lane,
          ...shows,
          answer: async () => {
            const choice =
              named === 'service'
                ? chooseServiceFor(names, subject, undefined)
                : chooseServiceFor(names, undefined, subject);
            if (choice.kind === 'unclear') return choice.answer;
            return deps.submit({ person, channel, service: choice.service, request, key: keyOfSubmit(submitted) });
          },
        };
      });
}
