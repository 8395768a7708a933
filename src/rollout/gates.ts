import type { Environment } from './candidate.ts';
import type { Actor } from './events.ts';
import type { CoreCommand, Freeze, Settings, Standing } from './input.ts';
import { type Mutations, without } from './mutations.ts';
import { type Reason, reason } from './reasons.ts';
import type { Approval, BrokenGlass, Gate, Hold, LiveRollout, ServiceState } from './state.ts';

/** Which role a command needs; `requester` is whoever asked for the rollout in question. */
type Role =
  | 'operator'
  | 'approver'
  | 'operator-or-approver'
  | 'requester-or-approver'
  | 'requester-or-operator-or-approver'
  /** On the command line IAM has decided, and the plan's phrase is asked for. */
  | 'approver-or-pipeline';

const ROLE_OF: Readonly<Record<CoreCommand['verb'], Role>> = {
  deploy: 'operator',
  promote: 'approver',
  withdraw: 'approver',
  review: 'approver',
  reject: 'approver',
  cancel: 'requester-or-approver',
  rollback: 'operator-or-approver',
  snooze: 'approver',
  recreate: 'approver',
  lock: 'operator',
  unlock: 'operator',
  smoke: 'operator',
  'smoke-again': 'requester-or-operator-or-approver',
  'give-up': 'requester-or-operator-or-approver',
  adopt: 'approver',
  'acknowledge-break': 'approver',
  'approve-model': 'approver',
  'reject-model': 'approver',
  'leave-rejected': 'operator-or-approver',
  cleanup: 'approver-or-pipeline',
  'confirm-cleanup': 'approver',
  'stop-cleanup': 'approver',
};

/** What leads prod or staging back: allowed by the membership as last known while Slack cannot be asked. */
export function goesBack(verb: CoreCommand['verb']): boolean {
  return verb === 'rollback' || verb === 'leave-rejected';
}

/** Why this person may not do this; null: they may. Whatever could not be read is a no. */
export function notAllowed(
  verb: CoreCommand['verb'],
  actor: Actor,
  standing: Standing,
  requester: string | null,
): Reason | null {
  if (standing.kind === 'refused') return standing.reason;
  if (standing.kind === 'unreadable') return reason('groups-unreadable', { why: standing.why });
  if (standing.lastKnown && !goesBack(verb)) {
    return reason('groups-unreadable', { why: 'only an older reading is at hand' });
  }
  const { approver, operator } = standing;
  const asked = actor.kind === 'person' && requester !== null && actor.id === requester;
  const role = ROLE_OF[verb];
  switch (role) {
    case 'operator':
      return operator ? null : reason('not-an-operator');
    case 'approver':
      return approver ? null : reason('not-an-approver');
    case 'operator-or-approver':
      return operator || approver ? null : reason('not-an-operator-or-approver');
    case 'requester-or-approver':
      return asked || approver ? null : reason('not-the-requester');
    case 'requester-or-operator-or-approver':
      return asked || operator || approver ? null : reason('not-an-operator-or-approver');
    case 'approver-or-pipeline':
      return approver || actor.kind === 'pipeline' ? null : reason('not-an-approver');
    default: {
      const never: never = role;
      throw new Error(`Unknown role ${String(never)}`);
    }
  }
}

/** Holds that still count at `nowMs`. A lock ends by itself. */
export function activeHolds(state: ServiceState, environment: Environment, nowMs: number): readonly Hold[] {
  return state.environments[environment].holds.filter((h) => h.until === null || Date.parse(h.until) > nowMs);
}

/** Holds that count for a rollout: those that an approver broke the glass for do not. */
export function holdsFor(
  state: ServiceState,
  environment: Environment,
  rollout: LiveRollout | undefined,
  nowMs: number,
): readonly Hold[] {
  const past = glassOf(rollout)?.holds ?? [];
  return activeHolds(state, environment, nowMs).filter((h) => !past.includes(h.id));
}

/** Whether and how an approver broke the glass for this rollout. */
export function glassOf(rollout: LiveRollout | undefined): BrokenGlass | null {
  return rollout !== undefined && 'brokenGlass' in rollout ? rollout.brokenGlass : null;
}

/** The freeze that stands in this rollout's way at that moment. */
export function freezeFor(rollout: LiveRollout, settings: Pick<Settings, 'frozen'>, nowMs: number): Freeze | null {
  return glassOf(rollout) === null ? (settings.frozen?.(nowMs) ?? null) : null;
}

/** Names the freeze with owner, reason and end. */
export function freezeReason(
  code: 'prod-frozen' | 'waits-for-freeze',
  { name, owner, reason: why, untilMs }: Freeze,
): Reason {
  return reason(code, { name, owner, reason: why, until: new Date(untilMs).toISOString() });
}

/** What changes, checks or is about to change prod now, another than `except`, in words; null: nothing. */
export function prodBusyWith(state: ServiceState, except: string): string | null {
  const { deployment, rollback, intent } = state.environments.prod;
  if (deployment !== null) return deployment.owner;
  if (rollback !== null) return rollback.id;
  if (intent !== null) return 'an open call';
  const other = state.rollouts.find((r) => r.id !== except && ['approved', 'prod', 'verifying'].includes(r.status));
  return other?.id ?? null;
}

/** Names the hold that stands in the way, with owner, reason and end. */
export function holdReason(code: 'environment-held' | 'waits-for-lock', environment: Environment, hold: Hold): Reason {
  return reason(code, {
    environment,
    by: hold.by ?? 'titanic',
    reason: hold.reason,
    until: hold.until === null ? 'until released' : `until ${hold.until}`,
  });
}

/** Distinct people among the approvals who may approve now; the requester never counts. */
export function countApprovals(
  approvals: readonly Approval[],
  requester: string | null,
  mayApprove: (id: string) => boolean,
  mutations?: Mutations,
): number {
  const given = approvals.map((a) => a.by);
  const people = without(mutations, 'same-person-counts-twice') ? given : [...new Set(given)];
  const asked = without(mutations, 'requester-counts') ? null : requester;
  return people.filter((id) => id !== asked && mayApprove(id)).length;
}

/**
 * How many have to approve: as many as when it began, and never fewer than this replica's configuration says, because
 * whoever began it, a pipeline for example, may have had another one.
 */
export function quorumOf(
  { quorum, requester }: Pick<LiveRollout, 'quorum' | 'requester'>,
  settings: Pick<Settings, 'quorum' | 'mutations'>,
): number {
  const nobody = requester === null && !without(settings.mutations, 'nobody-known-nobody-more');
  return Math.max(quorum, settings.quorum + (nobody ? 1 : 0));
}

/** Whether this person is of the group of which one approval must be. */
export function isMandatory(standing: Standing): boolean {
  return standing.kind === 'member' && standing.mandatory === true;
}

/** Whether one of the approvals, with that of whoever presses now, is of the mandatory group. */
export function hasMandatory(presses: Standing, { approvals }: Gate): boolean {
  return isMandatory(presses) || approvals.some((a) => a.mandatory);
}

/** What the rollout is doing, in a few words, for refusals. */
export function doing(rollout: LiveRollout): string {
  switch (rollout.status) {
    case 'staging':
      return 'staging is being changed';
    case 'testing':
      return 'its smoke tests are running';
    case 'tested':
      return 'its gate is about to open';
    case 'held':
      return 'its smoke tests gave no verdict';
    case 'gate':
      return 'it waits for approval';
    case 'approved':
      return 'it is approved and waits to go to prod';
    case 'prod':
      return 'prod is being changed';
    case 'verifying':
      return 'prod is being checked';
    default: {
      const never: never = rollout;
      throw new Error(`Unknown status ${JSON.stringify(never)}`);
    }
  }
}
