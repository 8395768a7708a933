import { isPersonId } from './inline.ts';

/** Whom to call when a decision is needed: a user group, or people by id. */
export type Mentionable =
  | { readonly kind: 'usergroup'; readonly usergroup: string }
  | { readonly kind: 'users'; readonly users: readonly string[] };

const GROUP_ID = /^S[A-Z0-9]{2,20}$/;

/** The mrkdwn that mentions them. Made of configured ids only; anything else mentions nobody. */
export function approversMention(approvers: Mentionable): string {
  if (approvers.kind === 'usergroup') {
    return GROUP_ID.test(approvers.usergroup) ? `<!subteam^${approvers.usergroup}>` : 'Approvers';
  }
  const known = approvers.users.filter(isPersonId).slice(0, 20);
  return known.length === 0 ? 'Approvers' : known.map((id) => `<@${id}>`).join(' ');
}
