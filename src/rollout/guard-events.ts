import type { FleetFinding, FleetsSeen, FleetVerdict } from './analysis.ts';
import type { Environment } from './candidate.ts';
import type { CallOutcome } from './events.ts';
import type { Reason } from './reasons.ts';

/** How one alarm stood. */
export interface AlarmState {
  readonly name: string;
  readonly state: string;
  readonly why: string | null;
}

/** What is recorded about a change that SageMaker guards; part of `Event`. */
export type GuardEvent =
  /** All alarms of the change, as soon as one shows another state than was recorded last. */
  | {
      readonly type: 'AlarmsSeen';
      readonly environment: Environment;
      readonly deployment: number;
      readonly alarms: readonly AlarmState[];
    }
  /** All traffic is on the new fleet, and the old one is kept behind it until then (ISO 8601). */
  | {
      readonly type: 'FleetServing';
      readonly environment: Environment;
      readonly deployment: number;
      readonly until: string;
    }
  /** SageMaker is to undo the running update: its kill switch is set. Repeatable, since a switch that is on stays on. */
  | {
      readonly type: 'KillSwitchIntended';
      readonly environment: Environment;
      readonly deployment: number;
      readonly alarm: string;
    }
  /** Both fleets compared, as soon as the verdict changes, and now and then while it does not. */
  | {
      readonly type: 'FleetsCompared';
      readonly environment: Environment;
      readonly deployment: number;
      readonly verdict: FleetVerdict;
      readonly findings: readonly FleetFinding[];
      /** null: the metrics could not be read; `why` says it. */
      readonly fleets: FleetsSeen | null;
      readonly why: string | null;
    }
  /** The new fleet is worse: prod goes back by itself then (ISO 8601), unless somebody snoozes it. */
  | {
      readonly type: 'AutoRollbackScheduled';
      readonly environment: Environment;
      readonly deployment: number;
      readonly dueAt: string;
      readonly reason: Reason;
    }
  /** Somebody answers for waiting until then. Once for each deployment. */
  | {
      readonly type: 'AutoRollbackSnoozed';
      readonly environment: Environment;
      readonly deployment: number;
      readonly by: string;
      readonly reason: string;
      readonly dueAt: string;
    }
  | {
      readonly type: 'KillSwitchDecided';
      readonly environment: Environment;
      readonly intent: number;
      readonly outcome: Extract<CallOutcome, { kind: 'accepted' | 'refused' | 'withdrawn' }>;
    };
