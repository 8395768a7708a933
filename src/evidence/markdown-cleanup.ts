import type { CleanupSummary } from './document.ts';
import { clean, code, person, type Row, section, table } from './markdown-parts.ts';

/** The readable form of a clean-up's summary. */
export function cleanupParts(s: CleanupSummary): readonly string[] {
  const { confirmed } = s;
  return [
    section(
      'Who and when',
      table(
        ['', ''],
        [
          ['Asked for by', person(s.askedBy)],
          ['Of', s.target],
          ['Planned', s.startedAt],
          ['To be confirmed until', s.expiresAt],
          ['Confirmed', confirmed === null ? 'no' : `${confirmed.at}, by ${clean(confirmed.by)}`],
          ...(confirmed === null ? [] : [['To be over by', confirmed.deadlineAt]]),
          ...s.stops.map((stop): Row => ['Stopped', `${stop.at}, by ${clean(stop.by)}`]),
          ['Digest of the plan', code(s.planDigest)],
        ],
      ),
    ),
    section(
      'To be deleted',
      table(
        ['Kind', 'Name', 'ARN'],
        s.plan.map(({ kind, name, arn }) => [kind, code(name), code(arn)]),
      ),
    ),
    section(
      'Kept',
      [
        table(
          ['Kind', 'Name', 'Because'],
          s.kept.map(({ kind, name, because }) => [kind, code(name), clean(because)]),
        ),
        ...(s.keptMore === 0 ? [] : [`${s.keptMore} more.`]),
      ].join('\n\n'),
    ),
    ...(confirmed === null || confirmed.forgets.length === 0
      ? []
      : [`Gone already before it began: the endpoint of ${confirmed.forgets.join(' and ')}.`]),
  ];
}

const OPERATIONS = {
  endpoint: 'DeleteEndpoint',
  'endpoint configuration': 'DeleteEndpointConfig',
  alarm: 'DeleteAlarms',
  model: 'DeleteModel',
} as const;

/** What was deleted beside the endpoints of staging and prod. */
export function deletionRows(s: CleanupSummary): readonly Row[] {
  return s.deletions.map((d) => [
    String(d.intent),
    d.intendedAt,
    OPERATIONS[d.kind],
    code(d.name),
    `${d.outcome}${d.why === null ? '' : `: ${clean(d.why)}`}`,
    d.requestId === null ? '–' : code(d.requestId),
  ]);
}
