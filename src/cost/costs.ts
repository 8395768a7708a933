import type { RunningFleets } from '../ports/running-fleets.ts';
import type { Rollouts } from '../rollout/api.ts';
import { ENVIRONMENTS, type Environment } from '../rollout/candidate.ts';
import type { ServiceState } from '../rollout/state.ts';
import type { Prices } from './prices.ts';
import { type ServiceCost, type Sum, serviceCost, totalOf } from './running-cost.ts';

/** How old what a Home shows of costs may be: an autoscaler changes them without a word. Milliseconds. */
const SEEN_FOR_MS = 5 * 60_000;
/** Services that are looked at together, each by six calls at most: rollouts need SageMaker's patience more. */
const AT_ONCE = 5;

/** What services cost at one moment. */
export interface CostReport {
  readonly services: readonly ServiceCost[];
  readonly total: Sum;
  /** null: no price is known at all. */
  readonly prices: Prices | null;
  /** Where prices count; null: not known. */
  readonly region: string | null;
}

export interface Costs {
  /** Looks at SageMaker now. Never throws: what cannot be read is unknown. */
  report(services: readonly string[]): Promise<CostReport>;
  /**
   * What was seen last, at once; null: nothing was yet. Where it is old, or the record has gone on since, it is looked at
   * again behind the caller's back, and `changed` is called once it is another.
   */
  lastSeen(state: ServiceState): { readonly cost: ServiceCost; readonly prices: Prices | null } | null;
}

export interface CostsDeps {
  readonly services: readonly {
    readonly service: string;
    readonly endpointNames: Readonly<Record<Environment, string>>;
  }[];
  readonly rollouts: Pick<Rollouts, 'state'>;
  readonly running: RunningFleets;
  readonly prices: Prices | null;
  readonly region: string | null;
  readonly elapsedMs: () => number;
  /** What `lastSeen` answers for a service is another now. */
  readonly changed?: (service: string) => void;
}

interface Seen {
  readonly cost: ServiceCost;
  readonly seq: number;
  readonly atMs: number;
}

export function createCosts(deps: CostsDeps): Costs {
  const { rollouts, running, prices, region, elapsedMs } = deps;
  const seen = new Map<string, Seen>();
  const looking = new Set<string>();
  let queue: Promise<void> = Promise.resolve();

  async function look(state: ServiceState): Promise<ServiceCost> {
    const names = deps.services.find(({ service }) => service === state.service)?.endpointNames;
    if (names === undefined) throw new Error(`${state.service} is not configured`);
    const [staging, prod] = await Promise.all([running.see('staging', names.staging), running.see('prod', names.prod)]);
    return serviceCost(state, { staging, prod }, prices);
  }

  async function costOf(service: string): Promise<ServiceCost> {
    const state = await rollouts.state(service);
    if (state.kind === 'known') return look(state.value);
    const why = `the record cannot be read: ${state.why}`;
    return { service, environments: ENVIRONMENTS.map((environment) => ({ kind: 'unknown', environment, why })) };
  }

  async function refresh(state: ServiceState): Promise<void> {
    const { service, seq } = state;
    const before = seen.get(service)?.cost;
    const cost = await look(state);
    seen.set(service, { cost, seq, atMs: elapsedMs() });
    if (JSON.stringify(cost) !== JSON.stringify(before)) deps.changed?.(service);
  }

  return {
    async report(services) {
      const costs: ServiceCost[] = [];
      for (let n = 0; n < services.length; n += AT_ONCE) {
        costs.push(...(await Promise.all(services.slice(n, n + AT_ONCE).map(costOf))));
      }
      return { services: costs, total: totalOf(costs), prices, region };
    },
    lastSeen(state) {
      const { service, seq } = state;
      const last = seen.get(service);
      const fresh = last !== undefined && last.seq === seq && elapsedMs() - last.atMs < SEEN_FOR_MS;
      if (!fresh && !looking.has(service)) {
        looking.add(service);
        // Nobody waits for these, so they are looked at one after the other.
        queue = queue.then(() => refresh(state)).finally(() => looking.delete(service));
      }
      return last === undefined ? null : { cost: last.cost, prices };
    },
  };
}
