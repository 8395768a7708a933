import { type CommandContext, no, type Verdict, yes } from './decide-command.ts';
import type { Event } from './events.ts';
import { gateExpired } from './found-rollout.ts';
import { activeHolds, countApprovals, freezeReason, hasMandatory, holdReason, quorumOf } from './gates.ts';
import type { CoreCommand } from './input.ts';
import { clause, reason } from './reasons.ts';
import type { LiveRollout } from './state.ts';

type AtTheGate = Extract<LiveRollout, { status: 'gate' | 'approved' }>;

/**
 * One approver alone takes a rollout to prod, whoever asked for it, past the quorum, locks and freezes that stand at this
 * moment. Everything that says what goes to prod still counts: the seal, the smoke tests, the expiry, a Failed endpoint.
 */
export function breakGlass(c: CommandContext, rollout: AtTheGate, given: string): Verdict {
  const { state, nowMs, who, settings } = c;
  const { id, gate } = rollout;
  if (settings.breakGlass !== true) return no(reason('no-break-glass'), id);
  const why = given.trim();
  if (why === '') return no(reason('reason-missing'), id);
  if (nowMs >= Date.parse(gate.expiresAt)) return gateExpired(id, gate.expiresAt);
  if (c.input.actor.kind !== 'person') return no(reason('pipeline-cannot-approve'), id);
  const { endpointFailed, stack } = state.environments.prod;
  if (endpointFailed && stack.length > 0) return no(reason('prod-endpoint-failed'), id);
  if (rollout.status === 'approved' && rollout.brokenGlass !== null) {
    return no(reason('glass-broken-already', { rollout: id, by: rollout.brokenGlass.by }), id);
  }
  const holds = activeHolds(state, 'prod', nowMs).map((h) => h.id);
  const over = overridden(c, rollout);
  if (over.length === 0) return no(reason('nothing-to-break', { rollout: id }), id);
  const broken: Event = { type: 'GlassBroken', rolloutId: id, by: who, reason: why, holds, over };
  const approved: readonly Event[] =
    rollout.status === 'gate' ? [{ type: 'PromotionApproved', rolloutId: id, by: [who] }] : [];
  return yes(reason('glass-broken', { rollout: id }), [...approved, broken], id);
}

/** What stands in the way now, in words; empty: an ordinary press would do. */
function overridden(c: CommandContext, rollout: AtTheGate): readonly string[] {
  const { state, nowMs, who, settings } = c;
  const { requester, gate } = rollout;
  const quorum = quorumOf(rollout, settings);
  const words: string[] = [];
  if (rollout.status === 'gate') {
    if (requester === who) words.push('who asked for it approves it');
    const others = gate.approvals.filter((a) => a.by !== who);
    const have = countApprovals([...others, { by: who, at: '' }], requester, () => true);
    if (have < quorum) words.push(`${have} of ${quorum} approvals`);
    if (settings.mandatoryGroup === true && !hasMandatory(c.input.standing, gate))
      words.push('nobody of the mandatory group');
  }
  if (gate.notBefore !== null && Date.parse(gate.notBefore) > nowMs) words.push(`planned for ${gate.notBefore}`);
  for (const hold of activeHolds(state, 'prod', nowMs)) words.push(clause(holdReason('waits-for-lock', 'prod', hold)));
  const freeze = settings.frozen?.(nowMs) ?? null;
  if (freeze !== null) words.push(clause(freezeReason('waits-for-freeze', freeze)));
  return words;
}

/** Another approver signs off what was taken to prod past what stood in the way. */
export function decideReview(c: CommandContext, command: Extract<CoreCommand, { verb: 'review' }>): Verdict {
  const { rolloutId: id } = command;
  const note = command.note.trim();
  const open = c.state.reviews.find((r) => r.rolloutId === id);
  if (open === undefined) return no(reason('nothing-to-review', { rollout: id }), id);
  if (open.by === c.who) return no(reason('own-glass', { rollout: id }), id);
  if (c.input.actor.kind !== 'person') return no(reason('pipeline-cannot-approve'), id);
  if (note === '') return no(reason('reason-missing'), id);
  return yes(
    reason('glass-reviewed', { rollout: id }),
    [{ type: 'GlassReviewed', rolloutId: id, by: c.who, note }],
    id,
  );
}
