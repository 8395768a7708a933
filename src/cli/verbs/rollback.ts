import { ENVIRONMENTS, type Environment } from '../../rollout/candidate.ts';
import { targetWords } from '../../rollout/entry-words.ts';
import { sentence } from '../../rollout/reasons.ts';
import type { Rollback, ServiceState } from '../../rollout/state.ts';
import { plain, printJson, reasonView, showAnswer } from '../answers.ts';
import { type Context, chooseService, type ExitCode, serviceToName, withComposed } from '../context.ts';
import { follow, type Verdict } from '../follow.ts';
import { submitAsPipeline } from '../pipeline.ts';
import { rollbackView } from '../views.ts';
import { mayTakeOver, type WaitOptions, waitTimes } from '../wait-options.ts';

export interface RollbackOptions extends WaitOptions {
  readonly service?: string;
  readonly to?: number;
  readonly wait?: boolean;
  readonly json?: boolean;
}

/** Back to the last deployment that succeeded; with `--wait`, until it serves again. */
export function rollback(
  context: Context,
  environment: Environment,
  why: string,
  options: RollbackOptions,
): Promise<ExitCode> {
  const { terminal, stop } = context;
  const json = options.json === true;
  return withComposed(
    context,
    async (composed) => {
      const service = chooseService(composed.settings, options.service);
      const answer = await submitAsPipeline(composed, service, {
        verb: 'rollback',
        environment,
        toVersion: options.to ?? null,
        reason: why,
        furtherThan: null,
      });
      let code: ExitCode = answer.kind === 'refused' ? 1 : 0;
      if (!json) code = showAnswer(terminal, answer, serviceToName(composed.settings, service));
      let verdict: Verdict | null = null;
      const { subject } = answer;
      if (code === 0 && options.wait === true && subject !== null) {
        verdict = await follow(composed, terminal, {
          service,
          subject,
          verdict: (state) => verdictOf(state, subject),
          doing: (state) => state.environments[environment].deployment?.words ?? `${environment} goes back`,
          narrate: !json,
          stop,
          ...waitTimes(options),
        });
        if (!json) terminal.out(terminal.paint(verdict.code === 0 ? 'green' : 'red', verdict.words));
      }
      if (json) {
        const state = await composed.engine.state(service);
        const found = state.kind === 'known' && subject !== null ? findRollback(state.value, subject) : undefined;
        printJson(terminal, {
          service,
          done: answer.kind !== 'refused',
          reason: reasonView(answer.reason),
          rollback: found === undefined ? null : rollbackView(found),
          verdict,
        });
      }
      return verdict?.code ?? code;
    },
    { carriesOut: mayTakeOver(options) },
  );
}

function findRollback(state: ServiceState, id: string): Rollback | undefined {
  const active = ENVIRONMENTS.map((environment) => state.environments[environment].rollback);
  return [...active, ...state.endedRollbacks].find((each) => each?.id === id) ?? undefined;
}

function verdictOf(state: ServiceState, id: string): Verdict | null {
  const found = findRollback(state, id);
  if (found === undefined || found.ended === null) return null;
  const { ended, environment, target } = found;
  return ended.reached
    ? { code: 0, words: `${id}: ${environment} is back at ${targetWords(target)}.` }
    : { code: 1, words: `${id}: ${environment} did not go back: ${plain(sentence(ended.reason))}` };
}
