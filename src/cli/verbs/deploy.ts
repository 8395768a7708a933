import type { ModelChoice } from '../../command-types.ts';
import { type Reason, sentence } from '../../rollout/reasons.ts';
import type { Rollout } from '../../rollout/state.ts';
import { plain, printJson, reasonView, showAnswer } from '../answers.ts';
import type { Composed } from '../compose-cli.ts';
import { type Context, chooseService, type ExitCode, serviceToName, withComposed } from '../context.ts';
import { follow, type Verdict } from '../follow.ts';
import { submitAsPipeline } from '../pipeline.ts';
import { type NamedRequester, nameRequester } from '../requester.ts';
import { findRollout, rolloutDoing, rolloutVerdict, type Until } from '../rollout-verdict.ts';
import { addSummary } from '../summary.ts';
import { rolloutView } from '../views.ts';
import { mayTakeOver, type WaitOptions, waitTimes } from '../wait-options.ts';

export interface DeployOptions extends WaitOptions {
  readonly service?: string;
  readonly model?: ModelChoice;
  readonly requestedBy?: NamedRequester;
  readonly wait?: Until;
  readonly summary?: string;
  readonly json?: boolean;
}

/** How it came out. */
interface Outcome {
  readonly service: string;
  readonly done: boolean;
  readonly reason: Reason;
  readonly rollout: Rollout | null;
  readonly verdict: Verdict | null;
  readonly hint: string | null;
}

/** Starts a rollout to staging; with `--wait`, follows it. */
export function deploy(context: Context, note: string | null, options: DeployOptions): Promise<ExitCode> {
  const start = async (composed: Composed) => {
    const outcome = await startRollout(composed, context, note, options);
    const { service, done, reason, rollout, verdict, hint } = outcome;
    if (options.json === true) {
      const view = rollout === null ? null : rolloutView(rollout);
      printJson(context.terminal, { service, done, reason: reasonView(reason), rollout: view, verdict, hint });
    }
    const code = verdict?.code ?? (done ? 0 : 1);
    if (options.summary !== undefined) {
      const words = verdict?.words ?? plain(sentence(reason));
      const { channel } = composed.settings.slack;
      addSummary(context, options.summary, { service, fine: code === 0, words, rollout, hint, channel });
    }
    return code;
  };
  return withComposed(context, start, { carriesOut: mayTakeOver(options) });
}

async function startRollout(
  composed: Composed,
  context: Context,
  note: string | null,
  options: DeployOptions,
): Promise<Outcome> {
  const { terminal } = context;
  const narrate = options.json !== true;
  const service = chooseService(composed.settings, options.service);
  const { model } = options;
  const requester = await nameRequester(composed, options.requestedBy);
  if (requester.kind === 'no') {
    const { reason } = requester;
    if (narrate) terminal.err(`${terminal.paint('red', 'Refused:')} ${plain(sentence(reason))}`);
    return { service, done: false, reason, rollout: null, verdict: null, hint: null };
  }
  const answer = await submitAsPipeline(composed, service, {
    verb: 'deploy',
    model: model === undefined ? null : model.kind === 'version' ? { version: model.version } : { arn: model.arn },
    note,
    ...requester.told,
  });
  const done = answer.kind !== 'refused';
  const hint = done ? requester.hint : null;
  if (narrate) {
    showAnswer(terminal, answer, serviceToName(composed.settings, service));
    if (hint !== null) terminal.err(hint);
  }
  const { subject } = answer;
  const verdict =
    done && options.wait !== undefined && subject !== null
      ? await followRollout(composed, context, service, subject, options.wait, options)
      : null;
  const rollout = subject === null ? null : await rolloutNow(composed, service, subject);
  return { service, done, reason: answer.reason, rollout, verdict, hint };
}

/** The rollout as the record has it now; null: there is none, or it cannot be read. */
export async function rolloutNow(composed: Composed, service: string, id: string): Promise<Rollout | null> {
  const state = await composed.engine.state(service);
  return state.kind === 'known' ? (findRollout(state.value, id) ?? null) : null;
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
