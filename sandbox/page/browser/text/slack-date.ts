/** Slack's date tokens, in the reader's own time zone. */

const DAY_MS = 86_400_000;

export function formatSlackDate(seconds: number, format: string, nowMs: number): string {
  const moment = new Date(seconds * 1000);
  return format.replace(/\{(\w+)\}/g, (whole, token: string) => tokenOf(token, moment, nowMs) ?? whole);
}

function tokenOf(token: string, moment: Date, nowMs: number): string | undefined {
  const pretty = token.endsWith('_pretty') ? prettyDay(moment, nowMs) : undefined;
  switch (token) {
    case 'date_num':
      return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
    case 'date_slash':
      return `${two(moment.getMonth() + 1)}/${two(moment.getDate())}/${moment.getFullYear()}`;
    case 'date':
    case 'date_pretty':
      return pretty ?? dateIn(moment, { month: 'long', day: 'numeric', year: 'numeric' });
    case 'date_short':
    case 'date_short_pretty':
      return pretty ?? dateIn(moment, { month: 'short', day: 'numeric', year: 'numeric' });
    case 'date_long':
    case 'date_long_pretty':
    case 'day_divider_pretty':
      return pretty ?? dateIn(moment, { weekday: 'long', month: 'long', day: 'numeric', year: 'numeric' });
    case 'time':
      return clockTime(moment);
    case 'time_secs':
      return `${clockTime(moment)}:${two(moment.getSeconds())}`;
    case 'ago':
      return agoWords(nowMs - moment.getTime());
    default:
      return undefined;
  }
}

/** `14:05`, so that columns of times line up. */
export function clockTime(moment: Date): string {
  return `${two(moment.getHours())}:${two(moment.getMinutes())}`;
}

/** `Today`, `Yesterday` or the date, as it stands between the days of a channel. */
export function dayWords(moment: Date, nowMs: number): string {
  const pretty = prettyDay(moment, nowMs);
  if (pretty !== undefined) return `${pretty.slice(0, 1).toUpperCase()}${pretty.slice(1)}`;
  return dateIn(moment, { weekday: 'long', month: 'long', day: 'numeric' });
}

export function agoWords(ms: number): string {
  const steps = [
    { each: DAY_MS, word: 'day' },
    { each: 3_600_000, word: 'hour' },
    { each: 60_000, word: 'minute' },
  ];
  for (const { each, word } of steps) {
    const count = Math.floor(Math.abs(ms) / each);
    if (count > 0) return `${ms < 0 ? 'in ' : ''}${count} ${word}${count === 1 ? '' : 's'}${ms < 0 ? '' : ' ago'}`;
  }
  return 'just now';
}

function prettyDay(moment: Date, nowMs: number): string | undefined {
  const days = (dayStart(moment) - dayStart(new Date(nowMs))) / DAY_MS;
  const rounded = Math.round(days);
  if (rounded === 0) return 'today';
  if (rounded === -1) return 'yesterday';
  return rounded === 1 ? 'tomorrow' : undefined;
}

const dayStart = (moment: Date) => new Date(moment.getFullYear(), moment.getMonth(), moment.getDate()).getTime();
const two = (value: number) => String(value).padStart(2, '0');
const dateIn = (moment: Date, options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat('en', options).format(moment);
