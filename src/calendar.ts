import { Cron } from 'croner';

/** A stretch of the calendar that comes again: from each time of a cron expression, for so many hours. */
export type CalendarWindow = {
  /** Minute, hour, day of month, month, day of week. */
  readonly cron: string;
  readonly hours: number;
  /** IANA name, such as Europe/Berlin; daylight saving time moves the beginning with the clocks on the wall. */
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
