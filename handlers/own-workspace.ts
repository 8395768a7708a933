import type { AnyMiddlewareArgs, Middleware } from '@slack/bolt';
import { refusal } from '../blocks/refusal.ts';
import type { HandlerDeps } from './handler-deps.ts';
import { readSomebody } from './incoming.ts';

/** Stands before every listener: what is not of our own app and workspace is acknowledged, told so, and goes no further. */
export function createOwnWorkspace(
  deps: Pick<HandlerDeps, 'judgeOrigin' | 'conversation' | 'measure' | 'log'>,
): Middleware<AnyMiddlewareArgs> {
  return async (args) => {
    const problem = deps.judgeOrigin(args.body);
    if (problem === null) {
      await args.next();
      return;
    }
    if ('ack' in args && args.ack !== undefined) await args.ack();
    deps.measure.refused('origin');
    const somebody = readSomebody(args.body);
    deps.log.warn(
      { reason: problem.code, why: problem.params?.why, person: somebody?.person },
      'A request was refused',
    );
    if (somebody !== null) await deps.conversation.answer(somebody, refusal(problem));
  };
}
