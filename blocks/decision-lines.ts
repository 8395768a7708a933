import { amount, HOURS_PER_MONTH, monthly, type Prices, sourcesOf } from '../src/cost/prices.ts';
import type { EnvironmentPlan } from '../src/rollout/candidate.ts';
import type { RolloutCard } from '../src/rollout/card-of-rollout.ts';
import type { ModelFacts } from '../src/rollout/model-facts.ts';
import type { Usual } from '../src/rollout/usual-time.ts';
import { basisWords, tookWords } from './duration-words.ts';
import { at, bold, type Line, text } from './inline.ts';
import { firstOf, PIECES } from './limits.ts';
import { numbersAmong } from './model-numbers.ts';
import { costOf } from './plan-cost.ts';
import { strategyLines } from './strategy-words.ts';

/** What somebody who decides about prod would otherwise look up. Said while the gate is open, and at no other time. */
export function decisionLines(card: RolloutCard, prices: Prices | null): readonly Line[] {
  if (card.rollout.status !== 'gate') return [];
  const { rollout, guardrail, runningPlan, usual } = card;
  return [
    ...registryLines(rollout.about),
    ...strategyLines(rollout.candidate.plans.prod, guardrail, runningPlan, prices),
    takesLine(usual.promotion),
    ...(prices === null ? [] : costLines(card, prices)),
  ];
}

function registryLines(about: RolloutCard['rollout']['about']): readonly Line[] {
  if (about === undefined) return [];
  const { model, beside } = about;
  const lines: Line[] = [];
  if (model.description !== null) lines.push([bold('Description '), text(model.description, PIECES.note)]);
  if (model.commit !== null) {
    const theirs = beside === null || beside.commit === null ? null : shortCommit(beside.commit);
    lines.push([bold('Commit '), text(shortCommit(model.commit), PIECES.name), ...besideWords(theirs)]);
  }
  if (model.createdBy !== null)
    lines.push([bold('Made by '), text(shortName(model.createdBy), PIECES.name), ...madeAt(model)]);
  const metrics = metricsLine(model, beside);
  return metrics.length === 0 ? lines : [...lines, metrics];
}

/** Of a user or role of AWS its name alone, as the record has all of it. */
function shortName(createdBy: string): string {
  return /^arn:[^:]*:(?:iam|sts)::\d*:[a-z-]+\/(.+)$/.exec(createdBy)?.[1] ?? createdBy;
}

/** When, where the registry says so. */
function madeAt({ createdAt }: ModelFacts): Line {
  return createdAt === null ? [] : [text(', '), at(createdAt)];
}

/** Enough of a hash to compare by eye; the record has all of it. */
function shortCommit(commit: string): string {
  return /^[0-9a-f]{40,64}$/.test(commit) ? commit.slice(0, 12) : commit;
}

/** `Metrics accuracy 0.84 (prod 0.81), auc 0.87 (prod 0.86)`. */
function metricsLine(model: ModelFacts, beside: ModelFacts | null): Line {
  const { shown, more } = firstOf(numbersAmong(model.metrics), PIECES.listed);
  if (shown.length === 0) return [];
  const each = shown.map(
    ([name, value], index): Line => [
      text(`${index === 0 ? '' : ', '}${name} ${value}`, PIECES.name),
      ...besideWords(beside?.metrics[name] ?? null),
    ],
  );
  return [bold('Metrics '), ...each.flat(), ...(more === 0 ? [] : [text(` … +${more}`)])];
}

function besideWords(theirs: string | null): Line {
  return theirs === null ? [] : [text(` (prod ${theirs})`, PIECES.name)];
}

function takesLine(usual: Usual | null): Line {
  const words =
    usual === null ? 'not known: prod was not changed like this yet' : `${tookWords(usual.ms)} (${basisWords(usual)})`;
  return [bold('Takes '), text(words)];
}

function costLines({ rollout, running, runningPlan }: RolloutCard, prices: Prices): readonly Line[] {
  const { staging, prod } = rollout.candidate.plans;
  const now = running.prod === null ? '' : ` (${differenceWords(prod, runningPlan, prices)})`;
  const hour = `staging ${costWords(staging, prices)}, prod ${costWords(prod, prices)}${now}`;
  return [
    [bold('Cost per hour '), text(hour)],
    ...monthLine(staging, prod, prices),
    ...sourceLine([staging, prod], prices),
  ];
}

/** Of what runs all the time. Nothing where an hour says all there is. */
function monthLine(staging: EnvironmentPlan, prod: EnvironmentPlan, prices: Prices): readonly Line[] {
  const each = [
    ['staging', costOf(staging, prices)],
    ['prod', costOf(prod, prices)],
  ] as const;
  const known = each.flatMap(([name, hour]) => (hour === null ? [] : [`${name} ${monthly(hour)} ${prices.currency}`]));
  return known.length === 0 ? [] : [[bold('Per month '), text(`of ${HOURS_PER_MONTH} hours ${known.join(', ')}`)]];
}

function sourceLine(plans: readonly EnvironmentPlan[], prices: Prices): readonly Line[] {
  const types = plans.flatMap(({ capacity }) => (capacity.kind === 'instances' ? [capacity.instanceType] : []));
  const sources = sourcesOf(types, prices);
  return sources.length === 0 ? [] : [[bold('Prices '), text(sources.join('; '), PIECES.words)]];
}

function differenceWords(then: EnvironmentPlan, now: EnvironmentPlan | null, prices: Prices): string {
  if (now === null) return 'now unknown';
  const [before, after] = [costOf(now, prices), costOf(then, prices)];
  if (before === null || after === null) return `now ${costWords(now, prices)}`;
  const more = after - before;
  return more === 0
    ? 'as now'
    : `now ${amount(before)} ${prices.currency}, ${more > 0 ? '+' : '−'}${amount(Math.abs(more))}`;
}

function costWords(plan: EnvironmentPlan, prices: Prices): string {
  if (plan.capacity.kind === 'serverless') return 'by use';
  const cost = costOf(plan, prices);
  return cost === null ? 'unknown' : `${amount(cost)} ${prices.currency}`;
}
