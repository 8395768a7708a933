import { serviceOfRollout } from '../../command-values.ts';
import { type Collecting, collectEvidence } from '../../evidence/collect.ts';
import { evidenceText, exportEvidence } from '../../evidence/export.ts';
import { evidenceMarkdown } from '../../evidence/markdown.ts';
import { printJson } from '../answers.ts';
import { type Context, chooseService, type ExitCode, Unavailable, withComposed } from '../context.ts';

export interface EvidenceOptions {
  readonly out?: string;
  readonly markdown?: boolean;
  readonly json?: boolean;
}

/** The record of one rollout, rollback, clean-up or model approval as a file that proves itself. */
export function exportRollout(context: Context, id: string, options: EvidenceOptions): Promise<ExitCode> {
  const { terminal } = context;
  return withComposed(context, async ({ settings, store }) => {
    const service = chooseService(settings, serviceOfRollout(id));
    const collecting = await collectEvidence(store, service, id).catch((error: unknown): never => {
      const why = error instanceof Error ? error.message : String(error);
      throw new Unavailable(`The record cannot be read: ${why}.`);
    });
    if (collecting.kind !== 'found') {
      terminal.err(problem(id, collecting));
      return 1;
    }
    const document = exportEvidence(collecting.collected);
    const text = options.markdown === true ? evidenceMarkdown(document) : evidenceText(document);
    if (options.out === undefined) {
      terminal.out(text.trimEnd());
      return 0;
    }
    try {
      context.writeNewFile(options.out, text);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new Unavailable(`${options.out} cannot be written, and nothing is ever written over: ${why}.`);
    }
    const { first, last, entries } = document.chain;
    if (options.json === true) {
      printJson(terminal, { id, file: options.out, entries: entries.length, last, over: document.summary.over });
    } else {
      terminal.out(
        `${options.out}: ${id}, entries ${first.seq} to ${last.seq}. Check it with: titanic verify ${options.out}`,
      );
    }
    return 0;
  });
}

function problem(id: string, collecting: Exclude<Collecting, { kind: 'found' }>): string {
  return collecting.kind === 'none'
    ? `There is no rollout, rollback, clean-up or model approval ${id}. titanic history lists the last rollouts and rollbacks; each card ends with its id.`
    : `The record is not whole at entry ${collecting.seq}: ${collecting.why}. titanic verify --live says more.`;
}
