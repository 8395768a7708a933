import type { CostReport } from '../../src/cost/costs.ts';
import type { Prices } from '../../src/cost/prices.ts';
import { serviceCost, totalOf } from '../../src/cost/running-cost.ts';
import type { FleetPart, FleetsRunning, RunningFleet } from '../../src/ports/running-fleets.ts';
import type { Environment } from '../../src/rollout/candidate.ts';
import { known, type Reading, unknown } from '../../src/rollout/observation.ts';
import type { ServiceState } from '../../src/rollout/state.ts';
import { cost } from '../cost.ts';
import { busy, serving } from './lists.ts';

export const PRICES: Prices = {
  currency: 'USD',
  perInstanceHour: { 'ml.m5.large': 0.115 },
  listed: { 'ml.m5.large': { source: 'AWS Price List, usage type USE1-Host:ml.m5.large', date: '2026-07-30' } },
};

const instances = (instanceType: string, count: number): FleetPart => ({
  kind: 'instances',
  instanceType,
  current: count,
  desired: count,
  launching: 0,
});
const fleet = (which: RunningFleet['which'], configName: string, ...parts: readonly FleetPart[]): RunningFleet => ({
  which,
  configName,
  parts,
});
const seen = (...fleets: readonly RunningFleet[]) => known<FleetsRunning>({ status: 'InService', fleets });

function report(state: ServiceState, ...[staging, prod]: readonly Reading<FleetsRunning | null>[]): CostReport {
  const running = { staging: staging ?? known(null), prod: prod ?? known(null) };
  const services = [serviceCost(state, running, PRICES)];
  return { services, total: totalOf(services), prices: PRICES, region: 'us-east-1' };
}

/** The config that the record says it runs. */
const runs = (environment: Environment) => busy.environments[environment].stack.at(-1)?.configName ?? '';
const staging = seen(fleet('live', runs('staging'), instances('ml.m5.large', 1)));
const prod = seen(fleet('live', runs('prod'), instances('ml.m5.large', 2)));
export const atRest = report(busy, staging, prod);
const kept = report(
  serving,
  known(null),
  seen(
    fleet('live', 'titanic-survival-prod-v6-r12', instances('ml.m5.large', 2)),
    fleet('pending', 'titanic-survival-prod-v7-r17', instances('ml.m5.large', 2)),
  ),
);
const unpriced = report(
  busy,
  seen(fleet('live', runs('staging'), { kind: 'serverless' })),
  seen(fleet('live', 'churn-3', instances('ml.c6i.xlarge', 2))),
);

export const COSTS = [
  ['cost', cost(atRest)],
  ['cost while the old fleet of prod is kept', cost(kept)],
  ['cost, serverless and a type without a price', cost(unpriced)],
  ['cost, SageMaker does not answer', cost(report(busy, unknown('ThrottlingException'), prod))],
] as const;
