import { type CommandContext, no, type Verdict, yes } from './decide-command.ts';
import type { CoreCommand } from './input.ts';
import { guardOfCall } from './kill-switch.ts';
import { without } from './mutations.ts';
import { reason } from './reasons.ts';

/**
 * Somebody answers for waiting with a prod whose new fleet is worse. Once for each change: after that it goes back by
 * itself, or a person says so.
 */
export function decideSnooze(
  { state, settings, who, nowMs }: CommandContext,
  { rolloutId, reason: given }: Extract<CoreCommand, { verb: 'snooze' }>,
): Verdict {
  const why = given.trim();
  if (why === '') return no(reason('reason-missing'));
  const environment = 'prod';
  const { deployment } = state.environments[environment];
  const analysis = deployment?.analysis;
  const named = rolloutId === null || deployment?.owner === rolloutId;
  const plan = deployment === null ? undefined : guardOfCall(deployment)?.analysis;
  if (!named || deployment === null || deployment.abort !== null || plan === undefined || analysis?.dueAt == null)
    return no(reason('nothing-to-snooze'), rolloutId);
  const { snoozed } = analysis;
  if (snoozed !== null && !without(settings.mutations, 'snoozed-again-and-again'))
    return no(reason('snoozed-already', { by: snoozed.by, until: analysis.dueAt }), deployment.owner);
  const fromMs = Math.max(nowMs, Date.parse(analysis.dueAt));
  const dueAt = new Date(fromMs + plan.snoozeSeconds * 1_000).toISOString();
  return yes(
    reason('auto-rollback-snoozed', { until: dueAt }),
    [{ type: 'AutoRollbackSnoozed', environment, deployment: deployment.id, by: who, reason: why, dueAt }],
    deployment.owner,
  );
}
