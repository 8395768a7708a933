import type { Reading } from '../rollout/observation.ts';

type Tags = Readonly<Record<string, string>>;

interface Listed {
  readonly name: string;
  readonly arn: string;
  readonly tags: Reading<Tags>;
}

/** Everything of an account that might be titanic's: each kind complete, or the plan is not made. */
export interface Listing {
  /** Every endpoint, whoever made it: a config that any of them uses is never deleted. */
  readonly endpoints: readonly (Listed & { readonly configNames: readonly string[] })[];
  readonly configs: readonly (Listed & { readonly modelNames: readonly string[] })[];
  readonly models: readonly Listed[];
}

export type Kind = 'endpoint' | 'endpoint configuration' | 'model';
