import type { ServiceConfig } from './config-types.ts';
import type { SizedService } from './cost/recommendations.ts';
import type { ServiceRuntime } from './rollout/engine-deps.ts';

/** What right-sizing has to know of each configured service. */
export function sizedServices(
  services: readonly ServiceConfig[],
  runtimes: readonly ServiceRuntime[],
): readonly SizedService[] {
  return runtimes.map(({ settings: { service }, plans }) => {
    const maxP95Ms = services.find(({ name }) => name === service)?.smoke.maxP95Ms;
    if (maxP95Ms === undefined) throw new Error(`${service} is not configured`);
    return { service, plans, maxP95Ms };
  });
}
