import { ENVIRONMENTS, type Environment } from './candidate.ts';
import { gotOn, RESOURCE_KINDS } from './cleanup.ts';
import type { CleanupOutcome } from './cleanup-events.ts';
import { abortMarks, CLEANUP_MINUTES } from './decide-cleanup.ts';
import type { Event } from './events.ts';
import { activeHolds } from './gates.ts';
import type { Input, Settings } from './input.ts';
import { adoptedTarget } from './names.ts';
import type { Observation } from './observation.ts';
import { clause, type Reason, reason } from './reasons.ts';
import type { Cleanup, ServiceState } from './state.ts';
import { endpointPollMs, NOTHING, RETRY_READ_MS, record, type Step, wake } from './step.ts';

/** Few enough that a round is sent while its append is fresh. */
const ROUND_MOST = 20;
/** Between rounds that get nowhere. */
const PAUSE_MOST_MS = 120_000;

/** Stopped or late: asked before the environments, which would send the next deletion otherwise. */
export function decideCleanupStop(state: ServiceState, nowMs: number): Step {
  const { cleanup } = state;
  if (cleanup === null) return NOTHING;
  const late = isLate(cleanup, nowMs);
  if (!late && cleanup.stopAskedBy === null) return NOTHING;
  const marks = abortMarks(state, cleanup, stopReason(cleanup, late));
  return marks.length === 0 ? NOTHING : record(marks);
}

function isLate({ confirmed }: Cleanup, nowMs: number): boolean {
  return confirmed !== null && nowMs >= Date.parse(confirmed.deadlineAt);
}

/** What comes next for the open clean-up: endpoints first, then in rounds configs, then their alarms, then models. */
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
  const late = isLate(cleanup, nowMs);
  if (late || cleanup.stopAskedBy !== null) return stop(cleanup, going, late);
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
    const held = activeHolds(state, environment, nowMs).length > 0;
    return deployment === null && rollback === null && intent === null && smoke === null && !held;
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

function stop(cleanup: Cleanup, going: readonly Environment[], late: boolean): Step {
  return going.length > 0 ? NOTHING : end(cleanup, late ? 'failed' : 'stopped', stopReason(cleanup, late));
}

function stopReason({ stopAskedBy, left }: Cleanup, late: boolean): Reason {
  return late
    ? reason('cleanup-late', { minutes: CLEANUP_MINUTES, left: left.length })
    : reason('cleanup-stopped', { by: stopAskedBy ?? 'titanic', left: left.length });
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
  const pauseMs = gotOn(results) ? (open ? endpointPollMs(settings) : 0) : longerPauseMs(cleanup, settings);
  const notBefore = pauseMs > 0 ? new Date(nowMs + pauseMs).toISOString() : null;
  return [{ type: 'CleanupRoundDone', cleanupId, round, results, notBefore }];
}

/** 5 s, 10 s, 20 s … after each round in a row that got nowhere. */
function longerPauseMs({ fruitless = 0 }: Cleanup, settings: Settings): number {
  return Math.min(PAUSE_MOST_MS, endpointPollMs(settings) * 2 ** Math.min(fruitless, 20));
}
