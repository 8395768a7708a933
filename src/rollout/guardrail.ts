import type { EnvironmentPlan } from './candidate.ts';
import { VARIANT } from './candidate.ts';
import type { Strategy } from './strategy.ts';

export type GuardrailOff =
  | 'none-configured'
  | 'serverless'
  | 'first-deployment'
  | 'other-variant'
  | 'inf1'
  | 'marketplace';

export type Guardrail =
  | { readonly on: true; readonly strategy: Strategy }
  | { readonly on: false; readonly because: GuardrailOff };

export function guardrailOf(
  { strategy, capacity }: EnvironmentPlan,
  facts: { readonly runs: boolean; readonly variantNames: readonly string[]; readonly marketplace: boolean },
): Guardrail {
  const off = (because: GuardrailOff): Guardrail => ({ on: false, because });
  if (strategy === undefined) return off('none-configured');
  if (capacity.kind === 'serverless') return off('serverless');
  if (!facts.runs) return off('first-deployment');
  if (facts.variantNames.length !== 1 || facts.variantNames[0] !== VARIANT) return off('other-variant');
  if (capacity.instanceType.startsWith('ml.inf1.')) return off('inf1');
  return facts.marketplace ? off('marketplace') : { on: true, strategy };
}

export function guardrailOffWords(because: GuardrailOff): string {
  return because;
}
