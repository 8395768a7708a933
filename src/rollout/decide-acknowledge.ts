import { ENVIRONMENTS } from './candidate.ts';
import { type CommandContext, no, type Verdict, yes } from './decide-command.ts';
import type { Event } from './events.ts';
import type { CoreCommand } from './input.ts';
import { reason } from './reasons.ts';

/**
 * An approver answers for a record that somebody changed. What was open rests on what cannot be trusted, so it is void;
 * prod is held until somebody releases it. Going back is possible from then on.
 */
export function decideAcknowledge(
  c: CommandContext,
  command: Extract<CoreCommand, { verb: 'acknowledge-break' }>,
): Verdict {
  const why = command.reason.trim();
  if (why === '') return no(reason('reason-missing'));
  const [first] = command.breaks;
  if (first === undefined) return no(reason('record-whole'));
  const because = reason('record-was-broken', { seq: first.seq, by: c.who });
  const { state } = c;
  const stopped = ENVIRONMENTS.flatMap((environment): Event[] => {
    const { deployment } = state.environments[environment];
    if (deployment === null || deployment.kind === 'rollback') return [];
    return [{ type: 'DeploymentAbortMarked', environment, deployment: deployment.id, why: because }];
  });
  const voided = state.rollouts.map(
    ({ id }): Event => ({ type: 'RolloutEnded', rolloutId: id, outcome: 'voided', reason: because, by: c.who }),
  );
  const { cleanup, approvals } = state;
  const asked = approvals.map(
    ({ id }): Event => ({ type: 'ModelApprovalEnded', approvalId: id, outcome: 'failed', reason: because, by: c.who }),
  );
  const cleaned: readonly Event[] =
    cleanup === null
      ? []
      : [{ type: 'CleanupEnded', cleanupId: cleanup.id, outcome: 'void', reason: because, by: c.who }];
  const held: Event = {
    type: 'HoldPlaced',
    environment: 'prod',
    kind: 'check',
    by: c.who,
    reason: `the record was broken at entry ${first.seq}: ${why}`,
    until: null,
  };
  const acknowledged: Event = { type: 'BreakAcknowledged', breaks: command.breaks, by: c.who, reason: why };
  return yes(
    reason('break-acknowledged', { seq: first.seq, places: command.breaks.length }),
    [acknowledged, ...stopped, ...voided, ...asked, ...cleaned, held],
    null,
  );
}
