import { type Line, person, text } from './inline.ts';

/** Said where somebody may wonder why one more approval is needed. */
export const REQUESTER_UNKNOWN = ' (requester unknown)';

/** Who asked for a rollout, as far as that is known: a person, the GitHub user of a pipeline, or a schedule. */
export function askedBy(
  { requester, githubUser }: { readonly requester: string | null; readonly githubUser: string | null },
  unknown = '',
): Line {
  const pipeline = githubUser === null ? null : `GitHub user ${githubUser}`;
  if (requester === null) return [text(`${pipeline ?? 'a schedule'}${unknown}`)];
  return [person(requester), ...(pipeline === null ? [] : [text(` (${pipeline})`)])];
}
