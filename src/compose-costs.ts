import { readRegion } from './adapters/aws-region.ts';
import { INSTANCE_TYPES } from './adapters/instance-types.ts';
import type { AwsSide } from './compose-aws.ts';
import type { Settings } from './config-types.ts';
import { type Costs, createCosts } from './cost/costs.ts';
import { pricesIn } from './cost/price-list.ts';
import type { Prices } from './cost/prices.ts';
import { createRecommendations, type Recommend, type SizedService } from './cost/recommendations.ts';
import type { Clock } from './ports/clock.ts';
import type { Rollouts } from './rollout/api.ts';
import type { ServiceRuntime } from './rollout/engine-deps.ts';

/** The prices that count where prod is; null: none is known. */
export interface LocalPrices {
  readonly region: string | null;
  readonly prices: Prices | null;
}

export async function localPrices({ clients }: AwsSide, settings: Settings): Promise<LocalPrices> {
  const region = await readRegion(clients);
  return { region, prices: pricesIn(region, settings.prices) };
}

/** What runs and costs, and what would do with less: the same for the bot and for the command line. */
export function composeCosts(deps: {
  readonly aws: AwsSide;
  readonly settings: Settings;
  readonly runtimes: readonly ServiceRuntime[];
  readonly rollouts: Pick<Rollouts, 'state'>;
  readonly local: LocalPrices;
  readonly clock: Clock;
  /** What a Home shows of costs is another now. */
  readonly changed?: () => void;
}): { readonly costs: Costs; readonly recommend: Recommend } {
  const { aws, settings, runtimes, rollouts, local, clock, changed } = deps;
  const costs = createCosts({
    services: runtimes.map((runtime) => runtime.settings),
    rollouts,
    running: aws.running,
    ...local,
    elapsedMs: clock.elapsedMs,
    ...(changed === undefined ? {} : { changed }),
  });
  const recommend = createRecommendations({
    services: runtimes.map((runtime) => sized(settings, runtime)),
    rollouts,
    running: aws.running,
    usage: aws.usage,
    prices: local.prices,
    offered: INSTANCE_TYPES,
    nowMs: clock.nowMs,
  });
  return { costs, recommend };
}

function sized({ services }: Settings, { settings: { service }, plans }: ServiceRuntime): SizedService {
  const maxP95Ms = services.find(({ name }) => name === service)?.smoke.maxP95Ms;
  if (maxP95Ms === undefined) throw new Error(`${service} is not configured`);
  return { service, plans, maxP95Ms };
}
