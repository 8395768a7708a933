import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { cleanup } from './document-cleanup.ts';
import { modelApproval } from './document-model.ts';
import { at, awsCall, count, hash, maybe, reason, refusal, seq, who } from './document-parts.ts';

/** What a file of evidence looks like. `docs/evidence.schema.json` is generated from this. */

export const FORMAT = 'titanic-evidence/1';

const numbers = z.strictObject({
  n: z.number().int().nonnegative(),
  p50Ms: count,
  p95Ms: count,
  p99Ms: count,
  p95LowMs: count,
  p95HighMs: count,
  errorRate: z.number().min(0).max(1),
  latenessP99Ms: z.number(),
});

const smokeRun = z.strictObject({
  claim: seq.describe('Entry that claimed the run.'),
  environment: z.enum(['staging', 'prod']),
  purpose: z.enum(['gate', 'check', 'alone']),
  configName: z.string(),
  startedAt: at,
  finishedAt: at.nullable(),
  verdict: z.enum(['passed', 'failed', 'inconclusive', 'void', 'open']),
  why: maybe,
  numbers: numbers.nullable(),
  findings: z.array(
    z.strictObject({ check: z.string(), measured: z.string(), threshold: z.string(), ok: z.boolean() }),
  ),
  cases: z.array(z.strictObject({ name: z.string(), ok: z.boolean(), why: maybe })),
});

const created = z.strictObject({
  environment: z.enum(['staging', 'prod']),
  what: z.string(),
  arn: z.string(),
  requestId: maybe,
});

const deployed = z.strictObject({
  endpointName: z.string(),
  endpointArn: maybe.describe('null: it never ran there.'),
  configName: maybe,
  modelName: maybe,
  startedAt: at.nullable(),
  runningAt: at.nullable(),
  images: z.array(z.string()),
});

const rollout = z.strictObject({
  kind: z.literal('rollout'),
  startedAt: at,
  askedBy: who,
  requester: maybe.describe('Slack id; null: nobody is known, and one more approval was needed.'),
  githubUser: z.string().optional().describe('The GitHub login in whose name a pipeline asked for it.'),
  note: maybe,
  seal: z.strictObject({
    packageArn: z.string(),
    version: z.number().int(),
    image: z.string(),
    imageDigest: maybe,
    modelDataUrl: maybe,
    modelDataEtag: maybe,
    inferenceSpecDigest: z.string(),
    planDigests: z.strictObject({ staging: z.string(), prod: z.string() }),
  }),
  environments: z.strictObject({ staging: deployed, prod: deployed }),
  smoke: z.array(smokeRun),
  gate: z.strictObject({ openedAt: at, expiresAt: at }).nullable(),
  quorum: z.number().int().describe('How many had to approve, as the gate said when it opened.'),
  approvals: z.array(
    z.strictObject({
      by: z.string(),
      at,
      voided: z.boolean(),
      withdrawnAt: at.nullable(),
      mandatory: z.boolean().describe('By somebody of the group of which one approval must be.'),
    }),
  ),
  notBefore: at.nullable().describe('The time that the approvers chose for prod; null: at once.'),
  glass: z
    .strictObject({
      by: z.string(),
      at,
      reason: z.string(),
      over: z.array(z.string()),
      review: z.strictObject({ by: z.string(), at, note: z.string() }).nullable(),
    })
    .nullable()
    .describe('One approver alone, past what stood in the way, and who signed that off.'),
  approvedAt: at.nullable(),
  approvers: z.array(z.string()).describe('Slack ids of those whose approvals opened prod.'),
  prodBaseline: numbers.nullable().describe('First latency and error rate of prod, from its check.'),
  awsCalls: z.array(awsCall),
  created: z.array(created),
  refusals: z.array(refusal),
  modelApproval: maybe.describe(
    'The question about its pending package, in whose last entry it began; null: it waited for none.',
  ),
  rollbacks: z.array(z.string()).describe('Rollbacks that began in the same entries.'),
  over: z.boolean(),
  ended: z.strictObject({ at, outcome: z.string(), by: maybe, reason }).nullable(),
});

const rollback = z.strictObject({
  kind: z.literal('rollback'),
  startedAt: at,
  askedBy: who,
  environment: z.enum(['staging', 'prod']),
  cause: z.string(),
  by: maybe,
  reason: maybe,
  leaving: maybe,
  target: z.strictObject({
    configName: z.string(),
    modelName: maybe,
    packageArn: maybe,
    version: z.number().int().nullable(),
    rolloutId: maybe,
  }),
  endpointName: maybe,
  endpointArn: maybe,
  awsCalls: z.array(awsCall),
  refusals: z.array(refusal),
  over: z.boolean(),
  ended: z.strictObject({ at, reached: z.boolean(), reason }).nullable(),
});

const entry = z.strictObject({
  seq,
  body: z.string().describe('Exactly what was hashed and stored: the RFC 8785 form of the entry.'),
  hash: hash.describe('sha256 of the UTF-8 bytes of `body`.'),
  prevHash: z.union([hash, z.literal('')]),
});

export const evidenceSchema = z
  .strictObject({
    format: z.literal(FORMAT),
    service: z.string(),
    id: z.string().describe('Of what it is about: the service and the number of its first entry.'),
    summary: z
      .discriminatedUnion('kind', [rollout, rollback, cleanup, modelApproval])
      .describe('What the entries say; `titanic verify` computes it again.'),
    chain: z.strictObject({
      first: z.strictObject({ seq, hash }),
      last: z.strictObject({ seq, hash }),
      previous: z.strictObject({ seq, hash }).nullable().describe('The entry before the first; null: there is none.'),
      entries: z.array(entry).min(1).describe('Every entry of the service from the first to the last, without a gap.'),
      next: z
        .strictObject({ seq, hash, prevHash: hash })
        .nullable()
        .describe('The entry after the last; null: there was none yet.'),
    }),
    digest: hash.describe('sha256 of the RFC 8785 form of all of the above.'),
  })
  .describe('The record of one rollout, rollback, clean-up or model approval, as titanic exports it.');

export type EvidenceDocument = z.output<typeof evidenceSchema>;
export type Summary = EvidenceDocument['summary'];
export type RolloutSummary = z.output<typeof rollout>;
export type RollbackSummary = z.output<typeof rollback>;
export type CleanupSummary = z.output<typeof cleanup>;
export type ModelApprovalSummary = z.output<typeof modelApproval>;
export type SmokeRunSummary = z.output<typeof smokeRun>;
export type AwsCallSummary = z.output<typeof awsCall>;
export type RefusalSummary = z.output<typeof refusal>;
export type EvidenceEntry = z.output<typeof entry>;

/** The JSON Schema (2020-12) of a file of evidence. */
export function evidenceJsonSchema(): object {
  return { title: 'Evidence of titanic', ...z.toJSONSchema(evidenceSchema, { target: 'draft-2020-12' }) };
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { write: { type: 'string' } } });
  const text = `${JSON.stringify(evidenceJsonSchema(), null, 2)}\n`;
  if (values.write === undefined) process.stdout.write(text);
  else writeFileSync(values.write, text);
}
