import { amount, monthly, type Prices } from '../src/cost/prices.ts';
import type { EnvironmentPlan } from '../src/rollout/candidate.ts';
import type { EventOf } from '../src/rollout/events.ts';
import type { Stopped, StackedTarget } from '../src/rollout/state.ts';
import { capacityWords, versionWords } from './candidate-words.ts';
import { at, bold, type Line, text } from './inline.ts';
import { costOf } from './plan-cost.ts';

/** That staging is being stopped, why, and what that saves. */
export function idleStopLine(event: EventOf<'IdleStopDecided'>, prices: Prices | null): Line {
  const { environment, usedAt, afterHours, capacity } = event;
  return [
    bold(`${environment} is being stopped. `),
    text(`Nobody used it for ${hoursWords(afterHours)}; last used `),
    at(usedAt),
    text(`. ${savedWords(capacity, prices)}Its config and model are kept`),
  ];
}

/** `It ran on ml.m5.large × 1, which saves 0.23 USD an hour, 167.90 USD a month. `: where a price is known. */
function savedWords(capacity: EnvironmentPlan['capacity'] | null, prices: Prices | null): string {
  if (capacity === null) return '';
  const ran = `It ran on ${capacityWords(capacity)}`;
  const hour = prices === null ? null : costOf({ capacity }, prices);
  if (hour === null || prices === null) return `${ran}. `;
  const { currency } = prices;
  return `${ran}: that saves ${amount(hour)} ${currency} an hour, ${monthly(hour)} ${currency} a month. `;
}

/** That an environment is stopped, and what brings it back. */
export function stoppedLine(environment: string, { at: since, usedAt }: Stopped, runs: StackedTarget): Line {
  return [
    bold(`${environment} is stopped `),
    text('since '),
    at(since),
    text(', last used '),
    at(usedAt),
    text(`; ${versionWords(runs)} is brought back by the next deploy, smoke run or rollback`),
  ];
}

/** What whoever decides at a gate has to know of staging; `stopped`: since when it is. */
export function sparedLine(idleStopHours: number | undefined, stopped: string | null): Line | null {
  if (idleStopHours === undefined) return null;
  if (stopped !== null) {
    return [
      bold('staging is stopped '),
      text('since '),
      at(stopped),
      text('; what its smoke tests say counts, unless somebody had changed it before that'),
    ];
  }
  return [bold('staging '), text(`is stopped after ${hoursWords(idleStopHours)} without use, also while this waits`)];
}

/** `2 hours`, `45 minutes`. */
function hoursWords(hours: number): string {
  if (hours < 1) return `${Math.round(hours * 60)} minutes`;
  return hours === 1 ? '1 hour' : `${Number(hours.toFixed(2))} hours`;
}
