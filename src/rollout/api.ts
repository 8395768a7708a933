import type { Environment } from './candidate.ts';
import type { CleanupTarget } from './cleanup.ts';
import type { Actor, Entry } from './events.ts';
import type { Automatic, PromoteRequest, Standing } from './input.ts';
import type { Reading } from './observation.ts';
import type { Reason } from './reasons.ts';
import type { ServiceState } from './state.ts';

/** What a person or a pipeline asks of the core; facts that a decision needs are gathered by the engine. */
export type Request =
  | {
      readonly verb: 'deploy';
      readonly model: { readonly version: number } | { readonly arn: string } | null;
      readonly note: string | null;
      readonly requestedBy?: string;
      /** The GitHub login in whose name a pipeline runs. */
      readonly githubUser?: string;
      /** Slack could not be asked who that is: one more approval is needed. */
      readonly unchecked?: boolean;
      /** titanic's own rollout, which nobody asks for. */
      readonly automatic?: Automatic;
    }
  | PromoteRequest
  | { readonly verb: 'withdraw'; readonly rolloutId: string | null }
  | { readonly verb: 'review'; readonly rolloutId: string; readonly note: string }
  | { readonly verb: 'reject'; readonly rolloutId: string | null; readonly reason: string | null }
  | { readonly verb: 'cancel'; readonly rolloutId: string | null }
  | {
      readonly verb: 'rollback';
      readonly environment: Environment;
      readonly toVersion: number | null;
      readonly reason: string | null;
      readonly furtherThan: string | null;
      /** The rollout that is to be left: nothing is done where the environment has gone on to another. */
      readonly leaving?: string;
    }
  | { readonly verb: 'snooze'; readonly rolloutId: string | null; readonly reason: string }
  | { readonly verb: 'recreate' }
  | {
      readonly verb: 'lock';
      readonly environment: Environment;
      readonly forSeconds: number | null;
      readonly reason: string;
    }
  | { readonly verb: 'unlock'; readonly environment: Environment; readonly reason: string }
  | { readonly verb: 'smoke'; readonly environment: Environment }
  | { readonly verb: 'smoke-again'; readonly rolloutId: string }
  | { readonly verb: 'give-up'; readonly rolloutId: string }
  | { readonly verb: 'adopt'; readonly environment: Environment; readonly reason: string }
  | { readonly verb: 'acknowledge-break'; readonly reason: string }
  /** Of a version of the group, or of the package that an approver was asked about. */
  | {
      readonly verb: 'approve-model' | 'reject-model';
      readonly approvalId: string | null;
      readonly version: number | null;
      readonly reason: string | null;
    }
  | { readonly verb: 'leave-rejected'; readonly alarmId: string }
  /** In Slack a plan is proposed; on the command line it is carried out if `confirm` is of exactly what is there. */
  | { readonly verb: 'cleanup'; readonly target: CleanupTarget; readonly confirm: string | null }
  | { readonly verb: 'confirm-cleanup'; readonly cleanupId: string }
  | { readonly verb: 'stop-cleanup'; readonly cleanupId: string };

export interface Submission {
  readonly service: string;
  readonly request: Request;
  readonly actor: Actor;
  readonly standing: Standing;
  /** Equal for repeated deliveries of the same word or click, different otherwise. */
  readonly key: string;
}

/** The answer to a submission. `duplicate`: this very delivery was recorded before, with this answer. */
export interface Answer {
  readonly kind: 'done' | 'refused' | 'duplicate';
  readonly reason: Reason;
  /** The rollout or rollback that it is about. */
  readonly subject: string | null;
}

/** What the edges (Slack, command line) may ask of the core. */
export interface Rollouts {
  /** Load → gather facts → decide → commit → nudge. Always answers; never throws for an expected failure. */
  submit(submission: Submission): Promise<Answer>;
  /** Records how many requests of whom were refused unseen, because they came too fast. Never throws. */
  countRefusals(service: string, counts: readonly { readonly by: string; readonly count: number }[]): Promise<void>;
  /** What the registry says of a package that may be in prod; recorded only where that matters. Never throws. */
  modelSeen(service: string, packageArn: string, approval: string): Promise<void>;
  /** This version waited to be rolled out by itself, and is not what would be rolled out now. Never throws. */
  notStaged(service: string, version: number): Promise<void>;
  /** The state as the log says right now. */
  state(service: string): Promise<Reading<ServiceState>>;
  /** The log's entries with seq in [from, to], in order. */
  entries(service: string, from: number, to: number): Promise<Reading<readonly Entry[]>>;
}
