import type { Entry, EventOf } from './events.ts';
import type { ModelEvent } from './model-events.ts';
import type { ReminderEvent } from './reminder-events.ts';
import { APPROVALS_KEPT, type ModelApproval, PACKAGES_KEPT, type ServiceState } from './state.ts';

/** The fold of what is recorded about approvals in the Model Registry. */
export function aboutModel(
  state: ServiceState,
  event: ModelEvent | Extract<ReminderEvent, { type: 'ModelReminded' }>,
  entry: Entry,
): ServiceState {
  switch (event.type) {
    case 'ModelApprovalAsked':
      return { ...state, approvals: [...state.approvals, asked(event, entry)] };
    case 'ModelReminded':
      return changed(state, event.approvalId, (a) => ({ ...a, reminded: { count: event.nth, at: entry.at } }));
    case 'ModelDecided': {
      const { approve, by, reason } = event;
      return changed(state, event.approvalId, (a) => ({ ...a, verdict: { approve, by, reason, at: entry.at } }));
    }
    case 'RegistryCallIntended':
      return changed(state, event.approvalId, (a) => ({ ...a, intent: { seq: entry.seq }, tries: a.tries + 1 }));
    case 'RegistryCallDecided':
      return changed(state, event.approvalId, (a) => callDecided(a, event, entry));
    case 'ModelApprovalEnded':
      return ended(state, event, entry);
    case 'ModelRejectionSeen': {
      const { approvalId: id, packageArn, version, by } = event;
      return { ...state, rejectedInProd: { id, packageArn, version, by, at: entry.at, over: false } };
    }
    default: {
      const never: never = event;
      throw new Error(`An event of an unknown type: ${JSON.stringify(never)}`);
    }
  }
}

function asked(event: EventOf<'ModelApprovalAsked'>, entry: Entry): ModelApproval {
  const { approvalId: id, packageArn, version, facts, beside, requester, note, deploys, expiresAt } = event;
  return {
    id,
    packageArn,
    version,
    facts,
    beside,
    requester,
    githubUser: event.githubUser ?? null,
    note,
    deploys,
    unchecked: event.unchecked ?? false,
    askedAt: entry.at,
    expiresAt,
    verdict: null,
    intent: null,
    registered: false,
    tries: 0,
    notBefore: null,
    ended: null,
  };
}

/** Back-off before the registry is asked again: 2 s, 4 s, 8 s … */
const BACK_OFF_MS = 2_000;

function callDecided(a: ModelApproval, event: EventOf<'RegistryCallDecided'>, entry: Entry): ModelApproval {
  if (a.intent === null || a.intent.seq !== event.intent) return a;
  const happened = event.outcome.kind === 'accepted' || event.outcome.kind === 'landed';
  if (happened) return { ...a, intent: null, registered: true, notBefore: entry.at };
  const notBefore = new Date(Date.parse(entry.at) + BACK_OFF_MS * 2 ** Math.min(a.tries, 5)).toISOString();
  return { ...a, intent: null, notBefore };
}

function ended(state: ServiceState, event: EventOf<'ModelApprovalEnded'>, entry: Entry): ServiceState {
  const found = state.approvals.find((a) => a.id === event.approvalId);
  if (found === undefined) return state;
  const { outcome, reason, by } = event;
  const over: ModelApproval = { ...found, intent: null, ended: { at: entry.at, outcome, reason, by } };
  // What came to nothing leaves who approved it before as it is.
  const toNothing = outcome === 'failed' || outcome === 'expired';
  const others = state.approvedPackages.filter((p) => toNothing || p.packageArn !== found.packageArn);
  const approved = outcome === 'approved' && by !== null ? [{ packageArn: found.packageArn, by }] : [];
  return {
    ...state,
    approvals: state.approvals.filter((a) => a.id !== found.id),
    endedApprovals: [over, ...state.endedApprovals].slice(0, APPROVALS_KEPT),
    approvedPackages: [...approved, ...others].slice(0, PACKAGES_KEPT),
  };
}

function changed(state: ServiceState, id: string, change: (a: ModelApproval) => ModelApproval): ServiceState {
  return { ...state, approvals: state.approvals.map((a) => (a.id === id ? change(a) : a)) };
}

/** Once prod runs another package, nobody has to leave the rejected one any more. */
export function leftRejected(state: ServiceState): ServiceState {
  const { rejectedInProd } = state;
  if (rejectedInProd === null || rejectedInProd.over) return state;
  const runs = state.environments.prod.stack.at(-1)?.packageArn ?? null;
  return runs === rejectedInProd.packageArn ? state : { ...state, rejectedInProd: { ...rejectedInProd, over: true } };
}
