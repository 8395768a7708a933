import { type Reason, reason } from '../rollout/reasons.ts';
import type { Composed } from './compose-cli.ts';

/** How long Slack has to say whose token this is. Milliseconds. */
const SLACK_WITHIN_MS = 10_000;

export type Requester =
  | { readonly kind: 'checked' }
  /** Slack cannot be asked from here: they cannot approve, but one more approval is needed, as for nobody. */
  | { readonly kind: 'unchecked'; readonly why: string }
  | { readonly kind: 'no'; readonly reason: Reason };

/** Whether Slack knows the person as one who could have asked, so that no name is made up to have fewer approvals. */
export async function checkRequester({ slack }: Pick<Composed, 'slack'>, person: string): Promise<Requester> {
  if ('missing' in slack) return { kind: 'unchecked', why: slack.missing };
  // Somebody is a member of a workspace, so our own has to be known first.
  const own = await slack.identities.learn(AbortSignal.timeout(SLACK_WITHIN_MS)).catch(() => null);
  if (own === null) return { kind: 'unchecked', why: 'Slack does not say which workspace this is' };
  const seen = await slack.directory.person(person);
  if (seen.kind === 'unknown') return { kind: 'unchecked', why: seen.why };
  const { problem } = seen.value;
  return problem === null
    ? { kind: 'checked' }
    : { kind: 'no', reason: reason('requester-unknown', { person, why: problem }) };
}
