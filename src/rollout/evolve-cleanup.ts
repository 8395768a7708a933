import type { Environment } from './candidate.ts';
import { gotOn } from './cleanup.ts';
import type { CleanupEvent } from './cleanup-events.ts';
import type { Entry, EventOf } from './events.ts';
import type { Reason } from './reasons.ts';
import { CLEANUPS_KEPT, type Cleanup, type ServiceState } from './state.ts';

/** The fold of what clean-ups record. */
export function cleanedUp(state: ServiceState, event: CleanupEvent, entry: Entry): ServiceState {
  if (event.type === 'CleanupProposed') return { ...state, cleanup: proposed(event, entry) };
  const { cleanup } = state;
  if (cleanup === null || cleanup.id !== event.cleanupId) return state;
  switch (event.type) {
    case 'CleanupConfirmed':
      return confirmed(state, cleanup, event, entry);
    case 'CleanupRoundIntended':
      return { ...state, cleanup: { ...cleanup, round: { seq: entry.seq, deletions: event.deletions } } };
    case 'CleanupRoundDone':
      return { ...state, cleanup: roundDone(cleanup, event) };
    case 'CleanupStopAsked':
      return { ...state, cleanup: { ...cleanup, stopAskedBy: event.by } };
    case 'CleanupEnded': {
      const { outcome, reason, by } = event;
      const over: Cleanup = {
        ...cleanup,
        round: null,
        left: [],
        kept: [],
        ended: { at: entry.at, outcome, reason, by },
      };
      return { ...state, cleanup: null, endedCleanups: [over, ...state.endedCleanups].slice(0, CLEANUPS_KEPT) };
    }
    default: {
      const never: never = event;
      throw new Error(`An event of an unknown type: ${JSON.stringify(never)}`);
    }
  }
}

function proposed(event: EventOf<'CleanupProposed'>, entry: Entry): Cleanup {
  const { cleanupId, target, digest, deletions, kept, keptMore, by, expiresAt } = event;
  return {
    id: cleanupId,
    target,
    digest,
    by,
    at: entry.at,
    expiresAt,
    confirmed: null,
    total: deletions.length,
    left: deletions,
    kept,
    keptMore,
    notDeleted: [],
    removals: {},
    round: null,
    notBefore: null,
    stopAskedBy: null,
    ended: null,
  };
}

function confirmed(
  state: ServiceState,
  cleanup: Cleanup,
  event: EventOf<'CleanupConfirmed'>,
  entry: Entry,
): ServiceState {
  const { by, deadlineAt, removes, forgets } = event;
  const environments = { ...state.environments };
  for (const environment of forgets) {
    environments[environment] = {
      ...environments[environment],
      known: false,
      settled: true,
      endpointFailed: false,
      stack: [],
      stopped: null,
      baseline: null,
    };
  }
  const removals = Object.fromEntries(removes.map((environment) => [environment, 'open'] as const));
  return { ...state, environments, cleanup: { ...cleanup, confirmed: { by, at: entry.at, deadlineAt }, removals } };
}

/** What stays open goes behind the others, so that one thing that takes long does not hold up the rest. */
function roundDone(cleanup: Cleanup, event: EventOf<'CleanupRoundDone'>): Cleanup {
  if (cleanup.round === null || cleanup.round.seq !== event.round) return cleanup;
  const resultOf = (d: { readonly kind: string; readonly name: string }) =>
    event.results.find((r) => r.of === d.kind && r.name === d.name)?.outcome;
  const untouched = cleanup.left.filter((d) => resultOf(d) === undefined);
  const open = cleanup.left.filter((d) => resultOf(d)?.kind === 'open');
  const notDeleted = event.results.flatMap(({ of, name, outcome }) => {
    if (outcome.kind === 'kept') return [{ kind: of, name, why: outcome.because }];
    return outcome.kind === 'refused' ? [{ kind: of, name, why: outcome.why }] : [];
  });
  return {
    ...cleanup,
    round: null,
    notBefore: event.notBefore,
    fruitless: gotOn(event.results) ? 0 : (cleanup.fruitless ?? 0) + 1,
    left: [...untouched, ...open],
    notDeleted: [...cleanup.notDeleted, ...notDeleted],
  };
}

/** The deployment that deletes an endpoint for a clean-up is over: `removed`, or why not. */
export function removalOver(
  before: ServiceState,
  after: ServiceState,
  environment: Environment,
  how: 'removed' | Reason,
): ServiceState {
  const { deployment } = before.environments[environment];
  const { cleanup } = after;
  if (cleanup === null || deployment === null || deployment.owner !== cleanup.id) return after;
  const left = how === 'removed' ? cleanup.left.filter((d) => d.environment !== environment) : cleanup.left;
  return { ...after, cleanup: { ...cleanup, left, removals: { ...cleanup.removals, [environment]: how } } };
}
