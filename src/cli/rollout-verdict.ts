import { sentence } from '../rollout/reasons.ts';
import type { Rollout, ServiceState } from '../rollout/state.ts';
import { plain } from './answers.ts';
import type { Verdict } from './follow.ts';
import { rolloutWords } from './views.ts';

/** What is waited for: that its gate opens, or that it is over. */
export type Until = 'gate' | 'end';

export function findRollout(state: ServiceState, id: string): Rollout | undefined {
  return state.rollouts.find((r) => r.id === id) ?? state.ended.find((r) => r.id === id);
}

/** null: not yet. */
export function rolloutVerdict(state: ServiceState, id: string, until: Until): Verdict | null {
  const rollout = findRollout(state, id);
  if (rollout === undefined) return null;
  const words = `${id}: ${rolloutWords(rollout)}`;
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
  if (rollout === undefined) return 'not in the record yet';
  const environment = state.environments[rollout.status === 'prod' ? 'prod' : 'staging'];
  const words = environment.deployment?.owner === id ? environment.deployment.words : null;
  return words === null ? rolloutWords(rollout) : `${rolloutWords(rollout)}: ${words}`;
}
