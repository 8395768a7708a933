import type { Strategy } from './strategy.ts';

/** What a rollout rolls out: the sealed candidate, the plan of both environments, and where a deployment can go. */

export const ENVIRONMENTS = ['staging', 'prod'] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

/** The only variant of every endpoint: guardrails need the same name in the old and the new config for ever. */
export const VARIANT = 'AllTraffic';

/** Everything of `titanic.yml` that shapes one environment's endpoint. Plain JSON, because its digest is sealed. */
export interface EnvironmentPlan {
  readonly endpointName: string;
  readonly executionRoleArn: string;
  readonly capacity:
    | { readonly kind: 'instances'; readonly instanceType: string; readonly instanceCount: number }
    | { readonly kind: 'serverless'; readonly memoryMb: number; readonly maxConcurrency: number };
  readonly containerEnv: Readonly<Record<string, string>>;
  readonly vpc?: { readonly subnets: readonly string[]; readonly securityGroups: readonly string[] };
  readonly kmsKeyId?: string;
  readonly networkIsolation: boolean;
  readonly startupTimeoutSeconds?: number;
  readonly modelDownloadTimeoutSeconds?: number;
  readonly tags: Readonly<Record<string, string>>;
  /** Absent: SageMaker exchanges the fleets at once, and nothing guards it. */
  readonly strategy?: Strategy;
}

/** What the registry said of a model package at the moment of sealing; compared field by field later. */
export interface PackageSeal {
  readonly packageArn: string;
  readonly version: number;
  /** sha256 of the canonical inference specification. */
  readonly inferenceSpecDigest: string;
  readonly image: string;
  readonly imageDigest: string | null;
  readonly modelDataUrl: string | null;
  readonly modelDataEtag: string | null;
}

/** The sealed thing being rolled out. Nothing else ever reaches prod. */
export interface Candidate extends PackageSeal {
  readonly plans: Readonly<Record<Environment, EnvironmentPlan>>;
  /** Of the AWS Marketplace, for which SageMaker guards nothing; absent: it is not. */
  readonly marketplace?: true;
  /** sha256 of each plan's canonical form. */
  readonly planDigests: Readonly<Record<Environment, string>>;
}

/** A config that an endpoint can be brought to: of a candidate, or of before. */
export interface Target {
  readonly configName: string;
  readonly modelName: string | null;
  /** null: an adopted endpoint that runs something outside the registry. */
  readonly packageArn: string | null;
  readonly version: number | null;
  readonly imageDigest: string | null;
  /** The rollout that brought it there; null for an adopted one. */
  readonly rolloutId: string | null;
}
