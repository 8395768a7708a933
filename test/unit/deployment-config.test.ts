import { describe, expect, it } from 'vitest';
import { deploymentConfigOf } from '../../src/adapters/deployment-config.ts';
import type { Strategy, TrafficShift } from '../../src/rollout/strategy.ts';

const CONFIG = 'titanic-survival-prod-v3-r41';
const ALARMS = ['kill-switch', 'errors', 'latency'].map((ending) => ({ AlarmName: `${CONFIG}-${ending}` }));

function strategy(traffic: TrafficShift, keepPreviousSeconds: number, maximumSeconds: number): Strategy {
  const alarms = { errorPercent: 1, p95Ms: 250, named: ['their-own'], namedWithoutData: 'wait' } as const;
  return { traffic, keepPreviousSeconds, maximumSeconds, alarms, required: true };
}

const percent = (Value: number) => ({ Type: 'CAPACITY_PERCENT', Value });

/** At both ends of what UpdateEndpoint takes: waits of 0 to 3600 s, all of it 600 to 28800 s. */
const TABLE: readonly (readonly [string, Strategy, object])[] = [
  [
    'all at once, the old fleet for an hour',
    strategy({ kind: 'all-at-once' }, 3_600, 28_800),
    {
      BlueGreenUpdatePolicy: {
        TrafficRoutingConfiguration: { Type: 'ALL_AT_ONCE', WaitIntervalInSeconds: 0 },
        TerminationWaitInSeconds: 3_600,
        MaximumExecutionTimeoutInSeconds: 28_800,
      },
    },
  ],
  [
    'all at once, nothing kept',
    strategy({ kind: 'all-at-once' }, 0, 600),
    {
      BlueGreenUpdatePolicy: {
        TrafficRoutingConfiguration: { Type: 'ALL_AT_ONCE', WaitIntervalInSeconds: 0 },
        TerminationWaitInSeconds: 0,
        MaximumExecutionTimeoutInSeconds: 600,
      },
    },
  ],
  [
    'a canary',
    strategy({ kind: 'canary', percent: 10, bakeSeconds: 300 }, 3_600, 5_400),
    {
      BlueGreenUpdatePolicy: {
        TrafficRoutingConfiguration: { Type: 'CANARY', WaitIntervalInSeconds: 300, CanarySize: percent(10) },
        TerminationWaitInSeconds: 3_600,
        MaximumExecutionTimeoutInSeconds: 5_400,
      },
    },
  ],
  [
    'in steps',
    strategy({ kind: 'linear', percent: 50, intervalSeconds: 3_600 }, 0, 14_400),
    {
      BlueGreenUpdatePolicy: {
        TrafficRoutingConfiguration: { Type: 'LINEAR', WaitIntervalInSeconds: 3_600, LinearStepSize: percent(50) },
        TerminationWaitInSeconds: 0,
        MaximumExecutionTimeoutInSeconds: 14_400,
      },
    },
  ],
  [
    'in batches, and back in one',
    strategy({ kind: 'rolling', percent: 5, intervalSeconds: 60 }, 0, 3_600),
    {
      RollingUpdatePolicy: {
        MaximumBatchSize: percent(5),
        WaitIntervalInSeconds: 60,
        MaximumExecutionTimeoutInSeconds: 3_600,
        RollbackMaximumBatchSize: percent(100),
      },
    },
  ],
];

describe('what UpdateEndpoint is asked for', () => {
  it.each(TABLE)('%s', (_, given, policy) => {
    expect(deploymentConfigOf(given, CONFIG)).toEqual({
      ...policy,
      AutoRollbackConfiguration: { Alarms: [...ALARMS, { AlarmName: 'their-own' }] },
    });
  });

  it('is guarded by the kill switch even where nothing else is watched', () => {
    const bare = strategy({ kind: 'all-at-once' }, 60, 600);
    const alarms = { ...bare.alarms, errorPercent: null, p95Ms: null, named: [] };
    expect(deploymentConfigOf({ ...bare, alarms }, CONFIG).AutoRollbackConfiguration).toEqual({
      Alarms: [{ AlarmName: `${CONFIG}-kill-switch` }],
    });
  });
});
