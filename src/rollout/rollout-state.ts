import type { Trigger } from './auto-stage-events.ts';
import type { Candidate, Environment } from './candidate.ts';
import type { RolloutOutcome, SmokeResult } from './events.ts';
import type { RegistryFacts } from './model-facts.ts';
import type { ProdBefore } from './prod-before.ts';
import type { Reason } from './reasons.ts';
import type { Reminded } from './reminder-events.ts';
import type { Reached } from './step-times.ts';

interface RolloutBase {
  readonly id: string;
  readonly candidate: Candidate;
  readonly requester: string | null;
  /** The GitHub login in whose name a pipeline ran; null: none did. */
  readonly githubUser: string | null;
  /** titanic began it by itself; absent: somebody asked for it. */
  readonly automatic?: Trigger;
  /** Who approved the package through titanic; null: it was approved outside of it. */
  readonly modelApprovedBy: string | null;
  readonly note: string | null;
  readonly quorum: number;
  readonly approvalExpiresAfterHours: number;
  readonly startedAt: string;
  readonly reached: Reached;
  /** What stands in the way right now, as last recorded. */
  readonly waiting: Reason | null;
  /** How often that changed in the present stage, and when last (ISO 8601). */
  readonly waitNotes: { readonly count: number; readonly at: string } | null;
  /** Void or inconclusive smoke runs so far in the present stage. */
  readonly voidRuns: number;
  readonly smoke:
    | (SmokeResult & { readonly lastModified: string; readonly finishedAt: string; readonly finishedSeq: number })
    | null;
  readonly prodCheck: SmokeResult | null;
  /** As prod was when this went there or ended; absent: neither has happened. */
  readonly before?: ProdBefore;
  readonly endpointArns: Readonly<Partial<Record<Environment, string>>>;
  /** What the registry said of the package, while somebody may decide about it; absent: not recorded, or it ended. */
  readonly about?: RegistryFacts;
}

export interface Approval {
  readonly by: string;
  readonly at: string;
  /** Of the group of which one approval must be. */
  readonly mandatory?: true;
}

/** One approver took a rollout to prod alone, past what stood in the way. */
export interface BrokenGlass {
  readonly by: string;
  readonly reason: string;
  readonly at: string;
  /** Ids of the holds that do not count for this rollout. */
  readonly holds: readonly number[];
  readonly over: readonly string[];
  readonly reviewed: { readonly by: string; readonly note: string; readonly at: string } | null;
}

/** A task for an approver: another one broke the glass. */
export interface Review {
  readonly rolloutId: string;
  readonly version: number;
  readonly by: string;
  readonly reason: string;
  readonly at: string;
}

export interface Gate {
  readonly openedAt: string;
  readonly expiresAt: string;
  readonly approvals: readonly Approval[];
  /** Not before, as the approvers chose (ISO 8601); null: at once. */
  readonly notBefore: string | null;
  /** staging is stopped while it is open, after so many hours without use; absent: it is not. */
  readonly idleStopHours?: number;
  readonly reminded?: Reminded;
}

interface Approved extends RolloutBase {
  readonly gate: Gate;
  readonly approvedAt: string;
  readonly approvedBy: readonly string[];
  readonly brokenGlass: BrokenGlass | null;
}

/**
 * `staging` → `testing` → `tested` → `gate` → `approved` → `prod` → `verifying` → ended;
 * `held` after smoke runs without a verdict. Each variant holds only what exists then.
 */
export type Rollout =
  | (RolloutBase & { readonly status: 'staging' | 'testing' | 'tested' })
  | (RolloutBase & { readonly status: 'held'; readonly heldBecause: Reason })
  | (RolloutBase & { readonly status: 'gate'; readonly gate: Gate })
  | (Approved & { readonly status: 'approved' })
  | (Approved & { readonly status: 'prod' })
  | (Approved & { readonly status: 'verifying' })
  | (RolloutBase & {
      readonly status: 'ended';
      readonly outcome: RolloutOutcome;
      readonly reason: Reason;
      readonly by: string | null;
      readonly endedAt: string;
      readonly gate: Gate | null;
      readonly approvedBy: readonly string[];
      readonly brokenGlass: BrokenGlass | null;
    });

export type LiveRollout = Exclude<Rollout, { status: 'ended' }>;
export type EndedRollout = Extract<Rollout, { status: 'ended' }>;
