import type { CommandContext } from './decide-command.ts';
import type { CoreCommand, Settings } from './input.ts';

/**
 * Who stands as requester of a deploy, and so cannot approve it: whom a pipeline names, who its GitHub user is in Slack,
 * or who typed it. null: nobody is known.
 */
export function requesterOf(
  { settings, input, who }: CommandContext,
  { requestedBy, githubUser }: Pick<Extract<CoreCommand, { verb: 'deploy' }>, 'requestedBy' | 'githubUser'>,
): string | null {
  if (requestedBy !== undefined) return requestedBy;
  if (input.actor.kind === 'person') return who;
  if (input.actor.kind !== 'pipeline' || githubUser === undefined) return null;
  return personOfGithubUser(settings.githubUsers, githubUser);
}

/** Whom the configuration names for a GitHub login, in which GitHub does not tell upper from lower case. */
export function personOfGithubUser(users: Settings['githubUsers'], login: string): string | null {
  const key = login.toLowerCase();
  return users !== undefined && Object.hasOwn(users, key) ? (users[key] ?? null) : null;
}
