import { z } from 'zod';
import type { Answering } from './answering.ts';
import { keyOfSubmit } from './command-key.ts';
import type { HandlerDeps, Listener } from './handler-deps.ts';
import { type Pressed, readSubmitted } from './incoming.ts';
import { chooseServiceFor } from './service-choice.ts';
import type { Submit } from './submitting.ts';

const metadataShape = z.tuple([z.string().min(1).max(80), z.string().max(40)]);

/** What the modal carries: the rollout or the question, and the channel in which its answer is shown. Ids only. */
export function writeMetadata(pressed: Pressed): string {
  return `${pressed.value} ${pressed.channel ?? ''}`;
}

export function readMetadata(metadata: string): { readonly subject: string; readonly channel: string | null } {
  const [subject, channel] = metadataShape.parse(metadata.split(' '));
  return { subject, channel: channel === '' ? null : channel };
}

/** The form of **Reject**, submitted. A form has no response URL, so the answer goes to the channel of the card. */
export function createRejectSubmitted(
  answering: Answering,
  deps: Pick<HandlerDeps, 'services'> & { readonly submit: Submit },
): Listener {
  return (incoming) =>
    answering.acknowledge(incoming, () => {
      const submitted = readSubmitted(incoming.body);
      const { subject: rolloutId, channel } = readMetadata(submitted.metadata);
      const { person, reason } = submitted;
      return {
        to: { person, channel, responseUrl: null },
        what: 'submit reject',
        lane: 'ordinary',
        answer: async () => {
          const choice = chooseServiceFor(
            deps.services.map(({ name }) => name),
            undefined,
            rolloutId,
          );
          if (choice.kind === 'unclear') return choice.answer;
          const request = { verb: 'reject', rolloutId, reason } as const;
          return deps.submit({ person, channel, service: choice.service, request, key: keyOfSubmit(submitted) });
        },
      };
    });
}
