import { scopesNeeded } from '../../adapters/slack-scopes.ts';
import type { SlackSight } from '../../adapters/slack-sight.ts';
import type { SlackCheck } from '../../adapters/slack-startup-check.ts';
import { readEnvironment, type Variables } from '../../environment.ts';
import { sentence } from '../../rollout/reasons.ts';
import { plain } from '../answers.ts';
import type { Composed, SlackSide } from '../compose-cli.ts';
import { checkPerson } from '../requester.ts';
import { clockNeed } from './host-needs.ts';
import { asSentence, type Need, ok, problem, skipped } from './need.ts';

const REINSTALL = 'Install the app again with the scopes of manifest.yml.';
/** Slack tells an app what it is granted, and nothing of what else its manifest says. */
const UNSEEN_PARTS =
  'cannot be checked without acting; where one is missing, the app was installed from an older manifest.yml: install it again';

/** How long Slack has to say whose token this is. Milliseconds. */
const SLACK_WITHIN_MS = 10_000;

/** Only the bot needs Slack; the command line asks it just who people are. `asBot`: so what is missing is missing. */
export async function slackNeeds(composed: Composed, env: Variables, asBot: boolean): Promise<readonly Need[]> {
  const { slack } = composed;
  if ('missing' in slack) {
    const unasked = await githubNeeds(composed);
    if (asBot) {
      return [problem('slack: bot token', plain(slack.missing), 'Set SLACK_BOT_TOKEN; see .env.example.'), ...unasked];
    }
    const detail = `${slack.missing}; only the bot needs it, and \`--wait\` where it has to bring something to prod itself`;
    return [skipped('slack', plain(detail)), ...unasked];
  }
  const sight = await slack.sight();
  if (sight.kind === 'unknown') {
    // Who people are is not asked then: it would only be waited for.
    const todo = 'Check SLACK_BOT_TOKEN, whether the app is still installed, and the way to slack.com.';
    return [problem('slack: bot token', `Slack does not say whose it is (${sight.why})`, todo)];
  }
  const { teamId, botUserId, botId, scopes, dateMs, heardMs } = sight.value;
  return [
    ok('slack: bot token', `of ${botUserId} (${botId})`),
    ok('slack: team', `${teamId}; requests of any other are refused`),
    appNeed(slack, sight.value),
    scopesNeed(scopes),
    skipped('slack: Home, shortcuts, mentions', UNSEEN_PARTS),
    await requestsNeed(slack, env, asBot),
    ...(await checkNeeds(slack)),
    clockNeed('Slack', dateMs, heardMs),
    ...(await githubNeeds(composed)),
  ];
}

function appNeed({ appId }: SlackSide, seen: SlackSight): Need {
  const name = 'slack: app';
  if (seen.appId.kind === 'unknown') {
    return problem(name, `Slack does not say which app the token is of (${seen.appId.why})`, REINSTALL);
  }
  const { value } = seen.appId;
  if (appId === undefined || appId === value) return ok(name, `${value}; requests of any other are refused`);
  const detail = `the token is of ${value}, and SLACK_APP_ID says ${appId}: every request would be refused`;
  return problem(name, detail, 'Correct SLACK_APP_ID, or leave it out.');
}

function scopesNeed(granted: readonly string[] | null): Need {
  const name = 'slack: scopes';
  const needed = scopesNeeded();
  if (granted === null) return problem(name, 'Slack did not say which are granted', 'Try again.');
  const missing = needed.filter((scope) => !granted.includes(scope));
  const more = granted.filter((scope) => !needed.includes(scope));
  if (missing.length > 0) return problem(name, `not granted: ${missing.join(', ')}`, REINSTALL);
  return ok(name, `all ${needed.length} granted${more.length === 0 ? '' : `; not needed: ${more.join(', ')}`}`);
}

/** The app-level token, or the signing secret, by which Slack's requests reach the bot. */
async function requestsNeed(slack: SlackSide, env: Variables, asBot: boolean): Promise<Need> {
  const given = (variable: string) => env[variable]?.trim() || undefined;
  const variable = given('SLACK_APP_TOKEN') === undefined ? 'SLACK_SIGNING_SECRET' : 'SLACK_APP_TOKEN';
  const name = `slack: ${variable === 'SLACK_APP_TOKEN' ? 'app token' : 'signing secret'}`;
  const read = readEnvironment(env);
  const fault = read.ok ? undefined : read.faults.find((one) => one.variable === variable);
  if (given(variable) === undefined && !asBot) {
    return skipped(name, 'neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set; only the bot needs one of them');
  }
  if (fault !== undefined) return problem(name, `${variable} ${fault.message}`, 'See .env.example.');
  if (variable === 'SLACK_SIGNING_SECRET') {
    return skipped(name, 'set; whether it is the right one shows only when Slack sends a request');
  }
  const taken = await slack.appToken(given('SLACK_APP_TOKEN') ?? '');
  if (taken.kind === 'known') return ok(name, 'Slack gives sockets for it');
  const todo = 'Make one with connections:write (Basic Information, App-Level Tokens), and keep Socket Mode on.';
  return problem(name, `Slack gives no socket for SLACK_APP_TOKEN (${taken.why})`, todo);
}

async function checkNeeds(slack: SlackSide): Promise<readonly Need[]> {
  // Somebody is a member of a workspace, so our own has to be known first.
  await slack.identities.learn(AbortSignal.timeout(SLACK_WITHIN_MS)).catch(() => null);
  return (await slack.checks()).map(checkNeed);
}

function checkNeed(check: SlackCheck): Need {
  const name = `slack: ${check.part}`;
  if (check.kind === 'problem') return problem(name, check.why, asSentence(check.todo));
  if (check.unseen === 0) return ok(name, check.detail);
  return problem(name, `Slack does not say who ${check.unseen} of them are`, 'Check the scopes, and try again.');
}

/** Somebody whose Slack id is wrong could approve what runs in their own name. */
async function githubNeeds(composed: Composed): Promise<readonly Need[]> {
  const users = Object.entries(composed.settings.githubUsers);
  const needs: Need[] = [];
  // One after the other: Slack lets people be read only so often.
  for (const [login, person] of users) {
    const checked = await checkPerson(composed, person);
    const name = `github: ${login}`;
    if (checked.kind === 'fine') needs.push(ok(name, person));
    else if (checked.kind === 'unchecked') needs.push(skipped(name, checked.why));
    else needs.push(problem(name, plain(sentence(checked.reason)), 'Mend github.users in titanic.yml.'));
  }
  return needs;
}
