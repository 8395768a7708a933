import type { Reason } from './reasons.ts';

/** What made titanic begin a rollout by itself. */
export type Trigger =
  /** The time of the schedule (ISO 8601). */
  | { readonly kind: 'schedule'; readonly at: string }
  /** A package was approved in the Model Registry. */
  | { readonly kind: 'package' };

/** What is recorded of rollouts to staging that nobody asks for, beside the rollouts themselves. */
export type AutoStageEvent =
  | {
      /** Said once of each version: it is due, and something is in its way. */
      readonly type: 'AutoStageWaits';
      readonly packageArn: string;
      readonly version: number;
      readonly trigger: Trigger;
      readonly reason: Reason;
    }
  /** What waited is not the newest approved version any more. */
  | { readonly type: 'AutoStageDropped'; readonly version: number };

/** What is due to be rolled out by itself, and what was in its way when that was recorded. */
export interface WaitingToStage {
  readonly version: number;
  readonly packageArn: string;
  readonly trigger: Trigger;
  readonly reason: Reason;
  readonly at: string;
}
