import type { Environment, EnvironmentPlan } from './candidate.ts';

/** What is recorded when an endpoint is stopped because nobody uses it; its deletion is a deployment like any other. */
export type IdleEvent = {
  readonly type: 'IdleStopDecided';
  readonly environment: Environment;
  /** Seq of the DeploymentStarted of the same entry, which deletes the endpoint. */
  readonly deployment: number;
  /** The last end of a deployment, rollback or smoke run there. ISO 8601. */
  readonly usedAt: string;
  /** How long is too long, as configured. */
  readonly afterHours: number;
  /** What it ran on, which costs nothing from then on; null: the record does not keep it. */
  readonly capacity: EnvironmentPlan['capacity'] | null;
};
