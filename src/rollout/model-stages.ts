import type { Entry, EventOf } from './events.ts';
import type { ServiceState } from './state.ts';

/** How far a package has come, as the registry's life cycle says. */
export type ModelStage = 'staging' | 'prod' | 'retired';

export interface StageChange {
  readonly packageArn: string;
  readonly stage: ModelStage;
  readonly words: string;
}

/** What an entry changes about where packages stand: `before` is the state that it was decided on. */
export function stageChanges(before: ServiceState, entry: Entry): readonly StageChange[] {
  return entry.events.flatMap((event): readonly StageChange[] => {
    if (event.type === 'RollbackStarted') return left(before, event);
    if (event.type !== 'DeploymentSucceeded') return [];
    const { deployment, stack } = before.environments[event.environment];
    if (deployment === null || deployment.kind === 'removal') return [];
    const { packageArn, rolloutId } = deployment.target;
    if (packageArn === null) return [];
    const words = rolloutId === null ? 'by titanic' : `by ${rolloutId} of titanic`;
    const now: StageChange = { packageArn, stage: event.environment, words };
    const last = stack.at(-1)?.packageArn ?? null;
    if (event.environment === 'staging' || last === null || last === packageArn) return [now];
    return [now, { packageArn: last, stage: 'retired', words }];
  });
}

/** What is rolled back from is off the stack by the time the rollback has arrived. */
function left({ environments }: ServiceState, event: EventOf<'RollbackStarted'>): readonly StageChange[] {
  const packageArn = environments[event.environment].stack.at(-1)?.packageArn ?? null;
  if (event.environment === 'staging' || packageArn === null || packageArn === event.target.packageArn) return [];
  return [{ packageArn, stage: 'retired', words: `by ${event.rollbackId} of titanic` }];
}
