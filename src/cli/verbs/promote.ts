import { serviceOfRollout } from '../../command-values.ts';
import { type Reason, reason, sentence } from '../../rollout/reasons.ts';
import type { LiveRollout, ServiceState } from '../../rollout/state.ts';
import { plain, printJson, reasonView } from '../answers.ts';
import type { Composed } from '../compose-cli.ts';
import { type Context, chooseService, type ExitCode, Unavailable, withComposed } from '../context.ts';
import { submitAsPipeline } from '../pipeline.ts';
import { addSummary } from '../summary.ts';
import { rolloutView, rolloutWords } from '../views.ts';
import { mayTakeOver, type WaitOptions } from '../wait-options.ts';
import { followRollout, rolloutNow } from './deploy.ts';

export interface PromoteOptions extends WaitOptions {
  readonly service?: string;
  readonly request?: boolean;
  readonly wait?: boolean;
  readonly summary?: string;
  readonly json?: boolean;
}

const HOW = 'A pipeline can ask for a promotion, never approve one: titanic promote --request.';

/** A pipeline never approves. With `--request` it says who has to, and with `--wait` waits for them. */
export function promote(context: Context, rollout: string | null, options: PromoteOptions): Promise<ExitCode> {
  const { terminal } = context;
  const json = options.json === true;
  const refused = (why: Reason, how = ''): ExitCode => {
    if (json) printJson(terminal, { done: false, reason: reasonView(why), rollout: null });
    else terminal.err(`${terminal.paint('red', 'Refused:')} ${plain(sentence(why))}${how}`);
    return 1;
  };
  const ask = async (composed: Composed): Promise<ExitCode> => {
    const named = options.service ?? (rollout === null ? undefined : serviceOfRollout(rollout));
    const service = chooseService(composed.settings, named);
    if (options.request !== true) {
      // The core refuses it, so that the attempt is in the record.
      const answer = await submitAsPipeline(composed, service, { verb: 'promote', rolloutId: rollout });
      return refused(answer.reason, ` ${HOW}`);
    }
    const state = await composed.engine.state(service);
    if (state.kind === 'unknown') throw new Unavailable(`The record cannot be read: ${state.why}.`);
    const asked = askable(state.value, rollout);
    if (asked.kind === 'no') return refused(asked.reason);
    const { channel } = composed.settings.slack;
    const { id } = asked.rollout;
    if (!json) {
      terminal.out(`${id}: ${rolloutWords(asked.rollout)}.`);
      terminal.out(
        `Its card in the channel ${channel} asks the approvers: a running bot posts it, mentions them when the gate opens, and puts the button Promote to prod on it. Nothing more was sent; remind them there.`,
      );
    }
    const verdict = options.wait === true ? await followRollout(composed, context, service, id, 'end', options) : null;
    const now = (await rolloutNow(composed, service, id)) ?? asked.rollout;
    if (json) printJson(terminal, { done: true, rollout: rolloutView(now), channel, verdict });
    const code = verdict?.code ?? 0;
    if (options.summary !== undefined) {
      const words = verdict?.words ?? `${id}: ${rolloutWords(now)}`;
      addSummary(context, options.summary, { service, fine: code === 0, words, rollout: now, hint: null, channel });
    }
    return code;
  };
  return withComposed(context, ask, { carriesOut: mayTakeOver(options) });
}

type Askable =
  | { readonly kind: 'open'; readonly rollout: LiveRollout }
  | { readonly kind: 'no'; readonly reason: Reason };

function askable({ rollouts, ended }: ServiceState, id: string | null): Askable {
  const no = (why: Reason): Askable => ({ kind: 'no', reason: why });
  const atTheGate = rollouts.filter((r) => (id === null ? r.status === 'gate' : r.id === id));
  const [rollout, ...others] = atTheGate;
  if (others.length > 0) return no(reason('several-rollouts', { rollouts: atTheGate.map((r) => r.id).join(', ') }));
  if (rollout === undefined) {
    const over = ended.find((r) => r.id === id);
    if (over !== undefined) return no(reason('already-ended', { rollout: over.id, what: sentence(over.reason) }));
    return no(reason('no-rollout', { rollout: id ?? '' }));
  }
  if (['staging', 'testing', 'tested', 'held'].includes(rollout.status)) {
    return no(reason('not-at-the-gate', { rollout: rollout.id, doing: rolloutWords(rollout) }));
  }
  return { kind: 'open', rollout };
}
