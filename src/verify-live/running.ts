import { told } from '../evidence/summary-parts.ts';
import type { Candidate, Environment } from '../rollout/candidate.ts';
import type { Entry } from '../rollout/events.ts';
import { rollbackTarget } from '../rollout/going-back.ts';
import type { EnvironmentState, StackedTarget } from '../rollout/state.ts';

/** What the record says about one environment. */
export interface Running {
  readonly environment: Environment;
  readonly state: EnvironmentState;
  /** null: nothing that titanic deployed or adopted. */
  readonly target: StackedTarget | null;
  /** What changes the endpoint now; null: nothing. */
  readonly moving: string | null;
  readonly candidate: Candidate | null;
  /** The model and the config that were made for it. */
  readonly parts: readonly { readonly what: string; readonly arn: string }[];
  readonly back: StackedTarget | null;
}

export function runningIn(environment: Environment, state: EnvironmentState, entries: readonly Entry[]): Running {
  const target = state.stack.at(-1) ?? null;
  const id = target?.rolloutId ?? null;
  const started = told(entries, 'RolloutStarted').find(({ event }) => event.rolloutId === id);
  return {
    environment,
    state,
    target,
    moving: movingIn(state),
    candidate: started?.event.candidate ?? null,
    parts: id === null ? [] : partsOf(environment, id, entries),
    back: rollbackTarget(state),
  };
}

function movingIn({ deployment, rollback, intent }: EnvironmentState): string | null {
  return deployment?.owner ?? rollback?.id ?? (intent === null ? null : 'a call without a known outcome');
}

function partsOf(environment: Environment, owner: string, entries: readonly Entry[]): Running['parts'] {
  const deployments = told(entries, 'DeploymentStarted')
    .filter(({ event }) => event.owner === owner && event.environment === environment)
    .map(({ entry }) => entry.seq);
  const prepared = told(entries, 'DeploymentPrepared').findLast(({ event }) => deployments.includes(event.deployment));
  if (prepared === undefined) return [];
  const { created, adopted } = prepared.event;
  return [...created.map(({ what, arn }) => ({ what, arn })), ...adopted.map((arn) => ({ what: kindOf(arn), arn }))];
}

function kindOf(arn: string): string {
  if (/:alarm:/.test(arn)) return 'alarm';
  return /:endpoint-config\//.test(arn) ? 'endpoint configuration' : 'model';
}
