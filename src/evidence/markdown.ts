import type { EvidenceDocument, Summary } from './document.ts';
import { cleanupParts, deletionRows } from './markdown-cleanup.ts';
import { modelParts, registryRows } from './markdown-model.ts';
import { because, clean, code, optional, type Row, section, table } from './markdown-parts.ts';
import { rollbackParts, rolloutParts } from './markdown-rollout.ts';

/** The readable form of a file of evidence. Pure. What came from outside cannot write Markdown of its own. */
export function evidenceMarkdown(document: EvidenceDocument): string {
  const { id, service, summary, chain, digest } = document;
  return [
    `# Evidence of ${clean(id)}`,
    `Service ${code(service)}. ${ending(summary)}`,
    ...partsOf(summary),
    section('Calls to AWS', table(['#', 'When', 'Operation', 'On', 'Outcome', 'Request id'], awsRows(summary))),
    section(
      'Refused commands',
      table(
        ['#', 'When', 'Who', 'Command', 'Why'],
        summary.refusals.map((r) => [String(r.seq), r.at, clean(r.by), clean(r.verb), because(r.reason)]),
      ),
    ),
    section(
      'Chain',
      [
        `Entries ${chain.first.seq} to ${chain.last.seq} of the service, none left out. Each hash covers the entry and the hash before it.`,
        table(
          ['#', 'sha256'],
          [
            ...(chain.previous === null ? [] : [neighbour(chain.previous, 'before')]),
            ...chain.entries.map((entry): Row => [String(entry.seq), code(entry.hash)]),
            ...(chain.next === null ? [] : [neighbour(chain.next, 'behind')]),
          ],
        ),
        `Digest of the file: ${code(digest)}. The JSON file beside this page is the evidence; \`titanic verify FILE\` checks it.`,
      ].join('\n\n'),
    ),
    '',
  ].join('\n\n');
}

function neighbour({ seq, hash }: { readonly seq: number; readonly hash: string }, where: string): Row {
  return [`${seq} (${where})`, code(hash)];
}

function ending(summary: Summary): string {
  const { ended, over } = summary;
  if (ended === null) return '**It has not ended.**';
  const how = 'outcome' in ended ? ended.outcome : ended.reached ? 'reached' : 'not reached';
  const moving = over ? '' : ' Something of it was still moving when this was exported.';
  return `**Ended ${ended.at}: ${clean(how)}.** ${because(ended.reason)}${moving}`;
}

function partsOf(summary: Summary): readonly string[] {
  switch (summary.kind) {
    case 'rollout':
      return rolloutParts(summary);
    case 'rollback':
      return rollbackParts(summary);
    case 'cleanup':
      return cleanupParts(summary);
    case 'model-approval':
      return modelParts(summary);
    default:
      return summary satisfies never;
  }
}

function awsRows(s: Summary): readonly Row[] {
  if (s.kind === 'model-approval') return registryRows(s);
  const created = s.kind === 'rollout' ? s.created : [];
  return [
    ...created.map((c): Row => ['–', '–', `Create ${clean(c.what)}`, code(c.arn), 'accepted', optional(c.requestId)]),
    ...s.awsCalls.map(
      (c): Row => [
        String(c.intent),
        c.intendedAt,
        c.operation,
        code(c.configName === null ? c.endpointName : `${c.endpointName} → ${c.configName}`),
        c.outcome,
        optional(c.requestId),
      ],
    ),
    ...(s.kind === 'cleanup' ? deletionRows(s) : []),
  ];
}
