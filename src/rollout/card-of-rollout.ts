import { type Environment, type EnvironmentPlan, VARIANT } from './candidate.ts';
import { type ChangeNow, changeNow } from './change-now.ts';
import { rollbackTarget } from './going-back.ts';
import { type Guardrail, guardrailOf } from './guardrail.ts';
import { type ProdBefore, prodBefore } from './prod-before.ts';
import type { Hold, Rollback, Rollout, ServiceState, StackedTarget } from './state.ts';
import type { StepName } from './step-times.ts';
import { shiftOf, type Usual, usualChange, usualStep } from './usual-time.ts';

/** Everything that the card of a rollout shows. */
export interface RolloutCard {
  readonly kind: 'rollout';
  readonly id: string;
  readonly service: string;
  readonly rollout: Rollout;
  /** What runs where, before or after, as the record says. */
  readonly running: Readonly<Record<Environment, StackedTarget | null>>;
  /** What prod runs and how it measured; from when this goes there or ended: what it did in that moment. */
  readonly before: ProdBefore;
  /** The running change of an endpoint, if one of this rollout is. */
  readonly doing: ChangeNow | null;
  readonly holds: Readonly<Record<Environment, readonly Hold[]>>;
  /** Since when staging is stopped, because nobody used it (ISO 8601); null: it is not. */
  readonly stagingStopped: string | null;
  /** What a rollback of prod would return to after this was promoted; null: nowhere, or prod runs something else. */
  readonly rollbackTarget: StackedTarget | null;
  /** How what runs in prod was deployed; null: nothing runs there, or the record does not keep it any more. */
  readonly runningPlan: EnvironmentPlan | null;
  /** Whether SageMaker would guard the change of prod, by the record; null: the record cannot say, prod was adopted. */
  readonly guardrail: Guardrail | null;
  /** How long things took before; null: not known. */
  readonly usual: {
    /** The change of prod that is to be decided about. */
    readonly promotion: Usual | null;
    /** Going back by an update of its own, which starts a new fleet. */
    readonly rollback: Usual | null;
    /** The step that is under way, where it is no change of an endpoint. */
    readonly step: Usual | null;
  };
  /** Where a press of Roll back would lead now; null: it would be refused, or says less than another button. */
  readonly rollbackOffered: StackedTarget | null;
  /** What goes back because this rollout ended, or whose rollback ended it; `holds`: it still holds prod. */
  readonly goesBack: (Pick<Rollback, 'id' | 'environment' | 'target'> & { readonly holds: boolean }) | null;
  /** This version was rolled out again since it ended. */
  readonly again: boolean;
  /** prod's endpoint is Failed: offer Recreate prod. */
  readonly recreateOffered: boolean;
}

export function cardOfRollout(state: ServiceState, rollout: Rollout): RolloutCard {
  const { staging, prod } = state.environments;
  const runs = prod.stack.at(-1) ?? null;
  const mine = runs?.rolloutId === rollout.id;
  const environment = rollout.status === 'prod' ? 'prod' : 'staging';
  const known = [...state.rollouts, ...state.ended];
  return {
    kind: 'rollout',
    id: rollout.id,
    service: state.service,
    rollout,
    running: { staging: staging.stack.at(-1) ?? null, prod: runs },
    before: rollout.before ?? prodBefore(state),
    doing: changeNow(state, environment, ({ kind, owner }) => kind === 'rollout' && owner === rollout.id),
    holds: { staging: staging.holds, prod: prod.holds },
    stagingStopped: staging.stopped?.at ?? null,
    rollbackTarget: mine ? (prod.stack.at(-2) ?? null) : rollout.status === 'ended' ? null : runs,
    runningPlan: known.find((r) => r.id === runs?.rolloutId)?.candidate.plans.prod ?? null,
    guardrail: guardrailNow(state, rollout),
    usual: usualTimes(state, rollout),
    rollbackOffered: rollbackNow(state, rollout),
    goesBack: rollout.status === 'ended' ? begunWith(state, rollout.endedAt) : null,
    again: rollout.status === 'ended' && known.some((r) => isAgain(r, rollout, rollout.endedAt)),
    recreateOffered:
      rollout.status === 'ended' && rollout.approvedBy.length > 0 && runs !== null && prod.endpointFailed,
  };
}

/**
 * What titanic deployed has its variant's name; of what it adopted the name is not in the record. What is there in the
 * moment of the change decides, and is looked at then.
 */
function guardrailNow({ environments: { prod } }: ServiceState, { candidate }: Rollout): Guardrail | null {
  const { plans, marketplace = false } = candidate;
  const runs = prod.stack.at(-1);
  // Whatever is configured: a creation has nothing to guard.
  if (runs === undefined) return { on: false, because: 'first-deployment' };
  const guardrail = guardrailOf(plans.prod, { runs: true, variantNames: [VARIANT], marketplace });
  return guardrail.on && runs.rolloutId === null ? null : guardrail;
}

function usualTimes(state: ServiceState, rollout: Rollout): RolloutCard['usual'] {
  const { prod } = state.environments;
  const guardrail = guardrailNow(state, rollout);
  const { strategy } = rollout.candidate.plans.prod;
  const guarded = guardrail === null || guardrail.on ? strategy : undefined;
  const step: StepName | null =
    rollout.status === 'testing' ? 'smoke tests' : rollout.status === 'verifying' ? 'check of prod' : null;
  return {
    promotion: usualChange(prod, {
      call: prod.stack.length === 0 ? 'create' : 'update',
      shift: guarded === undefined ? null : shiftOf(guarded),
    }),
    rollback: usualChange(prod, { call: 'update', shift: null }),
    step: step === null ? null : usualStep(state, step),
  };
}

function rollbackNow({ environments: { prod } }: ServiceState, rollout: Rollout): StackedTarget | null {
  const { deployment, intent, rollback, settled, stack } = prod;
  if (rollback !== null) return null;
  if (rollout.status === 'prod') {
    const mine = deployment?.kind === 'rollout' && deployment.owner === rollout.id && deployment.abort === null;
    // Before the first call there is nothing to go back from.
    return mine && (deployment.followed !== null || intent !== null) ? rollbackTarget(prod) : null;
  }
  const there = rollout.status === 'verifying' || (rollout.status === 'ended' && rollout.outcome === 'promoted');
  const runs = stack.at(-1)?.rolloutId === rollout.id && settled && deployment === null && intent === null;
  return there && runs ? rollbackTarget(prod) : null;
}

function isAgain(other: Rollout, { id, candidate }: Rollout, endedAt: string): boolean {
  return other.id !== id && other.candidate.packageArn === candidate.packageArn && other.startedAt >= endedAt;
}

/** The rollback that was recorded in the same entry. */
function begunWith(state: ServiceState, at: string): RolloutCard['goesBack'] {
  const { staging, prod } = state.environments;
  const found = [staging.rollback, prod.rollback, ...state.endedRollbacks].find((r) => r?.at === at);
  if (found == null) return null;
  const { id, environment, target } = found;
  return { id, environment, target, holds: prod.returned?.rollbackId === id };
}
