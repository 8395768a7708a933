import { type CommandContext, no, type Verdict, yes } from './decide-command.ts';
import { breakGlass } from './decide-glass.ts';
import type { Event } from './events.ts';
import { alreadyPromoted, find, gateExpired } from './found-rollout.ts';
import {
  activeHolds,
  countApprovals,
  doing,
  freezeReason,
  hasMandatory,
  holdReason,
  isMandatory,
  quorumOf,
} from './gates.ts';
import { startGoingBack } from './going-back.ts';
import type { PromoteRequest } from './input.ts';
import { killSwitch } from './kill-switch.ts';
import { without } from './mutations.ts';
import { type Reason, reason } from './reasons.ts';
import type { LiveRollout } from './state.ts';

/** The gate: one press. Decided once, because only one entry can follow the state it was decided on. */
export function decidePromote(c: CommandContext, asked: PromoteRequest): Verdict {
  const found = find(c, asked.rolloutId);
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
      return asked.breakGlass === undefined ? alreadyPromoted(rollout) : breakGlass(c, rollout, asked.breakGlass);
    case 'prod':
    case 'verifying':
      return alreadyPromoted(rollout);
    case 'gate':
      return asked.breakGlass === undefined ? press(c, rollout, asked) : breakGlass(c, rollout, asked.breakGlass);
    default: {
      const never: never = rollout;
      throw new Error(`Unknown status ${JSON.stringify(never)}`);
    }
  }
}

function press(
  c: CommandContext,
  rollout: Extract<LiveRollout, { status: 'gate' }>,
  { atMs }: PromoteRequest,
): Verdict {
  const { state, nowMs, who, settings } = c;
  const { mutations } = settings;
  const { id, gate, requester } = rollout;
  const quorum = quorumOf(rollout, settings);
  if (nowMs >= Date.parse(gate.expiresAt) && !without(mutations, 'expiry-ignored-at-the-press')) {
    return gateExpired(id, gate.expiresAt);
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
  const unfit = atMs === undefined ? null : unfitTime(atMs, nowMs, gate.expiresAt);
  if (unfit !== null) return no(unfit, id);
  // Of several times the latest counts, so that prod is never touched earlier than anybody said.
  const chosenMs = gate.notBefore === null ? atMs : Math.max(Date.parse(gate.notBefore), atMs ?? 0);
  const freeze = settings.frozen?.(Math.max(nowMs, chosenMs ?? nowMs)) ?? null;
  if (freeze !== null) return no(freezeReason('prod-frozen', freeze), id);

  const { standing } = c.input;
  const mandatory = isMandatory(standing);
  const have = before + 1;
  const given: Event = {
    type: 'ApprovalGiven',
    rolloutId: id,
    by: who,
    have,
    need: quorum,
    ...(mandatory ? { mandatory } : {}),
  };
  const at = chosenMs === undefined || chosenMs <= nowMs ? null : new Date(chosenMs).toISOString();
  const events: Event[] = [given];
  if (at !== null && at !== gate.notBefore) events.push({ type: 'PromotionScheduled', rolloutId: id, at, by: who });
  if (have < quorum) return yes(reason('approval-recorded', { rollout: id, have, need: quorum }), events, id);
  const lacksMandatory = settings.mandatoryGroup === true && !hasMandatory(standing, gate);
  if (lacksMandatory) return yes(reason('approval-not-mandatory', { rollout: id, have, need: quorum }), events, id);
  const by = [...new Set([...gate.approvals.map((a) => a.by), who])];
  return yes(
    at === null ? reason('promotion-approved', { rollout: id }) : reason('promotion-scheduled', { rollout: id, at }),
    [...events, { type: 'PromotionApproved', rolloutId: id, by }],
    id,
  );
}

/** Why prod cannot be promised for that time; null: it can. */
function unfitTime(atMs: number, nowMs: number, expiresAt: string): Reason | null {
  const at = new Date(atMs).toISOString();
  if (atMs <= nowMs) return reason('time-passed', { at });
  return atMs < Date.parse(expiresAt) ? null : reason('time-after-expiry', { at, expires: expiresAt });
}

/** Takes one's own approval back, until it is decided. */
export function decideWithdraw(c: CommandContext, id: string | null): Verdict {
  const found = find(c, id);
  if (found.kind === 'no') return no(found.reason, found.subject);
  const { rollout } = found;
  if (rollout.status === 'approved' || rollout.status === 'prod' || rollout.status === 'verifying') {
    return alreadyPromoted(rollout);
  }
  const given = rollout.status === 'gate' ? rollout.gate.approvals : [];
  if (!given.some((a) => a.by === c.who)) return no(reason('nothing-to-withdraw', { rollout: rollout.id }), rollout.id);
  const left = given.filter((a) => a.by !== c.who);
  const have = countApprovals(left, rollout.requester, () => true);
  const counts = { have, need: quorumOf(rollout, c.settings) };
  return yes(
    reason('approval-withdrawn', { rollout: rollout.id, ...counts }),
    without(c.settings.mutations, 'withdrawn-still-counts')
      ? []
      : [{ type: 'ApprovalWithdrawn', rolloutId: rollout.id, by: c.who, ...counts }],
    rollout.id,
  );
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
    const switched = killSwitch(environment, c.state.environments[environment], c.settings.mutations);
    events.push(...startGoingBack(c.state, asked), ...switched);
    const effects = switched.length === 0 ? [] : [{ kind: 'trip', environment, intent: c.state.seq + 1 } as const];
    return yes(reason('cancel-going-back', { rollout: rollout.id, environment }), events, rollout.id, effects);
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
