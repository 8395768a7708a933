import { minute } from '../rollout/entry-words.ts';
import type { CostReport } from './costs.ts';
import { amount, HOURS_PER_MONTH, monthly, type Prices, sourcesOf } from './prices.ts';
import {
  type EnvironmentCost,
  type FleetCost,
  type FleetRole,
  type PartCost,
  type Sum,
  sumOfRole,
} from './running-cost.ts';

/** A sentence, in which moments (ISO 8601) stay moments: Slack shows them in the reader's own time. */
export type Note = readonly (string | { readonly at: string })[];

/** One row of the table: what runs somewhere, and what it costs. */
export interface CostRow {
  readonly service: string;
  readonly environment: string;
  readonly runs: string;
  readonly perHour: string;
  readonly perMonth: string;
}

const ROLE_WORDS: Readonly<Record<FleetRole, string>> = {
  serving: '',
  coming: 'new fleet, ',
  leaving: 'old fleet, ',
  kept: 'old fleet, kept, ',
};

/** A row for each kind of instance of each fleet. */
export function costRows({ services, prices }: CostReport): readonly CostRow[] {
  return services.flatMap(({ service, environments }) =>
    environments.flatMap((cost): readonly CostRow[] => {
      const { environment } = cost;
      const row = (runs: string, perHour: string, perMonth: string) => ({
        service,
        environment,
        runs,
        perHour,
        perMonth,
      });
      if (cost.kind === 'unknown') return [row('cannot be read', 'unknown', 'unknown')];
      if (cost.fleets.length === 0) return [row('nothing', '–', '–')];
      return cost.fleets.flatMap(({ role, parts }) =>
        parts.map((part) => row(`${ROLE_WORDS[role]}${partWords(part)}`, ...priceWords(part, prices))),
      );
    }),
  );
}

/** `ml.m5.large × 2`, as a card says it. */
export function partWords({ instanceType, count, byUse }: PartCost): string {
  return byUse ? 'serverless' : `${instanceType ?? 'instances of a type that is not known'} × ${count}`;
}

function priceWords({ perHour, byUse }: PartCost, prices: Prices | null): [perHour: string, perMonth: string] {
  if (byUse) return ['by use', 'by use'];
  if (perHour === null || prices === null) return ['unknown', 'unknown'];
  return [`${amount(perHour)} ${prices.currency}`, `${monthly(perHour)} ${prices.currency}`];
}

/** `0.345 USD an hour, 251.85 USD a month of 730 hours`, or why no sum can be said. */
export function totalWords({ perHour, complete }: Sum, prices: Prices | null): string {
  if (prices === null || (perHour === 0 && !complete)) return 'unknown';
  const sum = `${sumWords(perHour, prices)} of ${HOURS_PER_MONTH} hours`;
  return complete ? sum : `${sum}, and what is unknown on top`;
}

function sumWords(perHour: number, { currency }: Prices): string {
  return `${amount(perHour)} ${currency} an hour, ${monthly(perHour)} ${currency} a month`;
}

/** What the numbers do not say by themselves, most urgent first. */
export function costNotes(report: CostReport): readonly Note[] {
  const all = report.services.flatMap(({ service, environments }) => environments.map((cost) => ({ service, cost })));
  return [
    ...all.flatMap(({ service, cost }) => environmentNotes(report, service, cost)),
    ...stagingNote(report),
    ...serverlessNote(report),
    ...missingNotes(report),
    ...sourceNotes(report),
  ];
}

function environmentNotes({ prices }: CostReport, service: string, cost: EnvironmentCost): readonly Note[] {
  const where = `${service} ${cost.environment}`;
  if (cost.kind === 'unknown') return [[`${where}: what runs cannot be read: ${cost.why}.`]];
  const notes: Note[] = [];
  if (cost.differs) notes.push([`${where} runs something else than the record says: verify tells what.`]);
  const old = [...rolesIn(cost, 'kept'), ...rolesIn(cost, 'leaving')];
  if (old.length === 0) return notes;
  if (cost.keptUntil === null) {
    notes.push([`${where} is being changed: both fleets are paid while both are there.`]);
  } else {
    const adds = addsWords(sumOfRole(cost, 'kept'), prices);
    notes.push([`${where}: the old fleet is kept until `, { at: cost.keptUntil }, ` and adds ${adds}.`]);
  }
  return notes;
}

function rolesIn({ fleets }: Extract<EnvironmentCost, { kind: 'known' }>, role: FleetRole): readonly FleetCost[] {
  return fleets.filter((fleet) => fleet.role === role);
}

function addsWords({ perHour, complete }: Sum, prices: Prices | null): string {
  return complete && prices !== null ? `${amount(perHour)} ${prices.currency} an hour` : 'a cost that is unknown';
}

/** Staging is the part that nobody misses while nothing is rolled out. */
function stagingNote({ services, prices }: CostReport): readonly Note[] {
  if (prices === null) return [];
  const costs = services.flatMap(({ environments }) =>
    environments.filter((cost) => cost.kind === 'known' && cost.environment === 'staging' && cost.sum.perHour > 0),
  );
  const perHour = costs.reduce((sum, cost) => sum + (cost.kind === 'known' ? cost.sum.perHour : 0), 0);
  if (perHour === 0) return [];
  const which = costs.length === 1 ? 'Without staging' : `Without the ${costs.length} stagings`;
  return [[`${which} it would be ${sumWords(perHour, prices)} less.`]];
}

function serverlessNote(report: CostReport): readonly Note[] {
  if (!partsOf(report).some(({ byUse }) => byUse)) return [];
  return [['Serverless is billed by use and has no price an hour: it is in no sum here.']];
}

function missingNotes(report: CostReport): readonly Note[] {
  const where = report.region === null ? 'a region that is not known' : report.region;
  const missing = partsOf(report).flatMap(({ instanceType, perHour, byUse }) =>
    byUse || perHour !== null || instanceType === null ? [] : [instanceType],
  );
  return [...new Set(missing)].map((type) => [
    `No price is known for ${type} in ${where}: put it into titanic.yml, prices.perInstanceHour.`,
  ]);
}

function sourceNotes(report: CostReport): readonly Note[] {
  const { prices, region } = report;
  if (prices === null) return [];
  const types = partsOf(report).flatMap(({ instanceType }) => instanceType ?? []);
  const sources = sourcesOf(types, prices);
  if (sources.length === 0) return [];
  return [
    [`Prices: ${sources.join('; ')}${region === null ? '' : `, ${region}`}. Without tax, discounts and storage.`],
  ];
}

function partsOf({ services }: CostReport): readonly PartCost[] {
  return services.flatMap(({ environments }) =>
    environments.flatMap((cost) => (cost.kind === 'known' ? cost.fleets.flatMap(({ parts }) => parts) : [])),
  );
}

/** A note as plain text, its moments in UTC. */
export function noteText(note: Note): string {
  return note.map((piece) => (typeof piece === 'string' ? piece : minute(piece.at))).join('');
}
