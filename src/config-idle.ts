import { z } from 'zod';
import { group, missingOr } from './config-fields.ts';

/** `services[].staging.idleStop`. */
export const idleStopSchema = group({
  afterHours: z
    .number({ error: missingOr('must be a number of hours from 0.25 to 168') })
    .min(0.25, 'must be at least 0.25 hours')
    .max(168, 'must be at most 168 hours, a week')
    .describe('Without a deployment, a rollback, a smoke run and a request that CloudWatch knows of.'),
  whileGateOpen: z
    .boolean('must be true or false')
    .default(false)
    .describe('Also while a gate waits for approvers; its card says so, and what was tested stays approvable.'),
})
  .optional()
  .describe(
    'Deletes the endpoint when nobody uses it and keeps its config and model; the next deploy, smoke run or rollback brings it back. Absent: never.',
  );
