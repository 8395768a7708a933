import {
  type FleetCounts,
  type FleetFinding,
  type FleetsSeen,
  findingWords,
  percentWords,
} from '../src/rollout/analysis.ts';
import { type Line, text } from './inline.ts';
import { PIECES } from './limits.ts';

/** Both fleets of a guarded change in numbers: as in "new 412 requests, errors 0.2 %, p50 12 ms, p95 40 ms; old …". */
export function fleetsLine(compared: {
  readonly findings: readonly FleetFinding[];
  readonly fleets: FleetsSeen | null;
  readonly why: string | null;
}): Line {
  const { findings, fleets, why } = compared;
  if (fleets === null) return [text(`Its numbers cannot be read: ${why ?? 'no reason given'}`, PIECES.words)];
  const numbers = `New ${fleetWords(fleets.fresh)}; old ${fleetWords(fleets.old)}.`;
  const against = findings.filter(({ verdict }) => verdict === 'worse').map(findingWords);
  return [text(against.length === 0 ? numbers : `${numbers} Worse: ${against.join('; ')}.`, PIECES.words)];
}

function fleetWords({ requests, errors, p50Ms, p95Ms }: FleetCounts): string {
  if (requests === 0) return 'no requests';
  return `${requests} requests, errors ${percentWords(errors / requests)}, p50 ${msWords(p50Ms)}, p95 ${msWords(p95Ms)}`;
}

function msWords(ms: number | null): string {
  return ms === null ? 'unknown' : `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}
