import type { ModelStage } from '../rollout/model-stages.ts';
import type { Reason } from '../rollout/reasons.ts';
import type { WonApproval } from '../rollout/won-intent.ts';
import type { CallReply } from './endpoints.ts';

/** Writing to the Model Registry. Never throws. */
export interface RegistryDecisions {
  /** Sets the approval status that the won intent names. Told again with the same intent it changes nothing more. */
  decide(request: {
    readonly permission: WonApproval;
    /** Who won it, so that a record that begins anew repeats no intent of an older one. */
    readonly writer: string;
    readonly description: string;
    readonly signal: AbortSignal;
    readonly stillFresh: () => boolean;
  }): Promise<CallReply>;
  /** Best effort; null: it is written. */
  setStage(packageArn: string, stage: ModelStage, words: string): Promise<Reason | null>;
}
