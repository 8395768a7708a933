import type { Environment } from './candidate.ts';
import type { AlarmState } from './guard-events.ts';
import { guardOfCall } from './kill-switch.ts';
import type { Deployment, FleetAnalysis, ServiceState } from './state.ts';
import type { Strategy } from './strategy.ts';
import { changeKind, type Usual, usualChange } from './usual-time.ts';

/** The change of an endpoint that is under way, as the record says. */
export interface ChangeNow {
  readonly environment: Environment;
  /** SageMaker's own, and since when as far as it was seen (ISO 8601). */
  readonly words: string | null;
  readonly wordsAt: string | null;
  /** When its call was sent (ISO 8601); null: none was, or its outcome is not known. */
  readonly since: string | null;
  /** How long such a change took before; null: not known. */
  readonly usual: Usual | null;
  readonly overdue: boolean;
  readonly openCall: boolean;
  /** It was stopped: what comes next goes back. */
  readonly stopped: boolean;
  /** null: nothing guards it. */
  readonly guard: GuardNow | null;
}

export interface GuardNow {
  readonly strategy: Strategy;
  /** null: they were not read yet. */
  readonly alarms: readonly AlarmState[] | null;
  /** The old fleet is kept behind the new one until then (ISO 8601); null: traffic is not all moved yet. */
  readonly keptUntil: string | null;
  /** SageMaker was told to undo it. */
  readonly told: boolean;
  /** How its fleets compared; null: they were not compared yet, or are not to be. */
  readonly analysis: FleetAnalysis | null;
}

/** What the deployment of an environment is doing; null: there is none, or another's. */
export function changeNow(
  state: ServiceState,
  environment: Environment,
  mine: (deployment: Deployment) => boolean = () => true,
): ChangeNow | null {
  const e = state.environments[environment];
  const { deployment, intent } = e;
  if (deployment === null || !mine(deployment)) return null;
  const { followed } = deployment;
  const kind = followed === null ? null : changeKind(followed.call);
  return {
    environment,
    words: deployment.words,
    wordsAt: deployment.wordsAt,
    since: followed?.since ?? null,
    usual: kind === null ? null : usualChange(e, kind),
    overdue: deployment.overdue,
    openCall: intent !== null,
    stopped: deployment.abort !== null,
    guard: guardNow(deployment),
  };
}

function guardNow(deployment: Deployment): GuardNow | null {
  const strategy = guardOfCall(deployment);
  if (strategy === undefined) return null;
  const { alarms, serving, trip, analysis } = deployment;
  return {
    strategy,
    alarms: alarms ?? null,
    keptUntil: serving?.until ?? null,
    told: trip?.decided?.kind === 'accepted',
    analysis: analysis ?? null,
  };
}
