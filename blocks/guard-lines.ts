import { amount, type Prices } from '../src/cost/prices.ts';
import { VERDICT_WORDS } from '../src/rollout/analysis.ts';
import type { EnvironmentPlan } from '../src/rollout/candidate.ts';
import type { ChangeNow, GuardNow } from '../src/rollout/change-now.ts';
import type { AlarmState } from '../src/rollout/guard-events.ts';
import { configOfAlarm, isKillSwitch } from '../src/rollout/strategy.ts';
import { fleetsLine } from './fleet-lines.ts';
import { at, bold, type Line, person, text } from './inline.ts';
import { firstOf, PIECES } from './limits.ts';
import { costOf } from './plan-cost.ts';
import { changeWords } from './strategy-words.ts';

/** The fleet that is exchanged, as far as the record knows it. */
export interface OldFleet {
  /** `version 6`. */
  readonly words: string;
  readonly plan: EnvironmentPlan | null;
}

/** How a change that SageMaker guards stands: its plan, its alarms, the old fleet behind it, and what it was told. */
export function guardLines(
  { guard }: Pick<ChangeNow, 'guard'>,
  version: string,
  old: OldFleet,
  prices: Prices | null,
): readonly Line[] {
  if (guard === null) return [];
  const where =
    guard.keptUntil === null
      ? [[bold('Shift '), text(changeWords({ on: true, strategy: guard.strategy }))]]
      : servingLines(version, guard.keptUntil, old, prices);
  return [
    ...where,
    alarmsLine(guard),
    ...comparedLines(guard),
    ...toldLines(guard),
    ...(guard.told ? [] : [[text(ONLY_ON_OR_BACK)]]),
  ];
}

function servingLines(version: string, until: string, old: OldFleet, prices: Prices | null): readonly Line[] {
  return [
    [
      bold('Serving '),
      text(`${version} answers all traffic; the old fleet (${old.words}) is kept until `),
      at(until),
      text(`, ${fleetCost(old.plan, prices)}`),
    ],
  ];
}

/** What is paid for the fleet that only waits. */
function fleetCost(plan: EnvironmentPlan | null, prices: Prices | null): string {
  if (prices === null) return 'and billed until then';
  const hour = plan === null ? null : costOf(plan, prices);
  return hour === null ? 'at a cost that is unknown' : `for ${amount(hour)} ${prices.currency} an hour`;
}

/** The numbers old beside new, and when prod goes back because of them. */
function comparedLines({ analysis, strategy, told }: GuardNow): readonly Line[] {
  if (strategy.analysis === undefined) return [];
  if (analysis === null) return [[bold('Compared '), text('not yet: the new fleet has no traffic so far')]];
  const verdict: Line = [
    bold('Compared '),
    text(`the new fleet is ${VERDICT_WORDS[analysis.verdict]}. `),
    ...fleetsLine(analysis),
  ];
  const { dueAt, snoozed } = analysis;
  if (dueAt === null || told) return [verdict];
  const off: Line =
    snoozed === null ? [] : [text('; put off by '), person(snoozed.by), text(`: ${snoozed.reason}`, PIECES.reason)];
  return [verdict, [bold('Goes back by itself '), at(dueAt), ...off]];
}

/** `Alarms errors OK, latency no data yet`. The kill switch is no alarm: it is told where it is used. */
function alarmsLine({ alarms }: GuardNow): Line {
  if (alarms === null) return [bold('Alarms '), text('not read yet')];
  const { shown, more } = firstOf(
    alarms.filter(({ name }) => !isKillSwitch(name)),
    PIECES.listed,
  );
  const listed = shown.map((alarm) => `${alarmName(alarm.name)} ${stateWords(alarm)}`).join(', ');
  const rest = more === 0 ? '' : ` … +${more}`;
  return [bold('Alarms '), text(listed === '' ? 'none but the kill switch' : `${listed}${rest}`, PIECES.words)];
}

/** The names of those that are on; the kill switch is none. */
export function alarmsOn(alarms: readonly AlarmState[]): readonly string[] {
  return alarms
    .filter(({ name, state }) => state === 'ALARM' && !isKillSwitch(name))
    .map(({ name }) => alarmName(name));
}

/** Without the config's name where the alarm is titanic's own. */
export function alarmName(name: string): string {
  const config = configOfAlarm(name);
  return config === null ? name : name.slice(config.length + 1);
}

function stateWords({ state, why }: AlarmState): string {
  switch (state) {
    case 'OK':
      return 'OK';
    case 'ALARM':
      return why === null ? 'on' : `on (${why})`;
    case 'INSUFFICIENT_DATA':
      return 'no data yet';
    default:
      return state;
  }
}

function toldLines({ told }: GuardNow): readonly Line[] {
  return told
    ? [[bold('Going back '), text('SageMaker is told to undo it; the old fleet takes the traffic back')]]
    : [];
}

/** Why there is one button and not three. */
const ONLY_ON_OR_BACK = 'SageMaker cannot pause or hurry a change, or end it early: it goes on, or back.';
