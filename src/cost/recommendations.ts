import type { FleetsRunning, RunningFleets } from '../ports/running-fleets.ts';
import type { Usage } from '../ports/usage.ts';
import type { Rollouts } from '../rollout/api.ts';
import { ENVIRONMENTS, type Environment, type EnvironmentPlan } from '../rollout/candidate.ts';
import { runsSince } from '../rollout/runs-since.ts';
import type { ServiceState } from '../rollout/state.ts';
import type { Prices } from './prices.ts';
import { LOOK_BACK_DAYS, type Recommendation, rightSize, type SizeFacts } from './right-size.ts';

const DAY_MS = 86_400_000;

/** What is recommended for one environment, or why nothing can be. */
export type EnvironmentAdvice =
  | {
      readonly kind: 'judged';
      readonly environment: Environment;
      readonly runs: SizeFacts['runs'];
      readonly recommendation: Recommendation;
    }
  /** Nothing runs, or it is being changed: ask again later. */
  | { readonly kind: 'not-now'; readonly environment: Environment; readonly why: string }
  | { readonly kind: 'unknown'; readonly environment: Environment; readonly why: string };

export interface ServiceAdvice {
  readonly service: string;
  readonly environments: readonly EnvironmentAdvice[];
  /** null: no price is known. */
  readonly prices: Prices | null;
}

/** One service as it is configured. */
export interface SizedService {
  readonly service: string;
  readonly plans: Readonly<Record<Environment, EnvironmentPlan>>;
  /** What its smoke tests allow. Milliseconds. */
  readonly maxP95Ms: number;
}

export interface RecommendationsDeps {
  readonly services: readonly SizedService[];
  readonly rollouts: Pick<Rollouts, 'state'>;
  readonly running: RunningFleets;
  readonly usage: Usage;
  readonly prices: Prices | null;
  /** All instance types that SageMaker has. */
  readonly offered: readonly string[];
  readonly nowMs: () => number;
}

/** Looks at the load of the last 14 days and says what an endpoint would do with. Changes nothing; never throws. */
export type Recommend = (service: string) => Promise<ServiceAdvice>;

export function createRecommendations(deps: RecommendationsDeps): Recommend {
  const { rollouts, running, usage, prices, offered } = deps;

  async function adviceFor(
    { plans, maxP95Ms }: SizedService,
    state: ServiceState,
    environment: Environment,
  ): Promise<EnvironmentAdvice> {
    const plan = plans[environment];
    const e = state.environments[environment];
    if (e.deployment !== null || e.rollback !== null) {
      return { kind: 'not-now', environment, why: 'it is being changed' };
    }
    const seen = await running.see(environment, plan.endpointName);
    if (seen.kind === 'unknown') return { kind: 'unknown', environment, why: seen.why };
    const runs = runsNow(seen.value);
    if (typeof runs === 'string') return { kind: 'not-now', environment, why: runs };
    const toMs = deps.nowMs();
    const top = e.stack.at(-1);
    const sinceMs = top === undefined ? 0 : Date.parse(runsSince(state, environment, top));
    const fromMs = Math.max(sinceMs, toMs - LOOK_BACK_DAYS * DAY_MS);
    // A moment ago: CloudWatch refuses a stretch without any length.
    const read = await usage.read(environment, plan.endpointName, { fromMs: Math.min(fromMs, toMs - 60_000), toMs });
    if (read.kind === 'unknown') return { kind: 'unknown', environment, why: read.why };
    const { strategy, vpc, kmsKeyId } = plan;
    const recommendation = rightSize({
      environment,
      runs,
      ...(strategy === undefined ? {} : { strategy }),
      bound: strategy !== undefined || vpc !== undefined || kmsKeyId !== undefined,
      maxP95Ms,
      usage: read.value,
      prices,
      offered,
    });
    return { kind: 'judged', environment, runs, recommendation };
  }

  return async (name) => {
    const service = deps.services.find((one) => one.service === name);
    if (service === undefined) throw new Error(`${name} is not configured`);
    const state = await rollouts.state(name);
    if (state.kind === 'unknown') {
      const why = `the record cannot be read: ${state.why}`;
      const environments = ENVIRONMENTS.map((environment) => ({ kind: 'unknown' as const, environment, why }));
      return { service: name, environments, prices };
    }
    const environments = await Promise.all(
      ENVIRONMENTS.map((environment) => adviceFor(service, state.value, environment)),
    );
    return { service: name, environments, prices };
  };
}

/** What can be sized: one fleet of one kind. Else why not. */
function runsNow(seen: FleetsRunning | null): SizeFacts['runs'] | string {
  if (seen === null) return 'nothing runs';
  const [fleet, ...others] = seen.fleets;
  if (fleet === undefined) return 'nothing runs';
  if (others.length > 0 || seen.status !== 'InService') return `it is ${seen.status}`;
  const [part, ...more] = fleet.parts;
  if (part === undefined || more.length > 0) return 'it has several variants';
  if (part.kind === 'serverless') return { kind: 'serverless' };
  const { instanceType, current } = part;
  if (instanceType === null) return 'the type of its instances is not known: its config is gone';
  return current === 0 ? 'nothing runs' : { kind: 'instances', instanceType, count: current };
}
