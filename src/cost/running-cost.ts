import type { FleetPart, FleetsRunning, RunningFleet } from '../ports/running-fleets.ts';
import { ENVIRONMENTS, type Environment } from '../rollout/candidate.ts';
import { guardOfCall } from '../rollout/kill-switch.ts';
import type { Reading } from '../rollout/observation.ts';
import type { EnvironmentState, ServiceState } from '../rollout/state.ts';
import { type Prices, priceOf } from './prices.ts';

/** `kept`: the old fleet behind one that has all the traffic; `leaving`: the old one while the traffic moves. */
export type FleetRole = 'serving' | 'coming' | 'leaving' | 'kept';

/** Instances of one type, and what they cost. */
export interface PartCost {
  /** null: by use, or not known which. */
  readonly instanceType: string | null;
  readonly count: number;
  /** null: it costs by use, its type is not known, or no price is. */
  readonly perHour: number | null;
  readonly byUse: boolean;
}

export interface FleetCost {
  readonly role: FleetRole;
  readonly configName: string;
  readonly parts: readonly PartCost[];
}

/** What an environment costs at this moment. */
export type EnvironmentCost =
  | { readonly kind: 'unknown'; readonly environment: Environment; readonly why: string }
  | {
      readonly kind: 'known';
      readonly environment: Environment;
      /** Empty: nothing runs, so nothing is paid. */
      readonly fleets: readonly FleetCost[];
      /** Until when the old fleet is kept (ISO 8601); null: none is. */
      readonly keptUntil: string | null;
      /** The endpoint's config is not the one that the record says it runs. */
      readonly differs: boolean;
      readonly sum: Sum;
    };

/** `complete` is false where something runs whose cost an hour is not in it. */
export interface Sum {
  readonly perHour: number;
  readonly complete: boolean;
}

export interface ServiceCost {
  readonly service: string;
  readonly environments: readonly EnvironmentCost[];
}

export type Running = Readonly<Record<Environment, Reading<FleetsRunning | null>>>;

/** What a service costs: what SageMaker shows now, named by what the record says is under way. Pure. */
export function serviceCost(state: ServiceState, running: Running, prices: Prices | null): ServiceCost {
  return {
    service: state.service,
    environments: ENVIRONMENTS.map((environment) =>
      environmentCost(environment, state.environments[environment], running[environment], prices),
    ),
  };
}

export function environmentCost(
  environment: Environment,
  recorded: EnvironmentState,
  reading: Reading<FleetsRunning | null>,
  prices: Prices | null,
): EnvironmentCost {
  if (reading.kind === 'unknown') return { kind: 'unknown', environment, why: reading.why };
  const seen = reading.value?.fleets ?? [];
  const keptUntil = recorded.deployment?.serving?.until ?? null;
  const moving = seen.some(({ which }) => which === 'pending');
  const fleets = seen.map((fleet): FleetCost => {
    const count = countedBy(recorded, fleet);
    return {
      role: roleOf(fleet, moving, keptUntil !== null),
      configName: fleet.configName,
      parts: fleet.parts.map((part) => partCost(part, count, prices)).filter(({ count, byUse }) => byUse || count > 0),
    };
  });
  const paid = fleets.filter(({ parts }) => parts.length > 0);
  return {
    kind: 'known',
    environment,
    fleets: paid,
    keptUntil: moving ? keptUntil : null,
    differs: differsFrom(recorded, seen),
    sum: sumOf(paid.flatMap(({ parts }) => parts)),
  };
}

/** Of all, what is known. */
export function totalOf(services: readonly ServiceCost[]): Sum {
  const sums = services.flatMap(({ environments }) =>
    environments.map((one) => (one.kind === 'known' ? one.sum : { perHour: 0, complete: false })),
  );
  return added(sums);
}

/** Of fleets of one role. */
export function sumOfRole({ fleets }: Extract<EnvironmentCost, { kind: 'known' }>, role: FleetRole): Sum {
  return sumOf(fleets.filter((fleet) => fleet.role === role).flatMap(({ parts }) => parts));
}

function roleOf({ which }: RunningFleet, moving: boolean, kept: boolean): FleetRole {
  if (!moving) return 'serving';
  if (which === 'pending') return kept ? 'serving' : 'coming';
  return kept ? 'kept' : 'leaving';
}

/**
 * How many instances of a fleet are paid. A new fleet beside the old one is started whole and only shows its share of
 * the traffic, as a canary of 1 of 3; one that comes in batches has no more than those that are there or starting.
 */
function countedBy(recorded: EnvironmentState, { which }: RunningFleet): (part: InstancePart) => number {
  if (which === 'live') return ({ current }) => current;
  const { deployment } = recorded;
  const strategy = deployment === null ? undefined : guardOfCall(deployment);
  if (strategy?.traffic.kind === 'rolling') return ({ current, launching }) => current + launching;
  return ({ current, desired }) => Math.max(current, desired);
}

type InstancePart = Extract<FleetPart, { kind: 'instances' }>;

function partCost(part: FleetPart, counted: (part: InstancePart) => number, prices: Prices | null): PartCost {
  if (part.kind === 'serverless') return { instanceType: null, count: 0, perHour: null, byUse: true };
  const count = counted(part);
  const { instanceType } = part;
  const price = instanceType === null || prices === null ? null : priceOf(instanceType, prices);
  return { instanceType, count, perHour: price === null ? null : price * count, byUse: false };
}

/** What costs by use has no price an hour, so it is not missing in one. */
function sumOf(parts: readonly PartCost[]): Sum {
  return added(parts.map(({ perHour, byUse }) => ({ perHour: perHour ?? 0, complete: byUse || perHour !== null })));
}

function added(sums: readonly Sum[]): Sum {
  return {
    perHour: sums.reduce((sum, { perHour }) => sum + perHour, 0),
    complete: sums.every(({ complete }) => complete),
  };
}

/** Only said of an endpoint at rest: while something moves it, the record is ahead or behind by design. */
function differsFrom(
  { stack, deployment, rollback, settled }: EnvironmentState,
  seen: readonly RunningFleet[],
): boolean {
  const recorded = stack.at(-1);
  if (deployment !== null || rollback !== null || !settled || recorded === undefined) return false;
  const live = seen.find(({ which }) => which === 'live');
  return live !== undefined && live.configName !== recorded.configName;
}
