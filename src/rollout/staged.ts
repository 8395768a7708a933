import type { Settings } from './input.ts';
import { without } from './mutations.ts';
import type { ServiceState } from './state.ts';

/** The group of a versioned package, as its ARN names it. */
export function packageGroupOf(packageArn: string): string {
  return packageArn.slice(0, packageArn.lastIndexOf('/'));
}

/**
 * Whether a package is newer than every one of its group that a rollout ever began with, and than what staging runs. So
 * what ran there already, was rejected or given up, was rolled back from or is older never counts as new again.
 */
export function isNewToStaging(
  { staged, environments }: ServiceState,
  { packageArn, version }: { readonly packageArn: string; readonly version: number },
  { mutations }: Pick<Settings, 'mutations'>,
): boolean {
  if (without(mutations, 'staged-again-by-itself')) return true;
  const group = packageGroupOf(packageArn);
  const runs = environments.staging.stack.filter(
    (t) => t.packageArn !== null && packageGroupOf(t.packageArn) === group,
  );
  return version > Math.max(staged[group] ?? 0, ...runs.map((t) => t.version ?? 0));
}
