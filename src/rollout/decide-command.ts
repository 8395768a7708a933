import { decideAcknowledge } from './decide-acknowledge.ts';
import { automaticRefused, decideAutomatic } from './decide-auto-stage.ts';
import { cleanupInTheWay, decideCleanup, decideConfirmCleanup, decideStopCleanup } from './decide-cleanup.ts';
import {
  decideCancel,
  decideGiveUp,
  decidePromote,
  decideReject,
  decideSmokeAgain,
  decideWithdraw,
} from './decide-gate.ts';
import { decideReview } from './decide-glass.ts';
import { decideLeaveRejected, decideModel } from './decide-model.ts';
import { decideRecreate, decideRollback } from './decide-rollback.ts';
import { decideSnooze } from './decide-snooze.ts';
import { decideAdopt, decideDeploy, decideSmokeAlone } from './decide-start.ts';
import type { Event } from './events.ts';
import { activeHolds, notAllowed } from './gates.ts';
import type { CoreCommand, Decision, Effect, Input, Settings } from './input.ts';
import { without } from './mutations.ts';
import { type Reason, reason } from './reasons.ts';
import type { ServiceState } from './state.ts';

export type CommandInput = Extract<Input, { kind: 'command' }>;

/** What a command may look at, and its answer. */
export interface CommandContext {
  readonly state: ServiceState;
  readonly settings: Settings;
  readonly nowMs: number;
  readonly input: CommandInput;
  /** The Slack id or AWS identity of whoever asks. */
  readonly who: string;
}

export type Verdict =
  | {
      readonly kind: 'yes';
      readonly events: readonly Event[];
      readonly effects?: readonly Effect[];
      readonly reason: Reason;
      readonly subject: string | null;
    }
  | {
      readonly kind: 'no';
      readonly reason: Reason;
      readonly subject: string | null /** Facts that the refusal brought to light, such as an expiry. */;
      readonly events?: readonly Event[];
    };

export function yes(
  reason: Reason,
  events: readonly Event[],
  subject: string | null,
  effects: readonly Effect[] = [],
): Verdict {
  return { kind: 'yes', events, effects, reason, subject };
}

export function no(reason: Reason, subject: string | null = null, events: readonly Event[] = []): Verdict {
  return { kind: 'no', reason, subject, events };
}

/** A command is decided once, by the append; a repeated delivery is answered with what was decided. */
export function decideCommand(state: ServiceState, input: CommandInput, settings: Settings, nowMs: number): Decision {
  const known = without(settings.mutations, 'no-dedupe') ? [] : state.commandKeys;
  const repeated = known.find((k) => k.key === input.key);
  if (repeated !== undefined) {
    return {
      events: [],
      effects: [],
      wakeInMs: null,
      reason: repeated.reason ?? reason('already-recorded'),
      accepted: false,
    };
  }
  const who = input.actor.kind === 'titanic' ? 'titanic' : input.actor.id;
  const context: CommandContext = { state, settings, nowMs, input, who };
  const verdict = judge(context);
  const subject = verdict.subject === null ? {} : { subject: verdict.subject };
  if (verdict.kind === 'yes') {
    const { events, effects = [] } = verdict;
    return { events, effects, wakeInMs: 0, reason: verdict.reason, accepted: true, ...subject };
  }
  if (input.command.verb === 'deploy' && input.command.automatic !== undefined) {
    const events = automaticRefused(state, input.command.automatic, verdict.reason);
    return { events, effects: [], wakeInMs: null, reason: verdict.reason, accepted: false, comesAgain: true };
  }
  const refused: Event = {
    type: 'CommandRefused',
    verb: input.command.verb,
    rolloutId: verdict.subject,
    by: who,
    reason: verdict.reason,
  };
  return {
    events: [...(verdict.events ?? []), refused],
    effects: [],
    wakeInMs: null,
    reason: verdict.reason,
    accepted: false,
    ...subject,
  };
}

/** The id on the card that was pressed, or in the words. */
function namedIn(command: CoreCommand): string | null {
  if ('rolloutId' in command) return command.rolloutId;
  if ('approvalId' in command) return command.approvalId;
  return 'cleanupId' in command ? command.cleanupId : null;
}

function judge(c: CommandContext): Verdict {
  const { command, actor, standing } = c.input;
  const refused = notAllowed(command.verb, actor, standing, requesterOf(c.state, command));
  if (refused !== null) return no(refused, namedIn(command));
  const cleaning = cleanupInTheWay(c.state, command, c.settings.mutations);
  if (cleaning !== null) return no(cleaning, c.state.cleanup?.id ?? null);
  switch (command.verb) {
    case 'deploy':
      return command.automatic === undefined
        ? decideDeploy(c, command)
        : decideAutomatic(c, command, command.automatic);
    case 'promote':
      return decidePromote(c, command);
    case 'withdraw':
      return decideWithdraw(c, command.rolloutId);
    case 'review':
      return decideReview(c, command);
    case 'reject':
      return decideReject(c, command.rolloutId, command.reason);
    case 'cancel':
      return decideCancel(c, command.rolloutId);
    case 'rollback':
      return decideRollback(c, command);
    case 'recreate':
      return decideRecreate(c, command.look);
    case 'lock':
      return decideLock(c, command);
    case 'unlock':
      return decideUnlock(c, command);
    case 'smoke':
      return decideSmokeAlone(c, command);
    case 'smoke-again':
      return decideSmokeAgain(c, command.rolloutId);
    case 'give-up':
      return decideGiveUp(c, command.rolloutId);
    case 'adopt':
      return decideAdopt(c, command);
    case 'snooze':
      return decideSnooze(c, command);
    case 'acknowledge-break':
      return decideAcknowledge(c, command);
    case 'approve-model':
    case 'reject-model':
      return decideModel(c, command);
    case 'leave-rejected':
      return decideLeaveRejected(c, command.alarmId);
    case 'cleanup':
      return decideCleanup(c, command);
    case 'confirm-cleanup':
      return decideConfirmCleanup(c, command);
    case 'stop-cleanup':
      return decideStopCleanup(c, command.cleanupId);
    default: {
      const never: never = command;
      throw new Error(`Unknown command ${JSON.stringify(never)}`);
    }
  }
}

/** Of the rollout that the command names, or of the only one there is. */
function requesterOf(state: ServiceState, command: CoreCommand): string | null {
  if (!('rolloutId' in command)) return null;
  const { rolloutId } = command;
  if (rolloutId !== null) return [...state.rollouts, ...state.ended].find((r) => r.id === rolloutId)?.requester ?? null;
  const [only, ...others] = state.rollouts;
  return others.length === 0 ? (only?.requester ?? null) : null;
}

function decideLock(c: CommandContext, command: Extract<CoreCommand, { verb: 'lock' }>): Verdict {
  const { environment, forSeconds } = command;
  const why = command.reason.trim();
  if (why === '') return no(reason('reason-missing'));
  const until = forSeconds === null ? null : new Date(c.nowMs + forSeconds * 1_000).toISOString();
  return yes(
    reason('lock-placed', { environment, reason: why }),
    [{ type: 'HoldPlaced', environment, kind: 'lock', by: c.who, reason: why, until }],
    null,
  );
}

/** A release names the holds that it releases, so that one placed in the same moment stands. */
function decideUnlock(c: CommandContext, command: Extract<CoreCommand, { verb: 'unlock' }>): Verdict {
  const { environment } = command;
  const why = command.reason.trim();
  if (why === '') return no(reason('reason-missing'));
  const holds = activeHolds(c.state, environment, c.nowMs).map((h) => h.id);
  if (holds.length === 0) return no(reason('not-held', { environment }));
  return yes(
    reason('hold-released', { environment, reason: why }),
    [{ type: 'HoldReleased', environment, holds, by: c.who, reason: why }],
    null,
  );
}
