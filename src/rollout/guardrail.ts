import { type EnvironmentPlan, VARIANT } from './candidate.ts';
import type { Strategy } from './strategy.ts';

/** Why SageMaker would not guard a change of prod: each completes "no guardrail, because …". */
export const GUARDRAIL_OFF = {
  'not-configured': 'titanic.yml asks for none',
  serverless: 'SageMaker guards no change of a serverless endpoint',
  'first-deployment': 'there is nothing in prod yet to go back to',
  'other-variant': 'SageMaker guards a change only where the variant keeps its name, and the one in prod has another',
  inf1: 'SageMaker changes ml.inf1 instances all at once and watches nothing',
  marketplace: 'SageMaker changes containers of the AWS Marketplace all at once and watches nothing',
} as const;

export type GuardrailOff = keyof typeof GUARDRAIL_OFF;

export type GuardrailAbsent = { readonly on: false; readonly because: GuardrailOff };

export type Guardrail = { readonly on: true; readonly strategy: Strategy } | GuardrailAbsent;

/** What must be known of prod and of the package to say whether SageMaker would guard the change. */
export interface GuardrailFacts {
  /** prod has an endpoint in service. */
  readonly runs: boolean;
  /** Of the live endpoint. */
  readonly variantNames: readonly string[];
  /** See `fromMarketplace`. */
  readonly marketplace: boolean;
}

/**
 * Whether SageMaker would guard a change of prod to this plan. Where one of its exclusions holds it says nothing: it
 * changes all at once, and no alarm is looked at.
 */
export function guardrailOf(plan: EnvironmentPlan, facts: GuardrailFacts): Guardrail {
  const { strategy, capacity } = plan;
  const off = (because: GuardrailOff): Guardrail => ({ on: false, because });
  if (strategy === undefined) return off('not-configured');
  if (capacity.kind === 'serverless') return off('serverless');
  if (!facts.runs) return off('first-deployment');
  if (facts.variantNames.length !== 1 || facts.variantNames[0] !== VARIANT) return off('other-variant');
  if (isInf1(capacity.instanceType)) return off('inf1');
  if (facts.marketplace) return off('marketplace');
  return { on: true, strategy };
}

export function isInf1(instanceType: string): boolean {
  return instanceType.startsWith('ml.inf1.');
}

/**
 * Whether a container of a package's inference specification was bought in the AWS Marketplace, which its product id
 * tells. A specification that cannot be read counts as one: no guard is promised that may not be there.
 */
export function fromMarketplace(inferenceSpec: unknown): boolean {
  const containers = member(inferenceSpec, 'Containers');
  if (!Array.isArray(containers) || containers.length === 0) return true;
  return containers.some((container: unknown) => {
    if (typeof container !== 'object' || container === null) return true;
    const product = member(container, 'ProductId');
    return product !== undefined && product !== null;
  });
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
}
