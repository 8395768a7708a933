import type { Rendered } from '../src/ports/channel.ts';
import { sentence } from '../src/rollout/reasons.ts';
import type { Rollback, Rollout, ServiceState } from '../src/rollout/state.ts';
import { askedBy } from './asked-by.ts';
import { blocksOf, type Cell, header, paragraph, table } from './block.ts';
import { versionWords } from './candidate-words.ts';
import { fallbackText, type Line, person, text } from './inline.ts';
import { rolloutHeadline } from './rollout-headline.ts';
import { utc } from './when.ts';

interface Row {
  readonly at: string;
  readonly id: string;
  readonly what: string;
  readonly by: Line;
  readonly why: string;
}

/** The last rollouts and rollbacks, newest first. */
export function history(state: ServiceState, count: number): Rendered {
  const rows = [...state.rollouts, ...state.ended]
    .map(rolloutRow)
    .concat(state.endedRollbacks.map(rollbackRow))
    .sort((a, b) => (a.at < b.at ? 1 : -1))
    .slice(0, count);
  const title = `${state.service}: last rollouts`;
  if (rows.length === 0) {
    const lines: readonly Line[] = [[text('Nothing has been rolled out yet.')]];
    return { text: fallbackText(lines), blocks: blocksOf(header(title), paragraph(lines)) };
  }
  const lines = rows.map((row): Line => [text(`${utc(row.at)} ${row.id} ${row.what}, by `), ...row.by]);
  return {
    text: fallbackText([[text(title)], ...lines]),
    blocks: blocksOf(
      header(title),
      table(
        [{ title: 'When' }, { title: 'Id' }, { title: 'What' }, { title: 'Asked by' }, { title: 'Why', wrapped: true }],
        rows.map((row): Cell[] => [utc(row.at), row.id, row.what, row.by, row.why]),
      ),
    ),
  };
}

function rolloutRow(rollout: Rollout): Row {
  return {
    at: rollout.startedAt,
    id: rollout.id,
    what: `version ${rollout.candidate.version}: ${rolloutHeadline(rollout)}`,
    by: askedBy(rollout),
    why: rollout.status === 'ended' ? sentence(rollout.reason) : (rollout.note ?? ''),
  };
}

function rollbackRow(rollback: Rollback): Row {
  const reached = rollback.ended?.reached === true ? 'back at' : 'could not go back to';
  return {
    at: rollback.at,
    id: rollback.id,
    what: `${rollback.environment}: ${reached} ${versionWords(rollback.target)}`,
    by: rollback.by === null ? [text('titanic')] : [person(rollback.by)],
    why: rollback.reason ?? (rollback.ended === null ? '' : sentence(rollback.ended.reason)),
  };
}
