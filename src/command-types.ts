import type { WrittenTime } from './calendar.ts';
import type { EnvironmentName } from './config-types.ts';

/** What somebody asked for, in words of Slack or of the command line. Nothing is decided yet. */
export type Command = { readonly service?: string } & (
  | {
      readonly verb: 'deploy';
      readonly environment: 'staging';
      /** Absent: the newest approved package of the group. */
      readonly model?: ModelChoice;
      readonly note?: string;
    }
  | { readonly verb: 'menu' }
  | { readonly verb: 'status' }
  | {
      readonly verb: 'promote';
      readonly rollout?: string;
      /** Not before; absent: at once. */
      readonly at?: WrittenTime;
      /** Alone, past what stands in the way, for this reason. */
      readonly breakGlass?: string;
    }
  | { readonly verb: 'reject'; readonly rollout?: string; readonly reason?: string }
  | { readonly verb: 'cancel'; readonly rollout?: string }
  | {
      readonly verb: 'rollback';
      readonly environment: EnvironmentName;
      readonly to?: number;
      readonly reason?: string;
    }
  | { readonly verb: 'approve-model'; readonly version: number; readonly reason?: string }
  | { readonly verb: 'reject-model'; readonly version: number; readonly reason?: string }
  | { readonly verb: 'withdraw'; readonly rollout?: string }
  | { readonly verb: 'review'; readonly rollout: string; readonly note: string }
  | { readonly verb: 'snooze'; readonly rollout?: string; readonly reason: string }
  | { readonly verb: 'models' }
  | { readonly verb: 'smoke'; readonly environment: EnvironmentName }
  | {
      readonly verb: 'lock';
      readonly environment: EnvironmentName;
      /** Absent: until `unlock`. */
      readonly forSeconds?: number;
      readonly reason: string;
    }
  | { readonly verb: 'unlock'; readonly environment: EnvironmentName; readonly reason: string }
  | { readonly verb: 'history'; readonly count: number }
  | { readonly verb: 'evidence'; readonly rollout: string }
  | { readonly verb: 'verify' }
  | { readonly verb: 'cost' }
  | { readonly verb: 'recommend' }
  | { readonly verb: 'cleanup'; readonly target: CleanupTarget; readonly apply: boolean }
  | { readonly verb: 'adopt'; readonly environment: EnvironmentName; readonly reason: string }
  | { readonly verb: 'acknowledge-break'; readonly reason: string }
  | { readonly verb: 'help'; readonly topic?: Verb }
);

export type Verb = Command['verb'];

export type ModelChoice =
  | { readonly kind: 'version'; readonly version: number }
  | { readonly kind: 'arn'; readonly arn: string };

export type CleanupTarget = 'leftovers' | EnvironmentName | 'all';

/** The words were not understood, so nothing is done. Plain text, free of control characters. */
export type UsageProblem = {
  readonly verb: 'usage-problem';
  /** One sentence or two: what was not understood, and the nearest that would be. */
  readonly message: string;
  /** Lines of usage: of the verb if there is one, else of all. */
  readonly usage: readonly string[];
};
