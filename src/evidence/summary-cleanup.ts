import type { DeletionOutcome } from '../rollout/cleanup.ts';
import type { Entry } from '../rollout/events.ts';
import type { CleanupSummary } from './document.ts';
import { askedBy, awsCallsOf, endOf, refusalsOf, type Told, told } from './summary-parts.ts';

/** What the entries say about a clean-up: the plan, who confirmed it, and what became of each deletion. */
export function ofCleanup(
  id: string,
  { entry, event }: Told<'CleanupProposed'>,
  entries: readonly Entry[],
  over: boolean,
): CleanupSummary {
  const confirmed = told(entries, 'CleanupConfirmed').find((c) => c.event.cleanupId === id);
  const stops = told(entries, 'CleanupStopAsked').filter((s) => s.event.cleanupId === id);
  const ended = told(entries, 'CleanupEnded').find((e) => e.event.cleanupId === id);
  return {
    kind: 'cleanup',
    startedAt: entry.at,
    askedBy: askedBy(entry.actor),
    target: event.target,
    planDigest: event.digest,
    plan: event.deletions.map(({ kind, name, arn, environment }) => ({ kind, name, arn, environment })),
    kept: event.kept.map(({ kind, name, because }) => ({ kind, name, because })),
    keptMore: event.keptMore,
    expiresAt: event.expiresAt,
    confirmed:
      confirmed === undefined
        ? null
        : {
            at: confirmed.entry.at,
            by: confirmed.event.by,
            deadlineAt: confirmed.event.deadlineAt,
            removes: [...confirmed.event.removes],
            forgets: [...confirmed.event.forgets],
          },
    awsCalls: awsCallsOf(entries, id),
    deletions: deletionsOf(id, entries),
    stops: stops.map((s) => ({ at: s.entry.at, by: s.event.by })),
    refusals: refusalsOf(entries, id),
    over,
    ended: endOf(ended),
  };
}

function deletionsOf(id: string, entries: readonly Entry[]): CleanupSummary['deletions'] {
  const done = told(entries, 'CleanupRoundDone').filter(({ event }) => event.cleanupId === id);
  const rounds = told(entries, 'CleanupRoundIntended').filter(({ event }) => event.cleanupId === id);
  return rounds.flatMap(({ entry, event }) => {
    const results = done.find((d) => d.event.round === entry.seq)?.event.results ?? [];
    return event.deletions.map(({ kind, name, arn }) => {
      const outcome = results.find((r) => r.of === kind && r.name === name)?.outcome ?? null;
      return { intent: entry.seq, kind, name, arn, intendedAt: entry.at, ...became(outcome) };
    });
  });
}

function became(
  outcome: DeletionOutcome | null,
): Pick<CleanupSummary['deletions'][number], 'outcome' | 'requestId' | 'why'> {
  switch (outcome?.kind) {
    case undefined:
      return { outcome: 'unknown', requestId: null, why: null };
    case 'gone':
      return { outcome: 'gone', requestId: outcome.requestId, why: null };
    case 'open':
      return { outcome: 'open', requestId: outcome.requestId ?? null, why: outcome.why };
    case 'kept':
      return { outcome: 'kept', requestId: null, why: outcome.because };
    case 'refused':
      return { outcome: 'refused', requestId: outcome.requestId ?? null, why: outcome.why };
    default: {
      const never: never = outcome;
      throw new Error(`Unknown outcome ${JSON.stringify(never)}`);
    }
  }
}
