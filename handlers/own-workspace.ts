import type { AnyMiddlewareArgs, Middleware } from '@slack/bolt';
import { refusal } from '../blocks/refusal.ts';
import { createBucket } from './bucket.ts';
import type { HandlerDeps } from './handler-deps.ts';
import { readSomebody } from './incoming.ts';
import { createPersonLimits } from './person-limits.ts';

/** People of elsewhere are told so: so many at once, so many a minute, all together. Beyond, they are only counted. */
const TOLD_AT_ONCE = 30;
const TOLD_PER_MINUTE = 60;

/** Stands before every listener: what is not of our own app and workspace is acknowledged, told so, and goes no further. */
export function createOwnWorkspace(
  deps: Pick<HandlerDeps, 'judgeOrigin' | 'conversation' | 'measure' | 'clock' | 'log'>,
): Middleware<AnyMiddlewareArgs> {
  const limits = createPersonLimits(deps.clock);
  const together = createBucket(deps.clock, TOLD_AT_ONCE, TOLD_PER_MINUTE);
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
    if (somebody === null || limits.take(somebody.person, 'ordinary') === 'silent' || !together.take()) return;
    await deps.conversation.answer(somebody, refusal(problem));
  };
}
