import { ENVIRONMENTS, type Environment } from './candidate.ts';
import { type CleanupPlan, deletionsOf, environmentsOf } from './cleanup.ts';
import { type CommandContext, no, type Verdict, yes } from './decide-command.ts';
import type { Event } from './events.ts';
import { activeHolds, holdReason } from './gates.ts';
import type { CoreCommand } from './input.ts';
import { type Mutations, without } from './mutations.ts';
import { type Reason, reason } from './reasons.ts';
import type { Cleanup, ServiceState } from './state.ts';

/** How long a plan may wait to be confirmed. */
const CONFIRM_WITHIN_MS = 60 * 60_000;
/** How long it may take, endpoints that are slow to go included. */
export const CLEANUP_MINUTES = 60;
/** What stays is told with its reasons as far as an entry has room; the plan itself tells all. */
const KEPT_TOLD = 100;

type Asked = Extract<CoreCommand, { verb: 'cleanup' }>;
type Confirmed = Extract<CoreCommand, { verb: 'confirm-cleanup' }>;

/** What must not be begun while this deletes it; null: nothing is in the way. */
export function cleanupInTheWay({ cleanup }: ServiceState, command: CoreCommand, mutations?: Mutations): Reason | null {
  if (cleanup === null || cleanup.confirmed === null || without(mutations, 'cleanup-not-in-the-way')) return null;
  const gone = environmentsOf(cleanup.target);
  if (!gone.some((environment) => touched(command).includes(environment))) return null;
  return reason('cleanup-in-the-way', { cleanup: cleanup.id, target: cleanup.target });
}

/** The environments that a command would use or change. */
function touched(command: CoreCommand): readonly Environment[] {
  switch (command.verb) {
    case 'deploy':
    case 'promote':
      return ENVIRONMENTS;
    case 'rollback':
    case 'smoke':
    case 'adopt':
      return [command.environment];
    case 'recreate':
    case 'leave-rejected':
      return ['prod'];
    default:
      return [];
  }
}

/** `cleanup --apply`: in Slack a plan that waits to be confirmed; on the command line exactly the plan that was shown. */
export function decideCleanup(c: CommandContext, command: Asked): Verdict {
  const open = c.state.cleanup;
  if (open !== null) return no(reason('cleanup-open', { cleanup: open.id, doing: doingOf(open) }), open.id);
  const planned = readable(c, command.plan);
  if (planned.kind === 'no') return no(planned.reason);
  const { plan } = planned;
  const { target } = command;
  const deletions = deletionsOf(plan, c.settings.endpointNames);
  const cleanupId = `${c.settings.service}-${c.state.seq + 1}`;
  const kept = plan.items.flatMap(({ kind, name, because }) => (because === null ? [] : [{ kind, name, because }]));
  const forgets = environmentsOf(target).filter((environment) => isForgotten(c, plan, environment));
  if (deletions.length === 0 && forgets.length === 0) return no(reason('nothing-to-clean', { target }));
  const proposed: Event = {
    type: 'CleanupProposed',
    cleanupId,
    target,
    digest: plan.digest,
    deletions,
    kept: kept.slice(0, KEPT_TOLD),
    keptMore: Math.max(0, kept.length - KEPT_TOLD),
    by: c.who,
    expiresAt: new Date(c.nowMs + CONFIRM_WITHIN_MS).toISOString(),
  };
  const count = deletions.length;
  if (c.input.actor.kind === 'person') {
    const who = target === 'leftovers' ? 'an approver' : 'an approver who did not ask for it';
    return yes(reason('cleanup-proposed', { cleanup: cleanupId, count, who }), [proposed], cleanupId);
  }
  const wanted = plan.phrase ?? plan.digest;
  if (command.confirm === null) return no(reason('cleanup-phrase-missing', { target }));
  if (command.confirm !== wanted) return no(reason('cleanup-changed'));
  const events = [proposed, confirmation(c, cleanupId, plan)];
  return yes(reason('cleanup-started', { cleanup: cleanupId, count }), events, cleanupId);
}

/** **Delete**: what is there now must be exactly what the plan showed. */
export function decideConfirmCleanup(c: CommandContext, command: Confirmed): Verdict {
  const { cleanup } = c.state;
  const { cleanupId } = command;
  if (cleanup === null || cleanup.id !== cleanupId)
    return no(reason('cleanup-over', { cleanup: cleanupId }), cleanupId);
  const { id, target, by, expiresAt } = cleanup;
  if (cleanup.confirmed !== null) return no(reason('cleanup-open', { cleanup: id, doing: doingOf(cleanup) }), id);
  if (c.nowMs >= Date.parse(expiresAt)) {
    const why = reason('cleanup-expired');
    return no(why, id, [{ type: 'CleanupEnded', cleanupId: id, outcome: 'expired', reason: why, by: null }]);
  }
  const own = by === c.who && !without(c.settings.mutations, 'proposer-confirms');
  if (target !== 'leftovers' && own) return no(reason('requester-cannot-confirm'), id);
  const planned = readable(c, command.plan);
  if (planned.kind === 'no') return no(planned.reason, id);
  const changed = planned.plan.target !== target || planned.plan.digest !== cleanup.digest;
  if (changed && !without(c.settings.mutations, 'changed-plan-carried-out')) {
    const why = reason('cleanup-changed');
    return no(why, id, [{ type: 'CleanupEnded', cleanupId: id, outcome: 'void', reason: why, by: null }]);
  }
  return yes(reason('cleanup-started', { cleanup: id, count: cleanup.total }), [confirmation(c, id, planned.plan)], id);
}

/** What keeps deletions of a clean-up that were not sent yet from being sent. */
export function abortMarks(state: ServiceState, cleanup: Cleanup, why: Reason): readonly Event[] {
  return ENVIRONMENTS.flatMap((environment): readonly Event[] => {
    const { deployment } = state.environments[environment];
    if (deployment === null || deployment.owner !== cleanup.id || deployment.abort !== null) return [];
    return [{ type: 'DeploymentAbortMarked', environment, deployment: deployment.id, why }];
  });
}

/** **Discard** or **Stop**: what is being sent is finished, nothing more is begun. */
export function decideStopCleanup(c: CommandContext, cleanupId: string): Verdict {
  const { cleanup } = c.state;
  if (cleanup === null || cleanup.id !== cleanupId)
    return no(reason('cleanup-over', { cleanup: cleanupId }), cleanupId);
  if (cleanup.confirmed === null) {
    const why = reason('cleanup-discarded', { cleanup: cleanupId });
    return yes(why, [{ type: 'CleanupEnded', cleanupId, outcome: 'discarded', reason: why, by: c.who }], cleanupId);
  }
  const why = reason('cleanup-stopping', { cleanup: cleanupId });
  if (cleanup.stopAskedBy !== null) return no(why, cleanupId);
  // In the same entry, so that whoever is about to send a deletion sees it.
  const marks = abortMarks(c.state, cleanup, reason('cleanup-stopped', { by: c.who, left: cleanup.left.length }));
  return yes(why, [{ type: 'CleanupStopAsked', cleanupId, by: c.who }, ...marks], cleanupId);
}

type Readable =
  | { readonly kind: 'plan'; readonly plan: CleanupPlan }
  | { readonly kind: 'no'; readonly reason: Reason };

function readable(c: CommandContext, planned: Asked['plan']): Readable {
  if (planned.kind === 'unknown') {
    return { kind: 'no', reason: reason('cleanup-unreadable', { why: planned.why }) };
  }
  if (planned.value.kind === 'busy') {
    return { kind: 'no', reason: reason('cleanup-busy', { what: planned.value.what.join('; ') }) };
  }
  for (const environment of environmentsOf(planned.value.target)) {
    const [hold] = activeHolds(c.state, environment, c.nowMs);
    if (hold !== undefined) return { kind: 'no', reason: holdReason('environment-held', environment, hold) };
  }
  return { kind: 'plan', plan: planned.value };
}

function confirmation(c: CommandContext, cleanupId: string, plan: CleanupPlan): Event {
  const concerned = environmentsOf(plan.target);
  const names = c.settings.endpointNames;
  const isDeleted = (environment: Environment) =>
    plan.items.some((i) => i.kind === 'endpoint' && i.action === 'delete' && i.name === names[environment]);
  return {
    type: 'CleanupConfirmed',
    cleanupId,
    by: c.who,
    removes: concerned.filter(isDeleted),
    forgets: concerned.filter((environment) => isForgotten(c, plan, environment)),
    deadlineAt: new Date(c.nowMs + CLEANUP_MINUTES * 60_000).toISOString(),
  };
}

/** The record says that something runs there, and SageMaker has no such endpoint any more. */
function isForgotten({ state, settings }: CommandContext, plan: CleanupPlan, environment: Environment): boolean {
  const listed = plan.items.some((i) => i.kind === 'endpoint' && i.name === settings.endpointNames[environment]);
  const { known, stack } = state.environments[environment];
  return !listed && (known || stack.length > 0);
}

/** In a few words, for refusals. */
export function doingOf(cleanup: Cleanup): string {
  if (cleanup.confirmed === null) return 'its plan waits to be confirmed';
  const gone = cleanup.total - cleanup.left.length;
  return cleanup.stopAskedBy === null ? `${gone} of ${cleanup.total} things are done` : 'it is being stopped';
}
