import type { Cleanup, LiveRollout, ModelApproval, Review, ServiceState } from './state.ts';

/** What waits for an approver. */
export type Task =
  | { readonly kind: 'gate'; readonly rollout: Extract<LiveRollout, { status: 'gate' }> }
  | { readonly kind: 'model'; readonly approval: ModelApproval }
  | { readonly kind: 'cleanup'; readonly cleanup: Cleanup }
  | { readonly kind: 'review'; readonly review: Review };

/**
 * What this approver can decide at `nowMs`, oldest first in each kind: never what they asked for, did or approved
 * themselves, because `decide` would not count it.
 */
export function tasksOf(state: ServiceState, person: string, nowMs: number): readonly Task[] {
  const open = (until: string) => Date.parse(until) > nowMs;
  const { cleanup } = state;
  return [
    ...state.rollouts.flatMap((rollout): readonly Task[] => {
      if (rollout.status !== 'gate' || rollout.requester === person || !open(rollout.gate.expiresAt)) return [];
      return rollout.gate.approvals.some(({ by }) => by === person) ? [] : [{ kind: 'gate', rollout }];
    }),
    ...state.approvals.flatMap((approval): readonly Task[] => {
      const { verdict, requester, expiresAt } = approval;
      return verdict === null && requester !== person && open(expiresAt) ? [{ kind: 'model', approval }] : [];
    }),
    ...(cleanup !== null && cleanup.confirmed === null && cleanup.by !== person && open(cleanup.expiresAt)
      ? [{ kind: 'cleanup', cleanup } as const]
      : []),
    ...state.reviews.flatMap((review): readonly Task[] => (review.by === person ? [] : [{ kind: 'review', review }])),
  ];
}
