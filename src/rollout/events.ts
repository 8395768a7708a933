import type { AutoStageEvent, Trigger } from './auto-stage-events.ts';
import type { Candidate, Environment, Target } from './candidate.ts';
import type { CleanupEvent } from './cleanup-events.ts';
import type { GuardEvent } from './guard-events.ts';
import type { IdleEvent } from './idle-events.ts';
import type { ModelEvent } from './model-events.ts';
import type { RegistryFacts } from './model-facts.ts';
import type { Reason } from './reasons.ts';
import type { ReminderEvent } from './reminder-events.ts';
import type { Strategy } from './strategy.ts';

/** Who did something. A person is known by the Slack id of the signed payload; a pipeline by its AWS identity. */
export type Actor =
  | { readonly kind: 'person'; readonly id: string; readonly via: 'slack' }
  | { readonly kind: 'pipeline'; readonly id: string; readonly via: 'cli' }
  | { readonly kind: 'titanic' };

/** What an endpoint showed right before a call to it was intended; what "changed" is measured against. */
export type Baseline =
  | { readonly present: false }
  | {
      readonly present: true;
      readonly status: string;
      /** ISO 8601 with milliseconds; compared for equality only, never for order. */
      readonly lastModified: string;
      readonly configName: string;
      readonly pendingConfigName: string | null;
      readonly variants: readonly VariantSeen[];
    };

export interface VariantSeen {
  readonly name: string;
  readonly desiredCount: number | null;
  readonly currentCount: number | null;
  readonly desiredWeight: number | null;
  readonly currentWeight: number | null;
}

/** The exact parameters of a call that changes an endpoint. */
export type EndpointCall =
  | {
      readonly kind: 'create';
      readonly endpointName: string;
      readonly configName: string;
      readonly tags: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: 'update';
      readonly endpointName: string;
      readonly configName: string;
      readonly retainVariantProperties: boolean;
      /** How SageMaker shifts the traffic and what takes it back; absent: at once, and nothing guards it. */
      readonly strategy?: Strategy;
    }
  | { readonly kind: 'delete'; readonly endpointName: string };

export type CallOutcome =
  | { readonly kind: 'accepted'; readonly requestId: string | null }
  /** `retryable`: throttled, or refused by a state that passes; a retry is a new intent after a back-off. */
  | {
      readonly kind: 'refused';
      readonly requestId: string | null;
      readonly reason: Reason;
      readonly retryable: boolean;
    }
  | { readonly kind: 'withdrawn'; readonly why: string }
  | { readonly kind: 'landed'; readonly seen: Baseline }
  | { readonly kind: 'lapsed'; readonly seen: Baseline };

/**
 * `removal`: the endpoint is deleted: nothing on staging passed and the configuration says so, or by a clean-up.
 * `stop`: it is deleted because nobody uses it, and what it ran comes back with the next deploy, smoke run or rollback.
 */
export type DeploymentKind = 'rollout' | 'rollback' | 'removal' | 'stop';

/** Why an endpoint is brought back. */
export type RollbackCause =
  | 'asked'
  | 'smoke-failed'
  | 'cancelled'
  | 'check-failed'
  | 'analysis-failed'
  | 'deployment-failed'
  | 'recreate'
  | 'smoke-asked';

export type RolloutOutcome =
  | 'promoted'
  | 'failed'
  | 'rejected'
  | 'cancelled'
  | 'superseded'
  | 'expired'
  | 'voided'
  | 'rolled-back'
  | 'given-up';

export interface SmokeNumbers {
  readonly n: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly p95LowMs: number | null;
  readonly p95HighMs: number | null;
  readonly errorRate: number;
  readonly latenessP99Ms: number;
  /** The shape of the latencies, rising: `ms` at percentile `p`; absent: of an older run, or nothing was timed. */
  readonly percentiles?: readonly { readonly p: number; readonly ms: number }[];
}

export interface SmokeFinding {
  readonly check: string;
  readonly measured: string;
  readonly threshold: string;
  readonly ok: boolean;
}

/** What the log keeps of a smoke run. `histogram` is hdr-histogram-js's compressed base64 form, in microseconds. */
export interface SmokeResult {
  readonly verdict: 'passed' | 'failed' | 'inconclusive';
  readonly why: string | null;
  readonly numbers: SmokeNumbers;
  readonly findings: readonly SmokeFinding[];
  /** Name and verdict of each case; never a payload. */
  readonly cases: readonly { readonly name: string; readonly ok: boolean; readonly why: string | null }[];
  readonly errorClasses: Readonly<Record<string, number>>;
  /** prod measured in the same run, when `smoke.compareWithProd` is set. */
  readonly compared: SmokeNumbers | null;
  readonly histogram: string;
}

/** `gate`: decides whether the gate opens. `check`: prod's own check. `alone`: asked by a person, changes no gate. */
export type SmokePurpose = 'gate' | 'check' | 'alone';

/** One look of the measuring process at what it measures. */
export interface SmokeLook {
  readonly lastModified: string;
  readonly configName: string;
  readonly status: string;
  readonly pendingConfigName: string | null;
}

/**
 * Everything that can be recorded, in the past tense. Types are added, never changed: old logs are folded by new code.
 * An entry's `seq` is the id of what it starts: rollouts (`SERVICE-seq`), deployments, intents, smoke claims, holds.
 */
export type Event =
  | {
      readonly type: 'RolloutStarted';
      readonly rolloutId: string;
      readonly candidate: Candidate;
      /** null: nobody is known; then the quorum is one higher. */
      readonly requester: string | null;
      /** The GitHub login in whose name a pipeline ran. */
      readonly githubUser?: string;
      /** titanic began it by itself; absent: somebody asked for it. */
      readonly automatic?: Trigger;
      readonly note: string | null;
      readonly quorum: number;
      readonly approvalExpiresAfterHours: number;
      /** What the registry said of the package, and of what prod ran then; for those who decide. */
      readonly about?: RegistryFacts;
    }
  | {
      readonly type: 'EndpointAdopted';
      readonly environment: Environment;
      readonly endpointName: string;
      readonly arn: string;
      readonly target: Target;
      readonly reason: Reason;
    }
  | {
      readonly type: 'DeploymentStarted';
      readonly environment: Environment;
      readonly kind: DeploymentKind;
      /** The rollout or rollback that it belongs to; of a stop an id of its own. */
      readonly owner: string;
      readonly target: Target;
      /** ISO 8601. */
      readonly deadlineAt: string;
    }
  | {
      readonly type: 'DeploymentPrepared';
      readonly environment: Environment;
      readonly deployment: number;
      readonly created: readonly { readonly what: string; readonly arn: string; readonly requestId: string | null }[];
      readonly adopted: readonly string[];
    }
  | {
      readonly type: 'CallIntended';
      readonly environment: Environment;
      readonly deployment: number;
      readonly call: EndpointCall;
      readonly baseline: Baseline;
    }
  | {
      readonly type: 'CallDecided';
      readonly environment: Environment;
      readonly intent: number;
      readonly outcome: CallOutcome;
    }
  | {
      readonly type: 'ProgressSeen';
      readonly environment: Environment;
      readonly deployment: number;
      readonly words: string;
    }
  | {
      readonly type: 'DeploymentAbortMarked';
      readonly environment: Environment;
      readonly deployment: number;
      readonly why: Reason;
    }
  | {
      readonly type: 'DeploymentOverdue';
      readonly environment: Environment;
      readonly deployment: number;
      readonly minutes: number;
    }
  | {
      readonly type: 'DeploymentSucceeded';
      readonly environment: Environment;
      readonly deployment: number;
      readonly endpointArn: string;
      readonly images: readonly string[];
      readonly reason: Reason;
    }
  | {
      readonly type: 'DeploymentFailed';
      readonly environment: Environment;
      readonly deployment: number;
      readonly reason: Reason;
      readonly seen: Baseline | null;
    }
  | {
      readonly type: 'SmokeStarted';
      readonly environment: Environment;
      readonly purpose: SmokePurpose;
      readonly rolloutId: string | null;
      readonly configName: string;
      readonly lastModified: string;
      readonly longestMs: number;
    }
  | {
      readonly type: 'SmokeFinished';
      readonly environment: Environment;
      readonly claim: number;
      readonly before: SmokeLook | null;
      readonly after: SmokeLook | null;
      readonly result: SmokeResult;
    }
  | { readonly type: 'SmokeVoided'; readonly environment: Environment; readonly claim: number; readonly reason: Reason }
  | { readonly type: 'SmokeRepeatAsked'; readonly rolloutId: string }
  | {
      readonly type: 'GateOpened';
      readonly rolloutId: string;
      /** ISO 8601. */
      readonly expiresAt: string;
      /** How many have to approve, where that is more than when it began. */
      readonly quorum?: number;
      /** staging is stopped while it is open, after so many hours without use; absent: it is not. */
      readonly idleStopHours?: number;
    }
  | {
      readonly type: 'ApprovalGiven';
      readonly rolloutId: string;
      readonly by: string;
      readonly have: number;
      readonly need: number;
      /** Who gave it was in the group of which one approval must be; absent: not, or there is none. */
      readonly mandatory?: true;
    }
  | {
      readonly type: 'ApprovalWithdrawn';
      readonly rolloutId: string;
      readonly by: string;
      readonly have: number;
      readonly need: number;
    }
  /** Approved for later: prod is not touched before. ISO 8601. */
  | { readonly type: 'PromotionScheduled'; readonly rolloutId: string; readonly at: string; readonly by: string }
  /** One approver alone, past what stood in the way; `holds` are ids of those that no longer count for this rollout. */
  | {
      readonly type: 'GlassBroken';
      readonly rolloutId: string;
      readonly by: string;
      readonly reason: string;
      readonly holds: readonly number[];
      /** What would have stood in the way, in words. */
      readonly over: readonly string[];
    }
  | { readonly type: 'GlassReviewed'; readonly rolloutId: string; readonly by: string; readonly note: string }
  | { readonly type: 'PromotionApproved'; readonly rolloutId: string; readonly by: readonly string[] }
  | { readonly type: 'ApprovalsVoided'; readonly rolloutId: string; readonly reason: Reason }
  | { readonly type: 'WaitNoted'; readonly rolloutId: string; readonly reason: Reason | null }
  | { readonly type: 'RolloutHeld'; readonly rolloutId: string; readonly reason: Reason }
  | {
      readonly type: 'RolloutEnded';
      readonly rolloutId: string;
      readonly outcome: RolloutOutcome;
      readonly reason: Reason;
      readonly by: string | null;
    }
  | {
      readonly type: 'RollbackStarted';
      readonly rollbackId: string;
      readonly environment: Environment;
      readonly cause: RollbackCause;
      readonly target: Target;
      /** The config that is left for good, if one ran; its deployments leave the stack. */
      readonly leaving: string | null;
      readonly by: string | null;
      readonly reason: string | null;
      /** Delete a Failed endpoint first; an approver asked for it. */
      readonly recreate: boolean;
    }
  | {
      readonly type: 'RollbackEnded';
      readonly rollbackId: string;
      readonly environment: Environment;
      readonly reached: boolean;
      readonly reason: Reason;
    }
  | {
      readonly type: 'HoldPlaced';
      readonly environment: Environment;
      readonly kind: 'lock' | 'after-rollback' | 'check';
      readonly by: string | null;
      readonly reason: string /** ISO 8601; null: until released. */;
      readonly until: string | null;
    }
  | {
      readonly type: 'HoldReleased';
      readonly environment: Environment;
      readonly holds: readonly number[];
      readonly by: string;
      readonly reason: string;
    }
  | {
      readonly type: 'CommandRefused';
      readonly verb: string;
      readonly rolloutId: string | null;
      readonly by: string;
      readonly reason: Reason;
    }
  | { readonly type: 'RefusalsCounted'; readonly by: string; readonly count: number }
  | {
      readonly type: 'BreakAcknowledged';
      readonly breaks: readonly BrokenPlace[];
      readonly by: string;
      readonly reason: string;
    }
  | ReminderEvent
  | AutoStageEvent
  | GuardEvent
  | IdleEvent
  | ModelEvent
  | CleanupEvent;

/** Where the chain does not hold, as it stood when somebody looked. */
export interface BrokenPlace {
  readonly seq: number;
  /** Digest of what stands at that place and of what it should follow; of a gap, of its two edges. */
  readonly hash: string;
  readonly why: string;
}

export type EventOf<T extends Event['type']> = Extract<Event, { type: T }>;

/** One log entry, as read back. `body` is exactly what was hashed. */
export interface Entry {
  readonly seq: number;
  readonly at: string;
  readonly rolloutId: string | null;
  readonly actor: Actor;
  readonly reason: Reason | null;
  readonly commandKey: string | null;
  readonly events: readonly Event[];
  readonly writer: string;
  readonly nonce: string;
  readonly prevHash: string;
  readonly hash: string;
}
