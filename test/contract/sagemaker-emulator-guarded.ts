/** Endpoints of four instances under guarded updates, beside sagemaker-emulator-setup.ts. */
import type { PutMetricAlarmInput } from '@aws-sdk/client-cloudwatch';
import type { DeploymentConfig, UpdateEndpointInput } from '@aws-sdk/client-sagemaker';
import { ask, makeConfig, refusalOf, type Setup } from './sagemaker-emulator-setup.ts';

export const MINUTE_MS = 60_000;
export const SWITCH = 'v2-kill-switch';
const alarms = (...names: string[]) => ({
  AutoRollbackConfiguration: { Alarms: names.map((AlarmName) => ({ AlarmName })) },
});
const percent = (Value: number) => ({ Type: 'CAPACITY_PERCENT', Value }) as const;

/** With the emulator's durations for tests: launch 750 ms, activate 50, terminate 200, and these waits. */
export const STRATEGIES = {
  'all at once': {
    BlueGreenUpdatePolicy: {
      TrafficRoutingConfiguration: { Type: 'ALL_AT_ONCE', WaitIntervalInSeconds: 0 },
      TerminationWaitInSeconds: 600,
    },
  },
  canary: {
    BlueGreenUpdatePolicy: {
      TrafficRoutingConfiguration: { Type: 'CANARY', WaitIntervalInSeconds: 300, CanarySize: percent(25) },
      TerminationWaitInSeconds: 600,
    },
  },
  linear: {
    BlueGreenUpdatePolicy: {
      TrafficRoutingConfiguration: { Type: 'LINEAR', WaitIntervalInSeconds: 120, LinearStepSize: percent(50) },
      TerminationWaitInSeconds: 600,
    },
  },
  rolling: { RollingUpdatePolicy: { MaximumBatchSize: percent(50), WaitIntervalInSeconds: 120 } },
} as const satisfies Record<string, DeploymentConfig>;

export type StrategyName = keyof typeof STRATEGIES;

/** The endpoint `prod` on four instances of v1, a config v2 for as many, and a kill switch as titanic makes it. */
export async function makeGuarded(setup: Setup): Promise<void> {
  await makeConfig(setup, 'v1', { count: 4 });
  await makeConfig(setup, 'v2', { behaviour: 'class-sex-age', count: 4 });
  await setup.sagemaker.createEndpoint({ EndpointName: 'prod', EndpointConfigName: 'v1' });
  setup.pass(1_000);
  await setup.cloudwatch.putMetricAlarm({
    AlarmName: SWITCH,
    Namespace: 'Titanic',
    MetricName: 'RollBack',
    Dimensions: [{ Name: 'EndpointConfigName', Value: 'v2' }],
    Statistic: 'Maximum',
    Period: 10,
    EvaluationPeriods: 6,
    DatapointsToAlarm: 1,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    TreatMissingData: 'ignore',
  });
  await setup.cloudwatch.setAlarmState({ AlarmName: SWITCH, StateValue: 'OK', StateReason: 'at rest' });
}

/** The alarms of the new fleet's numbers, as titanic makes them: 5 % errors, p95 of 40 ms, two minutes each. */
export async function makeAlarms({ cloudwatch }: Setup): Promise<string[]> {
  const common: Omit<PutMetricAlarmInput, 'AlarmName'> = {
    Namespace: 'AWS/SageMaker',
    Dimensions: [
      { Name: 'EndpointName', Value: 'prod' },
      { Name: 'VariantName', Value: 'AllTraffic' },
      { Name: 'EndpointConfigName', Value: 'v2' },
    ],
    Period: 60,
    EvaluationPeriods: 2,
    DatapointsToAlarm: 2,
    ComparisonOperator: 'GreaterThanThreshold',
    TreatMissingData: 'notBreaching',
  };
  await cloudwatch.putMetricAlarm({
    ...common,
    AlarmName: 'v2-errors',
    MetricName: 'Invocation5XXErrors',
    Statistic: 'Average',
    Threshold: 0.05,
  });
  await cloudwatch.putMetricAlarm({
    ...common,
    AlarmName: 'v2-latency',
    MetricName: 'ModelLatency',
    ExtendedStatistic: 'p95',
    Threshold: 40_000,
  });
  return ['v2-errors', 'v2-latency'];
}

export async function startUpdate(
  { sagemaker }: Setup,
  strategy: DeploymentConfig,
  more: { readonly alarms?: readonly string[] } & Partial<UpdateEndpointInput> = {},
): Promise<void> {
  const { alarms: others = [], ...rest } = more;
  await sagemaker.updateEndpoint({
    EndpointName: 'prod',
    EndpointConfigName: 'v2',
    DeploymentConfig: { ...strategy, ...alarms(SWITCH, ...others) },
    ...rest,
  });
}

export const trip = ({ cloudwatch }: Setup) =>
  cloudwatch.setAlarmState({ AlarmName: SWITCH, StateValue: 'ALARM', StateReason: 'go back' });

export const describeProd = ({ sagemaker }: Setup) => sagemaker.describeEndpoint({ EndpointName: 'prod' });

/** What the pending fleet is doing, in SageMaker's words. */
export async function wordsOf(setup: Setup): Promise<string> {
  const { PendingDeploymentSummary: pending } = await describeProd(setup);
  const { Status, StatusMessage } = pending?.ProductionVariants?.[0]?.VariantStatus?.[0] ?? {};
  return `${Status}: ${StatusMessage}`;
}

/** The share of the new fleet in so many requests, by the emulator's own count of who answered. */
export async function shareOfNew(setup: Setup, requests = 4): Promise<number> {
  const count = async () => (await setup.running.control.state()).invocations['prod/v2/AllTraffic'] ?? 0;
  const before = await count();
  for (let n = 0; n < requests; n += 1) await ask(setup, 'prod');
  return ((await count()) - before) / requests;
}

/** Requests in each of so many minutes; failures are counted, and their number is answered. */
export async function traffic(setup: Setup, minutes: number, perMinute = 4): Promise<number> {
  let failed = 0;
  for (let minute = 0; minute < minutes; minute += 1) {
    for (let n = 0; n < perMinute; n += 1) {
      await ask(setup, 'prod').catch(async (error: unknown) => {
        const { name } = await refusalOf(Promise.reject(error));
        if (name !== 'ModelError') throw error;
        failed += 1;
      });
    }
    setup.pass(MINUTE_MS);
  }
  return failed;
}
