import { type CommandContext, no, type Verdict } from './decide-command.ts';
import { clause, type Reason, reason } from './reasons.ts';
import type { EndedRollout, LiveRollout } from './state.ts';

type Found =
  | { readonly kind: 'live'; readonly rollout: LiveRollout }
  | { readonly kind: 'no'; readonly reason: Reason; readonly subject: string | null };

/** The rollout that a command means: the one named, or the only one that is open. */
export function find(c: CommandContext, id: string | null): Found {
  const { rollouts, ended } = c.state;
  if (id !== null) {
    const live = rollouts.find((r) => r.id === id);
    if (live !== undefined) return { kind: 'live', rollout: live };
    const over = ended.find((r) => r.id === id);
    return {
      kind: 'no',
      subject: id,
      reason: over === undefined ? reason('no-rollout', { rollout: id }) : endedReason(over),
    };
  }
  const [first, ...others] = rollouts;
  if (first === undefined) return { kind: 'no', subject: null, reason: reason('nothing-open') };
  if (others.length === 0) return { kind: 'live', rollout: first };
  return {
    kind: 'no',
    subject: null,
    reason: reason('several-rollouts', { rollouts: rollouts.map((r) => r.id).join(', ') }),
  };
}

/** What was decided, by whom and when: the answer to late, double and replayed presses. */
function endedReason(over: EndedRollout): Reason {
  const by = over.by ?? (over.approvedBy.length > 0 ? over.approvedBy.join(', ') : 'titanic');
  return reason('already-decided', {
    rollout: over.id,
    what: outcomeWords(over),
    by,
    at: over.endedAt,
  });
}

/** Without people, who are named beside it. */
function outcomeWords(over: EndedRollout): string {
  switch (over.outcome) {
    case 'failed':
    case 'voided':
      return clause(over.reason);
    case 'superseded':
      return `superseded by ${over.reason.params?.rollout ?? 'a newer one'}`;
    case 'rolled-back':
      return 'rolled back';
    case 'given-up':
      return 'given up';
    case 'expired':
      return 'expired before anybody decided';
    case 'rejected':
      return `rejected (${over.reason.params?.reason ?? 'no reason given'})`;
    case 'promoted':
    case 'cancelled':
      return over.outcome;
    default: {
      const never: never = over.outcome;
      throw new Error(`Unknown outcome ${String(never)}`);
    }
  }
}

/** What was decided already, by whom and when. */
export function alreadyPromoted(rollout: Extract<LiveRollout, { approvedAt: string }>): Verdict {
  const { id, approvedBy, approvedAt: at } = rollout;
  return no(reason('already-decided', { rollout: id, what: 'promoted', by: approvedBy.join(', '), at }), id);
}

/** Nobody decided in time: the press brings it to light. */
export function gateExpired(id: string, expiresAt: string): Verdict {
  const why = reason('approval-expired', { at: expiresAt });
  return no(why, id, [{ type: 'RolloutEnded', rolloutId: id, outcome: 'expired', reason: why, by: null }]);
}
