import { ENVIRONMENTS, type Environment } from './candidate.ts';
import { RESOURCE_KINDS } from './cleanup.ts';
import type { CleanupOutcome } from './cleanup-events.ts';
import { CLEANUP_MINUTES } from './decide-cleanup.ts';
import type { Event } from './events.ts';
import type { Input, Settings } from './input.ts';
import { adoptedTarget } from './names.ts';
import type { Observation } from './observation.ts';
import { clause, type Reason, reason } from './reasons.ts';
import type { Cleanup, ServiceState } from './state.ts';
import { endpointPollMs, NOTHING, RETRY_READ_MS, record, type Step, wake } from './step.ts';

/** Few enough that a round is sent while its append is fresh. */
const ROUND_MOST = 20;

/** What comes next for the open clean-up: endpoints first, then in rounds configs, then models. */
export function decideCleanupStep(
  state: ServiceState,
  observation: Observation,
  settings: Settings,
  nowMs: number,
): Step {
  const { cleanup } = state;
  if (cleanup === null) return NOTHING;
  if (cleanup.confirmed === null) return awaitConfirmation(cleanup, nowMs);
  if (cleanup.round !== null) return awaitRound(cleanup, cleanup.round.seq, observation, settings);

  const going = ENVIRONMENTS.filter((each) => state.environments[each].deployment?.owner === cleanup.id);
  const late = nowMs >= Date.parse(cleanup.confirmed.deadlineAt);
  if (late || cleanup.stopAskedBy !== null) return stop(state, cleanup, going, late);
  const failed = ENVIRONMENTS.find((each) => isReason(cleanup.removals[each]));
  if (failed !== undefined) {
    const why = cleanup.removals[failed];
    const words = isReason(why) ? clause(why) : '';
    return going.length > 0
      ? NOTHING
      : end(cleanup, 'failed', reason('cleanup-failed', { environment: failed, why: words }));
  }
  const waiting = ENVIRONMENTS.filter((each) => cleanup.removals[each] === 'open');
  if (waiting.length > 0) return remove(state, cleanup, waiting, settings, nowMs);
  return nextRound(state, cleanup, nowMs);
}

function awaitConfirmation(cleanup: Cleanup, nowMs: number): Step {
  const leftMs = Date.parse(cleanup.expiresAt) - nowMs;
  return leftMs > 0 ? wake(leftMs) : end(cleanup, 'expired', reason('cleanup-expired'));
}

/**
 * A round whose process recorded nothing is over once nothing of it can be under way any more. What it deleted is
 * found gone by the next one: deleting by name may be repeated, because no name is ever used twice.
 */
function awaitRound(cleanup: Cleanup, round: number, observation: Observation, settings: Settings): Step {
  const leftMs = settings.times.openIntentMs - (observation.agesMs[round] ?? 0);
  if (leftMs > 0) return wake(leftMs);
  return record([{ type: 'CleanupRoundDone', cleanupId: cleanup.id, round, results: [], notBefore: null }]);
}

/** Endpoints go as deployments of their own, with their intents, and are followed until they are gone. */
function remove(
  state: ServiceState,
  cleanup: Cleanup,
  waiting: readonly Environment[],
  settings: Settings,
  nowMs: number,
): Step {
  const free = waiting.filter((environment) => {
    const { deployment, rollback, intent, smoke } = state.environments[environment];
    return deployment === null && rollback === null && intent === null && smoke === null;
  });
  if (free.length === 0) return wake(RETRY_READ_MS);
  return record(
    free.map((environment): Event => {
      const adopted = adoptedTarget(settings.endpointNames[environment], null);
      const target = state.environments[environment].stack.at(-1) ?? adopted;
      const deadlineAt = new Date(nowMs + settings.deadlineMinutes[environment] * 60_000).toISOString();
      return { type: 'DeploymentStarted', environment, kind: 'removal', owner: cleanup.id, target, deadlineAt };
    }),
  );
}

function nextRound(state: ServiceState, cleanup: Cleanup, nowMs: number): Step {
  const kind = RESOURCE_KINDS.find((each) => cleanup.left.some((d) => d.kind === each));
  if (kind === undefined) return finish(cleanup);
  const pauseMs = cleanup.notBefore === null ? 0 : Date.parse(cleanup.notBefore) - nowMs;
  if (pauseMs > 0) return wake(pauseMs);
  const deletions = cleanup.left.filter((d) => d.kind === kind).slice(0, ROUND_MOST);
  return record(
    [{ type: 'CleanupRoundIntended', cleanupId: cleanup.id, deletions }],
    [{ kind: 'delete', round: state.seq + 1 }],
  );
}

function finish(cleanup: Cleanup): Step {
  const { notDeleted, total } = cleanup;
  const [first] = notDeleted;
  if (first === undefined) return end(cleanup, 'done', reason('cleaned-up', { count: total }));
  const why = `${first.name}: ${first.why}`;
  const params = { count: total - notDeleted.length, left: notDeleted.length, why };
  return end(cleanup, 'failed', reason('cleaned-up-partly', params));
}

function stop(state: ServiceState, cleanup: Cleanup, going: readonly Environment[], late: boolean): Step {
  const left = cleanup.left.length;
  const why = late
    ? reason('cleanup-late', { minutes: CLEANUP_MINUTES, left })
    : reason('cleanup-stopped', { by: cleanup.stopAskedBy ?? 'titanic', left });
  if (going.length === 0) return end(cleanup, late ? 'failed' : 'stopped', why);
  const marks = going.flatMap((environment): readonly Event[] => {
    const { deployment } = state.environments[environment];
    if (deployment === null || deployment.abort !== null) return [];
    return [{ type: 'DeploymentAbortMarked', environment, deployment: deployment.id, why }];
  });
  return marks.length === 0 ? NOTHING : record(marks);
}

function end(cleanup: Cleanup, outcome: CleanupOutcome, why: Reason): Step {
  const by = outcome === 'stopped' ? cleanup.stopAskedBy : null;
  return record([{ type: 'CleanupEnded', cleanupId: cleanup.id, outcome, reason: why, by }]);
}

function isReason(how: 'open' | 'removed' | Reason | undefined): how is Reason {
  return typeof how === 'object';
}

/** What the process of a round tells. What is still going is looked at again a little later. */
export function decideCleanupRound(
  state: ServiceState,
  input: Extract<Input, { kind: 'cleanup-round' }>,
  settings: Settings,
  nowMs: number,
): readonly Event[] {
  const { cleanup } = state;
  const { cleanupId, round, results } = input;
  if (cleanup === null || cleanup.id !== cleanupId || cleanup.round?.seq !== round) return [];
  const open = results.some(({ outcome }) => outcome.kind === 'open');
  const notBefore = open ? new Date(nowMs + endpointPollMs(settings)).toISOString() : null;
  return [{ type: 'CleanupRoundDone', cleanupId, round, results, notBefore }];
}
