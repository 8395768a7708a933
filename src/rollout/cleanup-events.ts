import type { Environment } from './candidate.ts';
import type { CleanupTarget, Deletion, DeletionResult, ResourceKind } from './cleanup.ts';
import type { Reason } from './reasons.ts';

/** How a clean-up ended. `void`: the world had changed since its plan was shown. */
export type CleanupOutcome = 'done' | 'failed' | 'stopped' | 'discarded' | 'expired' | 'void';

/** What is recorded of a clean-up. */
export type CleanupEvent =
  | {
      readonly type: 'CleanupProposed';
      readonly cleanupId: string;
      readonly target: CleanupTarget;
      /** sha256 of the plan as it was shown. */
      readonly digest: string;
      readonly deletions: readonly Deletion[];
      /** What stays and why, as much as an entry has room for. */
      readonly kept: readonly { readonly kind: ResourceKind; readonly name: string; readonly because: string }[];
      readonly keptMore: number;
      readonly by: string;
      /** ISO 8601; nobody has confirmed it by then: it is over. */
      readonly expiresAt: string;
    }
  | {
      readonly type: 'CleanupConfirmed';
      readonly cleanupId: string;
      readonly by: string;
      /** Whose endpoint is deleted, as a deployment of its own. */
      readonly removes: readonly Environment[];
      /** Whose endpoint is gone already: the record forgets what it ran. */
      readonly forgets: readonly Environment[];
      /** ISO 8601. */
      readonly deadlineAt: string;
    }
  | {
      readonly type: 'CleanupRoundIntended';
      readonly cleanupId: string;
      readonly deletions: readonly Deletion[];
    }
  | {
      readonly type: 'CleanupRoundDone';
      readonly cleanupId: string;
      /** Seq of its CleanupRoundIntended. */
      readonly round: number;
      /** What is not named was not tried, or nobody knows: it is tried again. */
      readonly results: readonly DeletionResult[];
      /** ISO 8601; no new round before. */
      readonly notBefore: string | null;
    }
  | { readonly type: 'CleanupStopAsked'; readonly cleanupId: string; readonly by: string }
  | {
      readonly type: 'CleanupEnded';
      readonly cleanupId: string;
      readonly outcome: CleanupOutcome;
      readonly reason: Reason;
      readonly by: string | null;
    };
