import { REASON_CODES, type Reason, sentence } from '../rollout/reasons.ts';
import type { EvidenceDocument, RollbackSummary, RolloutSummary, SmokeRunSummary, Summary } from './document.ts';
import { clean, code, type Row, section, table } from './markdown-parts.ts';

/** The readable form of a file of evidence. Pure. What came from outside cannot write Markdown of its own. */
export function evidenceMarkdown(document: EvidenceDocument): string {
  const { id, service, summary, chain, digest } = document;
  const body = summary.kind === 'rollout' ? rolloutParts(summary) : rollbackParts(summary);
  return [
    `# Evidence of ${clean(id)}`,
    `Service ${code(service)}. ${ending(summary)}`,
    ...body,
    section('Calls to AWS', awsTable(summary)),
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

/** The sentence of a reason; a code that this release does not know is shown as it is. */
function because(reason: Summary['refusals'][number]['reason']): string {
  const known = REASON_CODES.find((each) => each === reason.code);
  if (known === undefined) return clean(reason.code);
  const whole: Reason = reason.params === undefined ? { code: known } : { code: known, params: reason.params };
  return clean(sentence(whole));
}

function person(asked: Summary['askedBy']): string {
  return asked.id === null ? 'titanic' : `${asked.kind} ${clean(asked.id)}`;
}

function rolloutParts(s: RolloutSummary): readonly string[] {
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
          ['Started', s.startedAt],
          ['Gate', s.gate === null ? 'never opened' : `opened ${s.gate.openedAt}, open until ${s.gate.expiresAt}`],
          ['Approvals needed', String(s.quorum)],
          ...s.approvals.map((a): Row => ['Approval', `${clean(a.by)}, ${a.at}${a.voided ? ', voided later' : ''}`]),
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

function rollbackParts(s: RollbackSummary): readonly string[] {
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

function optional(text: string | null): string {
  return text === null ? '–' : code(text);
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

function awsTable(s: Summary): string {
  const created = s.kind === 'rollout' ? s.created : [];
  return table(
    ['#', 'When', 'Operation', 'On', 'Outcome', 'Request id'],
    [
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
    ],
  );
}

function ms(value: number | null): string {
  return value === null ? '–' : String(Math.round(value * 10) / 10);
}

function percent(share: number): string {
  return `${Math.round(share * 10_000) / 100} %`;
}
