import { awsFailure, failureWords } from '../../adapters/aws-errors.ts';
import { printJson } from '../answers.ts';
import { type Context, type ExitCode, withComposed } from '../context.ts';

/** What Terraform would create, for trying out. Does nothing where it is there. */
export function createTableVerb(context: Context, options: { readonly json?: boolean }): Promise<ExitCode> {
  const { terminal } = context;
  const json = options.json === true;
  return withComposed(context, async ({ settings, table }) => {
    const name = settings.aws.table;
    try {
      const became = await table.create();
      if (json) printJson(terminal, { table: name, created: became === 'created' });
      else terminal.out(became === 'created' ? `The table ${name} is created.` : `The table ${name} is there already.`);
      return 0;
    } catch (error) {
      const why = failureWords(awsFailure(error));
      if (json) printJson(terminal, { table: name, created: false, problem: why });
      else terminal.err(`The table ${name} could not be created: ${why}`);
      return 1;
    }
  });
}
