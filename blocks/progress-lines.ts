import type { ChangeNow } from '../src/rollout/change-now.ts';
import type { Usual } from '../src/rollout/usual-time.ts';
import { basisWords, tookWords } from './duration-words.ts';
import { at, bold, type Line, text } from './inline.ts';
import { PIECES } from './limits.ts';

/** Slack shows moments by the minute, which says nothing of what takes less. */
const SHORT_MS = 120_000;

/**
 * What the running change of an endpoint does in SageMaker's own words, since when, and by when it is usually over.
 * Moments, not durations: they stay true without an update.
 */
export function progressLines(doing: ChangeNow): readonly Line[] {
  const words = doing.words ?? (doing.openCall ? 'the outcome of a call to SageMaker is not known yet' : 'under way');
  const lines: Line[] = [[bold(`${doing.environment} `), text(words, PIECES.words), ...untilWords(doing)]];
  if (doing.overdue) return [...lines, [text('Past its deadline: it is followed to its end and then goes back.')]];
  // While the old fleet is kept, or what was done is undone, the end is another one than usual.
  const kept = doing.guard?.keptUntil != null;
  return doing.since === null || kept || doing.stopped ? lines : [...lines, sinceLine(doing.since, doing.usual)];
}

/** `Since 18:00, usually over by 18:04 (median of the last 3)`. */
export function sinceLine(since: string, usual: Usual | null): Line {
  const begun: Line = [text('Since '), at(since)];
  if (usual === null) return [...begun, text('; how long it takes is not known yet')];
  const basis = ` (${basisWords(usual)})`;
  if (usual.ms < SHORT_MS) return [...begun, text(`, usually takes ${tookWords(usual.ms)}${basis}`)];
  return [...begun, text(', usually over by '), at(plus(since, usual.ms)), text(basis)];
}

/** SageMaker says how long it bakes, and its words were seen at a moment: about then it goes on. */
function untilWords({ words, wordsAt, guard }: ChangeNow): Line {
  const seconds = /\bBaking for (\d{1,5}) seconds\b/.exec(words ?? '')?.[1];
  if (seconds === undefined || wordsAt === null || guard?.keptUntil != null) return [];
  return [text(' Until about '), at(plus(wordsAt, Number(seconds) * 1_000))];
}

function plus(iso: string, ms: number): string {
  const sum = Date.parse(iso) + ms;
  return Number.isNaN(sum) ? iso : new Date(sum).toISOString();
}
