import type { Entry, EventOf } from './events.ts';
import { staged } from './evolve-auto-stage.ts';
import { prodBefore } from './prod-before.ts';
import type { Approval, BrokenGlass, EndedRollout, Gate, LiveRollout, ServiceState } from './state.ts';
import { ENDED_KEPT } from './state.ts';

/** A new stage waits for nothing yet. */
export const NOT_WAITING = { waiting: null, waitNotes: null };

/** What is recorded about one rollout alone. */
type RolloutEvent = EventOf<
  | 'RolloutStarted'
  | 'SmokeRepeatAsked'
  | 'GateOpened'
  | 'GateReminded'
  | 'ApprovalGiven'
  | 'PromotionApproved'
  | 'ApprovalsVoided'
  | 'ApprovalWithdrawn'
  | 'PromotionScheduled'
  | 'GlassBroken'
  | 'GlassReviewed'
  | 'WaitNoted'
  | 'RolloutHeld'
  | 'RolloutEnded'
>;

/** The fold of what is recorded about a rollout: its stages, its gate and its end. */
export function aboutRollout(state: ServiceState, event: RolloutEvent, entry: Entry): ServiceState {
  switch (event.type) {
    case 'RolloutStarted':
      return { ...staged(state, event), rollouts: [...state.rollouts, started(state, event, entry)] };
    case 'SmokeRepeatAsked':
      return inRollout(state, event.rolloutId, (r) => ({ ...base(r), status: 'testing', voidRuns: 0, ...NOT_WAITING }));
    case 'GateOpened':
      return inRollout(state, event.rolloutId, (r) => ({
        ...base(r),
        quorum: event.quorum ?? r.quorum,
        status: 'gate',
        ...NOT_WAITING,
        gate: {
          openedAt: entry.at,
          expiresAt: event.expiresAt,
          approvals: [],
          notBefore: null,
          ...(event.idleStopHours === undefined ? {} : { idleStopHours: event.idleStopHours }),
        },
      }));
    case 'GateReminded':
      return inRollout(state, event.rolloutId, (r) =>
        'gate' in r ? { ...r, gate: { ...r.gate, reminded: { count: event.nth, at: entry.at } } } : r,
      );
    case 'ApprovalGiven':
      return inRollout(state, event.rolloutId, (r) =>
        r.status === 'gate'
          ? { ...r, gate: { ...r.gate, approvals: [...r.gate.approvals, approvalOf(event, entry)] } }
          : r,
      );
    case 'ApprovalWithdrawn':
      return inRollout(state, event.rolloutId, (r) =>
        r.status === 'gate' ? { ...r, gate: withoutApproval(r.gate, event.by) } : r,
      );
    case 'PromotionScheduled':
      return inRollout(state, event.rolloutId, (r) =>
        r.status === 'gate' ? { ...r, gate: { ...r.gate, notBefore: event.at } } : r,
      );
    case 'GlassBroken':
      return glassBroken(state, event, entry);
    case 'GlassReviewed':
      return glassReviewed(state, event, entry);
    case 'PromotionApproved':
      return inRollout(state, event.rolloutId, (r) =>
        r.status === 'gate'
          ? { ...r, status: 'approved', ...NOT_WAITING, approvedAt: entry.at, approvedBy: event.by, brokenGlass: null }
          : r,
      );
    case 'ApprovalsVoided':
      return inRollout(state, event.rolloutId, (r) =>
        r.status === 'gate' || r.status === 'approved'
          ? { ...base(r), ...NOT_WAITING, status: 'gate', gate: { ...r.gate, approvals: [], notBefore: null } }
          : r,
      );
    case 'WaitNoted':
      return inRollout(state, event.rolloutId, (r) => ({
        ...r,
        waiting: event.reason,
        waitNotes: { count: (r.waitNotes?.count ?? 0) + 1, at: entry.at },
      }));
    case 'RolloutHeld':
      return inRollout(state, event.rolloutId, (r) => ({
        ...base(r),
        status: 'held',
        ...NOT_WAITING,
        heldBecause: event.reason,
      }));
    case 'RolloutEnded':
      return ended(state, event, entry);
    default: {
      const never: never = event;
      throw new Error(`An event of an unknown type: ${JSON.stringify(never)}`);
    }
  }
}

function started(state: ServiceState, event: EventOf<'RolloutStarted'>, entry: Entry): LiveRollout {
  const approved = state.approvedPackages.find((p) => p.packageArn === event.candidate.packageArn);
  return {
    id: event.rolloutId,
    status: 'staging',
    candidate: event.candidate,
    requester: event.requester,
    githubUser: event.githubUser ?? null,
    modelApprovedBy: approved?.by ?? null,
    note: event.note,
    quorum: event.quorum,
    approvalExpiresAfterHours: event.approvalExpiresAfterHours,
    startedAt: entry.at,
    reached: {},
    ...NOT_WAITING,
    voidRuns: 0,
    smoke: null,
    prodCheck: null,
    endpointArns: {},
    ...(event.automatic === undefined ? {} : { automatic: event.automatic }),
    ...(event.about === undefined ? {} : { about: event.about }),
  };
}

function approvalOf({ by, mandatory }: EventOf<'ApprovalGiven'>, { at }: Entry): Approval {
  return mandatory === true ? { by, at, mandatory } : { by, at };
}

/** A time that somebody chose stands as long as anybody's approval does: later is always fine. */
function withoutApproval(gate: Gate, by: string): Gate {
  const approvals = gate.approvals.filter((a) => a.by !== by);
  return { ...gate, approvals, notBefore: approvals.length === 0 ? null : gate.notBefore };
}

function glassBroken(state: ServiceState, event: EventOf<'GlassBroken'>, entry: Entry): ServiceState {
  const { rolloutId, by, reason, holds, over } = event;
  const rollout = state.rollouts.find((r) => r.id === rolloutId);
  if (rollout?.status !== 'approved') return state;
  const brokenGlass: BrokenGlass = { by, reason, at: entry.at, holds, over, reviewed: null };
  const { version } = rollout.candidate;
  const broken = inRollout(state, rolloutId, (r) =>
    r.status === 'approved' ? { ...r, ...NOT_WAITING, brokenGlass, gate: { ...r.gate, notBefore: null } } : r,
  );
  return { ...broken, reviews: [...state.reviews, { rolloutId, version, by, reason, at: entry.at }] };
}

function glassReviewed(state: ServiceState, event: EventOf<'GlassReviewed'>, entry: Entry): ServiceState {
  const { rolloutId, by, note } = event;
  const signed = <R extends LiveRollout | EndedRollout>(r: R): R =>
    r.id === rolloutId && 'brokenGlass' in r && r.brokenGlass !== null
      ? { ...r, brokenGlass: { ...r.brokenGlass, reviewed: { by, note, at: entry.at } } }
      : r;
  return {
    ...state,
    rollouts: state.rollouts.map(signed),
    ended: state.ended.map(signed),
    reviews: state.reviews.filter((r) => r.rolloutId !== rolloutId),
  };
}

function ended(state: ServiceState, event: EventOf<'RolloutEnded'>, entry: Entry): ServiceState {
  const rollout = state.rollouts.find((r) => r.id === event.rolloutId);
  if (rollout === undefined) return state;
  const gate = 'gate' in rollout ? rollout.gate : null;
  const approvedBy = 'approvedBy' in rollout ? rollout.approvedBy : [];
  const brokenGlass = 'brokenGlass' in rollout ? rollout.brokenGlass : null;
  const { outcome, reason, by } = event;
  // Nobody decides about it any more, and many of them are kept.
  const { about: _, ...kept } = base(rollout);
  const over: EndedRollout = {
    ...kept,
    before: kept.before ?? prodBefore(state),
    status: 'ended',
    outcome,
    reason,
    by,
    endedAt: entry.at,
    gate,
    approvedBy,
    brokenGlass,
    ...NOT_WAITING,
  };
  return {
    ...state,
    rollouts: state.rollouts.filter((r) => r.id !== rollout.id),
    ended: [over, ...state.ended].slice(0, ENDED_KEPT),
  };
}

/** The state with one rollout changed; the same where it has ended. */
export function inRollout(state: ServiceState, id: string, change: (r: LiveRollout) => LiveRollout): ServiceState {
  return { ...state, rollouts: state.rollouts.map((r) => (r.id === id ? change(r) : r)) };
}

/** The fields that every status has; what belonged to the old status falls away. */
export function base(r: LiveRollout) {
  const {
    id,
    candidate,
    requester,
    githubUser,
    automatic,
    modelApprovedBy,
    note,
    quorum,
    approvalExpiresAfterHours,
    startedAt,
    reached,
    waiting,
    waitNotes,
    voidRuns,
    smoke,
    prodCheck,
    before,
    endpointArns,
    about,
  } = r;
  return {
    id,
    candidate,
    requester,
    githubUser,
    modelApprovedBy,
    note,
    quorum,
    approvalExpiresAfterHours,
    startedAt,
    reached,
    waiting,
    waitNotes,
    voidRuns,
    smoke,
    prodCheck,
    ...(before === undefined ? {} : { before }),
    endpointArns,
    ...(automatic === undefined ? {} : { automatic }),
    ...(about === undefined ? {} : { about }),
  };
}
