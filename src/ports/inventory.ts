import type { ResourceKind } from '../rollout/cleanup.ts';
import type { Reading } from '../rollout/observation.ts';
import type { WonDeletion } from '../rollout/won-intent.ts';

interface Listed {
  readonly name: string;
  readonly arn: string;
  readonly tags: Reading<Readonly<Record<string, string>>>;
}

/** Everything of an account that might be titanic's: each kind complete, or there is no listing at all. */
export interface Listing {
  /** Every endpoint, whoever made it: a config that any of them uses is never deleted. */
  readonly endpoints: readonly (Listed & { readonly configNames: readonly string[] })[];
  readonly configs: readonly (Listed & { readonly modelNames: readonly string[] })[];
  /** The alarms of CloudWatch that are named as titanic names those of a config. */
  readonly alarms: readonly Listed[];
  readonly models: readonly Listed[];
}

export type RemovalReply =
  /** It is not there any more. */
  | { readonly kind: 'gone'; readonly requestId: string | null }
  /** SageMaker took it and is at it. */
  | { readonly kind: 'going'; readonly requestId: string | null }
  | {
      readonly kind: 'refused';
      readonly why: string;
      readonly retryable: boolean;
      readonly requestId: string | null;
    }
  /** Time-out, reset, 5xx: to be looked at again. */
  | { readonly kind: 'unclear'; readonly why: string };

/** What there is in SageMaker and CloudWatch beyond the configured endpoints. Reads never throw: what cannot be read is unknown. */
export interface Inventory {
  /** Pages through everything; tags are read of what the prefix or a configured name makes likely to be ours. */
  list(): Promise<Reading<Listing>>;
  /** For each config, alarm or model that is used right now, by what; only of what `list` would look into. */
  users(kind: ResourceKind): Promise<Reading<ReadonlyMap<string, string>>>;
  /** null: it is not there any more. */
  tags(name: string, arn: string): Promise<Reading<Readonly<Record<string, string>> | null>>;
  /**
   * Deletes one thing that the won round names; any other is refused. What is not there is gone already, so this may
   * be repeated. `stillFresh` is asked in the last line before the request; `signal` destroys the socket.
   */
  remove(
    kind: ResourceKind,
    name: string,
    permission: WonDeletion,
    signal: AbortSignal,
    stillFresh: () => boolean,
  ): Promise<RemovalReply>;
}
