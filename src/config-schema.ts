import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import {
  entityName,
  group,
  groupNameOrArn,
  missingOr,
  roleArn,
  slackId,
  tags,
  text,
  wholeNumber,
} from './config-fields.ts';
import { idleStopSchema } from './config-idle.ts';
import { autoStageSchema, cronExpression, remindersSchema, timeZone } from './config-policy.ts';
import { strategyShape } from './config-strategy.ts';
import { FEWEST_SAMPLES } from './smoke/interval.ts';

/*
 * What may stand in `titanic.yml`: the one definition behind both the check at the start and
 * `titanic.schema.json` for editors. Rules that span several keys are in `config-checks.ts`.
 * Every message ends with what to do.
 */

const usergroup = slackId('S', 'user group').optional().describe('A user group; its members are read from Slack.');
const users = z
  .array(slackId('UW', 'person'), { error: 'must be a list of ids of people' })
  .min(1, 'is empty: name somebody, or leave the key out')
  .max(100, 'must name at most 100 people: use a user group')
  .optional();

/** The group `slack`. */
export const slackSchema = group({
  channel: slackId('CG', 'channel').describe('Where rollouts are announced.'),
  approvers: group({
    usergroup,
    users,
    quorum: wholeNumber(1, 10, 'people').default(1).describe('Distinct people; the requester never counts.'),
    mandatory: group({ usergroup, users })
      .optional()
      .describe('One of the approvals must be by somebody of these, who must be an approver as well.'),
    breakGlass: z
      .boolean('must be true or false')
      .default(false)
      .describe(
        '`promote --break-glass -- reason`: one approver alone, past quorum, locks and freezes; signed off later.',
      ),
    reminders: remindersSchema,
  }),
  operators: group({ usergroup, users })
    .optional()
    .describe('May deploy to staging, roll back, lock. Omitted: approvers only.'),
});

/** The group `github`. */
export const githubSchema = group({
  users: z
    .record(z.string().regex(/^[a-z0-9][a-z0-9_-]{0,38}$/i), slackId('UW', 'person'), {
      error: (issue) =>
        issue.code === 'invalid_key'
          ? 'is no GitHub login of a person: use up to 39 letters, digits, - and _'
          : missingOr('must be a group of GitHub logins, such as { octo-cat: U0ALICE }')(issue),
    })
    .refine((all) => Object.keys(all).length <= 500, 'must name at most 500 people')
    .describe(
      'Who starts pipelines, in Slack: they cannot approve what runs in their name. Of others one more approval is needed.',
    ),
});

/** The group `aws`. */
export const awsSchema = group({
  table: text({ pattern: /^[a-zA-Z0-9_.-]{3,255}$/, says: 'the name of a DynamoDB table' }),
  executionRoleArn: roleArn.describe('The role that SageMaker runs the models with.'),
  stagingRoleArn: roleArn.optional().describe('Assumed for changes of staging.'),
  prodRoleArn: roleArn.optional().describe('Assumed for changes of prod.'),
  describeLagSeconds: z
    .number({ error: 'must be a number of seconds from 5 to 60' })
    .min(0.1, 'must be at least 0.1 seconds')
    .max(60, 'must be at most 60 seconds')
    .default(10)
    .describe('How old the answer of a describe call may be. Below 5 only for a SageMaker on this machine.'),
});

const vpcIds = (kind: string, most: number) =>
  z
    .array(text({ pattern: new RegExp(`^${kind}-[0-9a-z]+$`), says: `an id ${kind}-…` }), {
      error: missingOr(`must be a list of ids ${kind}-…`),
    })
    .min(1, 'is empty: name at least one')
    .max(most, `must be at most ${most}`);

const INSTANCE_TYPE = /^ml\.[a-z0-9-]+\.[a-z0-9]+$/;

const environmentShape = {
  endpointName: entityName.optional(),
  instanceType: text({ pattern: INSTANCE_TYPE, says: 'an instance type such as ml.m5.large' }).optional(),
  instanceCount: wholeNumber(1, 1000, 'instances').optional(),
  serverless: group({
    memoryMb: wholeNumber(1024, 6144, 'megabytes').multipleOf(1024, 'must be a multiple of 1024'),
    maxConcurrency: wholeNumber(1, 200, 'requests'),
  })
    .optional()
    .describe('In place of instanceType and instanceCount.'),
  containerEnv: z
    .record(
      z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]{0,1023}$/),
      z.string('must be text; put it in quotes').max(1024, 'must be at most 1,024 characters'),
      {
        error: ({ code }) =>
          code === 'invalid_key'
            ? 'is no name of an environment variable: use letters, digits and _'
            : 'must be a group of NAME: "text"',
      },
    )
    .default({})
    .describe('Environment of the container. It is recorded with each rollout: no secrets.'),
  vpc: group({
    subnets: vpcIds('subnet', 16),
    securityGroups: vpcIds('sg', 5),
  }).optional(),
  kmsKeyId: text({ pattern: /^[a-zA-Z0-9:/_-]{1,2048}$/, says: 'the id, alias or ARN of a KMS key' }).optional(),
  networkIsolation: z.boolean('must be true or false').default(false),
  startupTimeoutSeconds: wholeNumber(60, 3600, 'seconds').optional(),
  modelDownloadTimeoutSeconds: wholeNumber(60, 3600, 'seconds').optional(),
  tags: tags.optional().describe('Added to the common ones; of two with one key, this one counts.'),
};
const deadlineMinutes = (fallback: number) =>
  wholeNumber(1, 1440, 'minutes')
    .default(fallback)
    .describe('A deployment that takes longer is overdue and is rolled back.');

const expectation = group({
  match: z.string('must be a regular expression, in quotes').max(1000, 'must be at most 1,000 characters').optional(),
  equals: z.json().optional().describe('A text equals the body; anything else the body read as JSON.'),
  schema: z
    .record(z.string(), z.json(), { error: 'must be a JSON Schema, as a group of keys' })
    .optional()
    .describe('A JSON Schema (2020-12, or draft-07 with $schema) for the body read as JSON.'),
  between: group({
    min: z.number('must be a number').optional(),
    max: z.number('must be a number').optional(),
    path: text({ pattern: /^(\/([^~/]|~[01])*)+$/, says: 'a JSON Pointer such as /predictions/0' })
      .max(200, 'must be at most 200 characters')
      .optional(),
  })
    .optional()
    .describe('Both ends included. Without `path`, the body itself is the number.'),
});

const smokeCase = group({
  // Shown in Slack and kept in the evidence, where the report has little room.
  name: text({
    pattern: /^[\p{L}\p{N}][\p{L}\p{N} .,:;()_/+'-]{0,59}$/u,
    says: "a short name of letters, digits, spaces and .,:;()_/+'-",
  }).refine((name) => Buffer.byteLength(name) <= 60, {
    message: 'must be at most 60 bytes long',
    when: ({ value }) => typeof value === 'string',
  }),
  contentType: text({ pattern: /^[\w.+-]+\/[\w.+-]+(;.{0,100})?$/, says: 'a content type such as text/csv' }),
  body: z
    .string({ error: missingOr('must be text; put it in quotes') })
    .max(1_000_000, 'must be at most 1,000,000 characters'),
  expect: expectation,
});

const smoke = group({
  cases: z
    .array(smokeCase, { error: missingOr('must be a list of cases') })
    .min(1, 'is empty: give at least one case with a known answer')
    .max(20, 'must be at most 20 cases'),
  requests: wholeNumber(
    FEWEST_SAMPLES,
    100_000,
    'requests',
    ` (${FEWEST_SAMPLES} is the fewest of which the slowest bounds p95 with 95 % confidence)`,
  ),
  warmUpRequests: wholeNumber(0, 10_000, 'requests')
    .default(50)
    .describe('Sent before the measured ones and not counted.'),
  ratePerSecond: z
    .number({ error: missingOr('must be a number of requests per second above 0, up to 500') })
    .positive('must be above 0')
    .max(500, 'must be at most 500'),
  timeoutMs: wholeNumber(10, 60_000, 'milliseconds')
    .default(5000)
    .describe('Per request; must be longer than maxP95Ms.'),
  maxErrorRate: z
    .number({ error: missingOr('must be a share from 0 to below 1, such as 0.01') })
    .min(0, 'must be 0 or more')
    .lt(1, 'is a share, not a percentage: write 1 % as 0.01'),
  maxP95Ms: z
    .number({ error: missingOr('must be a number of milliseconds') })
    .positive('must be above 0')
    .max(60_000, 'must be at most 60,000, the longest that SageMaker waits for a model'),
  compareWithProd: z
    .boolean('must be true or false')
    .default(false)
    .describe('Measures prod in the same run, which adds load to it.'),
});

/** One entry under `services`. */
export const serviceSchema = group({
  // Lower case only: SageMaker does not tell `Survival` from `survival` when it creates an endpoint.
  name: text({ pattern: /^[a-z0-9](-?[a-z0-9])*$/, says: 'lower-case letters and digits with single dashes between' }),
  modelPackageGroup: groupNameOrArn,
  staging: group({
    ...environmentShape,
    deadlineMinutes: deadlineMinutes(60),
    onFailure: z
      .enum(['keep', 'delete'], 'must be keep or delete')
      .default('keep')
      .describe('What becomes of an endpoint that failed its smoke test and has nothing to go back to.'),
    idleStop: idleStopSchema,
  }),
  prod: group({ ...environmentShape, deadlineMinutes: deadlineMinutes(120), ...strategyShape }),
  autoStage: autoStageSchema,
  smoke,
  approvalExpiresAfterHours: wholeNumber(1, 720, 'hours').default(24),
});

export const prefixSchema = text({
  pattern: /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,30}-$/,
  says: 'letters and digits that end with a dash, such as titanic-',
});

/** A freeze: a stretch of the calendar in which nothing is promoted. */
const freezeSchema = group({
  name: text({ pattern: /^[\p{L}\p{N}][\p{L}\p{N} .,:()_-]{0,59}$/u, says: 'a short name, such as weekend' }),
  owner: text({ pattern: /^\S.{0,59}$/u, says: 'who answers for it, such as platform team' }),
  reason: text({ pattern: /^\S.{0,199}$/u, says: 'why, in one sentence' }),
  cron: cronExpression('when it begins').describe('When it begins: minute hour day month weekday.'),
  hours: z
    .number({ error: missingOr('must be a number of hours from 0.25 to 744') })
    .min(0.25, 'must be at least 0.25 hours')
    .max(744, 'must be at most 744 hours, a month'),
  timeZone,
  services: z
    .array(text({ pattern: /^[a-z0-9](-?[a-z0-9])*$/, says: 'the name of a service' }))
    .min(1, 'is empty: name a service, or leave the key out for all')
    .optional()
    .describe('Only these; absent: all.'),
});

/** What instances cost: AWS says it in no answer that titanic reads, and people have discounts. */
const pricesSchema = group({
  currency: text({ pattern: /^[A-Z]{3}$/, says: 'a currency in three letters, such as USD' }).describe(
    'Published prices in another one are left out, so that there is one sum.',
  ),
  asOf: z.iso
    .date({ error: missingOr('must be a day such as 2026-11-01, in quotes') })
    .optional()
    .describe('Of when these prices are; shown beside what is counted with them.'),
  perInstanceHour: z
    .record(
      z.string().regex(INSTANCE_TYPE),
      z
        .number({ error: missingOr('must be a number, what one instance costs an hour') })
        .nonnegative('must be 0 or more')
        .max(10_000, 'must be at most 10,000'),
      {
        error: (issue) =>
          issue.code === 'invalid_key'
            ? 'is no instance type: write it like ml.m5.large'
            : missingOr('must be a group of instance types, such as { ml.m5.large: 0.23 }')(issue),
      },
    )
    .describe('By instance type. Of one that is not here a published price counts, where one is known: docs/costs.md.'),
});

/** `titanic.yml` as a whole. */
export const fileSchema = group({
  slack: slackSchema,
  github: githubSchema.optional(),
  aws: awsSchema,
  prefix: prefixSchema,
  tags: tags.refine(
    (all) => Object.keys(all).length > 0,
    'is empty: titanic knows its own resources by their tags, so give at least one',
  ),
  services: z
    .array(serviceSchema, { error: missingOr('must be a list of services') })
    .min(1, 'is empty: name at least one service')
    .max(50, 'must be at most 50 services'),
  freezes: z
    .array(freezeSchema, { error: 'must be a list of freezes' })
    .max(50, 'must be at most 50 freezes')
    .default([])
    .describe('When nothing is promoted. Rollbacks are never held up, and breaking the glass goes past it.'),
  recommend: z
    .enum(['off', 'monthly'], 'must be off or monthly')
    .default('off')
    .describe(
      'Whether the channel is told once a month where an endpoint would do with less. Nothing is done by itself.',
    ),
  prices: pricesSchema.optional().describe('What instances cost you an hour; goes before published prices.'),
});

/** The file as read, with defaults filled in. */
export type File = z.output<typeof fileSchema>;
export type FileSlack = File['slack'];
export type FileGithub = NonNullable<File['github']>;
export type FileReminders = NonNullable<FileSlack['approvers']['reminders']>;
export type FilePeople = NonNullable<FileSlack['operators']>;
export type FileService = File['services'][number];
export type FileEnvironment = Omit<FileService['staging'], 'onFailure' | 'idleStop'>;
export type FileExpectation = FileService['smoke']['cases'][number]['expect'];

/** The JSON Schema (draft-07, which editors know) of `titanic.yml`, as the text of `titanic.schema.json`. */
export function jsonSchemaText(): string {
  const schema = z.toJSONSchema(fileSchema, { io: 'input', target: 'draft-7' });
  return `${JSON.stringify({ title: 'titanic.yml', ...schema }, null, 2)}\n`;
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { write: { type: 'string' } } });
  if (values.write === undefined) process.stdout.write(jsonSchemaText());
  else writeFileSync(values.write, jsonSchemaText());
}
