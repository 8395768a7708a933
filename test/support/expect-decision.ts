import { expect } from 'vitest';
import type { Decision } from '../../src/rollout/input.ts';
import type { ReasonCode } from '../../src/rollout/reasons.ts';
import { types } from './decision-facts.ts';

/** Refused: it is said why, that is recorded, and nothing else happens. */
export function expectRefused(
  decision: Decision,
  code: ReasonCode,
  params: Readonly<Record<string, unknown>> = {},
): void {
  expect(decision).toMatchObject({ accepted: false, reason: { code } });
  expect(decision.reason?.params ?? {}).toMatchObject(params);
  expect(types(decision)).toEqual(['CommandRefused']);
  expect(decision.events[0]).toMatchObject({ reason: decision.reason });
  expect(decision.effects).toEqual([]);
}

export function expectDone(decision: Decision, code: ReasonCode, params: Readonly<Record<string, unknown>> = {}): void {
  expect(decision).toMatchObject({ accepted: true, reason: { code } });
  expect(decision.reason?.params ?? {}).toMatchObject(params);
  expect(types(decision)).not.toContain('CommandRefused');
}
