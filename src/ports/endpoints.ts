import type { Candidate, Environment } from '../rollout/candidate.ts';
import type { EndpointCall } from '../rollout/events.ts';
import type { PrepareResult } from '../rollout/input.ts';
import type { ChainSeen, EndpointSeen, Reading } from '../rollout/observation.ts';
import type { Reason } from '../rollout/reasons.ts';
import type { WonIntent } from '../rollout/won-intent.ts';

/** What became of a call that changes an endpoint. `unclear` is no outcome: time-out, reset, 5xx, aborted. */
export type CallReply =
  | { readonly kind: 'accepted'; readonly requestId: string | null }
  | {
      readonly kind: 'refused';
      readonly requestId: string | null;
      readonly reason: Reason;
      readonly retryable: boolean;
    }
  /** Certainly nothing left this machine. */
  | { readonly kind: 'not-sent'; readonly why: string }
  | { readonly kind: 'unclear'; readonly why: string };

export interface PrepareRequest {
  readonly environment: Environment;
  readonly candidate: Candidate;
  readonly configName: string;
  readonly modelName: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** SageMaker's endpoints and what they are made of. Reads never throw: what cannot be read is unknown. */
export interface Endpoints {
  describe(environment: Environment, endpointName: string): Promise<Reading<EndpointSeen | null>>;
  /** null: the config is gone. */
  chain(environment: Environment, configName: string): Promise<Reading<ChainSeen | null>>;
  /** Of whatever titanic made for an endpoint: itself, a config, a model, an alarm. */
  tags(environment: Environment, arn: string): Promise<Reading<Readonly<Record<string, string>>>>;
  /** Creates the model and the config, or finds its own earlier work and compares every field that matters. Repeatable. */
  prepare(request: PrepareRequest): Promise<PrepareResult>;
  /**
   * Sends once, without a retry. The won intent is the right to send; `signal` destroys the socket. `stillFresh` is
   * asked as the last thing before the request's first byte: whatever had to be awaited for it (an identity, a
   * connection) may have taken long, and the machine may have been suspended meanwhile.
   */
  send(call: EndpointCall, permission: WonIntent, signal: AbortSignal, stillFresh: () => boolean): Promise<CallReply>;
}
