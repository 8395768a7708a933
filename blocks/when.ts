const ISO = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z/;

/** A moment as Slack shows it: in the reader's own time zone, with UTC for clients that cannot. */
export interface Moment {
  readonly unixSeconds: number;
  readonly format: string;
  readonly fallback: string;
}

/** null: not a moment in ISO 8601 with `Z`. */
export function moment(iso: string): Moment | null {
  const ms = ISO.test(iso) ? Date.parse(iso) : Number.NaN;
  if (Number.isNaN(ms)) return null;
  return {
    unixSeconds: Math.floor(ms / 1000),
    format: '{date_short_pretty} {time}',
    fallback: `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`,
  };
}

/** The moment for a table cell, where Slack renders none. */
export function utc(iso: string): string {
  return moment(iso)?.fallback ?? iso;
}

/** Cuts a text at the moments in it, which stand at the odd places of the result. */
export function splitAtMoments(text: string): readonly string[] {
  return text.split(new RegExp(`(${ISO.source})`, 'g'));
}
