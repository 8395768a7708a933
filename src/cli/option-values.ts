import { InvalidArgumentError } from 'commander';
import type { Value } from '../command-values.ts';
import { SHELLS, type Shell } from './completion.ts';
import { Misuse } from './context.ts';
import type { NamedRequester } from './requester.ts';

/* What may stand behind options that Slack's words do not have. */

const LONGEST_WAIT_MINUTES = 7 * 24 * 60;
const LATEST_TAKE_OVER_SECONDS = 3_600;
const LONGEST_ALARM_SECONDS = 600;
const GITHUB = 'github:';

/** A reader of ours as commander wants it. */
export function value<T>(reader: (text: string) => Value<T>): (text: string) => T {
  return (text) => {
    const found = reader(text);
    if (found.ok) return found.value;
    throw new InvalidArgumentError(found.message);
  };
}

/** The same for an argument. */
export function read<T>(reader: (text: string) => Value<T>, text: string): T {
  const found = reader(text);
  if (found.ok) return found.value;
  throw new Misuse(found.message);
}

export function readShell(text: string): Value<Shell> {
  const shell = SHELLS.find((each) => each === text);
  return shell === undefined
    ? { ok: false, message: `write one of ${SHELLS.join(', ')}.` }
    : { ok: true, value: shell };
}

/** Seconds; `never` is infinitely late. */
export function readTakeOver(text: string): Value<number> {
  if (text === 'never') return { ok: true, value: Number.POSITIVE_INFINITY };
  return readNumber(text, 'never, or seconds', LATEST_TAKE_OVER_SECONDS);
}

/** How long the alarm that doctor tries is watched. */
export function readAlarmSeconds(text: string): Value<number> {
  return readNumber(text, 'seconds', LONGEST_ALARM_SECONDS);
}

export function readMinutes(text: string): Value<number> {
  return readNumber(text, 'minutes', LONGEST_WAIT_MINUTES);
}

function readNumber(text: string, says: string, most: number): Value<number> {
  const number = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  return number <= most ? { ok: true, value: number } : { ok: false, message: `write ${says} from 0 to ${most}.` };
}

/** The id of a person in Slack, never a name that its owner can change; or a login that the configuration maps to one. */
export function readRequester(text: string): Value<NamedRequester> {
  if (/^[UW][A-Z0-9]{4,20}$/.test(text)) return { ok: true, value: { kind: 'slack', id: text } };
  const login = text.startsWith(GITHUB) ? text.slice(GITHUB.length) : '';
  // Apps, which can start pipelines too, end with [bot].
  if (/^[a-z0-9][a-z0-9_-]{0,99}(\[bot\])?$/i.test(login)) return { ok: true, value: { kind: 'github', login } };
  return { ok: false, message: 'write the Slack id of a person, such as U0ALICE, or github: and a login.' };
}
