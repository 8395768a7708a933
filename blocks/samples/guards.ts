import type { GuardNow } from '../../src/rollout/change-now.ts';
import type { Strategy } from '../../src/rollout/strategy.ts';
import { LATER } from './parts.ts';

const CONFIG = 'titanic-survival-prod-v7-r42';

export const canary: Strategy = {
  traffic: { kind: 'canary', percent: 10, bakeSeconds: 600 },
  keepPreviousSeconds: 3_600,
  maximumSeconds: 7_200,
  alarms: { errorPercent: 1, p95Ms: 200, named: ['basket-value'], namedWithoutData: 'wait' },
  analysis: { autoRollbackSeconds: 60, snoozeSeconds: 600, minimumRequests: 100 },
  required: true,
};

/** A canary that bakes, and whose alarms are quiet. */
export const guarded: GuardNow = {
  strategy: canary,
  alarms: [
    { name: `${CONFIG}-kill-switch`, state: 'OK', why: null },
    { name: `${CONFIG}-errors`, state: 'OK', why: null },
    { name: `${CONFIG}-latency`, state: 'INSUFFICIENT_DATA', why: null },
    { name: 'basket-value', state: 'OK', why: null },
  ],
  keptUntil: null,
  told: false,
  analysis: null,
};

export const alarming: GuardNow = {
  ...guarded,
  alarms: [
    { name: `${CONFIG}-errors`, state: 'ALARM', why: '2 of 2 datapoints were above 1 %' },
    { name: `${CONFIG}-latency`, state: 'OK', why: null },
  ],
};

/** As `FleetsCompared` records it: one request in twenty of the new fleet fails. */
export const COMPARED = {
  findings: [
    { what: 'errors', verdict: 'worse', fresh: 0.046, besides: 0.0019, against: 'old', limit: 0.01 },
    { what: 'slow answers', verdict: 'fine', fresh: 0.029, besides: 0.022, against: 'old', limit: 0.05 },
  ],
  fleets: {
    from: '2026-11-24T16:00:00.000Z',
    to: '2026-11-24T16:12:00.000Z',
    fresh: { requests: 412, errors: 19, timed: 412, slow: 12, p50Ms: 12.4, p95Ms: 96.2 },
    old: { requests: 3_702, errors: 7, timed: 3_702, slow: 80, p50Ms: 11.9, p95Ms: 90.1 },
    before: { requests: 9_020, errors: 20, timed: 9_020, slow: 190, p50Ms: 12, p95Ms: 91 },
  },
  why: null,
} as const;

/** Whose new fleet is worse: prod is about to go back by itself. */
export const worse: GuardNow = {
  ...guarded,
  analysis: { at: LATER, verdict: 'worse', ...COMPARED, dueAt: LATER, snoozed: null },
};

/** The same, and somebody answers for waiting. */
export const snoozed: GuardNow = {
  ...guarded,
  analysis: {
    at: LATER,
    verdict: 'worse',
    ...COMPARED,
    dueAt: LATER,
    snoozed: { by: 'U0ADAM', reason: 'a partner is testing', at: LATER },
  },
};

export const serving: GuardNow = { ...guarded, keptUntil: LATER };
