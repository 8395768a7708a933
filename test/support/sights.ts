import { type Environment, type Target, VARIANT } from '../../src/rollout/candidate.ts';
import { agesNeeded } from '../../src/rollout/needs.ts';
import {
  type ChainSeen,
  type EndpointLook,
  type EndpointSeen,
  known,
  type Observation,
  type PackageSeen,
  type Reading,
  type SealSeen,
} from '../../src/rollout/observation.ts';
import { seal } from '../../src/rollout/seal.ts';
import type { ServiceState } from '../../src/rollout/state.ts';
import { APPROVERS, digestOf, PLANS, packageSeen } from './rollout-facts.ts';

/** What an endpoint shows: how it differs from running the top of the stack; null: it is absent. */
export type Shown = (Partial<EndpointSeen> & { readonly look?: Partial<EndpointLook> }) | Reading<never> | null;

/** What a pass sees, as it differs from "all is well and everything was first seen long ago". */
export interface Sight {
  readonly staging?: Shown;
  readonly prod?: Shown;
  /** Sealed fields that differ; null: not looked at. */
  readonly seal?: Reading<readonly string[]> | null;
  readonly approval?: string | null;
  /** The same of single rollouts, by id. */
  readonly seals?: Readonly<Record<string, Reading<readonly string[]>>>;
  readonly approvers?: Observation['approvers'];
  readonly mandatory?: Observation['mandatory'];
  /** What the registry says of the packages that approvers are asked about; null: they are gone. */
  readonly model?: Partial<PackageSeen> | Reading<never> | null;
  /** One age for everything that waits count from. */
  readonly ageMs?: number;
}

export function lookAt(
  state: ServiceState,
  nowMs: number,
  environment: Environment,
  shown: Shown | undefined,
): Reading<EndpointLook> {
  if (shown !== undefined && shown !== null && 'kind' in shown) return shown;
  const top = state.environments[environment].stack.at(-1);
  if (shown === null || (shown === undefined && top === undefined)) {
    return known({ endpoint: null, chain: null, ours: null, targetPresent: known(true) });
  }
  const { look = {}, ...fields } = shown ?? {};
  const configName = fields.configName ?? top?.configName ?? 'foreign';
  const version = targetNamed(state, environment, configName)?.version ?? null;
  const endpoint: EndpointSeen = {
    arn: `arn:${environment}`,
    status: 'InService',
    lastModified: configName === top?.configName ? top.at : new Date(nowMs).toISOString(),
    configName,
    pendingConfigName: null,
    failureReason: null,
    variants: [{ name: VARIANT, desiredCount: null, currentCount: null, desiredWeight: null, currentWeight: null }],
    images: version === null ? [] : [`registry/survival@${digestOf(version)}`],
    words: null,
    ...fields,
  };
  const chain = known(chainOf(state, environment, configName));
  return known({ endpoint, chain, ours: known(true), targetPresent: known(true), ...look });
}

/** A config that the record names leads to what the record says; any other leads nowhere. */
export function chainOf(state: ServiceState, environment: Environment, configName: string): ChainSeen {
  const target = targetNamed(state, environment, configName);
  return {
    configName,
    modelName: target?.modelName ?? null,
    packageArn: target?.packageArn ?? null,
    initialInstanceCount: environment === 'staging' ? 1 : 2,
  };
}

function targetNamed(state: ServiceState, environment: Environment, configName: string): Target | undefined {
  const { stack, deployment, rollback } = state.environments[environment];
  return [...stack, deployment?.target, rollback?.target].find((t) => t?.configName === configName);
}

function sealOf(id: string, sight: Sight): [string, Reading<SealSeen>][] {
  const { approval = 'Approved' } = sight;
  const seal = sight.seals?.[id] ?? (sight.seal === undefined ? known([]) : sight.seal);
  if (seal === null) return [];
  return [[id, seal.kind === 'unknown' ? seal : known({ differences: seal.value, approval })]];
}

export function observationOf(state: ServiceState, nowMs: number, sight: Sight): Observation {
  const ageMs = sight.ageMs ?? 3_600_000;
  return {
    endpoints: {
      staging: lookAt(state, nowMs, 'staging', sight.staging),
      prod: lookAt(state, nowMs, 'prod', sight.prod),
    },
    seals: Object.fromEntries(state.rollouts.flatMap((r) => sealOf(r.id, sight))),
    approvers: sight.approvers === undefined ? known(APPROVERS) : sight.approvers,
    ...(sight.mandatory === undefined ? {} : { mandatory: sight.mandatory }),
    models: modelsSeen(state, sight.model),
    agesMs: Object.fromEntries(agesNeeded(state).map((seq) => [seq, ageMs])),
  };
}

/** Pending, unless something else is shown. */
function modelsSeen(state: ServiceState, shown: Sight['model']): NonNullable<Observation['models']> {
  return Object.fromEntries(
    state.approvals.map(({ id, version }) => {
      if (shown === null) return [id, known(null)];
      if (shown !== undefined && 'kind' in shown) return [id, shown];
      const found = packageSeen(version, { approval: 'PendingManualApproval', ...shown });
      return [id, known({ approval: found.approval, sealing: seal(found, PLANS) })];
    }),
  );
}

/** The endpoint before or after a measurement: what its claim names, but for what is given; null: unseen. */
export function seenAround<Claim extends { readonly configName: string; readonly lastModified: string }>(
  { configName, lastModified }: Claim,
  changed: object | null | undefined,
) {
  return changed === null
    ? null
    : { configName, lastModified, status: 'InService', pendingConfigName: null, ...changed };
}
