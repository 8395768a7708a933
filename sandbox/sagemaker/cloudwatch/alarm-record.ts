import { readInput } from '../wire/input-reader.ts';
import { type JsonObject, numberMember, objectsMember, textMember } from '../wire/json-value.ts';
import { type MetricQuery, periodOfQuery, readMetricKey, readMetricQueries } from './metric-query.ts';

export const ALARM_STATES = ['OK', 'ALARM', 'INSUFFICIENT_DATA'] as const;
export type AlarmState = (typeof ALARM_STATES)[number];

export interface AlarmRecord {
  readonly name: string;
  readonly arn: string;
  /** As given to PutMetricAlarm, without the tags. */
  readonly members: JsonObject;
  readonly configuredAtMs: number;
  readonly state: AlarmState;
  readonly reason: string;
  readonly reasonData: string | undefined;
  readonly stateUpdatedMs: number;
  /** When the state was another one before. */
  readonly transitionedMs: number;
  /** Emulated milliseconds. */
  readonly evaluatedMs: number;
  /** Whether the next evaluation can change something without new data. */
  readonly unsettled: boolean;
}

export const COMPARISONS = {
  GreaterThanThreshold: ['greater than', (value: number, threshold: number) => value > threshold],
  GreaterThanOrEqualToThreshold: ['greater than or equal to', (value: number, threshold: number) => value >= threshold],
  LessThanThreshold: ['less than', (value: number, threshold: number) => value < threshold],
  LessThanOrEqualToThreshold: ['less than or equal to', (value: number, threshold: number) => value <= threshold],
} as const;

export type Comparison = keyof typeof COMPARISONS;

export const MISSING_DATA = ['breaching', 'notBreaching', 'ignore', 'missing'] as const;
export type MissingData = (typeof MISSING_DATA)[number];

/** What an alarm watches and how it judges. */
export interface AlarmDefinition {
  readonly queries: readonly MetricQuery[];
  /** Of the query that is judged. */
  readonly id: string;
  readonly periodMs: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly threshold: number;
  readonly comparison: Comparison;
  readonly missingData: MissingData;
}

/** What the members of an alarm say; PutMetricAlarm has checked them. */
export function definitionOf(members: JsonObject): AlarmDefinition {
  const read = readInput(members);
  const queries =
    objectsMember(members, 'Metrics').length > 0 ? readMetricQueries(read, 'Metrics', 20)() : [singleQuery(members)];
  const id = queries.find(({ returnData }) => returnData)?.id ?? '';
  const evaluationPeriods = numberMember(members, 'EvaluationPeriods') ?? 1;
  return {
    queries,
    id,
    periodMs: periodOfQuery(queries, id),
    evaluationPeriods,
    datapointsToAlarm: numberMember(members, 'DatapointsToAlarm') ?? evaluationPeriods,
    threshold: numberMember(members, 'Threshold') ?? 0,
    comparison: oneOf(COMPARISONS, textMember(members, 'ComparisonOperator')),
    missingData: MISSING_DATA.find((one) => one === members.TreatMissingData) ?? 'missing',
  };
}

function singleQuery(members: JsonObject): MetricQuery {
  return {
    id: 'metric',
    label: undefined,
    returnData: true,
    of: {
      kind: 'metric',
      key: readMetricKey(readInput(members)),
      periodMs: (numberMember(members, 'Period') ?? 60) * 1000,
      statistic: textMember(members, 'Statistic') ?? textMember(members, 'ExtendedStatistic') ?? 'Average',
    },
  };
}

function oneOf(all: typeof COMPARISONS, name: string | undefined): Comparison {
  const names = Object.keys(all) as Comparison[];
  return names.find((one) => one === name) ?? 'GreaterThanThreshold';
}
