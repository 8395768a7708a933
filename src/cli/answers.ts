import type { Answer } from '../rollout/api.ts';
import { sentenceNaming } from '../rollout/command-hint.ts';
import { type Reason, sentence } from '../rollout/reasons.ts';
import type { ExitCode } from './context.ts';
import type { Terminal } from './terminal.ts';

/** For programs: the code, what it is about, and the sentence as people see it. */
export interface ReasonView extends Reason {
  readonly sentence: string;
}

export function reasonView(reason: Reason): ReasonView {
  return { ...reason, sentence: plain(sentence(reason)) };
}

/** Sentences name Slack's commands in backticks; a terminal shows them as they are. */
export function plain(text: string): string {
  return text.replaceAll('`', '');
}

export function printJson(terminal: Terminal, value: unknown): void {
  terminal.out(JSON.stringify(value, null, 2));
}

/** The core's answer to a command that changes something. `named`: what commands in it have to name. */
export function showAnswer(terminal: Terminal, answer: Answer, named: string | null): ExitCode {
  const done = answer.kind !== 'refused';
  const words = sentence(answer.reason);
  const shown = plain(named === null ? words : sentenceNaming(named, words));
  if (done) terminal.out(shown);
  else terminal.err(`${terminal.paint('red', 'Refused:')} ${shown}`);
  return done ? 0 : 1;
}
