import type { Environment } from './candidate.ts';
import type { ServiceState, StackedTarget } from './state.ts';

/** Since when an environment runs this, this time: since the rollback that brought it back, if one did. ISO 8601. */
export function runsSince(
  { endedRollbacks }: ServiceState,
  environment: Environment,
  { configName, at }: StackedTarget,
): string {
  const back = endedRollbacks.find(
    (r) => r.environment === environment && r.ended?.reached === true && r.target.configName === configName,
  );
  return back?.ended != null && back.ended.at > at ? back.ended.at : at;
}
