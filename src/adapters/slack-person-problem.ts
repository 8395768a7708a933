import type { z } from 'zod';
import type { Identity } from './slack-identity.ts';
import type { usersInfoShape } from './slack-shapes.ts';

type SlackUser = z.infer<typeof usersInfoShape>['user'];

/** What speaks against somebody: null for a full, active, human member of our own workspace. */
export function personProblem(user: SlackUser, identity: Identity): string | null {
  if (user.deleted === true) return 'the account is deactivated';
  if (user.is_bot === true || user.is_workflow_bot === true || user.id === 'USLACKBOT') return 'it is a bot';
  if (isForeign(user, identity)) return 'the account is of another workspace';
  if (user.is_restricted === true || user.is_ultra_restricted === true) return 'the account is a guest';
  return null;
}

/** `is_stranger` is not set in every case, so the workspace is compared as well. */
export function isForeign(user: SlackUser, identity: Identity): boolean {
  return user.is_stranger === true || !ofOurs(user, identity);
}

function ofOurs(user: SlackUser, identity: Identity): boolean {
  if (user.team_id === identity.teamId) return true;
  return identity.enterpriseId !== null && user.enterprise_user?.enterprise_id === identity.enterpriseId;
}
