import type { Operation, OperationContext } from '../operation.ts';
import { readTags } from '../operations/tags.ts';
import { AwsError, validationException } from '../wire/aws-error.ts';
import { type InputReader, readInput } from '../wire/input-reader.ts';
import { epochSeconds, type JsonObject } from '../wire/json-value.ts';
import { ALARM_STATES, type AlarmRecord, COMPARISONS, definitionOf, MISSING_DATA } from './alarm-record.ts';
import { periodOfQuery, readMetricQueries } from './metric-query.ts';
import { PERCENTILE, STATISTICS } from './summary.ts';

const ALARM_NAME = { min: 1, max: 255 };
const NAMES_MAX = 100;
const PAGE_DEFAULT = 50;
const PAGE_MAX = 100;
const PERIODS_MAX_SECONDS = 7 * 86_400;
const MATH_QUERIES_MAX = 20;
const ALARMS_QUOTA = 5_000;

/** CloudWatch, unlike SageMaker, has a 404 for what is not there. */
export function noSuchAlarm(): AwsError {
  return new AwsError('ResourceNotFound', 404, 'The named resource does not exist.');
}

const invalid = (message: string) => new AwsError('InvalidParameterValue', 400, message);
const conflicting = (message: string) => new AwsError('InvalidParameterCombination', 400, message);

/** Makes an alarm, or changes what one of this name watches: its state and its tags stay. */
export const putMetricAlarm: Operation = (context, input) => {
  const read = readInput(input);
  const name = read.text('AlarmName', ALARM_NAME);
  readJudgement(read);
  const queries = readMetricQueries(read, 'Metrics', MATH_QUERIES_MAX);
  readSingleMetric(read);
  const tags = readTags(read);
  read.done();
  checkWatched(input, queries());
  const { AlarmName: _name, Tags: _tags, ...members } = input;
  const definition = definitionOf(members);
  checkPeriods(definition.periodMs / 1000, definition.evaluationPeriods);
  if (definition.datapointsToAlarm > definition.evaluationPeriods)
    throw invalid('DatapointsToAlarm must be less than or equal to EvaluationPeriods.');

  const { world, nowMs } = context;
  const before = world.alarms.get(name);
  if (before === undefined) checkQuota(context);
  world.alarms.set(name, {
    ...(before ?? unchecked(context, name)),
    members,
    configuredAtMs: nowMs,
    evaluatedMs: context.clock.emulatedAt(nowMs),
    unsettled: true,
  });
  const { arn } = before ?? unchecked(context, name);
  if (before === undefined && Object.keys(tags).length > 0) world.tags.set(arn, tags);
  return {};
};

function readJudgement(read: InputReader): void {
  read.number('EvaluationPeriods', { min: 1 });
  read.optionalNumber('DatapointsToAlarm', { min: 1 });
  read.text('ComparisonOperator', { values: Object.keys(COMPARISONS) });
  read.number('Threshold');
  read.optionalText('TreatMissingData', { values: MISSING_DATA });
  read.optionalText('EvaluateLowSampleCountPercentile', { values: ['evaluate', 'ignore'] });
  read.optionalText('AlarmDescription', { max: 1024 });
}

function readSingleMetric(read: InputReader): void {
  read.optionalText('Namespace', { min: 1, max: 255, pattern: '[^:].*' });
  read.optionalText('MetricName', { min: 1, max: 255 });
  read.optionalText('Statistic', { values: STATISTICS });
  read.optionalText('ExtendedStatistic', { pattern: PERCENTILE.source.slice(1, -1) });
  read.optionalNumber('Period', { min: 10 });
  for (const dimension of read.list('Dimensions', { max: 30 })) {
    dimension.text('Name', { min: 1, max: 255 });
    dimension.text('Value', { min: 1, max: 1024 });
  }
}

function checkWatched(input: JsonObject, queries: ReturnType<ReturnType<typeof readMetricQueries>>): void {
  const single = ['Namespace', 'MetricName', 'Statistic', 'ExtendedStatistic', 'Period', 'Dimensions'];
  if (queries.length > 0) {
    const given = single.find((member) => input[member] !== undefined);
    if (given !== undefined) throw conflicting(`${given} and Metrics cannot be given together.`);
    const judged = queries.filter(({ returnData }) => returnData);
    if (judged.length !== 1) throw validationException('Exactly one element of the metrics list should return data.');
    if (periodOfQuery(queries, judged[0]?.id ?? '') === 0)
      throw validationException('The expression of an alarm must read at least one metric.');
    return;
  }
  const missing = ['MetricName', 'Namespace', 'Period'].find((member) => input[member] === undefined);
  if (missing !== undefined)
    throw new AwsError('MissingParameter', 400, `The parameter ${missing} is required for a metric alarm.`);
  if ((input.Statistic === undefined) === (input.ExtendedStatistic === undefined))
    throw conflicting('Exactly one of Statistic and ExtendedStatistic must be given.');
}

function checkPeriods(period: number, periods: number): void {
  if (![10, 20, 30].includes(period) && period % 60 !== 0)
    throw invalid('Period must be 10, 20, 30 or a multiple of 60.');
  if (period * periods > PERIODS_MAX_SECONDS)
    throw validationException('Metrics cannot be checked across more than seven days.');
}

function checkQuota(context: OperationContext): void {
  const fault = context.takeFault('quota');
  const quota = fault === undefined ? ALARMS_QUOTA : (fault.limit ?? 0);
  if (context.world.alarms.size >= quota)
    throw new AwsError('LimitExceeded', 400, `The quota of ${quota} alarms of this account has been reached.`);
}

function unchecked({ account, nowMs, clock }: OperationContext, name: string): AlarmRecord {
  return {
    name,
    arn: `arn:aws:cloudwatch:${account.region}:${account.accountId}:alarm:${name}`,
    members: {},
    configuredAtMs: nowMs,
    state: 'INSUFFICIENT_DATA',
    reason: 'Unchecked: Initial alarm creation',
    reasonData: undefined,
    stateUpdatedMs: nowMs,
    transitionedMs: nowMs,
    evaluatedMs: clock.emulatedAt(nowMs),
    unsettled: true,
  };
}

export const describeAlarms: Operation = (context, input) => {
  const read = readInput(input);
  const names = read.optionalTexts('AlarmNames', { max: NAMES_MAX });
  const prefix = read.optionalText('AlarmNamePrefix', ALARM_NAME);
  const types = read.optionalTexts('AlarmTypes');
  const state = read.optionalText('StateValue', { values: ALARM_STATES });
  const pageSize = read.optionalNumber('MaxRecords', { min: 1, max: PAGE_MAX }) ?? PAGE_DEFAULT;
  const token = read.optionalText('NextToken');
  read.done();
  if (names !== undefined && prefix !== undefined)
    throw conflicting('AlarmNames and AlarmNamePrefix cannot be given together.');
  // There are no composite alarms here.
  const found = types?.includes('MetricAlarm') === false ? [] : [...context.world.alarms.values()];
  const after = token === undefined ? undefined : Buffer.from(token, 'base64url').toString();
  const remaining = found
    .filter(({ name }) => names?.includes(name) ?? name.startsWith(prefix ?? ''))
    .filter((alarm) => state === undefined || alarm.state === state)
    .filter(({ name }) => after === undefined || name > after)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const page = remaining.slice(0, pageSize);
  const last = page.at(-1);
  return {
    MetricAlarms: page.map(describedAlarm),
    CompositeAlarms: [],
    NextToken:
      remaining.length > page.length && last !== undefined ? Buffer.from(last.name).toString('base64url') : undefined,
  };
};

/** An alarm as DescribeAlarms shows it. */
export function describedAlarm(alarm: AlarmRecord): JsonObject {
  return {
    ActionsEnabled: true,
    OKActions: [],
    AlarmActions: [],
    InsufficientDataActions: [],
    ...alarm.members,
    AlarmName: alarm.name,
    AlarmArn: alarm.arn,
    AlarmConfigurationUpdatedTimestamp: epochSeconds(alarm.configuredAtMs),
    StateValue: alarm.state,
    StateReason: alarm.reason,
    StateReasonData: alarm.reasonData,
    StateUpdatedTimestamp: epochSeconds(alarm.stateUpdatedMs),
    StateTransitionedTimestamp: epochSeconds(alarm.transitionedMs),
  };
}

/** Deletes all of them, or none if one is not there. */
export const deleteAlarms: Operation = (context, input) => {
  const read = readInput(input);
  const names = read.optionalTexts('AlarmNames', { max: NAMES_MAX }) ?? [];
  read.done();
  const { alarms, tags } = context.world;
  const found = names.map((name) => alarms.get(name));
  if (found.includes(undefined)) throw noSuchAlarm();
  for (const alarm of found) {
    if (alarm === undefined) continue;
    alarms.delete(alarm.name);
    tags.delete(alarm.arn);
  }
  return {};
};

/** Sets a state that lasts until the next evaluation says otherwise. */
export const setAlarmState: Operation = (context, input) => {
  const read = readInput(input);
  const name = read.text('AlarmName', ALARM_NAME);
  read.text('StateValue', { values: ALARM_STATES });
  const reason = read.text('StateReason', { max: 1023 });
  const reasonData = read.optionalText('StateReasonData', { max: 4000 });
  read.done();
  const { world, nowMs } = context;
  const alarm = world.alarms.get(name);
  if (alarm === undefined) throw noSuchAlarm();
  const state = ALARM_STATES.find((one) => one === input.StateValue) ?? alarm.state;
  world.alarms.set(name, {
    ...alarm,
    state,
    reason,
    reasonData,
    stateUpdatedMs: nowMs,
    transitionedMs: state === alarm.state ? alarm.transitionedMs : nowMs,
    evaluatedMs: Math.max(alarm.evaluatedMs, context.clock.emulatedAt(nowMs)),
    unsettled: true,
  });
  return {};
};
