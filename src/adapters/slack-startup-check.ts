import type { WebClient } from '@slack/web-api';
import type { Directory } from '../ports/directory.ts';
import type { Reading } from '../rollout/observation.ts';
import { callFault } from './slack-call-fault.ts';
import { conversationShape } from './slack-shapes.ts';

/** Larger groups are not looked at person by person: they have enough. */
const MOST_LOOKED_AT = 20;

type Outcome =
  /** `unseen`: people whom Slack did not tell about, taken for able. */
  | { readonly kind: 'fine'; readonly detail: string; readonly unseen: number }
  | { readonly kind: 'problem'; readonly why: string; readonly todo: string };

/** What of Slack's own set-up was looked at, and how it is. */
export type SlackCheck = { readonly part: 'channel' | 'approvers' | 'mandatory' | 'operators' } & Outcome;

interface CheckDeps {
  readonly client: WebClient;
  readonly directory: Directory;
  readonly channel: string;
  readonly quorum: number;
}

/** What would keep rollouts from being decided or shown, a sentence each. Empty: nothing. The bot starts all the same. */
export async function slackStartupCheck(deps: CheckDeps): Promise<readonly string[]> {
  const checks = await slackChecks(deps);
  return checks.flatMap((check) => (check.kind === 'fine' ? [] : [`${check.why}: ${check.todo}.`]));
}

/** The channel and each group, one by one. Never throws. */
export async function slackChecks(deps: CheckDeps): Promise<readonly SlackCheck[]> {
  const { directory } = deps;
  const [channel, approvers, mandatory, operators] = await Promise.all([
    checkChannel(deps),
    directory.approvers(),
    directory.mandatory(),
    directory.operators(),
  ]);
  const none: readonly SlackCheck[] = [];
  return [
    { part: 'channel', ...channel },
    { part: 'approvers', ...(await checkApprovers(deps, approvers)) },
    ...(mandatory === null
      ? none
      : [{ part: 'mandatory' as const, ...(await checkMandatory(deps, mandatory, approvers)) }]),
    { part: 'operators', ...(await checkOperators(deps, operators)) },
  ];
}

async function checkApprovers(deps: CheckDeps, group: Reading<readonly string[]>): Promise<Outcome> {
  if (group.kind === 'unknown') return unreadable('approvers', group.why, 'nothing can be promoted');
  const people = [...new Set(group.value)];
  const { able, unseen } = await activeOf(deps, people);
  // Whoever asks may be one of them, and then does not count.
  if (able - 1 >= deps.quorum) return { kind: 'fine', detail: ofAll(able, people.length, 'approvers'), unseen };
  const why = `Only ${able} of ${people.length} approvers are active members; ${deps.quorum} are needed besides the requester, so a rollout that one of them asks for could never be promoted`;
  return { kind: 'problem', why, todo: 'add approvers, or lower slack.approvers.quorum' };
}

/** One of the approvals has to be by somebody who is in both groups. */
async function checkMandatory(
  deps: CheckDeps,
  group: Reading<readonly string[]>,
  approvers: Reading<readonly string[]>,
): Promise<Outcome> {
  if (group.kind === 'unknown') return unreadable('approvers.mandatory', group.why, 'nothing can be promoted');
  const among = approvers.kind === 'unknown' ? group.value : approvers.value;
  const people = [...new Set(group.value)].filter((id) => among.includes(id));
  const { able, unseen } = await activeOf(deps, people);
  if (able === 0) {
    const why = 'Nobody of whom one has to approve (slack.approvers.mandatory) is an approver and an active member';
    return { kind: 'problem', why, todo: 'add approvers to that group, or members of it to the approvers' };
  }
  // One is enough to have chosen so.
  const alone = able === 1 ? '; nobody can promote what that one asks for' : '';
  return { kind: 'fine', detail: `${ofAll(able, people.length, 'who are approvers as well')}${alone}`, unseen };
}

async function checkOperators(deps: CheckDeps, group: Reading<readonly string[]>): Promise<Outcome> {
  if (group.kind === 'unknown') return unreadable('operators', group.why, 'nothing can be deployed');
  const people = [...new Set(group.value)];
  const { able, unseen } = await activeOf(deps, people);
  if (able > 0) return { kind: 'fine', detail: ofAll(able, people.length, 'operators'), unseen };
  const why = `None of ${people.length} operators is an active member, so nobody can deploy`;
  return { kind: 'problem', why, todo: 'add somebody to slack.operators' };
}

/** Whom Slack does not tell about right now may well be able. */
async function activeOf(
  { directory }: CheckDeps,
  people: readonly string[],
): Promise<{ readonly able: number; readonly unseen: number }> {
  if (people.length > MOST_LOOKED_AT) return { able: people.length, unseen: 0 };
  const seen = await Promise.all(people.map((id) => directory.person(id)));
  const unseen = seen.filter(({ kind }) => kind === 'unknown').length;
  const active = seen.filter((one) => one.kind === 'known' && one.value.problem === null).length;
  return { able: active + unseen, unseen };
}

function ofAll(able: number, all: number, whom: string): string {
  return all > MOST_LOOKED_AT ? `${all} ${whom}` : `${able} of ${all} ${whom} are active members`;
}

async function checkChannel({ client, channel }: CheckDeps): Promise<Outcome> {
  const found = (why: string, todo: string): Outcome => ({
    kind: 'problem',
    why: `The channel ${channel} ${why}`,
    todo,
  });
  try {
    const seen = conversationShape.parse(await client.conversations.info({ channel })).channel;
    if (seen.is_archived === true) return found('is archived', 'unarchive it, or nothing can be announced');
    if (seen.is_ext_shared === true) {
      return found('is shared with another organisation', 'presses in it are refused; name another in slack.channel');
    }
    if (seen.is_member === false) {
      const why = `The bot is not in the channel ${channel}`;
      return { kind: 'problem', why, todo: 'invite it, or nothing can be announced' };
    }
    return { kind: 'fine', detail: `${channel}, and the bot is in it`, unseen: 0 };
  } catch (error) {
    const { code } = callFault(error);
    return found(`cannot be reached (${code})`, channelAdvice(code));
  }
}

function channelAdvice(code: string): string {
  if (code === 'channel_not_found') return 'invite the bot, or correct slack.channel';
  return code === 'missing_scope' ? REINSTALL : AGAIN;
}

const REINSTALL = 'install the app again with the scopes of manifest.yml';
const AGAIN = 'it is tried again';

function unreadable(group: 'approvers' | 'approvers.mandatory' | 'operators', why: string, until: string): Outcome {
  const whom = group === 'approvers.mandatory' ? 'people of slack.approvers.mandatory' : group;
  return {
    kind: 'problem',
    why: `The ${whom} cannot be read from Slack (${why}), and until they can, ${until}`,
    todo: groupAdvice(group, why),
  };
}

function groupAdvice(group: string, why: string): string {
  if (why === 'no_such_subteam') return `make the group or enable it, or correct slack.${group}.usergroup`;
  return why === 'missing_scope' ? REINSTALL : AGAIN;
}
