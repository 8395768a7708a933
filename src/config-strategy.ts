import { z } from 'zod';
import { group, missingOr, text, wholeNumber } from './config-fields.ts';
import type { AlarmPlan, AnalysisPlan, Strategy, TrafficShift } from './rollout/strategy.ts';

/*
 * What `titanic.yml` may say of how prod changes from one fleet to the next, and what follows from it. Rules that
 * span several keys are in `config-strategy-checks.ts`.
 */

/** The longest that SageMaker lets a change take. */
export const LONGEST_CHANGE_SECONDS = 28_800;

/** The kill switch is one more. */
const MOST_NAMED_ALARMS = 9;
const ALARM_NAME = /^(?!arn:)[^\s\p{Cc}](?:[^\p{Cc}]*[^\s\p{Cc}])?$/u;

const MINUTES = 'must be a number of minutes from 0 to 60';
const minutes = z
  .number({ error: missingOr(MINUTES) })
  .min(0, MINUTES)
  .max(60, MINUTES);

const share = (min: number) => wholeNumber(min, 50, 'percent').describe('Percent of the instances, at least one.');

const ERROR_PERCENT = 'must be a percentage from 0 to below 100, or off';
const P95 = 'must be a number of milliseconds above 0, up to 60,000, or off';

const alarmsSchema = group({
  errorPercent: z
    .union([z.number().min(0, ERROR_PERCENT).lt(100, ERROR_PERCENT), z.literal('off')], {
      error: missingOr(ERROR_PERCENT),
    })
    .default(1)
    .describe(
      'Requests that the new fleet answers with 5xx. Not the maxErrorRate of the smoke tests: that one is often 0, and by it a single failure in all of the traffic would take a good model back.',
    ),
  p95Ms: z
    .union([z.number().positive(P95).max(60_000, P95), z.literal('off')], { error: missingOr(P95) })
    .optional()
    .describe('p95 of the latency of the new fleet. Absent: maxP95Ms of the smoke tests, by which it came to prod.'),
  named: z
    .array(
      text({ pattern: ALARM_NAME, says: 'the name of a CloudWatch alarm, not its ARN' }).max(
        255,
        'must be at most 255 characters',
      ),
      { error: 'must be a list of names of alarms' },
    )
    .max(MOST_NAMED_ALARMS, `must be at most ${MOST_NAMED_ALARMS} alarms`)
    .default([])
    .describe('Alarms of your own, in the account and region of the endpoint.'),
  namedWithoutData: z
    .enum(['start', 'wait'], 'must be start or wait')
    .default('wait')
    .describe('Whether prod is changed while an alarm of `named` has no data.'),
})
  // Once in the schema for editors.
  .meta({ id: 'alarms' })
  .prefault({});

const AUTO_ROLLBACK = 'must be off, at once, or such as after 60s or after 5m, an hour at most';
const MOST_PATIENCE_SECONDS = 3_600;

const analysisSchema = group({
  autoRollback: z
    .string({ error: missingOr(AUTO_ROLLBACK) })
    .refine((written) => secondsAfter(written) !== undefined, AUTO_ROLLBACK)
    .default('after 60s')
    .describe('When prod goes back by itself once its new fleet is worse than the old one.'),
  snoozeMinutes: wholeNumber(1, 60, 'minutes').default(10).describe('How long somebody may put that off, once.'),
  minimumRequests: wholeNumber(10, 1_000_000, 'requests')
    .default(100)
    .describe('Below so many requests of a fleet nothing is said of it.'),
})
  .meta({ id: 'analysis' })
  .prefault({});

/** What may take a change back. */
const judgedBy = {
  alarms: alarmsSchema,
  analysis: analysisSchema,
  enhancedMetrics: z
    .boolean('must be true or false')
    .default(false)
    .describe('Numbers of the new fleet every 10 seconds, so that its alarms notice sooner. They cost more.'),
};

const strategySchema = z.discriminatedUnion(
  'kind',
  [
    group({ kind: z.literal('all-at-once'), ...judgedBy }),
    group({
      kind: z.literal('canary'),
      size: share(1),
      bakeMinutes: minutes.describe('How long the first part serves before all of it does.'),
      ...judgedBy,
    }),
    group({
      kind: z.literal('linear'),
      step: share(10),
      intervalMinutes: minutes.describe('How long each step serves before the next.'),
      ...judgedBy,
    }),
    group({
      kind: z.literal('rolling'),
      batch: share(5),
      intervalMinutes: minutes.describe('How long each batch serves before the next.'),
      ...judgedBy,
    }),
  ],
  {
    error: (issue) =>
      issue.code === 'invalid_union'
        ? 'must be all-at-once, canary, linear or rolling'
        : missingOr('must be a group of keys, such as { kind: canary, size: 10, bakeMinutes: 10 }')(issue),
  },
);

/** Keys of `prod` that staging does not have. */
export const strategyShape = {
  strategy: strategySchema
    .optional()
    .describe('How SageMaker moves the traffic to a new fleet. Absent: at once, and nothing takes it back.'),
  keepPreviousMinutes: minutes
    .default(0)
    .describe(
      'How long the old fleet is kept, and billed, behind all traffic on the new one. By itself it means all-at-once.',
    ),
  guardrails: z
    .enum(['required', 'wanted'], 'must be required or wanted')
    .default('wanted')
    .describe('required: nothing replaces what prod runs where SageMaker would not guard the change.'),
};

/** What is written of a strategy, with defaults filled in. */
export type FileStrategy = {
  readonly strategy?: z.output<typeof strategySchema> | undefined;
  readonly keepPreviousMinutes: number;
  readonly guardrails: 'required' | 'wanted';
  readonly deadlineMinutes: number;
};

/** `undefined`: none is asked for. `maxP95Ms`: of the smoke tests. The rules have been checked. */
export function strategyOf(written: FileStrategy, maxP95Ms: number): Strategy | undefined {
  const traffic = trafficOf(written);
  if (traffic === undefined) return undefined;
  const { errorPercent, p95Ms = maxP95Ms, named, namedWithoutData } = alarmsWritten(written);
  const alarms: AlarmPlan = {
    errorPercent: errorPercent === 'off' ? null : errorPercent,
    p95Ms: p95Ms === 'off' ? null : p95Ms,
    named,
    namedWithoutData,
    ...(written.strategy?.enhancedMetrics === true ? { everySeconds: 10 } : {}),
  };
  return {
    traffic,
    keepPreviousSeconds: secondsOf(written.keepPreviousMinutes),
    maximumSeconds: Math.min(written.deadlineMinutes * 60, LONGEST_CHANGE_SECONDS),
    alarms,
    analysis: analysisOf(written),
    required: written.guardrails === 'required',
  };
}

/** How the traffic moves; to keep the old fleet is by itself all-at-once. `undefined`: neither is asked for. */
export function trafficOf({ strategy, keepPreviousMinutes }: FileStrategy): TrafficShift | undefined {
  if (strategy === undefined) return keepPreviousMinutes === 0 ? undefined : { kind: 'all-at-once' };
  switch (strategy.kind) {
    case 'all-at-once':
      return { kind: 'all-at-once' };
    case 'canary':
      return { kind: 'canary', percent: strategy.size, bakeSeconds: secondsOf(strategy.bakeMinutes) };
    case 'linear':
      return { kind: 'linear', percent: strategy.step, intervalSeconds: secondsOf(strategy.intervalMinutes) };
    case 'rolling':
      return { kind: 'rolling', percent: strategy.batch, intervalSeconds: secondsOf(strategy.intervalMinutes) };
    default:
      return strategy satisfies never;
  }
}

/** The alarms as written, or the defaults where there is no strategy to write them in. */
export function alarmsWritten({ strategy }: FileStrategy): z.output<typeof alarmsSchema> {
  return strategy?.alarms ?? alarmsSchema.parse({});
}

function analysisOf({ strategy }: FileStrategy): AnalysisPlan {
  const { autoRollback, snoozeMinutes, minimumRequests } = strategy?.analysis ?? analysisSchema.parse({});
  return {
    autoRollbackSeconds: secondsAfter(autoRollback) ?? null,
    snoozeSeconds: snoozeMinutes * 60,
    minimumRequests,
  };
}

/** null: never; `undefined`: it cannot be read. */
function secondsAfter(written: string): number | null | undefined {
  if (written === 'off') return null;
  if (written === 'at once') return 0;
  const [, count, unit] = /^after ([1-9]\d{0,3})\s?([sm])$/.exec(written) ?? [];
  if (count === undefined) return undefined;
  const seconds = Number(count) * (unit === 'm' ? 60 : 1);
  return seconds <= MOST_PATIENCE_SECONDS ? seconds : undefined;
}

/** SageMaker takes whole seconds. */
export function secondsOf(written: number): number {
  return Math.round(written * 60);
}
