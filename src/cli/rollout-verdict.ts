import { sentence } from '../rollout/reasons.ts';
import type { ModelApproval, Rollout, ServiceState } from '../rollout/state.ts';
import { plain } from './answers.ts';
import type { Verdict } from './follow.ts';
import { rolloutWords } from './views.ts';

/** What is waited for: that its gate opens, or that it is over. */
export type Until = 'gate' | 'end';

export function findRollout(state: ServiceState, id: string): Rollout | undefined {
  const all = [...state.ended.toReversed(), ...state.rollouts];
  const approval = approvalOf(state, id);
  if (approval === undefined) return all.find((r) => r.id === id);
  // A deploy of a pending package goes on, once it is approved, as a rollout of its own.
  return all.find((r) => r.candidate.packageArn === approval.packageArn && numberOf(r.id) > numberOf(id));
}

function approvalOf({ approvals, endedApprovals }: ServiceState, id: string): ModelApproval | undefined {
  return [...approvals, ...endedApprovals].find((a) => a.id === id);
}

function numberOf(id: string): number {
  return Number(id.slice(id.lastIndexOf('-') + 1));
}

/** null: not yet. */
export function rolloutVerdict(state: ServiceState, id: string, until: Until): Verdict | null {
  const rollout = findRollout(state, id);
  if (rollout === undefined) {
    const ended = approvalOf(state, id)?.ended ?? null;
    return ended === null ? null : { code: 1, words: `${id}: ${plain(sentence(ended.reason))}` };
  }
  const words = `${rollout.id}: ${rolloutWords(rollout)}`;
  switch (rollout.status) {
    case 'ended':
      return { code: rollout.outcome === 'promoted' ? 0 : 1, words };
    case 'held':
      return { code: 1, words: `${words}: ${plain(sentence(rollout.heldBecause))} Somebody has to decide in Slack.` };
    case 'gate':
    case 'approved':
    case 'prod':
    case 'verifying':
      return until === 'gate' ? { code: 0, words } : null;
    case 'staging':
    case 'testing':
    case 'tested':
      return null;
    default: {
      const never: never = rollout;
      return never;
    }
  }
}

export function rolloutDoing(state: ServiceState, id: string): string {
  const rollout = findRollout(state, id);
  if (rollout === undefined) {
    return approvalOf(state, id) === undefined
      ? 'not in the record yet'
      : 'an approver decides about its model in Slack';
  }
  const environment = state.environments[rollout.status === 'prod' ? 'prod' : 'staging'];
  const words = environment.deployment?.owner === rollout.id ? environment.deployment.words : null;
  return words === null ? rolloutWords(rollout) : `${rolloutWords(rollout)}: ${words}`;
}
