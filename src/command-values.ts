import type { WrittenTime } from './calendar.ts';
import type { CleanupTarget, ModelChoice } from './command-types.ts';
import type { EnvironmentName } from './config-types.ts';

/** A value that was read, or a sentence that says what was wanted. */
export type Value<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string };

const MODEL_ARN =
  /^arn:aws[a-z-]*:sagemaker:[a-z0-9-]+:\d{12}:model-package\/[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}\/[1-9]\d{0,8}$/;
const SERVICE = /^[a-z0-9](-?[a-z0-9]){0,62}$/;
const ROLLOUT = /^([a-z0-9](?:-?[a-z0-9]){0,62})-(\d{1,12})$/;
const SECONDS = { m: 60, h: 3600, d: 86_400 } as const;
const SHORTEST_LOCK_SECONDS = 60;
const LONGEST_LOCK_SECONDS = 30 * 86_400;
const MOST_HISTORY = 100;
const LONGEST_SHOWN = 40;

export function readEnvironmentName(word: string): Value<EnvironmentName> {
  const name = word.toLowerCase();
  return name === 'staging' || name === 'prod'
    ? ok(name)
    : no(`${shown(word)} is no environment: write staging or prod.`);
}

/** A version of a package: `12`, or `v12` as it is shown. */
export function readVersion(word: string): Value<number> {
  const version = wholeNumber(word.replace(/^v/i, ''), 1, 999_999_999);
  return version === undefined ? no(`${shown(word)} is no version: write a number such as 12.`) : ok(version);
}

export function readModel(word: string): Value<ModelChoice> {
  if (/^arn:/i.test(word)) {
    return MODEL_ARN.test(word)
      ? ok({ kind: 'arn', arn: word })
      : no('That is not the ARN of a model package with a version (arn:aws:sagemaker:…:model-package/GROUP/VERSION).');
  }
  const version = readVersion(word);
  return version.ok ? ok({ kind: 'version', version: version.value }) : version;
}

/** The id of a rollout: the service and a number, such as `survival-42`. */
export function readRollout(word: string): Value<string> {
  const id = word.toLowerCase();
  return ROLLOUT.test(id) ? ok(id) : no(`${shown(word)} is no rollout: write its id, such as survival-42.`);
}

/** The service that a rollout's id names. */
export function serviceOfRollout(rollout: string): string | undefined {
  return ROLLOUT.exec(rollout)?.[1];
}

export function readService(word: string): Value<string> {
  const name = word.toLowerCase();
  return SERVICE.test(name) ? ok(name) : no(`${shown(word)} is no name of a service.`);
}

/** `30m`, `2h` or `1d`, in seconds; from a minute to 30 days. */
export function readDuration(word: string): Value<number> {
  const [, digits = '', unit = ''] = /^(\d{1,6})([mhd])$/i.exec(word) ?? [];
  const letter = unit.toLowerCase();
  const seconds = letter === 'm' || letter === 'h' || letter === 'd' ? Number(digits) * SECONDS[letter] : 0;
  const inBounds = seconds >= SHORTEST_LOCK_SECONDS && seconds <= LONGEST_LOCK_SECONDS;
  return inBounds ? ok(seconds) : no(`${shown(word)} is no time: write 30m, 2h or 1d, at most 30d.`);
}

/** The shortest way to write a duration so that it reads back as the same number of seconds. */
export function durationText(seconds: number): string {
  if (seconds % SECONDS.d === 0) return `${seconds / SECONDS.d}d`;
  return seconds % SECONDS.h === 0 ? `${seconds / SECONDS.h}h` : `${Math.ceil(seconds / SECONDS.m)}m`;
}

const DAY_TIME = /^(?:(\d{4}-\d{2}-\d{2})[tT])?([01]?\d|2[0-3]):([0-5]\d)$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}[tT]\d{2}:\d{2}(?::\d{2})?(?:[zZ]|[+-]\d{2}:\d{2})$/;

/** `9:00` (the next), `2026-11-25T09:00` or `2026-11-25T09:00Z`; without a zone it is the reader's own. */
export function readTime(word: string): Value<WrittenTime> {
  const wanted = `${shown(word)} is no time: write 09:00, 2026-11-25T09:00 or 2026-11-25T09:00Z.`;
  if (INSTANT.test(word)) {
    const ms = Date.parse(word.toUpperCase());
    return Number.isNaN(ms) ? no(wanted) : ok({ kind: 'instant', ms });
  }
  const [, date, hour, minute] = DAY_TIME.exec(word) ?? [];
  if (hour === undefined || minute === undefined) return no(wanted);
  const clock = { hour: Number(hour), minute: Number(minute) };
  if (date === undefined) return ok({ kind: 'clock', ...clock });
  return isDay(date) ? ok({ kind: 'date', date, ...clock }) : no(wanted);
}

/** The way to write a time so that it reads back as the same. */
export function timeText(time: WrittenTime): string {
  if (time.kind === 'instant') return new Date(time.ms).toISOString().replace('.000Z', 'Z');
  const two = (n: number) => String(n).padStart(2, '0');
  const clock = `${two(time.hour)}:${two(time.minute)}`;
  return time.kind === 'clock' ? clock : `${time.date}T${clock}`;
}

function isDay(date: string): boolean {
  const ms = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(date);
}

export function readCount(word: string): Value<number> {
  const count = wholeNumber(word, 1, MOST_HISTORY);
  return count === undefined ? no(`${shown(word)} is no number from 1 to ${MOST_HISTORY}.`) : ok(count);
}

export function readTarget(word: string): Value<CleanupTarget> {
  const target = (['leftovers', 'staging', 'prod', 'all'] as const).find((each) => each === word.toLowerCase());
  return target === undefined ? no(`${shown(word)} is no target: write leftovers, staging, prod or all.`) : ok(target);
}

/** A word of somebody else's in a sentence of ours: quoted and short. Control characters are gone before. */
export function shown(word: string): string {
  return `“${word.length <= LONGEST_SHOWN ? word : `${[...word].slice(0, LONGEST_SHOWN).join('')}…`}”`;
}

function wholeNumber(word: string, min: number, max: number): number | undefined {
  const number = /^\d{1,9}$/.test(word) ? Number(word) : Number.NaN;
  return number >= min && number <= max ? number : undefined;
}

function ok<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

function no(message: string): { readonly ok: false; readonly message: string } {
  return { ok: false, message };
}
