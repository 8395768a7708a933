import { activeHolds, countApprovals, quorumOf } from './gates.ts';
import type { Settings } from './input.ts';
import { without } from './mutations.ts';
import type { Reminded } from './reminder-events.ts';
import type { Gate, LiveRollout, ModelApproval, ServiceState } from './state.ts';
import { NOTHING, record, type Step, wake } from './step.ts';

/** What is or was at its gate. */
type AtGate = LiveRollout & { readonly gate: Gate };

/** Calls approvers once more about an open gate; not while a hold or a freeze would refuse whoever presses. */
export function remindOfGate(state: ServiceState, rollout: AtGate, settings: Settings, nowMs: number): Step {
  const { gate, requester, id } = rollout;
  const due = dueIn({ askedAt: gate.openedAt, reminded: gate.reminded }, settings, nowMs);
  if (due === null) return NOTHING;
  if (due.inMs > 0) return wake(due.inMs);
  const inTheWayMs = promotionRefusedForMs(state, settings, nowMs);
  // A release is an entry, which is decided on anew.
  if (inTheWayMs !== null) return Number.isFinite(inTheWayMs) ? wake(inTheWayMs) : NOTHING;
  const have = countApprovals(gate.approvals, requester, () => true);
  const { nth, most } = due;
  return record([{ type: 'GateReminded', rolloutId: id, nth, most, have, need: quorumOf(rollout, settings) }]);
}

/** Calls approvers once more about a model that nobody has decided about. */
export function remindOfModel(a: ModelApproval, settings: Settings, nowMs: number): Step {
  if (a.verdict !== null || !a.deploys) return NOTHING;
  const due = dueIn(a, settings, nowMs);
  if (due === null) return NOTHING;
  if (due.inMs > 0) return wake(due.inMs);
  const { nth, most } = due;
  return record([{ type: 'ModelReminded', approvalId: a.id, version: a.version, nth, most }]);
}

interface Due {
  /** Milliseconds from now; 0: now. */
  readonly inMs: number;
  readonly nth: number;
  readonly most: number;
}

/**
 * When the next reminder is due: each wait is twice as long as the one before it, counted from the last reminder that
 * was recorded, so that nothing is made up for after an outage. null: there is none any more.
 */
function dueIn(
  { askedAt, reminded }: { readonly askedAt: string; readonly reminded?: Reminded | undefined },
  { reminders, mutations }: Settings,
  nowMs: number,
): Due | null {
  if (reminders === undefined) return null;
  const { afterMs, most, within } = reminders;
  const { count, at } = reminded ?? { count: 0, at: askedAt };
  if (count >= most && !without(mutations, 'reminded-without-end')) return null;
  const waits = without(mutations, 'reminders-do-not-back-off') ? 1 : 2 ** count;
  const earliestMs = Math.max(Date.parse(at) + afterMs * waits, nowMs);
  const atMs = within === undefined ? earliestMs : within(earliestMs);
  return { inMs: atMs - nowMs, nth: count + 1, most };
}

/** How long a press at any gate would be refused because prod is held or frozen: milliseconds; null: it would not. */
function promotionRefusedForMs(state: ServiceState, settings: Settings, nowMs: number): number | null {
  const untils = activeHolds(state, 'prod', nowMs).map(({ until }) =>
    until === null ? Number.POSITIVE_INFINITY : Date.parse(until),
  );
  const freeze = settings.frozen?.(nowMs) ?? null;
  if (freeze !== null) untils.push(freeze.untilMs);
  return untils.length === 0 ? null : Math.max(1, Math.max(...untils) - nowMs);
}
