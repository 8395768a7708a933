import { z } from 'zod';
import { type Reason, reason } from '../rollout/reasons.ts';
import type { Identity } from './slack-identity.ts';

/** What every payload says of where it comes from; commands, interactions and events say it in different places. */
const originShape = z.object({
  api_app_id: z.string().nullish(),
  team_id: z.string().nullish(),
  team: z.object({ id: z.string().nullish() }).nullish(),
  enterprise_id: z.string().nullish(),
  enterprise: z.object({ id: z.string().nullish() }).nullish(),
  user: z.union([z.string(), z.object({ team_id: z.string().nullish() })]).nullish(),
  bot_id: z.string().nullish(),
  is_ext_shared_channel: z.boolean().nullish(),
});

/**
 * Whether a payload is of our own app and workspace, judged by what Slack signed; null: it is. Who the person is
 * (guest, bot, deactivated) the payload does not say: the directory does, once the request is acknowledged.
 */
export function judgeOrigin(body: unknown, identity: Identity | null): Reason | null {
  if (identity === null)
    return reason('not-a-member', { why: 'titanic does not know its own workspace yet; try again' });
  const parsed = originShape.safeParse(body);
  if (!parsed.success) return reason('not-a-member', { why: 'the request says not where it is from' });
  const origin = parsed.data;
  if (origin.api_app_id !== identity.appId) return reason('not-a-member', { why: 'the request is of another app' });
  if (!isOfOurs(origin, identity)) return reason('not-a-member', { why: 'the request is of another workspace' });
  const personTeam = typeof origin.user === 'object' ? origin.user?.team_id : null;
  if (personTeam != null && personTeam !== identity.teamId && personTeam !== identity.enterpriseId) {
    return reason('not-a-member', { why: 'the account is of another workspace' });
  }
  if (origin.bot_id != null) return reason('not-a-member', { why: 'it is a bot' });
  return origin.is_ext_shared_channel === true ? reason('shared-channel') : null;
}

function isOfOurs(origin: z.infer<typeof originShape>, identity: Identity): boolean {
  const team = origin.team_id ?? origin.team?.id ?? null;
  if (team !== null) return team === identity.teamId;
  // An installation for a whole organisation names no team.
  const enterprise = origin.enterprise_id ?? origin.enterprise?.id ?? null;
  return enterprise !== null && enterprise === identity.enterpriseId;
}
