import { z } from 'zod';

/** Pieces that the summaries in a file of evidence share. */

export const seq = z.number().int().positive();
export const at = z.iso.datetime().describe('ISO 8601, UTC, from the clock of whoever wrote the entry.');
export const hash = z.string().regex(/^[0-9a-f]{64}$/);
export const maybe = z.string().nullable();
export const count = z.number().nonnegative().nullable();

export const reason = z
  .strictObject({ code: z.string(), params: z.record(z.string(), z.union([z.string(), z.number()])).optional() })
  .describe('A reason code of titanic with what its sentence needs.');

export const who = z
  .strictObject({ kind: z.enum(['person', 'pipeline', 'titanic']), id: maybe })
  .describe('A person by the Slack id, a pipeline by its AWS identity, or titanic itself.');

export const awsCall = z.strictObject({
  intent: seq.describe('Entry that intended the call.'),
  environment: z.enum(['staging', 'prod']),
  operation: z.enum(['CreateEndpoint', 'UpdateEndpoint', 'DeleteEndpoint']),
  endpointName: z.string(),
  configName: maybe,
  intendedAt: at,
  outcome: z.enum(['accepted', 'refused', 'withdrawn', 'landed', 'lapsed', 'open']),
  requestId: maybe,
});

export const refusal = z.strictObject({ seq, at, by: z.string(), verb: z.string(), reason });
