import { z } from 'zod';
import { cronFault, isTimeZone, minutesOfDay, WEEKDAYS, type Weekday } from './calendar.ts';
import { group, missingOr, text, wholeNumber } from './config-fields.ts';

/*
 * What may stand in `titanic.yml` about when something is done or told: the kinds of values that freezes, reminders
 * and rollouts by themselves share.
 */

/** A cron expression; `says` completes "must be …". */
export function cronExpression(says: string) {
  return z
    .string({ error: missingOr(`must be ${says}, as five cron fields in quotes`) })
    .superRefine((expression, context) => {
      const fault = cronFault(expression);
      if (fault !== null) context.addIssue({ code: 'custom', message: `is no cron expression: ${fault}` });
    });
}

export const timeZone = z
  .string({ error: missingOr('must be the name of a time zone, such as Europe/Berlin') })
  .refine(isTimeZone, 'is no time zone: write its IANA name, such as Europe/Berlin');

const clock = (pattern: RegExp, example: string) =>
  text({ pattern, says: `a time of day as HH:MM in quotes, such as "${example}"` });

const workingHours = group({
  days: z
    .array(z.enum(WEEKDAYS, { error: `must be one of ${WEEKDAYS.join(', ')}` }), {
      error: 'must be a list of days, such as [mon, tue, wed]',
    })
    .min(1, 'is empty: name a day, or leave the key out')
    .default(['mon', 'tue', 'wed', 'thu', 'fri']),
  from: clock(/^([01]\d|2[0-3]):[0-5]\d$/, '09:00'),
  to: clock(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, '17:30'),
  timeZone,
});

/** `slack.approvers.reminders`. */
export const remindersSchema = group({
  afterHours: z
    .number({ error: missingOr('must be a number of hours from 0.25 to 168') })
    .min(0.25, 'must be at least 0.25 hours')
    .max(168, 'must be at most 168 hours, a week')
    .describe('From the question to the first reminder; each wait after it is twice as long as the one before.'),
  most: wholeNumber(1, 10, 'reminders').default(3).describe('About one question.'),
  workingHours: workingHours.optional().describe('Only then; absent: at any time.'),
})
  .optional()
  .describe('Calls approvers again who have not answered. Absent: nobody is reminded.');

/** Faults of working hours that span several of their keys, each with its key. */
export function workingHoursFaults(hours: {
  readonly days: readonly Weekday[];
  readonly from: string;
  readonly to: string;
}): readonly { readonly key: string; readonly message: string }[] {
  const faults: { key: string; message: string }[] = [];
  if (minutesOfDay(hours.from) >= minutesOfDay(hours.to)) {
    faults.push({
      key: 'to',
      message: 'must be later than from, on the same day; for the end of the day write "24:00"',
    });
  }
  if (new Set(hours.days).size !== hours.days.length) {
    faults.push({ key: 'days', message: 'names a day twice; name each once' });
  }
  return faults;
}

/** `services[].autoStage`. */
export const autoStageSchema = group({
  approvedPackages: z
    .boolean('must be true or false')
    .default(false)
    .describe('As soon as a package is approved in the Model Registry; it is asked every five minutes.'),
  schedule: group({ cron: cronExpression('when it is done').describe('minute hour day month weekday.'), timeZone })
    .optional()
    .describe('The newest approved package, at these times.'),
})
  .optional()
  .describe(
    '`deploy staging` by itself, of what is newer than all that was there before; never to prod. Absent: never.',
  );
