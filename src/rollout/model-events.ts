import type { CallOutcome } from './events.ts';
import type { ModelFacts } from './model-facts.ts';
import type { Reason } from './reasons.ts';

/** How a question to approvers about a model package ended. */
export type ModelApprovalOutcome =
  | 'approved'
  | 'rejected'
  | 'approved-outside'
  | 'rejected-outside'
  | 'expired'
  | 'failed';

/** What became of a call to the Model Registry; told again it changes nothing more, so `lapsed` is just tried again. */
export type RegistryOutcome =
  | Extract<CallOutcome, { kind: 'accepted' | 'refused' | 'withdrawn' }>
  | { readonly kind: 'landed' | 'lapsed' };

/** What is recorded of decisions about model packages. */
export type ModelEvent =
  | {
      readonly type: 'ModelApprovalAsked';
      readonly approvalId: string;
      readonly packageArn: string;
      readonly version: number;
      readonly facts: ModelFacts;
      /** What prod ran when it was asked. */
      readonly beside: ModelFacts | null;
      readonly requester: string | null;
      /** Nobody has checked that the requester exists. */
      readonly unchecked?: boolean;
      /** The GitHub login in whose name a pipeline ran. */
      readonly githubUser?: string;
      readonly note: string | null;
      /** Once it is approved it is deployed to staging. */
      readonly deploys: boolean;
      /** ISO 8601. */
      readonly expiresAt: string;
    }
  | {
      readonly type: 'ModelDecided';
      readonly approvalId: string;
      readonly by: string;
      readonly approve: boolean;
      readonly reason: string | null;
    }
  | {
      readonly type: 'RegistryCallIntended';
      readonly approvalId: string;
      readonly packageArn: string;
      readonly status: 'Approved' | 'Rejected';
    }
  | {
      readonly type: 'RegistryCallDecided';
      readonly approvalId: string;
      readonly intent: number;
      readonly outcome: RegistryOutcome;
    }
  | {
      readonly type: 'ModelApprovalEnded';
      readonly approvalId: string;
      readonly outcome: ModelApprovalOutcome;
      readonly reason: Reason;
      readonly by: string | null;
    }
  | {
      /** What prod runs was rejected: by titanic, or (`by` null) outside of it. */
      readonly type: 'ModelRejectionSeen';
      readonly approvalId: string;
      readonly packageArn: string;
      readonly version: number;
      readonly by: string | null;
    };
