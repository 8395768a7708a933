import type { MetricAlarm, PutMetricAlarmInput } from '@aws-sdk/client-cloudwatch';
import type { AlarmsRequest } from '../ports/alarms.ts';
import { VARIANT } from '../rollout/candidate.ts';
import { alarmsOf, killSwitchOf } from '../rollout/strategy.ts';
import { firstDifference } from './first-difference.ts';
import { tagList } from './read-tags.ts';

/** What the kill switch watches: nothing is ever written there but the value that trips it. */
export const KILL_SWITCH_METRIC = { Namespace: 'Titanic', MetricName: 'RollBack' } as const;
export const TRIPPED = 1;

const MICROSECONDS = 1_000;
/**
 * The metrics come once a minute. Two bad minutes in a row: the first one of a fleet has cold caches and few requests,
 * of which a single failure is a large share; a third would be a minute more of errors for people.
 */
const TWO_BAD_MINUTES = { Period: 60, EvaluationPeriods: 2, DatapointsToAlarm: 2 } as const;
/**
 * Of numbers that come every ten seconds: two bad ones within two minutes, seen twenty seconds after the first. Should a
 * metric come once a minute all the same, these are two bad minutes, as without.
 */
const TWO_BAD_WITHIN_TWO_MINUTES = { Period: 10, EvaluationPeriods: 12, DatapointsToAlarm: 2 } as const;
/**
 * Looked at every ten seconds, a minute back: within that time a tripped switch that somebody sets to OK goes back to
 * ALARM by itself.
 */
const ANY_IN_A_MINUTE = { Period: 10, EvaluationPeriods: 6, DatapointsToAlarm: 1 } as const;

/** The alarms that titanic makes for a change, as CloudWatch is asked for them; the kill switch first. */
export function alarmDefinitions(request: AlarmsRequest): readonly PutMetricAlarmInput[] {
  const { configName, plan } = request;
  const [killSwitch, ...others] = alarmsOf(configName, { ...plan, named: [] });
  const numbers = [errors(request), latency(request)].filter((each) => each !== null);
  return [
    {
      AlarmName: killSwitch ?? killSwitchOf(configName),
      AlarmDescription: `titanic sets this to make SageMaker go back from ${configName}. Nothing else does.`,
      ...KILL_SWITCH_METRIC,
      Dimensions: killSwitchDimensions(configName),
      Statistic: 'Maximum',
      ...ANY_IN_A_MINUTE,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      Threshold: TRIPPED,
      // Stays as it was set, because there is no data; with anything else CloudWatch would set it back in seconds.
      TreatMissingData: 'ignore',
      Tags: tagList(request.tags),
    },
    ...numbers.map((numbers, n) => ({
      AlarmName: others[n] ?? '',
      ...numbers,
      Namespace: 'AWS/SageMaker',
      // With the config's name these are the new fleet's numbers alone: errors of the old one must not end the change.
      Dimensions: [
        { Name: 'EndpointName', Value: request.endpointName },
        { Name: 'VariantName', Value: VARIANT },
        { Name: 'EndpointConfigName', Value: configName },
      ],
      ...(plan.everySeconds === undefined ? TWO_BAD_MINUTES : TWO_BAD_WITHIN_TWO_MINUTES),
      ComparisonOperator: 'GreaterThanThreshold' as const,
      // A fleet without traffic has no data, and is not broken.
      TreatMissingData: 'notBreaching',
      Tags: tagList(request.tags),
    })),
  ];
}

export function killSwitchDimensions(configName: string): { Name: string; Value: string }[] {
  return [{ Name: 'EndpointConfigName', Value: configName }];
}

/** The average of this metric is a share: one value of 0 or 1 a request. */
function errors({ plan, configName }: AlarmsRequest) {
  const { errorPercent } = plan;
  if (errorPercent === null) return null;
  return {
    AlarmDescription: `More than ${errorPercent} % of the requests to ${configName} failed (5xx), ${howOften(plan)}.`,
    MetricName: 'Invocation5XXErrors',
    Statistic: 'Average' as const,
    Threshold: errorPercent / 100,
  };
}

function latency({ plan, configName }: AlarmsRequest) {
  const { p95Ms } = plan;
  if (p95Ms === null) return null;
  return {
    AlarmDescription: `p95 of the answers of ${configName} was above ${p95Ms} ms, ${howOften(plan)}.`,
    MetricName: 'ModelLatency',
    ExtendedStatistic: 'p95',
    Threshold: p95Ms * MICROSECONDS,
    // With little traffic too: an alarm that waits for 200 requests a minute would guard most endpoints not at all.
    EvaluateLowSampleCountPercentile: 'evaluate',
  };
}

function howOften({ everySeconds }: AlarmsRequest['plan']): string {
  return everySeconds === undefined
    ? 'two minutes in a row'
    : `twice within two minutes, looked at every ${everySeconds} seconds`;
}

/** What of an alarm of our name says that it watches something else; null: it is about the same. */
export function watchesAnother(wanted: PutMetricAlarmInput, seen: MetricAlarm): string | null {
  return firstDifference([
    ['Namespace', seen.Namespace === wanted.Namespace],
    ['MetricName', seen.MetricName === wanted.MetricName],
    ['Dimensions', dimensionsOf(seen) === dimensionsOf(wanted)],
    ['Metrics', !seen.Metrics?.length],
  ]);
}

/** What of it is not as it would be made now; null: all is. */
export function judgesOtherwise(wanted: PutMetricAlarmInput, seen: MetricAlarm): string | null {
  return firstDifference([
    ['Statistic', seen.Statistic === wanted.Statistic],
    ['ExtendedStatistic', seen.ExtendedStatistic === wanted.ExtendedStatistic],
    ['Period', seen.Period === wanted.Period],
    ['EvaluationPeriods', seen.EvaluationPeriods === wanted.EvaluationPeriods],
    ['DatapointsToAlarm', seen.DatapointsToAlarm === wanted.DatapointsToAlarm],
    ['Threshold', seen.Threshold === wanted.Threshold],
    ['ComparisonOperator', seen.ComparisonOperator === wanted.ComparisonOperator],
    ['TreatMissingData', seen.TreatMissingData === wanted.TreatMissingData],
  ]);
}

function dimensionsOf({ Dimensions = [] }: Pick<MetricAlarm, 'Dimensions'>): string {
  return Dimensions.map(({ Name, Value }) => `${Name}=${Value}`)
    .sort()
    .join();
}
