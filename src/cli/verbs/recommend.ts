import { adviceWords, NEVER_BY_ITSELF } from '../../cost/recommendation-words.ts';
import type { ServiceAdvice } from '../../cost/recommendations.ts';
import { printJson } from '../answers.ts';
import { type Context, type ExitCode, servicesMeant, withComposed } from '../context.ts';
import type { Terminal } from '../terminal.ts';

export interface RecommendOptions {
  readonly service?: string;
  readonly json?: boolean;
}

/** What the endpoints of one service or of all would do with, by their load. 1: something could not be read. */
export function recommend(context: Context, options: RecommendOptions): Promise<ExitCode> {
  const { terminal } = context;
  return withComposed(context, async ({ settings, costs }): Promise<ExitCode> => {
    const names = servicesMeant(settings, options.service);
    const adviceOf = (await costs()).recommend;
    const all: ServiceAdvice[] = [];
    // One after the other: each is a lot of numbers.
    for (const name of names) all.push(await adviceOf(name));
    if (options.json === true) printJson(terminal, { services: all });
    else {
      for (const advice of all) show(terminal, advice);
      terminal.out(NEVER_BY_ITSELF);
    }
    return all.some(({ environments }) => environments.some(({ kind }) => kind === 'unknown')) ? 1 : 0;
  });
}

function show(terminal: Terminal, advice: ServiceAdvice): void {
  terminal.out(terminal.paint('bold', advice.service));
  for (const one of advice.environments) {
    const { environment, runs, advice: says, lines } = adviceWords(one, advice);
    terminal.out(`  ${environment.padEnd('staging'.length)}  ${runs === null ? '' : `${runs}: `}${says}`);
    for (const line of lines) terminal.out(`    ${line}`);
  }
}
