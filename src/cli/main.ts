import { CommanderError } from 'commander';
import { showable } from '../command-words.ts';
import { type Context, type ExitCode, Misuse, Unavailable } from './context.ts';
import { createProgram } from './program.ts';

const LONGEST_FREE_TEXT = 500;

/** Carries out one command line. Never throws; whatever goes wrong is said on standard error. */
export async function runCli(words: readonly string[], context: Context): Promise<ExitCode> {
  const { terminal } = context;
  const separator = words.indexOf('--');
  const before = separator === -1 ? words : words.slice(0, separator);
  const freeText = separator === -1 ? '' : showable(words.slice(separator + 1).join(' '));
  let code: ExitCode = 0;
  try {
    if (freeText.length > LONGEST_FREE_TEXT) {
      throw new Misuse(`The text after -- is longer than ${LONGEST_FREE_TEXT} characters.`);
    }
    const program = createProgram(context, freeText === '' ? null : freeText, (became) => {
      code = became;
    });
    await program.parseAsync([...before], { from: 'user' });
    return code;
  } catch (error) {
    // Commander has said it already; help and the like are no errors.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    terminal.err(error instanceof Error ? error.message : String(error));
    if (error instanceof Misuse) terminal.err('(titanic --help, or titanic COMMAND --help)');
    else if (!(error instanceof Unavailable)) terminal.err('titanic did not expect that. LOG_LEVEL=debug shows more.');
    return error instanceof Misuse ? 2 : 1;
  }
}
