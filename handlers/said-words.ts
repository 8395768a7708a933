import { usageProblem } from '../blocks/help.ts';
import { refusal } from '../blocks/refusal.ts';
import type { Command, UsageProblem } from '../src/command-types.ts';
import type { Rendered } from '../src/ports/channel.ts';
import type { ChosenTime } from './chosen-time.ts';
import { meaningOf } from './core-request.ts';
import type { HandlerDeps } from './handler-deps.ts';
import type { Queries } from './queries.ts';
import { chooseServiceFor } from './service-choice.ts';
import type { Submit } from './submitting.ts';

/** Answers a command, however it was said: typed, or pressed as a button that carries its words. */
export type SaidWords = (
  said: { readonly person: string; readonly channel: string | null },
  command: Command | UsageProblem,
  key: string,
) => Promise<Rendered>;

/** Name the actor, ask the core or the record once, render the answer. */
export function createSaidWords(
  deps: Pick<HandlerDeps, 'services'> & {
    readonly submit: Submit;
    readonly queries: Queries;
    readonly chosenTime: ChosenTime;
  },
): SaidWords {
  const names = deps.services.map(({ name }) => name);
  return async ({ person, channel }, command, key) => {
    if (command.verb === 'usage-problem') return usageProblem(command.message, command.usage);
    const meant = meaningOf(command);
    switch (meant.kind) {
      case 'question':
        return deps.queries.answer(meant.question, person, channel);
      case 'request': {
        const choice = chooseServiceFor(names, command.service, meant.subject, (service) => ({
          ...command,
          service,
        }));
        if (choice.kind === 'unclear') return choice.answer;
        const { service } = choice;
        if (meant.at === undefined || meant.request.verb !== 'promote') {
          return deps.submit({ person, channel, service, request: meant.request, key });
        }
        const chosen = await deps.chosenTime(person, meant.at);
        if (chosen.kind === 'unclear') return refusal(chosen.reason);
        return deps.submit({ person, channel, service, request: { ...meant.request, atMs: chosen.ms }, key });
      }
    }
  };
}
