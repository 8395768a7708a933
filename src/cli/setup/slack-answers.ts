import { seeChannels, seeUserGroups } from '../../adapters/slack-places.ts';
import { type SlackSight, seeAppToken, seeSlack } from '../../adapters/slack-sight.ts';
import { slackSchema } from '../../config-schema.ts';
import { type Reading, unknown } from '../../rollout/observation.ts';
import type { Setting } from './config-text.ts';
import type { Checked } from './interview.ts';
import { fits, fitsVariable, type Session, variable } from './session.ts';

/** Slack did not say yes or no: what it was asked about may well be right. */
const NO_ANSWER = /^(unreachable|broken|ratelimited|http_\d+)$/;

export interface SlackAnswers {
  readonly variables: Readonly<Record<string, string>>;
  readonly settings: readonly Setting[];
  readonly seen: SlackSight | null;
}

/** Which way Slack's requests come: as told, as the tokens that are there say, else by a socket. */
export function deliveryOf(session: Session): 'socket' | 'http' {
  const { delivery, url } = session.options;
  if (delivery !== undefined) return delivery;
  if (url !== undefined) return 'http';
  if (variable(session, 'SLACK_APP_TOKEN') !== undefined) return 'socket';
  return variable(session, 'SLACK_SIGNING_SECRET') === undefined ? 'socket' : 'http';
}

/** The tokens, and by them the channel and the groups. */
export async function slackAnswers(session: Session): Promise<SlackAnswers> {
  const { interview, notes } = session;
  const { log } = session.context;
  const apiUrl = variable(session, 'SLACK_API_URL');
  let seen: SlackSight | null = null;
  const botToken = await interview.answer({
    by: 'SLACK_BOT_TOKEN, in the environment',
    asks: 'Bot token (xoxb-…)',
    given: variable(session, 'SLACK_BOT_TOKEN'),
    secret: true,
    check: async (text) => {
      const token = fitsVariable('SLACK_BOT_TOKEN')(text);
      if (!token.ok) return token;
      const sight = await seeSlack(text, apiUrl, log);
      if (sight.kind === 'known') seen = sight.value;
      return judged(sight, text, 'the bot token', notes);
    },
  });
  const socket = deliveryOf(session) === 'socket';
  const name = socket ? 'SLACK_APP_TOKEN' : 'SLACK_SIGNING_SECRET';
  const second = await interview.answer({
    by: `${name}, in the environment`,
    asks: socket ? 'App-level token (xapp-…)' : 'Signing secret',
    given: variable(session, name),
    secret: true,
    check: async (text) => {
      const read = fitsVariable(name)(text);
      if (!read.ok || !socket) return read;
      return judged(await seeAppToken(text, apiUrl, log), text, 'the app-level token', notes);
    },
  });
  const kept = ['SLACK_API_URL', 'SLACK_API_URL_TRUSTED'].flatMap((each): [string, string][] => {
    const value = variable(session, each);
    return value === undefined ? [] : [[each, value]];
  });
  return {
    seen,
    variables: {
      ...(botToken === undefined ? {} : { SLACK_BOT_TOKEN: botToken }),
      ...(second === undefined ? {} : { [name]: second }),
      // Where it is set, the bot opens a socket.
      ...(!socket && variable(session, 'SLACK_APP_TOKEN') !== undefined ? { SLACK_APP_TOKEN: '' } : {}),
      ...Object.fromEntries(kept),
    },
    settings: await placesOf(session, botToken, apiUrl),
  };
}

function judged(reading: Reading<unknown>, value: string, what: string, notes: string[]): Checked {
  if (reading.kind === 'known') return { ok: true, value };
  if (!NO_ANSWER.test(reading.why)) return { ok: false, why: `Slack does not take ${what} (${reading.why}).` };
  notes.push(`Slack could not be asked about ${what} (${reading.why}).`);
  return { ok: true, value };
}

async function placesOf(session: Session, token: string | undefined, apiUrl: string | undefined): Promise<Setting[]> {
  const { log } = session.context;
  const none = unknown('there is no bot token');
  const [channels, groups] =
    token === undefined
      ? [none, none]
      : await Promise.all([seeChannels(token, apiUrl, log), seeUserGroups(token, apiUrl, log)]);
  for (const [what, reading] of [
    ['channels', channels],
    ['user groups', groups],
  ] as const) {
    if (token !== undefined && reading.kind === 'unknown')
      session.notes.push(`Slack does not list the ${what} (${reading.why}).`);
  }
  const written = session.config.at('slack', 'channel');
  const shown = channels.kind === 'unknown' || channels.value.some(({ id }) => id === written);
  const channel = await session.interview.answer({
    by: '--channel',
    asks: 'Channel where rollouts are announced: name or id',
    given: session.options.channel ?? (shown ? written : undefined),
    suggested: written,
    doubt: written === undefined ? undefined : `Slack does not show ${written} of ${session.configPath} to the bot.`,
    choices: channels.kind === 'known' ? channels.value.map(({ id, name }) => ({ value: id, name })) : [],
    check: fits(slackSchema.shape.channel),
  });
  if (channels.kind === 'known' && channel !== undefined) {
    const found = channels.value.find(({ id }) => id === channel);
    if (found?.inhabited !== true) session.notes.push(`The bot is not in ${channel} yet: /invite @titanic there.`);
  }
  const people = [
    ...(await peopleOf(session, 'approvers', groups)),
    ...(await quorumOf(session)),
    ...(await peopleOf(session, 'operators', groups)),
  ];
  return [...(channel === undefined ? [] : [{ path: ['slack', 'channel'], value: channel }]), ...people];
}

type Places = Awaited<ReturnType<typeof seeUserGroups>>;

async function peopleOf(session: Session, whom: 'approvers' | 'operators', groups: Places): Promise<Setting[]> {
  const { config, options, interview } = session;
  const group = config.at('slack', whom, 'usergroup');
  const shown = groups.kind === 'unknown' || groups.value.some(({ id }) => id === group);
  // People by id are taken as they stand there.
  if (options[whom] === undefined && config.has('slack', whom, 'users')) return [];
  const answer = await interview.answer({
    by: `--${whom}`,
    asks: `${whom === 'approvers' ? 'Approvers' : 'Operators (deploy to staging, roll back)'}: a user group, or ids of people with commas`,
    given: options[whom] ?? (shown ? group : undefined),
    doubt: group === undefined ? undefined : `Slack knows no user group ${group}, which ${session.configPath} names.`,
    choices: groups.kind === 'known' ? groups.value.map(({ id, name }) => ({ value: id, name })) : [],
    // A group that is not there must not stay written.
    optional: whom === 'operators' && group === undefined,
    check: (text) => (text.startsWith('S') ? fits(slackSchema.shape.approvers.shape.usergroup)(text) : fitsUsers(text)),
  });
  if (answer === undefined) return [];
  const isGroup = answer.startsWith('S');
  const users = isGroup ? undefined : idsOf(answer);
  if (!config.has('slack', whom)) {
    return [{ path: ['slack', whom], value: isGroup ? { usergroup: answer } : { users } }];
  }
  return [
    { path: ['slack', whom, 'usergroup'], value: isGroup ? answer : undefined },
    { path: ['slack', whom, 'users'], value: users },
  ];
}

/** How many approvals a promotion needs; what the file says stays where nothing else is said. */
async function quorumOf({ config, options, interview }: Session): Promise<Setting[]> {
  if (options.quorum === undefined && config.has('slack', 'approvers')) return [];
  const quorum = await interview.answer({
    by: '--quorum',
    asks: 'How many approvers a promotion needs',
    given: options.quorum,
    usual: '1',
    check: (text) => {
      const read = slackSchema.shape.approvers.shape.quorum.safeParse(Number(text));
      return read.success
        ? { ok: true, value: String(read.data) }
        : { ok: false, why: 'It must be a whole number, at least 1.' };
    },
  });
  return quorum === undefined ? [] : [{ path: ['slack', 'approvers', 'quorum'], value: Number(quorum) }];
}

function fitsUsers(text: string): Checked {
  const read = slackSchema.shape.approvers.shape.users.safeParse(idsOf(text));
  if (read.success) return { ok: true, value: text };
  return { ok: false, why: 'It must be the id or name of a user group, or ids of people (U…) with commas.' };
}

function idsOf(text: string): readonly string[] {
  return text.split(',').map((id) => id.trim());
}
