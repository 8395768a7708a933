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
  return peopleMention(approvers.users.slice(0, 20)) ?? 'Approvers';
}

/** People beyond this are counted. */
const PEOPLE_MOST = 50;

/** The mrkdwn that mentions these people and nobody else; null: none of them is somebody. */
export function peopleMention(ids: readonly string[]): string | null {
  const known = ids.filter(isPersonId);
  if (known.length === 0) return null;
  const more = known.length - PEOPLE_MOST;
  const named = known.slice(0, PEOPLE_MOST).map((id) => `<@${id}>`);
  return [...named, ...(more > 0 ? [`… +${more}`] : [])].join(' ');
}
