import { amount, type Prices } from '../src/cost/prices.ts';
import { type EnvironmentPlan, VARIANT } from '../src/rollout/candidate.ts';
import { GUARDRAIL_OFF, type Guardrail, type GuardrailAbsent } from '../src/rollout/guardrail.ts';
import { type Strategy, type TrafficShift, waitsOf } from '../src/rollout/strategy.ts';
import { durationWords } from './duration-words.ts';
import { bold, code, type Line, text } from './inline.ts';
import { firstOf, PIECES } from './limits.ts';
import { costOf } from './plan-cost.ts';

/**
 * For those who decide about prod: how its traffic would move, what takes it back, and what both fleets cost.
 * `guardrail`: null: the record cannot say whether SageMaker guards it. `runningPlan`: of the fleet that is exchanged;
 * null: it is not known.
 */
export function strategyLines(
  plan: EnvironmentPlan,
  guardrail: Guardrail | null,
  runningPlan: EnvironmentPlan | null,
  prices: Prices | null,
): readonly Line[] {
  if (guardrail?.on === false)
    return [[bold('Change '), text(changeWords(guardrail))], ...demandedLines(plan, guardrail)];
  const strategy = guardrail === null ? plan.strategy : guardrail.strategy;
  if (strategy === undefined) return [];
  return [
    [bold('Change '), text(changeWords({ on: true, strategy }))],
    ...(guardrail === null ? [UNSURE] : []),
    takenBackLine(strategy),
    fleetsLine(plan, strategy, runningPlan, prices),
  ];
}

/** An adopted endpoint may have a variant of another name, which SageMaker changes unguarded. */
const UNSURE: Line = [
  bold('Guardrail '),
  text('not certain: prod was adopted. It is guarded only if its variant is named '),
  code(VARIANT),
  text(', which is looked at right before the change'),
];

/** Nobody should approve what then ends void. */
function demandedLines({ strategy }: EnvironmentPlan, { because }: GuardrailAbsent): readonly Line[] {
  if (strategy?.required !== true || because === 'first-deployment') return [];
  return [[bold('Not possible '), code('guardrails: required'), text(' is configured, so this would end void')]];
}

/** `10 % for 10 minutes, then all; the old fleet is kept 60 minutes more`, or why nothing guards the change. */
export function changeWords(guardrail: Guardrail): string {
  if (guardrail.on) return shiftWords(guardrail.strategy);
  const how = guardrail.because === 'first-deployment' ? 'the endpoint of prod is created' : 'all traffic at once';
  return `${how}; no guardrail, because ${GUARDRAIL_OFF[guardrail.because]}`;
}

function shiftWords({ traffic, keepPreviousSeconds }: Strategy): string {
  const kept =
    keepPreviousSeconds === 0 ? 'is not kept' : `is kept ${durationWords(keepPreviousSeconds)}${more(traffic)}`;
  return traffic.kind === 'rolling' ? trafficWords(traffic) : `${trafficWords(traffic)}; the old fleet ${kept}`;
}

function more({ kind }: TrafficShift): string {
  return kind === 'all-at-once' ? '' : ' more';
}

function trafficWords(traffic: TrafficShift): string {
  switch (traffic.kind) {
    case 'all-at-once':
      return 'all traffic at once';
    case 'canary':
      return `${traffic.percent} % for ${durationWords(traffic.bakeSeconds)}, then all`;
    case 'linear': {
      const steps = Math.ceil(100 / traffic.percent);
      return `${traffic.percent} % more every ${durationWords(traffic.intervalSeconds)}, in ${steps} steps`;
    }
    case 'rolling': {
      const every = durationWords(traffic.intervalSeconds);
      return `${traffic.percent} % of the instances every ${every}, without an old fleet to go back to at once`;
    }
    default:
      return traffic satisfies never;
  }
}

/** What makes prod go back by itself, and that people can. */
function takenBackLine({ alarms: { errorPercent, p95Ms, named, everySeconds }, analysis }: Strategy): Line {
  const { shown, more: unnamed } = firstOf(named, PIECES.listed);
  const causes: Line[] = [
    ...(errorPercent === null ? [] : [[text(`more than ${errorPercent} % errors`)]]),
    ...(p95Ms === null ? [] : [[text(`p95 above ${p95Ms} ms`)]]),
    ...shown.map((name): Line => [text('alarm '), code(name)]),
    ...(unnamed === 0 ? [] : [[text(`${unnamed} more alarms`)]]),
    ...worseWords(analysis),
    [text('a rollback')],
  ];
  const listed = causes.flatMap((cause, index): Line => {
    if (index === 0) return cause;
    return [text(index === causes.length - 1 ? ' or ' : ', '), ...cause];
  });
  const often = everySeconds === undefined ? [] : [text(`; its numbers come every ${everySeconds} seconds`)];
  return [bold('Taken back by '), ...listed, ...often];
}

/** Titanic's own comparison of both fleets; where it only tells, it takes nothing back. */
function worseWords(analysis: Strategy['analysis']): readonly Line[] {
  const seconds = analysis?.autoRollbackSeconds ?? null;
  if (seconds === null) return [];
  const when = seconds === 0 ? 'at once' : `${durationWords(seconds)} after it is seen`;
  return [[text(`a new fleet worse than the old one (${when})`)]];
}

/** Starting the new fleet takes time that nobody knows before, so what is said is the least. */
function fleetsLine(
  plan: EnvironmentPlan,
  strategy: Strategy,
  runningPlan: EnvironmentPlan | null,
  prices: Prices | null,
): Line {
  const seconds = waitsOf(strategy);
  const { traffic } = strategy;
  const rolling = traffic.kind === 'rolling';
  const label = bold(rolling ? 'A batch more ' : 'Both fleets ');
  const billed = `billed for ${durationWords(seconds)} and while the new ${rolling ? 'ones start' : 'one starts'}`;
  if (prices === null) return [label, text(billed)];
  const extra = rolling ? plan : runningPlan;
  const hour = extra === null ? null : costOf(extra, prices);
  if (hour === null) return [label, text(`${billed}, at a cost that is unknown`)];
  const share = rolling ? traffic.percent / 100 : 1;
  const cost = (hour * share * seconds) / 3_600;
  return [label, text(`${billed}: ${amount(cost)} ${prices.currency} or more on top`)];
}
