import type { GuardNow } from '../../src/rollout/change-now.ts';
import type { Strategy } from '../../src/rollout/strategy.ts';
import { LATER } from '../unit/blocks-fixtures.ts';

const CONFIG = 'titanic-survival-prod-v7-r42';

export const canary: Strategy = {
  traffic: { kind: 'canary', percent: 10, bakeSeconds: 600 },
  keepPreviousSeconds: 3_600,
  maximumSeconds: 7_200,
  alarms: { errorPercent: 1, p95Ms: 200, named: ['basket-value'], namedWithoutData: 'wait' },
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
};

export const alarming: GuardNow = {
  ...guarded,
  alarms: [
    { name: `${CONFIG}-errors`, state: 'ALARM', why: '2 of 2 datapoints were above 1 %' },
    { name: `${CONFIG}-latency`, state: 'OK', why: null },
  ],
};

export const serving: GuardNow = { ...guarded, keptUntil: LATER };
