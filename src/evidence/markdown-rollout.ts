import type { RollbackSummary, RolloutSummary, SmokeRunSummary } from './document.ts';
import { clean, code, optional, person, type Row, section, table } from './markdown-parts.ts';

/** The readable form of a rollout's summary. */
export function rolloutParts(s: RolloutSummary): readonly string[] {
  const { seal, environments } = s;
  return [
    section(
      'Who and when',
      table(
        ['', ''],
        [
          ['Asked for by', person(s.askedBy)],
          ['Requester', s.requester === null ? 'unknown: one more approval was needed' : clean(s.requester)],
          ...(s.githubUser === undefined ? [] : [['GitHub user', clean(s.githubUser)]]),
          ['Note', s.note === null ? '–' : clean(s.note)],
          ...(s.modelApproval === null ? [] : [['Waited for the approval of its model', code(s.modelApproval)]]),
          ['Started', s.startedAt],
          ['Gate', s.gate === null ? 'never opened' : `opened ${s.gate.openedAt}, open until ${s.gate.expiresAt}`],
          ['Approvals needed', String(s.quorum)],
          ...s.approvals.map((a): Row => ['Approval', approvalWords(a)]),
          ...(s.notBefore === null ? [] : [['To prod not before', s.notBefore]]),
          ...glassRows(s),
          ['Approved for prod', s.approvedAt === null ? 'no' : `${s.approvedAt}, by ${clean(s.approvers.join(', '))}`],
        ],
      ),
    ),
    section(
      'What',
      table(
        ['Sealed', ''],
        [
          ['Model package', code(seal.packageArn)],
          ['Image', code(seal.image)],
          ['Image digest', optional(seal.imageDigest)],
          ['Model data', optional(seal.modelDataUrl)],
          ['Model data ETag', optional(seal.modelDataEtag)],
          ['Inference specification', code(seal.inferenceSpecDigest)],
          ['Plan of staging', code(seal.planDigests.staging)],
          ['Plan of prod', code(seal.planDigests.prod)],
        ],
      ),
    ),
    section(
      'Where',
      table(
        ['', 'Endpoint', 'ARN', 'Config', 'Running since'],
        (['staging', 'prod'] as const).map((name): Row => {
          const e = environments[name];
          const arn = e.endpointArn === null ? 'did not run there' : code(e.endpointArn);
          return [name, code(e.endpointName), arn, optional(e.configName), e.runningAt ?? '–'];
        }),
      ),
    ),
    section('Smoke tests', smokeTable(s.smoke)),
    ...s.smoke.filter((run) => run.cases.length > 0).map(casesOf),
    section('First latency and error rate of prod', baseline(s.prodBaseline)),
    ...(s.rollbacks.length === 0 ? [] : [`Rolled back with ${s.rollbacks.map(code).join(', ')}.`]),
  ];
}

/** The readable form of a rollback's summary. */
export function rollbackParts(s: RollbackSummary): readonly string[] {
  const { target } = s;
  return [
    section(
      'Who, when and where',
      table(
        ['', ''],
        [
          ['Environment', s.environment],
          ['Cause', clean(s.cause)],
          ['Asked for by', person(s.askedBy)],
          ['Reason', s.reason === null ? '–' : clean(s.reason)],
          ['Started', s.startedAt],
          ['Endpoint', optional(s.endpointName)],
          ['ARN', optional(s.endpointArn)],
          ['Left', optional(s.leaving)],
          ['Back to', `${code(target.configName)}, version ${target.version ?? 'unknown'}`],
          ['Model package', optional(target.packageArn)],
        ],
      ),
    ),
  ];
}

function smokeTable(runs: readonly SmokeRunSummary[]): string {
  return table(
    ['#', 'Where', 'For', 'Verdict', 'Requests', 'p50 ms', 'p95 ms (95 % interval)', 'p99 ms', 'Errors'],
    runs.map(({ claim, environment, purpose, verdict, why, numbers: n }) => [
      String(claim),
      environment,
      purpose,
      `${verdict}${why === null ? '' : `: ${clean(why)}`}`,
      ...(n === null
        ? ['–', '–', '–', '–', '–']
        : [
            String(n.n),
            ms(n.p50Ms),
            `${ms(n.p95Ms)} (${ms(n.p95LowMs)} to ${ms(n.p95HighMs)})`,
            ms(n.p99Ms),
            percent(n.errorRate),
          ]),
    ]),
  );
}

function casesOf(run: SmokeRunSummary): string {
  const rows = [
    ...run.cases.map((c): Row => [clean(c.name), c.ok ? 'ok' : `not ok${c.why === null ? '' : `: ${clean(c.why)}`}`]),
    ...run.findings.map(
      (f): Row => [clean(f.check), `${f.ok ? 'ok' : 'not ok'}: ${clean(f.measured)} (${clean(f.threshold)})`],
    ),
  ];
  return [`Run ${run.claim}, ${run.environment}:`, table(['Check', 'Result'], rows)].join('\n\n');
}

function baseline(n: RolloutSummary['prodBaseline']): string {
  if (n === null) return 'Not measured.';
  return `${n.n} requests: p50 ${ms(n.p50Ms)} ms, p95 ${ms(n.p95Ms)} ms, p99 ${ms(n.p99Ms)} ms, error rate ${percent(n.errorRate)}.`;
}

function ms(value: number | null): string {
  return value === null ? '–' : String(Math.round(value * 10) / 10);
}

function percent(share: number): string {
  return `${Math.round(share * 10_000) / 100} %`;
}

function approvalWords({ by, at, voided, withdrawnAt, mandatory }: RolloutSummary['approvals'][number]): string {
  const of = mandatory ? ', of the mandatory group' : '';
  const after = withdrawnAt === null ? (voided ? ', voided later' : '') : `, withdrawn ${withdrawnAt}`;
  return `${clean(by)}, ${at}${of}${after}`;
}

function glassRows({ glass }: RolloutSummary): readonly Row[] {
  if (glass === null) return [];
  const { by, at, reason, over, review } = glass;
  const signed = review === null ? 'not yet' : `${clean(review.by)}, ${review.at}: ${clean(review.note)}`;
  return [
    ['Glass broken', `${clean(by)}, ${at}: ${clean(reason)}`],
    ['In its way', clean(over.join('; '))],
    ['Signed off', signed],
  ];
}
