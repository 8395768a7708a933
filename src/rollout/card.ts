import { cardOfRollback, type RollbackCard } from './card-of-rollback.ts';
import { cardOfRollout, type RolloutCard } from './card-of-rollout.ts';
import type { Cleanup, ModelApproval, RejectedInProd, ServiceState, StackedTarget } from './state.ts';

/** Everything a card shows, derived from the record: one per rollout, rollback and clean-up. */
export type Card =
  | RolloutCard
  | RollbackCard
  | {
      readonly kind: 'model';
      readonly id: string;
      readonly service: string;
      readonly approval: ModelApproval;
      /** prod runs it though it is rejected: offer the way back. */
      readonly runsInProd: boolean;
    }
  | {
      readonly kind: 'model-alarm';
      readonly id: string;
      readonly service: string;
      readonly alarm: RejectedInProd;
      /** Where a rollback of prod would go; null: nowhere. */
      readonly target: StackedTarget | null;
    }
  | {
      readonly kind: 'cleanup';
      readonly id: string;
      readonly service: string;
      readonly cleanup: Cleanup;
    };

/** The card of a rollout, a rollback or a clean-up; null if the record keeps nothing of it in its state any more. */
export function cardOf(state: ServiceState, id: string): Card | null {
  const rollout = state.rollouts.find((r) => r.id === id) ?? state.ended.find((r) => r.id === id);
  if (rollout !== undefined) return cardOfRollout(state, rollout);
  for (const environment of ['staging', 'prod'] as const) {
    const active = state.environments[environment].rollback;
    if (active?.id === id) return cardOfRollback(state, active);
  }
  const { rejectedInProd } = state;
  const approval = [...state.approvals, ...state.endedApprovals].find((a) => a.id === id);
  if (approval !== undefined) {
    const runsInProd = rejectedInProd?.id === id && !rejectedInProd.over;
    return { kind: 'model', id, service: state.service, approval, runsInProd };
  }
  if (rejectedInProd?.id === id) {
    const target = state.environments.prod.stack.at(-2) ?? null;
    return { kind: 'model-alarm', id, service: state.service, alarm: rejectedInProd, target };
  }
  const cleanup = [state.cleanup, ...state.endedCleanups].find((c) => c?.id === id);
  if (cleanup != null) return { kind: 'cleanup', id, service: state.service, cleanup };
  const ended = state.endedRollbacks.find((r) => r.id === id);
  return ended === undefined ? null : cardOfRollback(state, ended);
}
