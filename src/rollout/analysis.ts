import { differenceBounds, type Share, shareBounds } from './share-interval.ts';
import type { Strategy } from './strategy.ts';

/*
 * titanic's own judgement of a guarded change, beside the alarms. Those look at the new fleet against a limit; this
 * compares it with the old one, so that what failed before does not count against the candidate.
 */

/** What one fleet answered within the compared time. */
export interface FleetCounts {
  readonly requests: number;
  /** Answered with 5xx. */
  readonly errors: number;
  /** Whose latency is known. */
  readonly timed: number;
  /** Of these, how many took longer than the limit of the latency alarm. */
  readonly slow: number;
  /** Of the last full minute, milliseconds; null: there was nothing. Shown, never judged. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
}

/** Both fleets since traffic goes to the new one, and what served before the change began. */
export interface FleetsSeen {
  /** ISO 8601, whole minutes. */
  readonly from: string;
  readonly to: string;
  readonly fresh: FleetCounts;
  readonly old: FleetCounts;
  readonly before: FleetCounts;
}

export type FleetVerdict = 'worse' | 'fine' | 'inconclusive';

/** One thing that was compared. Shares are of requests, 0 to 1. */
export interface FleetFinding {
  readonly what: 'errors' | 'slow answers';
  readonly verdict: FleetVerdict;
  readonly fresh: number | null;
  readonly besides: number | null;
  /** What the new fleet was compared with; null: there was too little of either. */
  readonly against: 'old' | 'before' | null;
  /** More than this is too much by itself. */
  readonly limit: number;
}

export interface FleetComparison {
  readonly verdict: FleetVerdict;
  readonly findings: readonly FleetFinding[];
}

/**
 * Said to be worse only where chance would say so about once in 700 looks at equal fleets: it is looked at again and
 * again during a change, and a look at 95 % would take a good model back within the hour.
 */
const WORSE_Z = 3;
/** The usual 95 %: a false "fine" ends nothing, the alarms and the check of prod still stand. */
const FINE_Z = 1.96;
/** The latency limit is one of p95, so that a twentieth may be above it. */
const SLOW_ALLOWED = 0.05;

/**
 * The new fleet against the old one of the same minutes, or against what served before where the old one has too
 * little traffic left. By intervals, not by points: `worse` is what is surely above the limit and surely above the
 * other fleet; `fine` is what is surely within the limit, or surely no more than the limit above the other fleet.
 * Everything else, too few requests above all, is `inconclusive`, which is not fine.
 */
export function compareFleets(seen: FleetsSeen, { alarms, analysis }: Strategy): FleetComparison {
  const least = analysis?.minimumRequests ?? Number.POSITIVE_INFINITY;
  const errorLimit = alarms.errorPercent === null ? null : alarms.errorPercent / 100;
  const findings = [
    ...(errorLimit === null ? [] : [finding('errors', seen, errorsOf, errorLimit, least)]),
    ...(alarms.p95Ms === null ? [] : [finding('slow answers', seen, slowOf, SLOW_ALLOWED, least)]),
  ];
  return { verdict: worst(findings.map(({ verdict }) => verdict)), findings };
}

function errorsOf({ errors, requests }: FleetCounts): Share {
  return { hits: errors, of: requests };
}

function slowOf({ slow, timed }: FleetCounts): Share {
  return { hits: slow, of: timed };
}

function finding(
  what: FleetFinding['what'],
  seen: FleetsSeen,
  share: (counts: FleetCounts) => Share,
  limit: number,
  least: number,
): FleetFinding {
  const fresh = share(seen.fresh);
  const enough = ({ of }: Share) => of >= Math.max(1, least);
  const against = enough(share(seen.old)) ? 'old' : enough(share(seen.before)) ? 'before' : null;
  const other = against === null ? null : share(seen[against]);
  const verdict = enough(fresh) ? judged(fresh, other, limit) : 'inconclusive';
  return { what, verdict, fresh: rate(fresh), besides: other === null ? null : rate(other), against, limit };
}

function judged(fresh: Share, other: Share | null, limit: number): FleetVerdict {
  if (shareBounds(fresh, FINE_Z).high <= limit) return 'fine';
  if (other === null) return 'inconclusive';
  if (differenceBounds(fresh, other, FINE_Z).high <= limit) return 'fine';
  const above = shareBounds(fresh, WORSE_Z).low > limit && differenceBounds(fresh, other, WORSE_Z).low > 0;
  return above ? 'worse' : 'inconclusive';
}

/** As in "errors 4.2 %, the old fleet 0.3 %". */
export function findingWords({ what, fresh, besides, against }: FleetFinding): string {
  const other = against === 'before' ? 'before the change' : 'the old fleet';
  return `${what} ${percentWords(fresh)}, ${other} ${percentWords(besides)}`;
}

/** Completes "the new fleet is …". */
export const VERDICT_WORDS: Readonly<Record<FleetVerdict, string>> = {
  worse: 'worse than the old one',
  fine: 'as good as the old one',
  inconclusive: 'not known to be as good as the old one yet',
};

/** Two digits are what such a comparison is good for. */
export function percentWords(share: number | null): string {
  return share === null ? 'unknown' : `${Number((share * 100).toPrecision(2))} %`;
}

function rate({ hits, of }: Share): number | null {
  return of === 0 ? null : hits / of;
}

function worst(verdicts: readonly FleetVerdict[]): FleetVerdict {
  if (verdicts.includes('worse')) return 'worse';
  return verdicts.length === 0 || verdicts.includes('inconclusive') ? 'inconclusive' : 'fine';
}
