import type { Environment, EnvironmentPlan } from './candidate.ts';
import type {
  Cleanup,
  Hold,
  ModelApproval,
  RejectedInProd,
  Rollback,
  Rollout,
  ServiceState,
  StackedTarget,
} from './state.ts';

/** Everything a card shows, derived from the record: one per rollout, rollback and clean-up. */
export type Card =
  | {
      readonly kind: 'rollout';
      readonly id: string;
      readonly service: string;
      readonly rollout: Rollout;
      /** What runs where, before or after, as the record says. */
      readonly running: Readonly<Record<Environment, StackedTarget | null>>;
      /** What the running change of an endpoint is doing, if one of this rollout is. */
      readonly doing: {
        readonly environment: Environment;
        readonly words: string | null;
        readonly overdue: boolean;
        readonly openCall: boolean;
      } | null;
      readonly holds: Readonly<Record<Environment, readonly Hold[]>>;
      /** prod's recorded smoke numbers, to stand beside the candidate's. */
      readonly prodBaseline: ServiceState['environments']['prod']['baseline'];
      /** What a rollback of prod would return to after this was promoted. */
      readonly rollbackTarget: StackedTarget | null;
      /** How what runs in prod was deployed; null: nothing runs there, or the record does not keep it any more. */
      readonly runningPlan: EnvironmentPlan | null;
      /** What goes back because this rollout ended, or whose rollback ended it. */
      readonly goesBack: Pick<Rollback, 'id' | 'environment' | 'target'> | null;
      /** prod's endpoint is Failed: offer Recreate prod. */
      readonly recreateOffered: boolean;
    }
  | {
      readonly kind: 'rollback';
      readonly id: string;
      readonly service: string;
      readonly rollback: Rollback;
      readonly doing: { readonly words: string | null; readonly openCall: boolean } | null;
      /** The next target further back, for the button. */
      readonly further: StackedTarget | null;
      readonly holds: readonly Hold[];
      readonly recreateOffered: boolean;
    }
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

function runningIn(state: ServiceState, environment: Environment): StackedTarget | null {
  return state.environments[environment].stack.at(-1) ?? null;
}

/** The card of a rollout, a rollback or a clean-up; null if the record keeps nothing of it in its state any more. */
export function cardOf(state: ServiceState, id: string): Card | null {
  const rollout = state.rollouts.find((r) => r.id === id) ?? state.ended.find((r) => r.id === id);
  if (rollout !== undefined) return rolloutCard(state, rollout);
  for (const environment of ['staging', 'prod'] as const) {
    const active = state.environments[environment].rollback;
    if (active?.id === id) return rollbackCard(state, active);
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
  return ended === undefined ? null : rollbackCard(state, ended);
}

function rolloutCard(state: ServiceState, rollout: Rollout): Card {
  const running = { staging: runningIn(state, 'staging'), prod: runningIn(state, 'prod') };
  const environment = rollout.status === 'prod' ? 'prod' : 'staging';
  const { deployment, intent } = state.environments[environment];
  const mine = deployment !== null && deployment.kind === 'rollout' && deployment.owner === rollout.id;
  const prodStack = state.environments.prod.stack;
  const last = prodStack.at(-1) ?? null;
  const target = last?.rolloutId === rollout.id ? (prodStack.at(-2) ?? null) : last;
  return {
    kind: 'rollout',
    id: rollout.id,
    service: state.service,
    rollout,
    running,
    doing: mine
      ? { environment, words: deployment.words, overdue: deployment.overdue, openCall: intent !== null }
      : null,
    holds: { staging: state.environments.staging.holds, prod: state.environments.prod.holds },
    prodBaseline: state.environments.prod.baseline,
    rollbackTarget: target,
    runningPlan:
      [...state.rollouts, ...state.ended].find((r) => r.id === last?.rolloutId)?.candidate.plans.prod ?? null,
    goesBack: rollout.status === 'ended' ? begunWith(state, rollout.endedAt) : null,
    recreateOffered:
      rollout.status === 'ended' &&
      rollout.approvedBy.length > 0 &&
      last !== null &&
      state.environments.prod.endpointFailed,
  };
}

/** The rollback that was recorded in the same entry. */
function begunWith(state: ServiceState, at: string): Rollback | null {
  const { staging, prod } = state.environments;
  return [staging.rollback, prod.rollback, ...state.endedRollbacks].find((r) => r?.at === at) ?? null;
}

function rollbackCard(state: ServiceState, rollback: Rollback): Card {
  const environment = state.environments[rollback.environment];
  const mine = environment.deployment !== null && environment.deployment.owner === rollback.id;
  const isLatest = environment.returned?.rollbackId === rollback.id;
  return {
    kind: 'rollback',
    id: rollback.id,
    service: state.service,
    rollback,
    doing: mine ? { words: environment.deployment.words, openCall: environment.intent !== null } : null,
    // While it runs, a press would only be told that it runs.
    further: isLatest && rollback.ended !== null ? (environment.stack.at(-2) ?? null) : null,
    holds: environment.holds,
    recreateOffered:
      rollback.environment === 'prod' && isLatest && rollback.ended?.reached === false && environment.endpointFailed,
  };
}
