import { ENVIRONMENTS, type Environment } from './candidate.ts';

/** What a clean-up is about. Only `leftovers` never touches anything live. */
export type CleanupTarget = 'leftovers' | Environment | 'all';

/** In the order in which AWS allows them to be deleted. */
export const RESOURCE_KINDS = ['endpoint', 'endpoint configuration', 'alarm', 'model'] as const;
export type ResourceKind = (typeof RESOURCE_KINDS)[number];

export interface PlanItem {
  readonly kind: ResourceKind;
  readonly name: string;
  readonly arn: string;
  readonly action: 'delete' | 'keep';
  /** null: it is deleted. */
  readonly because: string | null;
}

/** What would be deleted, in the order in which AWS allows it: endpoints, then configs, then their alarms, then models. */
export interface CleanupPlan {
  readonly kind: 'plan';
  readonly target: CleanupTarget;
  readonly items: readonly PlanItem[];
  /** sha256 of exactly these items: what is carried out is what was shown, or nothing. */
  readonly digest: string;
  /** To be typed on the command line before anything but leftovers is deleted; null: it needs none. */
  readonly phrase: string | null;
}

export type Planned =
  | CleanupPlan
  /** Endpoints are being changed or measured, or a rollout is open: nothing is planned until that is over. */
  | { readonly kind: 'busy'; readonly what: readonly string[] };

/** One thing that a clean-up deletes or deleted. */
export interface Deletion {
  readonly kind: ResourceKind;
  readonly name: string;
  readonly arn: string;
  /** Whose endpoint of a configured service it is; null: something else. */
  readonly environment: Environment | null;
}

/** What became of one deletion in one round. */
export type DeletionOutcome =
  | { readonly kind: 'gone'; readonly requestId: string | null }
  /** An endpoint takes a while; what was throttled or had no clear answer is looked at again. */
  | { readonly kind: 'open'; readonly why: string; readonly requestId?: string | null }
  /** Something needs it by now, or it is not ours any more. */
  | { readonly kind: 'kept'; readonly because: string }
  | { readonly kind: 'refused'; readonly why: string; readonly requestId?: string | null };

export interface DeletionResult {
  readonly of: ResourceKind;
  readonly name: string;
  readonly outcome: DeletionOutcome;
}

/** What a plan would delete. */
export function deletionsOf(
  plan: Pick<CleanupPlan, 'items'>,
  endpointNames: Readonly<Record<Environment, string>>,
): readonly Deletion[] {
  const environmentOf = (item: PlanItem) =>
    item.kind === 'endpoint' ? (ENVIRONMENTS.find((each) => endpointNames[each] === item.name) ?? null) : null;
  return plan.items
    .filter((item) => item.action === 'delete')
    .map((item): Deletion => ({ kind: item.kind, name: item.name, arn: item.arn, environment: environmentOf(item) }));
}

/** The environments whose endpoint goes with it. */
export function environmentsOf(target: CleanupTarget): readonly Environment[] {
  switch (target) {
    case 'leftovers':
      return [];
    case 'staging':
    case 'prod':
      return [target];
    case 'all':
      return ['staging', 'prod'];
    default: {
      const never: never = target;
      throw new Error(`Unknown target ${String(never)}`);
    }
  }
}

/** Whether a round left less to do. */
export function gotOn(results: readonly DeletionResult[]): boolean {
  return results.some(({ outcome }) => outcome.kind !== 'open');
}
