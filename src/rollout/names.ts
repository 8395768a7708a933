import type { Candidate, Environment, Target } from './candidate.ts';
import type { ChainSeen } from './observation.ts';

/**
 * The one name of a candidate's model and of its config in an environment: deterministic, so that a repeated Create
 * finds its own earlier work. The configuration is checked to leave room below SageMaker's 63 characters.
 */
export function resourceName(
  service: string,
  prefix: string,
  environment: Environment,
  version: number,
  rolloutId: string,
): string {
  const seq = rolloutId.slice(rolloutId.lastIndexOf('-') + 1);
  return `${prefix}${service}-${environment}-v${version}-r${seq}`;
}

/** Where a rollout brings an endpoint. */
export function targetOf(
  service: string,
  prefix: string,
  environment: Environment,
  candidate: Candidate,
  rolloutId: string,
): Target {
  const name = resourceName(service, prefix, environment, candidate.version, rolloutId);
  return {
    configName: name,
    modelName: name,
    packageArn: candidate.packageArn,
    version: candidate.version,
    imageDigest: candidate.imageDigest,
    rolloutId,
  };
}

/** What an endpoint that titanic did not bring there runs; `chain` null: its config is gone. */
export function adoptedTarget(configName: string, chain: ChainSeen | null): Target {
  return {
    configName,
    modelName: chain?.modelName ?? null,
    packageArn: chain?.packageArn ?? null,
    version: null,
    imageDigest: null,
    rolloutId: null,
  };
}
