import { costNotes, costRows, noteText, totalWords } from '../../cost/cost-words.ts';
import type { CostReport } from '../../cost/costs.ts';
import { HOURS_PER_MONTH } from '../../cost/prices.ts';
import { printJson } from '../answers.ts';
import { type Context, type ExitCode, servicesMeant, withComposed } from '../context.ts';
import { columns, type Terminal } from '../terminal.ts';

export interface CostOptions {
  readonly service?: string;
  readonly json?: boolean;
}

/** What staging and prod cost by what runs now, of one service or of all. 1: something could not be read. */
export function cost(context: Context, options: CostOptions): Promise<ExitCode> {
  const { terminal } = context;
  return withComposed(context, async ({ settings, costs }): Promise<ExitCode> => {
    const names = servicesMeant(settings, options.service);
    const report = await (await costs()).costs.report(names);
    if (options.json === true) printJson(terminal, jsonOf(report));
    else show(terminal, report);
    const unread = report.services.some(({ environments }) => environments.some(({ kind }) => kind === 'unknown'));
    return unread ? 1 : 0;
  });
}

function jsonOf({ services, total, prices, region }: CostReport) {
  return { region, hoursPerMonth: HOURS_PER_MONTH, total, prices, services };
}

function show(terminal: Terminal, report: CostReport): void {
  const rows = costRows(report).map((row) => [row.service, row.environment, row.runs, row.perHour, row.perMonth]);
  terminal.out(columns([['SERVICE', 'ENVIRONMENT', 'RUNS', 'PER HOUR', 'PER MONTH'], ...rows]));
  terminal.out(`${terminal.paint('bold', 'In all:')} ${totalWords(report.total, report.prices)}.`);
  for (const note of costNotes(report)) terminal.out(noteText(note));
}
