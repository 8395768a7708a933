import { z } from 'zod';
import { at, maybe, reason, refusal, seq, who } from './document-parts.ts';

const facts = z
  .strictObject({
    version: z.number().int().nullable(),
    description: maybe,
    createdBy: maybe,
    createdAt: maybe,
    commit: maybe,
    repository: maybe,
    image: maybe,
    imageDigest: maybe,
    modelData: maybe,
    metrics: z.record(z.string(), z.string()),
  })
  .describe('What the Model Registry said of a package, as approvers were shown it.');

const registryCall = z.strictObject({
  intent: seq.describe('Entry that intended the call.'),
  operation: z.literal('UpdateModelPackage'),
  packageArn: z.string(),
  status: z.enum(['Approved', 'Rejected']),
  intendedAt: at,
  outcome: z.enum(['accepted', 'refused', 'withdrawn', 'landed', 'lapsed', 'open']),
  requestId: maybe,
});

/** The question to approvers about a model package: who asked, what they were shown, who decided. */
export const modelApproval = z.strictObject({
  kind: z.literal('model-approval'),
  startedAt: at,
  askedBy: who,
  requester: maybe.describe('Slack id of who asked for its deploy, and may not approve it; null: nobody did.'),
  note: maybe,
  deploys: z.boolean().describe('Once approved, it is deployed to staging.'),
  packageArn: z.string(),
  version: z.number().int(),
  facts,
  beside: facts.nullable().describe('What prod ran when it was asked.'),
  expiresAt: at,
  decision: z.strictObject({ at, by: z.string(), approve: z.boolean(), reason: maybe }).nullable(),
  registryCalls: z.array(registryCall),
  rollout: maybe.describe('The rollout that began with its approval.'),
  rejectedInProd: z.boolean().describe('prod ran what was rejected, and the channel was told.'),
  refusals: z.array(refusal),
  over: z.boolean(),
  ended: z.strictObject({ at, outcome: z.string(), by: maybe, reason }).nullable(),
});
