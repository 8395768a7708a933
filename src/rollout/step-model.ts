import { cleanupInTheWay } from './decide-cleanup.ts';
import { type CommandContext, no } from './decide-command.ts';
import { remindOfModel } from './decide-reminder.ts';
import { decideDeploy } from './decide-start.ts';
import type { Event } from './events.ts';
import type { Input, Settings } from './input.ts';
import type { ModelApprovalOutcome } from './model-events.ts';
import type { ModelLook, Observation } from './observation.ts';
import { clause, type Reason, reason } from './reasons.ts';
import type { ModelApproval, ServiceState } from './state.ts';
import { NOTHING, RETRY_READ_MS, record, type Step, sooner, wake } from './step.ts';
import { toldOtherwise } from './told-otherwise.ts';

/** How often the registry is asked whether somebody decided elsewhere. */
export const LOOK_EVERY_MS = 60_000;
/** Refused this often, the registry is not asked again. */
const TRIES_MOST = 8;

/** What comes next for one approval: the registry is told what was decided, and then the deploy goes on. */
export function decideApprovalStep(
  state: ServiceState,
  a: ModelApproval,
  observation: Observation,
  settings: Settings,
  nowMs: number,
): Step {
  const looked = observation.models?.[a.id];
  if (a.intent !== null) {
    const leftMs = settings.times.openIntentMs - (observation.agesMs[a.intent.seq] ?? 0);
    if (leftMs > 0) return wake(leftMs);
  }
  if (looked === undefined) return a.verdict === null ? wake(LOOK_EVERY_MS) : NOTHING;
  if (looked.kind === 'unknown') return isLate(a, nowMs) ? tooLate(a) : wake(RETRY_READ_MS);
  const look = looked.value;
  if (a.intent !== null) {
    // Told twice is as good as told once, so a call that left no trace is simply made again.
    const kind = look !== null && look.approval === wantedOf(a) ? 'landed' : 'lapsed';
    return record([{ type: 'RegistryCallDecided', approvalId: a.id, intent: a.intent.seq, outcome: { kind } }]);
  }
  if (look === null) return end(a, 'failed', reason('model-gone', { version: a.version }), null);
  return a.verdict === null
    ? undecided(state, a, look, observation, settings, nowMs)
    : decided(state, a, look, observation, settings, nowMs);
}

function isLate({ expiresAt }: ModelApproval, nowMs: number): boolean {
  return nowMs >= Date.parse(expiresAt);
}

/** Nobody decided in time, or the registry did not show in time what was decided. */
function tooLate(a: ModelApproval): Step {
  const { version, verdict } = a;
  if (verdict === null) return end(a, 'expired', reason('model-approval-expired', { version }), null);
  return end(a, 'failed', reason('registry-refused', { version, words: 'not in time' }), null);
}

function wantedOf(a: ModelApproval): 'Approved' | 'Rejected' {
  return a.verdict?.approve === false ? 'Rejected' : 'Approved';
}

function undecided(
  state: ServiceState,
  a: ModelApproval,
  look: ModelLook,
  observation: Observation,
  settings: Settings,
  nowMs: number,
): Step {
  const { version } = a;
  if (look.approval === 'Approved') {
    return approved(state, a, look, observation, settings, nowMs, 'approved-outside', null);
  }
  if (look.approval === 'Rejected') {
    return end(a, 'rejected-outside', reason('model-rejected-outside', { version }), null);
  }
  if (isLate(a, nowMs)) return tooLate(a);
  const again = wake(Math.min(Date.parse(a.expiresAt) - nowMs, LOOK_EVERY_MS));
  return sooner(remindOfModel(a, settings, nowMs), again);
}

function decided(
  state: ServiceState,
  a: ModelApproval,
  look: ModelLook,
  observation: Observation,
  settings: Settings,
  nowMs: number,
): Step {
  const { verdict, version } = a;
  if (verdict === null) return NOTHING;
  const shown = look.approval === wantedOf(a);
  const { packageArn } = a;
  const stale = !a.registered && toldOtherwise(state, { packageArn, approve: verdict.approve }, settings, nowMs);
  const there = shown && !stale;
  if (there || (a.registered && !verdict.approve)) {
    if (verdict.approve) return approved(state, a, look, observation, settings, nowMs, 'approved', verdict.by);
    const why = reason('model-rejected', { version, by: verdict.by, reason: verdict.reason ?? 'no reason given' });
    return record([ended(a, 'rejected', why, verdict.by), ...rejectedInProd(state, a.packageArn, a.id, verdict.by)]);
  }
  // Nothing but a decision of somebody else changes what was pending.
  if (verdict.approve && look.approval === 'Rejected' && a.deploys) {
    return end(a, 'rejected-outside', reason('model-rejected-outside', { version }), null);
  }
  if (isLate(a, nowMs)) return tooLate(a);
  if (a.registered) return awaitTrace(a, look, settings, nowMs);
  const pauseMs = a.notBefore === null ? 0 : Date.parse(a.notBefore) - nowMs;
  if (pauseMs > 0) return wake(pauseMs);
  if (a.tries >= TRIES_MOST) {
    return end(a, 'failed', reason('registry-refused', { version, words: `${a.tries} times` }), null);
  }
  return record(
    [{ type: 'RegistryCallIntended', approvalId: a.id, packageArn: a.packageArn, status: wantedOf(a) }],
    [{ kind: 'register', approvalId: a.id, intent: state.seq + 1 }],
  );
}

/** What the registry took may be seen a little later; then somebody undid it, or it never happened. */
function awaitTrace(a: ModelApproval, { approval }: ModelLook, settings: Settings, nowMs: number): Step {
  const sinceMs = Date.parse(a.notBefore ?? a.verdict?.at ?? a.askedAt);
  const leftMs = sinceMs + settings.times.noTraceMs - nowMs;
  if (leftMs > 0) return wake(Math.min(leftMs, RETRY_READ_MS));
  const words = `it took the call, but shows ${approval ?? 'no status'}`;
  return end(a, 'failed', reason('registry-refused', { version: a.version, words }), null);
}

/** The deploy that was asked for goes on as if it were given now, by whoever asked for it. */
function approved(
  state: ServiceState,
  a: ModelApproval,
  look: ModelLook,
  observation: Observation,
  settings: Settings,
  nowMs: number,
  outcome: 'approved' | 'approved-outside',
  by: string | null,
): Step {
  const { version } = a;
  const why =
    outcome === 'approved'
      ? reason('model-approved', { version, by: by ?? '' })
      : reason('model-approved-outside', { version });
  if (!a.deploys) return record([ended(a, outcome, why, by)]);
  if (isLate(a, nowMs)) return notStarted(a, outcome, by, `its question ran out at ${a.expiresAt}`);
  const staging = observation.endpoints.staging;
  if (staging === null || staging.kind === 'unknown') return wake(RETRY_READ_MS);
  if (look.sealing.kind === 'pending') return wake(RETRY_READ_MS);
  const command = {
    verb: 'deploy',
    note: a.note,
    choice: look.sealing,
    staging,
    beside: a.beside,
    unchecked: a.unchecked,
    ...(a.githubUser === null ? {} : { githubUser: a.githubUser }),
  } as const;
  // As for every deploy that somebody gives.
  const cleaning = cleanupInTheWay(state, command);
  const verdict =
    cleaning === null ? decideDeploy(contextOf(state, a, settings, nowMs, staging, look), command) : no(cleaning);
  if (verdict.kind === 'yes') return record([ended(a, outcome, why, by), ...verdict.events]);
  return notStarted(a, outcome, by, clause(verdict.reason));
}

/** Approved it is; only the deploy has to be given again. */
function notStarted(a: ModelApproval, outcome: ModelApprovalOutcome, by: string | null, why: string): Step {
  return end(a, outcome, reason('model-approved-not-started', { version: a.version, why }), by);
}

function contextOf(
  state: ServiceState,
  { requester, note }: ModelApproval,
  settings: Settings,
  nowMs: number,
  staging: NonNullable<Observation['endpoints']['staging']>,
  look: ModelLook,
): CommandContext {
  const actor =
    requester === null ? ({ kind: 'titanic' } as const) : ({ kind: 'person', id: requester, via: 'slack' } as const);
  const choice =
    look.sealing.kind === 'pending' ? { kind: 'problem' as const, reason: look.sealing.reason } : look.sealing;
  const command = { verb: 'deploy', note, choice, staging } as const;
  const standing = { kind: 'member', approver: false, operator: true, lastKnown: false } as const;
  const input = { kind: 'command', command, actor, standing, key: '' } as const;
  return { state, settings, nowMs, input, who: requester ?? 'titanic' };
}

function ended(a: ModelApproval, outcome: ModelApprovalOutcome, why: Reason, by: string | null): Event {
  return { type: 'ModelApprovalEnded', approvalId: a.id, outcome, reason: why, by };
}

function end(a: ModelApproval, outcome: ModelApprovalOutcome, why: Reason, by: string | null): Step {
  return record([ended(a, outcome, why, by)]);
}

/** What prod runs was rejected: told once, with the way back. */
function rejectedInProd(
  state: ServiceState,
  packageArn: string,
  approvalId: string,
  by: string | null,
): readonly Event[] {
  const runs = state.environments.prod.stack.at(-1);
  if (runs === undefined || runs.packageArn !== packageArn) return [];
  const told = state.rejectedInProd;
  if (told !== null && told.packageArn === packageArn && !told.over) return [];
  return [{ type: 'ModelRejectionSeen', approvalId, packageArn, version: runs.version ?? 0, by }];
}

/** What the registry says of the package that prod runs, looked at now and then. */
export function decideModelSeen(state: ServiceState, input: Extract<Input, { kind: 'model-seen' }>): readonly Event[] {
  if (input.approval !== 'Rejected') return [];
  return rejectedInProd(state, input.packageArn, `${state.service}-${state.seq + 1}`, null);
}

/** What the registry answered to a call. */
export function decideRegistryOutcome(
  state: ServiceState,
  input: Extract<Input, { kind: 'registry-decided' }>,
): readonly Event[] {
  const a = state.approvals.find((each) => each.id === input.approvalId);
  const { approvalId, intent, outcome } = input;
  if (a === undefined || a.intent?.seq !== intent) return [];
  const call: Event = { type: 'RegistryCallDecided', approvalId, intent, outcome };
  if (outcome.kind !== 'refused' || outcome.retryable) return [call];
  const words = clause(outcome.reason);
  return [call, ended(a, 'failed', reason('registry-refused', { version: a.version, words }), null)];
}
