import { type CleanupPlan, type CleanupTarget, type Planned, RESOURCE_KINDS } from '../../rollout/cleanup.ts';
import { doingOf } from '../../rollout/decide-cleanup.ts';
import type { Reading } from '../../rollout/observation.ts';
import { sentence } from '../../rollout/reasons.ts';
import type { Cleanup, ServiceState } from '../../rollout/state.ts';
import { plain, printJson, reasonView, showAnswer } from '../answers.ts';
import type { Composed } from '../compose-cli.ts';
import {
  type Context,
  chooseService,
  type ExitCode,
  Misuse,
  serviceToName,
  Unavailable,
  withComposed,
} from '../context.ts';
import { follow, type Verdict } from '../follow.ts';
import { submitAsPipeline } from '../pipeline.ts';
import { columns, type Terminal } from '../terminal.ts';
import { type WaitOptions, waitTimes } from '../wait-options.ts';

export interface CleanupOptions extends WaitOptions {
  readonly service?: string;
  readonly target: CleanupTarget;
  readonly apply?: boolean;
  readonly confirm?: string;
  readonly json?: boolean;
}

/** The plan; with `--apply` exactly this plan, followed to its end. It may be stopped and given again. */
export function cleanup(context: Context, options: CleanupOptions): Promise<ExitCode> {
  const { terminal } = context;
  const { target, apply = false } = options;
  const json = options.json === true;
  if (options.confirm !== undefined && !apply) throw new Misuse('--confirm goes with --apply.');
  return withComposed(
    context,
    async (composed): Promise<ExitCode> => {
      const service = chooseService(composed.settings, options.service);
      const plan = await readPlan(composed, service, target);
      const named = serviceToName(composed.settings, service);
      const carriesOut = apply && (plan.phrase === null || plan.phrase === options.confirm);
      if (!json) showPlan(terminal, plan, carriesOut ? null : commandFor(plan, named));
      if (!apply) {
        if (json) printJson(terminal, { service, plan });
        return 0;
      }
      const confirm = plan.phrase === null ? plan.digest : (options.confirm ?? null);
      const answer = await submitAsPipeline(composed, service, { verb: 'cleanup', target, confirm });
      let code: ExitCode = answer.kind === 'refused' ? 1 : 0;
      if (!json) code = showAnswer(terminal, answer, named);
      const verdict =
        code === 0 && answer.subject !== null
          ? await followCleanup(composed, context, service, answer.subject, options)
          : null;
      if (json) {
        printJson(terminal, { service, plan, done: code === 0, reason: reasonView(answer.reason), verdict });
      }
      // To have nothing to delete is what a script wants that is run again.
      return answer.reason.code === 'nothing-to-clean' ? 0 : (verdict?.code ?? code);
    },
    { carriesOut: true },
  );
}

async function readPlan(composed: Composed, service: string, target: CleanupTarget): Promise<CleanupPlan> {
  const state = await composed.engine.state(service);
  if (state.kind === 'unknown') throw new Unavailable(`The record cannot be read: ${state.why}.`);
  const planned: Reading<Planned> = await composed.cleaner.plan(state.value, target);
  if (planned.kind === 'unknown') throw new Unavailable(`SageMaker cannot be listed completely: ${planned.why}.`);
  if (planned.value.kind === 'busy') {
    throw new Unavailable(`Nothing is planned while something is under way: ${planned.value.what.join('; ')}.`);
  }
  return planned.value;
}

/** `command`: what carries it out; null: it is being carried out. */
function showPlan(terminal: Terminal, { items, phrase }: CleanupPlan, command: string | null): void {
  const going = items.filter(({ action }) => action === 'delete').length;
  if (items.length > 0) {
    const rows = items.map(({ action, kind, name, because }) => [action, kind, name, because ?? '']);
    terminal.out(columns([...rows]));
  }
  const kinds = RESOURCE_KINDS.join('s, ');
  terminal.out(`${going} to delete, ${items.length - going} to keep (${kinds}s).`);
  if (command === null) return;
  if (phrase !== null) {
    terminal.out(
      `To delete exactly this, live endpoints too: ${command} --confirm ${terminal.paint('bold', `"${phrase}"`)}`,
    );
  } else if (going > 0) {
    terminal.out(`To delete exactly this: ${command}`);
  }
}

function commandFor({ target }: CleanupPlan, named: string | null): string {
  return `titanic cleanup --target ${target}${named === null ? '' : ` --service ${named}`} --apply`;
}

async function followCleanup(
  composed: Composed,
  { terminal, stop }: Context,
  service: string,
  subject: string,
  options: CleanupOptions,
): Promise<Verdict> {
  const narrate = options.json !== true;
  const verdict = await follow(composed, terminal, {
    service,
    subject,
    verdict: (state) => verdictOf(state, subject),
    doing: (state) => (state.cleanup === null ? 'over' : doingOf(state.cleanup)),
    narrate,
    stop,
    ...waitTimes(options),
  });
  if (narrate) terminal.out(terminal.paint(verdict.code === 0 ? 'green' : 'red', verdict.words));
  return verdict;
}

function verdictOf({ endedCleanups }: ServiceState, id: string): Verdict | null {
  const found: Cleanup | undefined = endedCleanups.find((each) => each.id === id);
  if (found === undefined || found.ended === null) return null;
  const { outcome, reason } = found.ended;
  return { code: outcome === 'done' ? 0 : 1, words: `${id}: ${plain(sentence(reason))}` };
}
