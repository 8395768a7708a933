import { type CommandContext, no, type Verdict, yes } from './decide-command.ts';
import type { Event } from './events.ts';
import { activeHolds, countApprovals, doing, holdReason } from './gates.ts';
import { startGoingBack } from './going-back.ts';
import { without } from './mutations.ts';
import { clause, type Reason, reason } from './reasons.ts';
import type { EndedRollout, LiveRollout } from './state.ts';

type Found =
  | { readonly kind: 'live'; readonly rollout: LiveRollout }
  | { readonly kind: 'no'; readonly reason: Reason; readonly subject: string | null };

/** The rollout that a command means: the one named, or the only one that is open. */
function find(c: CommandContext, id: string | null): Found {
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

/** The gate: one press. Decided once, because only one entry can follow the state it was decided on. */
export function decidePromote(c: CommandContext, id: string | null): Verdict {
  const found = find(c, id);
  if (found.kind === 'no') return no(found.reason, found.subject);
  const { rollout } = found;
  switch (rollout.status) {
    case 'staging':
    case 'testing':
    case 'tested':
      return no(reason('not-at-the-gate', { rollout: rollout.id, doing: doing(rollout) }), rollout.id);
    case 'held':
      return no(reason('smoke-not-passed', { rollout: rollout.id, doing: doing(rollout) }), rollout.id);
    case 'approved':
    case 'prod':
    case 'verifying':
      return alreadyPromoted(rollout);
    case 'gate':
      return press(c, rollout);
    default: {
      const never: never = rollout;
      throw new Error(`Unknown status ${JSON.stringify(never)}`);
    }
  }
}

function press(c: CommandContext, rollout: Extract<LiveRollout, { status: 'gate' }>): Verdict {
  const { state, nowMs, who } = c;
  const { mutations } = c.settings;
  const { id, gate, quorum, requester } = rollout;
  if (nowMs >= Date.parse(gate.expiresAt) && !without(mutations, 'expiry-ignored-at-the-press')) {
    const why = reason('approval-expired', { at: gate.expiresAt });
    return no(why, id, [{ type: 'RolloutEnded', rolloutId: id, outcome: 'expired', reason: why, by: null }]);
  }
  if (c.input.actor.kind !== 'person') return no(reason('pipeline-cannot-approve'), id);
  if (requester === who && !without(mutations, 'requester-counts')) return no(reason('requester-cannot-approve'), id);
  const before = countApprovals(gate.approvals, requester, () => true, mutations);
  if (gate.approvals.some((a) => a.by === who) && !without(mutations, 'same-person-counts-twice'))
    return no(reason('approved-already', { have: before, need: quorum }), id);
  const [hold] = activeHolds(state, 'prod', nowMs);
  if (hold !== undefined) return no(holdReason('environment-held', 'prod', hold), id);
  const { endpointFailed, stack } = state.environments.prod;
  if (endpointFailed && stack.length > 0) return no(reason('prod-endpoint-failed'), id);

  const have = before + 1;
  const given: Event = { type: 'ApprovalGiven', rolloutId: id, by: who, have, need: quorum };
  if (have < quorum) return yes(reason('approval-recorded', { rollout: id, have, need: quorum }), [given], id);
  const by = [...new Set([...gate.approvals.map((a) => a.by), who])];
  return yes(
    reason('promotion-approved', { rollout: id }),
    [given, { type: 'PromotionApproved', rolloutId: id, by }],
    id,
  );
}

function alreadyPromoted(rollout: Extract<LiveRollout, { approvedAt: string }>): Verdict {
  const { id, approvedBy, approvedAt: at } = rollout;
  return no(reason('already-decided', { rollout: id, what: 'promoted', by: approvedBy.join(', '), at }), id);
}

export function decideReject(c: CommandContext, id: string | null, why: string | null): Verdict {
  const found = find(c, id);
  if (found.kind === 'no') return no(found.reason, found.subject);
  const { rollout } = found;
  switch (rollout.status) {
    case 'staging':
    case 'testing':
      return no(reason('not-at-the-gate', { rollout: rollout.id, doing: doing(rollout) }), rollout.id);
    case 'prod':
    case 'verifying':
      return alreadyPromoted(rollout);
    case 'tested':
    case 'held':
    case 'gate':
    case 'approved':
      return yes(
        reason('rollout-rejected', { rollout: rollout.id }),
        [
          {
            type: 'RolloutEnded',
            rolloutId: rollout.id,
            outcome: 'rejected',
            reason: reason('rejected-by', { by: c.who, reason: why ?? 'no reason given' }),
            by: c.who,
          },
        ],
        rollout.id,
      );
    default: {
      const never: never = rollout;
      throw new Error(`Unknown status ${JSON.stringify(never)}`);
    }
  }
}

/** Stops what can still be stopped; an endpoint that was touched goes back to what ran before. */
export function decideCancel(c: CommandContext, id: string | null): Verdict {
  const found = find(c, id);
  if (found.kind === 'no') return no(found.reason, found.subject);
  const { rollout } = found;
  const ended: Event = {
    type: 'RolloutEnded',
    rolloutId: rollout.id,
    outcome: 'cancelled',
    reason: reason('cancelled-by', { by: c.who }),
    by: c.who,
  };
  switch (rollout.status) {
    case 'tested':
    case 'held':
    case 'gate':
    case 'approved':
      return yes(reason('rollout-cancelled', { rollout: rollout.id }), [ended], rollout.id);
    case 'staging':
    case 'testing':
      return cancelChange(c, rollout, ended, 'staging');
    case 'prod':
    case 'verifying':
      return cancelChange(c, rollout, ended, 'prod');
    default: {
      const never: never = rollout;
      throw new Error(`Unknown status ${JSON.stringify(never)}`);
    }
  }
}

function cancelChange(c: CommandContext, rollout: LiveRollout, ended: Event, environment: 'staging' | 'prod'): Verdict {
  const { deployment, stack, smoke } = c.state.environments[environment];
  const why = reason('cancelled-by', { by: c.who });
  const events: Event[] = [ended];
  if (deployment !== null) events.push({ type: 'DeploymentAbortMarked', environment, deployment: deployment.id, why });
  // While it is being deployed, what ran before is on top; once it was deployed, below.
  const target = deployment !== null ? stack.at(-1) : stack.at(-2);
  if (target !== undefined) {
    const asked = { environment, target, cause: 'cancelled', by: c.who, reason: `cancelled ${rollout.id}` } as const;
    events.push(...startGoingBack(c.state, asked));
    return yes(reason('cancel-going-back', { rollout: rollout.id, environment }), events, rollout.id);
  }
  if (smoke !== null) {
    events.push({ type: 'SmokeVoided', environment, claim: smoke.claim, reason: reason('smoke-void') });
  }
  return yes(reason('rollout-cancelled', { rollout: rollout.id }), events, rollout.id);
}

export function decideSmokeAgain(c: CommandContext, id: string): Verdict {
  const found = find(c, id);
  if (found.kind === 'no') return no(found.reason, found.subject);
  if (found.rollout.status !== 'held')
    return no(reason('not-waiting-for-smoke', { rollout: id, doing: doing(found.rollout) }), id);
  return yes(reason('smoke-repeat', { rollout: id }), [{ type: 'SmokeRepeatAsked', rolloutId: id }], id);
}

export function decideGiveUp(c: CommandContext, id: string): Verdict {
  const found = find(c, id);
  if (found.kind === 'no') return no(found.reason, found.subject);
  if (found.rollout.status !== 'held')
    return no(reason('not-waiting-for-smoke', { rollout: id, doing: doing(found.rollout) }), id);
  const why = reason('given-up-by', { by: c.who });
  return yes(
    reason('gave-up', { rollout: id }),
    [{ type: 'RolloutEnded', rolloutId: id, outcome: 'given-up', reason: why, by: c.who }],
    id,
  );
}
