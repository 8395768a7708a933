import type { ModelChoice } from '../../command-types.ts';
import { sentence } from '../../rollout/reasons.ts';
import { plain, printJson, reasonView, showAnswer } from '../answers.ts';
import type { Composed } from '../compose-cli.ts';
import { type Context, chooseService, type ExitCode, withComposed } from '../context.ts';
import { follow, type Verdict } from '../follow.ts';
import { submitAsPipeline } from '../pipeline.ts';
import { checkRequester } from '../requester.ts';
import { findRollout, rolloutDoing, rolloutVerdict, type Until } from '../rollout-verdict.ts';
import { rolloutView } from '../views.ts';
import { type WaitOptions, waitTimes } from '../wait-options.ts';

export interface DeployOptions extends WaitOptions {
  readonly service?: string;
  readonly model?: ModelChoice;
  readonly requestedBy?: string;
  readonly wait?: Until;
  readonly json?: boolean;
}

/** Starts a rollout to staging; with `--wait`, follows it. */
export function deploy(context: Context, note: string | null, options: DeployOptions): Promise<ExitCode> {
  return withComposed(context, async (composed) => {
    const service = chooseService(composed.settings, options.service);
    const { model, requestedBy } = options;
    const requester = requestedBy === undefined ? null : await checkRequester(composed, requestedBy);
    if (requester?.kind === 'no') {
      if (options.json === true)
        printJson(context.terminal, { service, done: false, reason: reasonView(requester.reason) });
      else context.terminal.err(`${context.terminal.paint('red', 'Refused:')} ${plain(sentence(requester.reason))}`);
      return 1;
    }
    const answer = await submitAsPipeline(composed, service, {
      verb: 'deploy',
      model: model === undefined ? null : model.kind === 'version' ? { version: model.version } : { arn: model.arn },
      note,
      ...(requestedBy === undefined ? {} : { requestedBy, unchecked: requester?.kind !== 'checked' }),
    });
    const { terminal } = context;
    const json = options.json === true;
    let code: ExitCode = answer.kind === 'refused' ? 1 : 0;
    if (!json) code = showAnswer(terminal, answer);
    if (code === 0 && requestedBy === undefined && !json) {
      terminal.err('Nobody is named as requester (--requested-by), so one more approval is needed.');
    }
    if (code === 0 && requester?.kind === 'unchecked' && !json) {
      terminal.err(
        `Slack could not be asked who ${requestedBy} is (${requester.why}), so one more approval is needed.`,
      );
    }
    const waited =
      code === 0 && options.wait !== undefined && answer.subject !== null
        ? await followRollout(composed, context, service, answer.subject, options.wait, options)
        : null;
    if (json) {
      const reason = reasonView(answer.reason);
      const rollout = answer.subject === null ? null : await viewOf(composed, service, answer.subject);
      printJson(terminal, { service, done: answer.kind !== 'refused', reason, rollout, verdict: waited });
    }
    return waited?.code ?? code;
  });
}

async function viewOf(composed: Composed, service: string, id: string) {
  const state = await composed.engine.state(service);
  const rollout = state.kind === 'known' ? findRollout(state.value, id) : undefined;
  return rollout === undefined ? null : rolloutView(rollout);
}

/** Follows a rollout until its gate opens or it is over, and says how it came out. */
export async function followRollout(
  composed: Composed,
  { terminal, stop }: Context,
  service: string,
  subject: string,
  until: Until,
  options: WaitOptions & { readonly json?: boolean },
): Promise<Verdict> {
  const narrate = options.json !== true;
  const verdict = await follow(composed, terminal, {
    service,
    subject,
    verdict: (state) => rolloutVerdict(state, subject, until),
    doing: (state) => rolloutDoing(state, subject),
    narrate,
    stop,
    ...waitTimes(options),
  });
  if (narrate) terminal.out(terminal.paint(verdict.code === 0 ? 'green' : 'red', verdict.words));
  return verdict;
}
