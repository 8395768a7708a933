import { CAUSE_WORDS, minute, targetWords } from '../../rollout/entry-words.ts';
import { printJson } from '../answers.ts';
import { type Context, chooseService, type ExitCode, Unavailable, withComposed } from '../context.ts';
import { columns } from '../terminal.ts';
import { rollbackView, rolloutView, rolloutWords } from '../views.ts';

export interface HistoryOptions {
  readonly service?: string;
  readonly json?: boolean;
}

/** The last rollouts and rollbacks, newest first. */
export function history(context: Context, count: number, options: HistoryOptions): Promise<ExitCode> {
  const { terminal } = context;
  return withComposed(context, async ({ settings, engine }): Promise<ExitCode> => {
    const service = chooseService(settings, options.service);
    const state = await engine.state(service);
    if (state.kind === 'unknown') throw new Unavailable(`The record cannot be read: ${state.why}.`);
    const { rollouts, ended, endedRollbacks } = state.value;
    const rows = [
      ...[...rollouts, ...ended].map((rollout) => ({
        at: rollout.startedAt,
        view: { kind: 'rollout', ...rolloutView(rollout) },
        cells: [rollout.id, `version ${rollout.candidate.version}`, rollout.requester ?? '–', rolloutWords(rollout)],
      })),
      ...endedRollbacks.map((rollback) => ({
        at: rollback.at,
        view: { kind: 'rollback', ...rollbackView(rollback) },
        cells: [
          rollback.id,
          `${rollback.environment} back to ${targetWords(rollback.target)}`,
          rollback.by ?? 'titanic',
          `${rollback.ended?.reached === true ? 'reached' : 'not reached'}: ${rollback.reason ?? CAUSE_WORDS[rollback.cause]}`,
        ],
      })),
    ]
      .sort((a, b) => (a.at < b.at ? 1 : -1))
      .slice(0, count);
    if (options.json === true) printJson(terminal, { service, history: rows.map(({ view }) => view) });
    else if (rows.length === 0) terminal.out('Nothing has been rolled out yet.');
    else terminal.out(columns(rows.map(({ at, cells }) => [minute(at), ...cells])));
    return 0;
  });
}
