import type { Request } from '../rollout/api.ts';
import { type Reason, reason } from '../rollout/reasons.ts';
import { personOfGithubUser } from '../rollout/requester.ts';
import type { Composed } from './compose-cli.ts';

/** How long Slack has to say whose token this is. Milliseconds. */
const SLACK_WITHIN_MS = 10_000;

/** Whom `--requested-by` names. */
export type NamedRequester =
  | { readonly kind: 'slack'; readonly id: string }
  | { readonly kind: 'github'; readonly login: string };

/** What the core is told of who asks, and what whoever runs the command should know about that. */
export type Requester =
  | {
      readonly kind: 'named';
      readonly told: Pick<Extract<Request, { verb: 'deploy' }>, 'requestedBy' | 'githubUser' | 'unchecked'>;
      readonly hint: string | null;
    }
  | { readonly kind: 'no'; readonly reason: Reason };

const ONE_MORE = 'so one more approval is needed.';

export async function nameRequester(composed: Composed, named: NamedRequester | undefined): Promise<Requester> {
  if (named === undefined) {
    return { kind: 'named', told: {}, hint: `Nobody is named as requester (--requested-by), ${ONE_MORE}` };
  }
  if (named.kind === 'github') return nameGithubUser(composed, named.login);
  const { id } = named;
  const checked = await checkPerson(composed, id);
  if (checked.kind === 'no') return checked;
  if (checked.kind === 'fine') return { kind: 'named', told: { requestedBy: id, unchecked: false }, hint: null };
  const hint = `Slack could not be asked who ${id} is (${checked.why}), ${ONE_MORE}`;
  return { kind: 'named', told: { requestedBy: id, unchecked: true }, hint };
}

/** Who that is in Slack is decided by the core, and vouched for by the configuration where Slack cannot be asked. */
async function nameGithubUser(composed: Composed, login: string): Promise<Requester> {
  const person = personOfGithubUser(composed.settings.githubUsers, login);
  const told = { githubUser: login };
  if (person === null) {
    const hint = `GitHub's ${login} is nobody in github.users of the configuration, ${ONE_MORE}`;
    return { kind: 'named', told, hint };
  }
  const checked = await checkPerson(composed, person);
  return checked.kind === 'no' ? checked : { kind: 'named', told, hint: null };
}

type Checked =
  | { readonly kind: 'fine' }
  /** Slack cannot be asked from here. */
  | { readonly kind: 'unchecked'; readonly why: string }
  | { readonly kind: 'no'; readonly reason: Reason };

/** Whether Slack knows the person as one who could have asked, so that no name is made up to have fewer approvals. */
export async function checkPerson({ slack }: Pick<Composed, 'slack'>, person: string): Promise<Checked> {
  if ('missing' in slack) return { kind: 'unchecked', why: slack.missing };
  // Somebody is a member of a workspace, so our own has to be known first.
  const own = await slack.identities.learn(AbortSignal.timeout(SLACK_WITHIN_MS)).catch(() => null);
  if (own === null) return { kind: 'unchecked', why: 'Slack does not say which workspace this is' };
  const seen = await slack.directory.person(person);
  if (seen.kind === 'unknown') return { kind: 'unchecked', why: seen.why };
  const { problem } = seen.value;
  return problem === null
    ? { kind: 'fine' }
    : { kind: 'no', reason: reason('requester-unknown', { person, why: problem }) };
}
