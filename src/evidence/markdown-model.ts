import type { ModelApprovalSummary } from './document.ts';
import { clean, code, optional, person, type Row, section, table } from './markdown-parts.ts';

/** The readable form of a model approval's summary. */
export function modelParts(s: ModelApprovalSummary): readonly string[] {
  return [
    section(
      'Who and when',
      table(
        ['', ''],
        [
          ['Model package', code(s.packageArn)],
          ['Asked for by', person(s.askedBy)],
          ['Deploy wanted by', s.requester === null ? 'nobody is named' : clean(s.requester)],
          ['Note', s.note === null ? '–' : clean(s.note)],
          ['Asked', s.startedAt],
          ['Open until', s.expiresAt],
          ['Decided', s.decision === null && s.ended === null ? 'not yet' : decision(s.decision)],
          ['Rollout that began with it', optional(s.rollout)],
          ...(s.rejectedInProd ? [['prod', 'ran it, and the channel was told']] : []),
        ],
      ),
    ),
    section(
      'What the Model Registry said',
      table(['', `Version ${s.version}`, ...(s.beside === null ? [] : ['In prod'])], factRows(s)),
    ),
  ];
}

function decision(d: ModelApprovalSummary['decision']): string {
  if (d === null) return 'not in titanic';
  const why = d.reason === null ? '' : `: ${clean(d.reason)}`;
  return `${d.approve ? 'approved' : 'rejected'} ${d.at}, by ${clean(d.by)}${why}`;
}

type Facts = ModelApprovalSummary['facts'];

function factRows({ facts, beside }: ModelApprovalSummary): readonly Row[] {
  const row = (title: string, of: (facts: Facts) => string | null | undefined): Row[] => {
    const cells = [facts, ...(beside === null ? [] : [beside])].map((each) => of(each) ?? null);
    return cells.every((cell) => cell === null) ? [] : [[title, ...cells.map((c) => (c === null ? '–' : clean(c)))]];
  };
  const metrics = [...new Set([...Object.keys(facts.metrics), ...Object.keys(beside?.metrics ?? {})])];
  return [
    ...row('version', (f) => (f.version === null ? null : String(f.version))),
    ...row('description', (f) => f.description),
    ...metrics.flatMap((name) => row(clean(name), (f) => f.metrics[name])),
    ...row('made by', (f) => f.createdBy),
    ...row('made at', (f) => f.createdAt),
    ...row('from commit', (f) => f.commit),
    ...row('of', (f) => f.repository),
    ...row('image', (f) => f.image),
    ...row('digest', (f) => f.imageDigest),
    ...row('model data', (f) => f.modelData),
  ];
}

/** What the registry was told. */
export function registryRows(s: ModelApprovalSummary): readonly Row[] {
  return s.registryCalls.map((c) => [
    String(c.intent),
    c.intendedAt,
    c.operation,
    code(`${c.packageArn} → ${c.status}`),
    c.outcome,
    optional(c.requestId),
  ]);
}
