import { z } from 'zod';
import { at, awsCall, maybe, reason, refusal, seq, who } from './document-parts.ts';

const resource = z.enum(['endpoint', 'endpoint configuration', 'alarm', 'model']);
const environment = z.enum(['staging', 'prod']);

const planned = z.strictObject({
  kind: resource,
  name: z.string(),
  arn: z.string(),
  environment: environment.nullable().describe('Whose endpoint it is; null: something else.'),
});

const deletion = z.strictObject({
  intent: seq.describe('Entry that intended the deletion.'),
  kind: resource,
  name: z.string(),
  arn: z.string(),
  intendedAt: at,
  outcome: z
    .enum(['gone', 'open', 'kept', 'refused', 'unknown'])
    .describe('open: tried again later; unknown: nothing was recorded of it, and what it named was looked at again.'),
  requestId: maybe,
  why: maybe,
});

/** What a clean-up was to delete, who let it, and what became of each deletion. */
export const cleanup = z.strictObject({
  kind: z.literal('cleanup'),
  startedAt: at,
  askedBy: who,
  target: z.enum(['leftovers', 'staging', 'prod', 'all']),
  planDigest: z.string().describe('sha256 of the plan as it was shown, and as it was confirmed.'),
  plan: z.array(planned).describe('What was to be deleted.'),
  kept: z.array(z.strictObject({ kind: resource, name: z.string(), because: z.string() })),
  keptMore: z.number().int().nonnegative().describe('What stayed as well, for which the entry had no room.'),
  expiresAt: at,
  confirmed: z
    .strictObject({
      at,
      by: z.string(),
      deadlineAt: at,
      removes: z.array(environment).describe('Whose endpoint was to be deleted.'),
      forgets: z.array(environment).describe('Whose endpoint was gone already.'),
    })
    .nullable(),
  awsCalls: z.array(awsCall).describe('The deletions of the endpoints of staging and prod.'),
  deletions: z.array(deletion).describe('All others, each as often as it was tried.'),
  stops: z.array(z.strictObject({ at, by: z.string() })),
  refusals: z.array(refusal),
  over: z.boolean(),
  ended: z.strictObject({ at, outcome: z.string(), by: maybe, reason }).nullable(),
});
