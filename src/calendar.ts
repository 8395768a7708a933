import { Cron } from 'croner';

/** A stretch of the calendar that comes again: from each time of a cron expression, for so many hours. */
export type CalendarWindow = {
  /** Minute, hour, day of month, month, day of week. */
  readonly cron: string;
  readonly hours: number;
  /** IANA name, such as Europe/Berlin; daylight saving time moves the beginning with the clocks on the wall. */
  readonly timeZone: string;
};

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** When people work, by the clocks on their wall: the same hours on each of these days. */
export type WorkingHours = {
  readonly days: readonly Weekday[];
  /** HH:MM, the first minute of it. */
  readonly from: string;
  /** HH:MM, the first minute after it; 24:00 is the end of the day. Later than `from`. */
  readonly to: string;
  /** IANA name, such as Europe/Berlin. */
  readonly timeZone: string;
};

/** A time as people write it: on a day, or the next one that comes. */
export type WrittenTime =
  | { readonly kind: 'clock'; readonly hour: number; readonly minute: number }
  | { readonly kind: 'date'; readonly date: string; readonly hour: number; readonly minute: number }
  | { readonly kind: 'instant'; readonly ms: number };

/** Why these words are no cron expression of five fields; null: they are one. */
export function cronFault(expression: string): string | null {
  if (expression.trim().split(/\s+/).length !== 5) return 'it needs five fields: minute hour day month weekday';
  try {
    new Cron(expression);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Whether this machine knows the time zone. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** Tells when the window that holds a moment ends (milliseconds since 1970); null: none does. Pure after this call. */
export function createWindow({ cron, hours, timeZone }: CalendarWindow): (nowMs: number) => number | null {
  const starts = new Cron(cron, { timezone: timeZone });
  return (nowMs) => {
    // What begins in this very second has begun.
    const [last] = starts.previousRuns(1, new Date(Math.floor(nowMs / 1_000) * 1_000 + 1_000));
    const endMs = last === undefined ? Number.NEGATIVE_INFINITY : last.getTime() + hours * 3_600_000;
    return endMs > nowMs ? endMs : null;
  };
}

/** Tells the last time of a cron expression, at this moment or before (milliseconds since 1970); null: never. Pure. */
export function createTicks(cron: string, timeZone: string): (nowMs: number) => number | null {
  const times = new Cron(cron, { timezone: timeZone });
  return (nowMs) => {
    const [last] = times.previousRuns(1, new Date(Math.floor(nowMs / 1_000) * 1_000 + 1_000));
    return last?.getTime() ?? null;
  };
}

/** Minutes since midnight of HH:MM. */
export function minutesOfDay(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return hours * 60 + minutes;
}

/**
 * Tells the first moment within working hours, this one or a later one (milliseconds since 1970). A beginning that the
 * clocks skip in spring is an hour later. Pure after this call.
 */
export function createWorkingHours({ days, from, to, timeZone }: WorkingHours): (nowMs: number) => number {
  const wall = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const [first, end] = [minutesOfDay(from), minutesOfDay(to)];
  const beginnings = new Cron(`${first % 60} ${Math.floor(first / 60)} * * ${days.join(',')}`, { timezone: timeZone });
  const isWithin = (nowMs: number) => {
    const parts = new Map(wall.formatToParts(nowMs).map(({ type, value }) => [type, value]));
    const minute = minutesOfDay(`${parts.get('hour')}:${parts.get('minute')}`);
    const day = parts.get('weekday')?.toLowerCase();
    return days.some((name) => name === day) && minute >= first && minute < end;
  };
  return (nowMs) => (isWithin(nowMs) ? nowMs : (beginnings.nextRun(new Date(nowMs))?.getTime() ?? nowMs));
}

/** The moment that is meant, in milliseconds since 1970, for somebody in this time zone; null: there is no such day. */
export function momentOf(written: WrittenTime, timeZone: string, nowMs: number): number | null {
  if (written.kind === 'instant') return written.ms;
  const { hour, minute } = written;
  if (written.kind === 'clock') {
    const next = new Cron(`${minute} ${hour} * * *`, { timezone: timeZone }).nextRun(new Date(nowMs));
    return next?.getTime() ?? null;
  }
  const two = (n: number) => String(n).padStart(2, '0');
  try {
    const once = new Cron(`${written.date}T${two(hour)}:${two(minute)}:00`, { timezone: timeZone }).getOnce();
    return once?.getTime() ?? null;
  } catch {
    return null;
  }
}
