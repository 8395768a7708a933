import { minute, targetWords } from '../../rollout/entry-words.ts';
import type { ServiceState } from '../../rollout/state.ts';
import { printJson } from '../answers.ts';
import { type Context, type ExitCode, servicesMeant, withComposed } from '../context.ts';
import type { Terminal } from '../terminal.ts';
import { type CleanupView, type EnvironmentView, type ModelApprovalView, rolloutWords, statusView } from '../views.ts';

export interface StatusOptions {
  readonly service?: string;
  readonly json?: boolean;
}

/** What runs where, what is rolling out, what waits for whom. */
export function status(context: Context, options: StatusOptions): Promise<ExitCode> {
  const { terminal } = context;
  return withComposed(context, async ({ settings, engine, clock }) => {
    const names = servicesMeant(settings, options.service);
    const readings = await Promise.all(names.map((name) => engine.state(name)));
    const nowMs = clock.nowMs();
    const unreadable = readings.flatMap((reading, index) =>
      reading.kind === 'unknown' ? [{ service: names[index] ?? '', problem: reading.why }] : [],
    );
    const states = readings.flatMap((reading) => (reading.kind === 'known' ? [reading.value] : []));
    if (options.json === true) {
      printJson(terminal, { services: states.map((state) => statusView(state, nowMs)), unreadable });
    } else {
      for (const state of states) show(terminal, state, nowMs);
      for (const { service, problem } of unreadable) {
        terminal.err(`${service}: the record cannot be read: ${problem}. titanic doctor says more.`);
      }
    }
    return unreadable.length === 0 ? 0 : 1;
  });
}

function show(terminal: Terminal, state: ServiceState, nowMs: number): void {
  const view = statusView(state, nowMs);
  terminal.out(terminal.paint('bold', view.service));
  for (const environment of view.environments) {
    for (const line of environmentLines(environment)) terminal.out(line);
  }
  const { modelApprovals, cleanup } = view;
  const quiet = state.rollouts.length === 0 && modelApprovals.length === 0 && cleanup === null;
  if (quiet) terminal.out('  Nothing is rolling out.');
  for (const rollout of state.rollouts) {
    const by = rollout.requester ?? 'nobody known';
    terminal.out(`  ${rollout.id}  version ${rollout.candidate.version}, asked by ${by}: ${rolloutWords(rollout)}`);
  }
  for (const { waitsFor } of view.rollouts) if (waitsFor !== null) terminal.out(`    ${waitsFor.sentence}`);
  for (const approval of modelApprovals) terminal.out(approvalLine(approval));
  if (cleanup !== null) terminal.out(cleanupLine(cleanup));
}

function approvalLine({ id, version, requester, expiresAt, decided }: ModelApprovalView): string {
  const about = `  ${id}  model version ${version} in the registry, asked by ${requester ?? 'nobody known'}`;
  if (decided === null) return `${about}: it waits for an approver, until ${minute(expiresAt)}`;
  return `${about}: ${decided.approve ? 'approved' : 'rejected'} by ${decided.by}; the Model Registry is being told`;
}

function cleanupLine({ id, target, by, doing }: CleanupView): string {
  return `  ${id}  clean-up of ${target}, asked by ${by}: ${doing}`;
}

function environmentLines({ environment, runs, stopped, change, holds }: EnvironmentView): readonly string[] {
  const name = environment.padEnd('staging'.length);
  const running =
    runs === null
      ? 'nothing that titanic deployed'
      : stopped === null
        ? `${targetWords(runs)} since ${minute(runs.since)} (${runs.configName})`
        : `stopped since ${minute(stopped.since)}, last used ${minute(stopped.usedAt)}; ${targetWords(runs)} is brought back by the next deploy, smoke run or rollback (${runs.configName})`;
  return [
    `  ${name}  ${running}`,
    ...(change === null
      ? []
      : [`  ${name}  ${changeWords(change)} (${change.owner})${change.words === null ? '' : `: ${change.words}`}`]),
    ...holds.map(
      ({ by, reason, until }) =>
        `  ${name}  held by ${by ?? 'titanic'}${until === null ? '' : ` until ${minute(until)}`}: ${reason}`,
    ),
  ];
}

function changeWords({ kind, to }: NonNullable<EnvironmentView['change']>): string {
  if (kind === 'removal') return 'being deleted';
  if (kind === 'stop') return 'being stopped, because nobody used it';
  return `${kind === 'rollback' ? 'going back to' : 'going to'} ${targetWords(to)}`;
}
