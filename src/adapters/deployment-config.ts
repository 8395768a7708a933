import type { CapacitySize, DeploymentConfig, TrafficRoutingConfig } from '@aws-sdk/client-sagemaker';
import { alarmsOf, type Strategy, type TrafficShift } from '../rollout/strategy.ts';

/** A strategy as UpdateEndpoint takes it, guarded by the alarms of the config that is brought there. */
export function deploymentConfigOf(strategy: Strategy, configName: string): DeploymentConfig {
  const { traffic, keepPreviousSeconds, maximumSeconds, alarms } = strategy;
  const guarded = {
    AutoRollbackConfiguration: { Alarms: alarmsOf(configName, alarms).map((AlarmName) => ({ AlarmName })) },
  };
  if (traffic.kind === 'rolling') {
    return {
      RollingUpdatePolicy: {
        MaximumBatchSize: percent(traffic.percent),
        WaitIntervalInSeconds: traffic.intervalSeconds,
        MaximumExecutionTimeoutInSeconds: maximumSeconds,
        // Going back is not to take as long as going on did.
        RollbackMaximumBatchSize: percent(100),
      },
      ...guarded,
    };
  }
  return {
    BlueGreenUpdatePolicy: {
      TrafficRoutingConfiguration: routing(traffic),
      TerminationWaitInSeconds: keepPreviousSeconds,
      MaximumExecutionTimeoutInSeconds: maximumSeconds,
    },
    ...guarded,
  };
}

function routing(traffic: Exclude<TrafficShift, { kind: 'rolling' }>): TrafficRoutingConfig {
  switch (traffic.kind) {
    case 'all-at-once':
      // Asked for always, though there is nothing to wait for.
      return { Type: 'ALL_AT_ONCE', WaitIntervalInSeconds: 0 };
    case 'canary':
      return {
        Type: 'CANARY',
        WaitIntervalInSeconds: traffic.bakeSeconds,
        CanarySize: percent(traffic.percent),
      };
    case 'linear':
      return {
        Type: 'LINEAR',
        WaitIntervalInSeconds: traffic.intervalSeconds,
        LinearStepSize: percent(traffic.percent),
      };
    default:
      return traffic satisfies never;
  }
}

function percent(Value: number): CapacitySize {
  return { Type: 'CAPACITY_PERCENT', Value };
}
