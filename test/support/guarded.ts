import type { EndpointLook } from '../../src/rollout/observation.ts';
import { known } from '../../src/rollout/observation.ts';
import { alarmsOf, type Strategy } from '../../src/rollout/strategy.ts';
import type { Story } from './story.ts';

/** A tenth for ten minutes, then all of it, with the old fleet kept for half an hour. */
export const canary: Strategy = {
  traffic: { kind: 'canary', percent: 10, bakeSeconds: 600 },
  keepPreviousSeconds: 1_800,
  maximumSeconds: 7_200,
  alarms: { errorPercent: 1, p95Ms: 200, named: [], namedWithoutData: 'start' },
  required: false,
};

/** prod as it shows the alarms of the change that is under way there: all in one state, and the named ones as given. */
export function alarms(
  told: Story,
  state: string,
  named: Readonly<Record<string, string>> = {},
): { readonly look: Pick<EndpointLook, 'alarms'> } {
  const { owner, target, followed } = told.deployment('prod');
  const call = followed?.call.kind === 'update' ? followed.call.strategy : undefined;
  const strategy = call ?? told.state.rollouts.find((r) => r.id === owner)?.candidate.plans.prod.strategy;
  if (strategy === undefined) throw new Error('Nothing guards prod.');
  const seen = alarmsOf(target.configName, strategy.alarms).map((name) => ({
    name,
    state: named[name] ?? state,
    why: null,
    since: null,
  }));
  return { look: { alarms: known(seen) } };
}

/** The same, with its fleets compared by titanic: a worse one goes back after a minute. */
export const compared: Strategy = {
  ...canary,
  analysis: { autoRollbackSeconds: 60, snoozeSeconds: 600, minimumRequests: 100 },
};
