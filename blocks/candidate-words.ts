import type { Candidate, EnvironmentPlan, Target } from '../src/rollout/candidate.ts';

/** `sha256:4f1d…`: enough to compare by eye; the record has all of it. */
export function shortDigest(digest: string | null): string {
  if (digest === null) return 'no digest';
  return digest.length > 19 ? `${digest.slice(0, 19)}…` : digest;
}

export function versionWords(target: Pick<Target, 'version' | 'configName'>): string {
  return target.version === null ? `the config ${target.configName}` : `version ${target.version}`;
}

export function capacityWords(capacity: EnvironmentPlan['capacity']): string {
  return capacity.kind === 'instances'
    ? `${capacity.instanceType} × ${capacity.instanceCount}`
    : `serverless, ${capacity.memoryMb} MB, at most ${capacity.maxConcurrency} at once`;
}

/** One sentence for the confirm dialog: what goes to prod. */
export function promotionWords(service: string, candidate: Candidate, running: Target | null): string {
  const from = running === null ? 'prod has nothing yet' : `it replaces ${versionWords(running)}`;
  const capacity = capacityWords(candidate.plans.prod.capacity);
  return `Version ${candidate.version} of ${service} goes to prod on ${capacity}; ${from}.`;
}
