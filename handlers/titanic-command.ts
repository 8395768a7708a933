import { usageProblem } from '../blocks/help.ts';
import { refusal } from '../blocks/refusal.ts';
import { parseCommand } from '../src/command.ts';
import type { Command, UsageProblem } from '../src/command-types.ts';
import type { Rendered } from '../src/ports/channel.ts';
import type { Answering } from './answering.ts';
import type { ChosenTime } from './chosen-time.ts';
import { keyOfWords } from './command-key.ts';
import { meaningOf } from './core-request.ts';
import type { HandlerDeps, Listener } from './handler-deps.ts';
import { deliveryOf, readTyped, type Typed } from './incoming.ts';
import type { Queries } from './queries.ts';
import { chooseServiceFor } from './service-choice.ts';
import type { Submit } from './submitting.ts';

/** `/titanic …`: acknowledge, read the words, name the actor, ask the core once, answer. */
export function createTitanicCommand(
  answering: Answering,
  deps: Pick<HandlerDeps, 'services'> & {
    readonly submit: Submit;
    readonly queries: Queries;
    readonly chosenTime: ChosenTime;
  },
): Listener {
  async function answer(typed: Typed, command: Command | UsageProblem, key: string): Promise<Rendered> {
    if (command.verb === 'usage-problem') return usageProblem(command.message, command.usage);
    const { person, channel } = typed;
    const meant = meaningOf(command);
    switch (meant.kind) {
      case 'question':
        return deps.queries.answer(meant.question, person, channel);
      case 'request': {
        const names = deps.services.map(({ name }) => name);
        const choice = chooseServiceFor(names, command.service, meant.subject);
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
  }

  return (incoming) =>
    answering.acknowledge(incoming, () => {
      const typed = readTyped(incoming.body);
      const key = keyOfWords(typed, deliveryOf(incoming.context));
      const command = parseCommand(typed.words);
      return {
        to: { person: typed.person, channel: typed.channel, responseUrl: typed.responseUrl },
        what: `word ${command.verb}`,
        lane: command.verb === 'rollback' ? 'rollback' : 'ordinary',
        answer: () => answer(typed, command, key),
      };
    });
}
