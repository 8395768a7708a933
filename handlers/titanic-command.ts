import { parseCommand } from '../src/command.ts';
import type { Answering } from './answering.ts';
import { keyOfPress, keyOfWords } from './command-key.ts';
import type { Listener } from './handler-deps.ts';
import { deliveryOf, readPressed, readTyped } from './incoming.ts';
import { answerTo, triggerOf } from './pressed-card.ts';
import type { SaidWords } from './said-words.ts';

/** `/titanic …`: acknowledge, read the words, answer them. */
export function createTitanicCommand(answering: Answering, answerWords: SaidWords): Listener {
  return (incoming) =>
    answering.acknowledge(incoming, () => {
      const typed = readTyped(incoming.body);
      const key = keyOfWords(typed, deliveryOf(incoming.context));
      const command = parseCommand(typed.words);
      return {
        to: { person: typed.person, channel: typed.channel, responseUrl: typed.responseUrl },
        what: `word ${command.verb}`,
        lane: command.verb === 'rollback' ? 'rollback' : 'ordinary',
        answer: () => answerWords(typed, command, key),
      };
    });
}

/** A button that carries the words of a command: pressing it is typing them, with the same rights and the same answer. */
export function createCommandPressed(answering: Answering, answerWords: SaidWords): Listener {
  return (incoming) =>
    answering.acknowledge(incoming, () => {
      const pressed = readPressed(incoming.body);
      const command = parseCommand(pressed.value);
      return {
        to: answerTo(pressed),
        trigger: triggerOf(pressed),
        what: `word ${command.verb}`,
        lane: command.verb === 'rollback' ? 'rollback' : 'ordinary',
        answer: () => answerWords(pressed, command, keyOfPress(pressed)),
      };
    });
}
