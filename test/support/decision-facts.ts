import type { Event } from '../../src/rollout/events.ts';
import type { Decision } from '../../src/rollout/input.ts';
import { REASON_CODES, type Reason, type ReasonCode, sentence, template } from '../../src/rollout/reasons.ts';

const CODES: ReadonlySet<string> = new Set(REASON_CODES);

function isReason(value: object): value is Reason {
  return 'code' in value && typeof value.code === 'string' && CODES.has(value.code);
}

/** Every reason that stands anywhere in a value: answers, endings, waits, outcomes. */
export function reasonsIn(value: unknown): readonly Reason[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(reasonsIn);
  const here = isReason(value) ? [value] : [];
  return [...here, ...Object.values(value).flatMap(reasonsIn)];
}

export function codesIn(decision: Decision): readonly ReasonCode[] {
  return reasonsIn(decision).map((r) => r.code);
}

/** Holds for every decision ever made: whoever reads its sentences finds no gap in them. */
export function checked(decision: Decision): Decision {
  for (const reason of reasonsIn(decision)) {
    const needed = [...template(reason.code).matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
    const missing = needed.filter((name) => reason.params?.[name] === undefined);
    if (missing.length > 0) throw new Error(`${reason.code} lacks ${missing.join(', ')}.`);
    if (sentence(reason).includes('?')) throw new Error(`${reason.code} says «?»: ${sentence(reason)}`);
  }
  const intended = decision.events.filter((e) => e.type === 'CallIntended').length;
  if (intended > 1) throw new Error('One entry intends one call at most.');
  return decision;
}

export function types(decision: Decision): readonly Event['type'][] {
  return decision.events.map((e) => e.type);
}

/** The only event of a type in a decision; throws where there is none or are several. */
export function eventOf<T extends Event['type']>(decision: Decision, type: T): Extract<Event, { type: T }> {
  const found = decision.events.filter((e): e is Extract<Event, { type: T }> => e.type === type);
  const [only] = found;
  if (only === undefined || found.length > 1) {
    throw new Error(`${found.length} × ${type} in ${types(decision).join(', ') || 'no events'}`);
  }
  return only;
}
