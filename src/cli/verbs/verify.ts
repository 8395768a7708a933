import type { EvidenceDocument } from '../../evidence/document.ts';
import { type Finding, finding } from '../../evidence/finding.ts';
import { verifyEvidence } from '../../evidence/verify.ts';
import type { LogStore } from '../../ports/log-store.ts';
import { type Check, verifyLive } from '../../verify-live.ts';
import { printJson } from '../answers.ts';
import type { Composed } from '../compose-cli.ts';
import { type Context, chooseService, type ExitCode, Unavailable, withComposed } from '../context.ts';
import { columns, type Terminal } from '../terminal.ts';

export interface VerifyOptions {
  readonly live?: boolean;
  readonly service?: string;
  readonly json?: boolean;
}

/** A file of evidence, offline; with `--live` as well, the same against the log. */
export async function verifyFile(context: Context, file: string, options: VerifyOptions): Promise<ExitCode> {
  const { terminal } = context;
  let text: string;
  try {
    text = context.readFile(file);
  } catch (error) {
    throw new Unavailable(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}.`);
  }
  const { findings, document } = verifyEvidence(text);
  const compared =
    options.live === true && document !== null && findings.length === 0
      ? await withComposed(context, ({ store }) => compareWithLog(store, document))
      : [];
  const all = [...findings, ...compared];
  if (options.json === true) {
    printJson(terminal, { file, id: document?.id ?? null, whole: all.length === 0, findings: all });
  } else if (all.length === 0 && document !== null) {
    const { first, last } = document.chain;
    const against = options.live === true ? ', and is what the log says' : '';
    terminal.out(
      `${terminal.paint('green', 'Whole:')} ${document.id}, entries ${first.seq} to ${last.seq}, as titanic wrote it${against}.`,
    );
  } else {
    terminal.out(`${terminal.paint('red', 'Not whole:')} ${file}`);
    for (const { says } of all) terminal.out(`  ${says}`);
  }
  return all.length === 0 ? 0 : 1;
}

/** What a consistently rewritten file cannot hide: the log has other entries. */
async function compareWithLog(store: LogStore, { service, chain }: EvidenceDocument): Promise<readonly Finding[]> {
  const wanted = [...chain.entries, ...(chain.next === null ? [] : [chain.next])];
  const stored = await store.after(service, chain.first.seq - 1, chain.last.seq + 1).catch((error: unknown): never => {
    throw new Unavailable(`The log cannot be read: ${error instanceof Error ? error.message : String(error)}.`);
  });
  const hashes = new Map(stored.map(({ seq, hash }) => [seq, hash]));
  return wanted
    .filter(({ seq, hash }) => hashes.get(seq) !== hash)
    .map(({ seq }) => finding('entry', seq, `Entry ${seq} is not the one in the log of ${service}.`));
}

/** What runs against what the record says, for one service or all. */
export function verifyServices(context: Context, options: VerifyOptions): Promise<ExitCode> {
  const { terminal } = context;
  return withComposed(context, async (composed) => {
    const results = await Promise.all(
      servicesOf(composed, options.service).map(async ({ settings }) => ({
        service: settings.service,
        checks: await verifyLive(composed, settings),
      })),
    );
    const fine = results.every(({ checks }) => checks.every(({ status }) => status === 'ok'));
    if (options.json === true) printJson(terminal, { fine, services: results });
    else for (const { service, checks } of results) showChecks(terminal, service, checks);
    return fine ? 0 : 1;
  });
}

function servicesOf({ settings, runtimes }: Composed, named: string | undefined): Composed['runtimes'] {
  if (named === undefined) return runtimes;
  const service = chooseService(settings, named);
  return runtimes.filter((runtime) => runtime.settings.service === service);
}

const COLOURS = { ok: 'green', different: 'red', unknown: 'yellow' } as const;

function showChecks(terminal: Terminal, service: string, checks: readonly Check[]): void {
  const lines = columns(
    checks.map(({ status, environment, name, expected, found }) => [
      status,
      environment ?? '',
      name,
      status === 'ok' ? found : `expected ${expected}; found ${found}`,
    ]),
  ).split('\n');
  terminal.out(terminal.paint('bold', service));
  for (const [index, check] of checks.entries()) {
    const line = lines[index] ?? '';
    terminal.out(
      `  ${terminal.paint(COLOURS[check.status], line.slice(0, check.status.length))}${line.slice(check.status.length)}`,
    );
    if (check.todo !== null) terminal.out(`      ${check.todo}`);
  }
  const others = checks.filter(({ status }) => status !== 'ok').length;
  terminal.out(others === 0 ? `  ${checks.length} checks, all ok.` : `  ${checks.length} checks, ${others} not ok.`);
}
