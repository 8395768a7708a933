import { type CostRow, costNotes, costRows, type Note, totalWords } from '../src/cost/cost-words.ts';
import type { CostReport } from '../src/cost/costs.ts';
import { amount, monthly, type Prices } from '../src/cost/prices.ts';
import type { ServiceCost } from '../src/cost/running-cost.ts';
import type { Rendered } from '../src/ports/channel.ts';
import type { Environment } from '../src/rollout/candidate.ts';
import { blocksOf, type Cell, header, paragraph, table } from './block.ts';
import { at, bold, fallbackText, type Line, text } from './inline.ts';
import { PIECES } from './limits.ts';

/** What services cost at this moment, by environment. */
export function cost(report: CostReport): Rendered {
  const title = report.services.length === 1 ? `${report.services[0]?.service}: costs` : 'Costs';
  const rows = costRows(report);
  const total: Line = [bold('In all '), text(totalWords(report.total, report.prices))];
  const notes = costNotes(report).map(noteLine);
  return {
    text: fallbackText([[text(title)], total, ...rows.map(rowLine), ...notes]),
    blocks: blocksOf(
      header(title),
      table(
        [
          { title: 'Service' },
          { title: 'Environment' },
          { title: 'Runs', wrapped: true },
          { title: 'Per hour', align: 'right' },
          { title: 'Per month', align: 'right' },
        ],
        rows.map((row): Cell[] => [row.service, row.environment, row.runs, row.perHour, row.perMonth]),
      ),
      paragraph([total, ...notes]),
    ),
  };
}

function rowLine({ service, environment, runs, perHour }: CostRow): Line {
  return [text(`${service} ${environment}: ${runs}, ${perHour} an hour`)];
}

/** A sentence that is known as plain text, its moments in the reader's own time. */
export function noteLine(note: Note): Line {
  return note.map((piece) => (typeof piece === 'string' ? text(piece, PIECES.words) : at(piece.at)));
}

/** What a service cost when somebody looked last. */
export interface SeenCost {
  readonly cost: ServiceCost;
  readonly prices: Prices | null;
}

/** What an environment costs, for a Home; null: it was not looked at, or there is nothing to say. */
export function homeCostLine(seen: SeenCost | null, environment: Environment): Line | null {
  const one = seen?.cost.environments.find((each) => each.environment === environment);
  if (seen === null || one === undefined || one.kind === 'unknown' || one.fleets.length === 0) return null;
  const { perHour, complete } = one.sum;
  if (seen.prices === null) return null;
  const byUse = one.fleets.every(({ parts }) => parts.every((part) => part.byUse));
  if (byUse) return [text('  costs by use')];
  if (perHour === 0 && !complete) return [text('  at a cost that is unknown: no price is known for its instances')];
  const { currency } = seen.prices;
  const more = complete ? '' : ', and what is unknown on top';
  const fleets = one.fleets.length > 1 ? ' for both fleets' : '';
  return [text(`  costs ${amount(perHour)} ${currency} an hour, ${monthly(perHour)} a month${fleets}${more}`)];
}
