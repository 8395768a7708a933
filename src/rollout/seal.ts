import { digest } from '../evidence/canonical.ts';
import type { Candidate, Environment, EnvironmentPlan, PackageSeal } from './candidate.ts';
import { fromMarketplace } from './guardrail.ts';
import { type ModelFacts, modelFacts } from './model-facts.ts';
import type { PackageSeen } from './observation.ts';
import { type Reason, reason } from './reasons.ts';

type Plans = Readonly<Record<Environment, EnvironmentPlan>>;
export type Sealing =
  /** `facts`: what the registry says of it, for those who decide; no part of the seal. */
  | { readonly kind: 'sealed'; readonly candidate: Candidate; readonly facts?: ModelFacts }
  | { readonly kind: 'problem'; readonly reason: Reason }
  | PendingPackage;

/** It could be deployed if an approver approved it. */
export interface PendingPackage {
  readonly kind: 'pending';
  readonly reason: Reason;
  readonly packageArn: string;
  readonly version: number;
  readonly facts: ModelFacts;
}

/** Seals a package with the plans of both environments, or says why it cannot be deployed. Pure but for hashing. */
export function seal(found: PackageSeen, plans: Plans): Sealing {
  const problem = (why: Reason): Sealing => ({ kind: 'problem', reason: why });
  const { group, version } = found;
  if (group === null || version === null) return problem(reason('package-unversioned', { package: found.arn }));
  if (found.status !== 'Completed') return problem(reason('package-not-completed', { version, status: found.status }));
  if (found.approval === 'Rejected') return problem(reason('package-rejected', { version }));
  if (found.containers.length !== 1) {
    return problem(reason('package-unsupported', { version, containers: found.containers.length }));
  }
  if (found.approval !== 'Approved') {
    const why = reason('package-pending', { version });
    return { kind: 'pending', reason: why, packageArn: found.arn, version, facts: modelFacts(found) };
  }
  const sealed = packageSeal(found, version);
  // Only a plan that asks for a guard has to know where none would be.
  const guarded = plans.prod.strategy !== undefined;
  const bought = guarded && fromMarketplace(found.inferenceSpec) ? { marketplace: true as const } : {};
  const candidate = { ...sealed, plans, planDigests: planDigests(plans), ...bought };
  return { kind: 'sealed', candidate, facts: modelFacts(found) };
}

function packageSeal(found: PackageSeen, version: number): PackageSeal {
  const [container] = found.containers;
  return {
    packageArn: found.arn,
    version,
    inferenceSpecDigest: digest(found.inferenceSpec),
    image: container?.image ?? '',
    imageDigest: container?.imageDigest ?? null,
    modelDataUrl: container?.modelDataUrl ?? null,
    modelDataEtag: container?.modelDataEtag ?? null,
  };
}

function planDigests(plans: Plans): Readonly<Record<Environment, string>> {
  return { staging: digest(plans.staging), prod: digest(plans.prod) };
}

/** Names of the sealed fields that differ now. `found` null: the package is gone. */
export function sealDifferences(candidate: Candidate, found: PackageSeen | null, plans: Plans): readonly string[] {
  if (found === null) return ['ModelPackage'];
  const now = packageSeal(found, found.version ?? -1);
  const fields = [
    'packageArn',
    'version',
    'image',
    'imageDigest',
    'modelDataUrl',
    'modelDataEtag',
    'inferenceSpecDigest',
  ] as const;
  const differing: string[] = fields.filter((field) => now[field] !== candidate[field]);
  const digests = planDigests(plans);
  for (const environment of ['staging', 'prod'] as const) {
    if (digests[environment] !== candidate.planDigests[environment]) differing.push(`plan of ${environment}`);
  }
  return differing;
}
