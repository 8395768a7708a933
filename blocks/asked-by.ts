import type { Rollout } from '../src/rollout/state.ts';
import { type Line, person, text } from './inline.ts';

/** Said where somebody may wonder why one more approval is needed. */
export const REQUESTER_UNKNOWN = ' (requester unknown)';

/** Said where nobody asked, for the same reason. */
const NOBODY_ASKED = ' (no person asked, so one more has to approve)';

/** Who asked for a rollout, as far as that is known: a person, the GitHub user of a pipeline, a schedule, or titanic itself. */
export function askedBy(
  { requester, githubUser, automatic }: Pick<Rollout, 'requester' | 'githubUser' | 'automatic'>,
  unknown = '',
): Line {
  if (automatic !== undefined) {
    const why = automatic.kind === 'schedule' ? 'by its schedule' : 'because it was approved in the Model Registry';
    return [text(`titanic itself, ${why}${unknown === '' ? '' : NOBODY_ASKED}`)];
  }
  const pipeline = githubUser === null ? null : `GitHub user ${githubUser}`;
  if (requester === null) return [text(`${pipeline ?? 'a schedule'}${unknown}`)];
  return [person(requester), ...(pipeline === null ? [] : [text(` (${pipeline})`)])];
}
