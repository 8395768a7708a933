/**
 * How CloudWatch judges an alarm, pure: the rules and both tables of "Configuring how CloudWatch alarms treat missing
 * data" and "Avoiding premature transitions to alarm state".
 */
import { type AlarmDefinition, type AlarmState, COMPARISONS, type MissingData } from './alarm-record.ts';

/** The value of one period; `undefined`: missing. */
export interface Datapoint {
  /** The start of the period, milliseconds of the real clock. */
  readonly atMs: number;
  readonly value: number | undefined;
}

interface RealDatapoint {
  readonly atMs: number;
  readonly value: number;
  /** 0 is the newest period. */
  readonly age: number;
  readonly breaching: boolean;
}

export interface Judgement {
  readonly state: AlarmState;
  readonly reason: string;
}

/** How many periods are fetched beyond those that are judged, for the case that some are missing. */
const EXTRA_PERIODS = 2;

export function evaluationRange({ evaluationPeriods }: AlarmDefinition): number {
  return evaluationPeriods + EXTRA_PERIODS;
}

/** Judges the periods of the evaluation range, newest first; `null`: the state stays what it is. */
export function evaluateAlarm(definition: AlarmDefinition, range: readonly Datapoint[]): Judgement | null {
  const { evaluationPeriods, datapointsToAlarm, missingData, threshold } = definition;
  const [, breaches] = COMPARISONS[definition.comparison];
  const real = range.flatMap(({ atMs, value }, age): RealDatapoint[] =>
    value === undefined ? [] : [{ atMs, value, age, breaching: breaches(value, threshold) }],
  );
  const judged = real.slice(0, evaluationPeriods);
  const missing = evaluationPeriods - judged.length;
  const breaching = judged.filter((one) => one.breaching);
  const filled = missingData === 'breaching' ? missing : 0;
  const alarm = () => ({ state: 'ALARM' as const, reason: alarmWords(definition, breaching, missing) });
  const ok = () => ({ state: 'OK' as const, reason: okWords(definition, judged, missing) });

  if (missing === 0 || missingData === 'breaching' || missingData === 'notBreaching')
    return breaching.length + filled >= datapointsToAlarm ? alarm() : ok();
  if (judged.length === 0) {
    if (missingData === 'ignore') return null;
    const reason = `Insufficient Data: ${count(missing, 'datapoint')} ${missing === 1 ? 'was' : 'were'} unknown.`;
    return { state: 'INSUFFICIENT_DATA', reason };
  }
  if (breaching.length >= datapointsToAlarm) return alarm();
  if (breaching.length < judged.length) return ok();
  // All that there is breaches, and it is too little: only what is old enough counts as if the rest breached as well.
  const oldEnough = (judged.at(-1)?.age ?? 0) + 1 >= datapointsToAlarm;
  return oldEnough && missingData === 'missing' ? alarm() : null;
}

function alarmWords(definition: AlarmDefinition, breaching: readonly RealDatapoint[], missing: number): string {
  const { evaluationPeriods, datapointsToAlarm, missingData } = definition;
  const [compared] = COMPARISONS[definition.comparison];
  const treated = missingData === 'breaching' && missing > 0 ? missingWords(missing, missingData) : '';
  if (breaching.length === 0) return `${noDatapoints(evaluationPeriods)}${treated}.`;
  const were = breaching.length === 1 ? 'was' : 'were';
  return (
    `Threshold Crossed: ${breaching.length} out of the last ${evaluationPeriods} datapoints ${listed(breaching)} ${were} ` +
    `${compared} the threshold (${decimal(definition.threshold)})${treated} ` +
    `(minimum ${count(datapointsToAlarm, 'datapoint')} for OK -> ALARM transition).`
  );
}

function okWords(definition: AlarmDefinition, judged: readonly RealDatapoint[], missing: number): string {
  const { missingData, evaluationPeriods } = definition;
  const [compared] = COMPARISONS[definition.comparison];
  const treats = missingData === 'breaching' || missingData === 'notBreaching';
  const treated = treats && missing > 0 ? missingWords(missing, missingData) : '';
  const good = judged.filter((one) => !one.breaching);
  if (good.length === 0) return `${noDatapoints(evaluationPeriods)}${treated}.`;
  const were = good.length === 1 ? 'was' : 'were';
  return (
    `Threshold Crossed: ${count(good.length, 'datapoint')} ${listed(good)} ${were} not ${compared} the threshold ` +
    `(${decimal(definition.threshold)})${treated}.`
  );
}

function noDatapoints(periods: number): string {
  return `Threshold Crossed: no datapoints were received for ${count(periods, 'period')}`;
}

function missingWords(missing: number, missingData: MissingData): string {
  const as = missingData === 'breaching' ? 'Breaching' : 'NonBreaching';
  return ` and ${count(missing, 'missing datapoint')} ${missing === 1 ? 'was' : 'were'} treated as [${as}]`;
}

function listed(points: readonly RealDatapoint[]): string {
  return `[${points.map(({ value, atMs }) => `${decimal(value)} (${moment(atMs)})`).join(', ')}]`;
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/** Always with a fraction: `1.0`. */
function decimal(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

/** `01/12/26 03:41:00`: day first, UTC. */
function moment(atMs: number): string {
  const [date = '', time = ''] = new Date(atMs).toISOString().split('T');
  const [year = '', month = '', day = ''] = date.split('-');
  return `${day}/${month}/${year.slice(2)} ${time.slice(0, 8)}`;
}
