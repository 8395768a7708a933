import type { Usual } from '../src/rollout/usual-time.ts';

/** `32 s`, `4 min`, `1 h 20 min`, `2 days 3 h`: exact enough to plan by. */
export function tookWords(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  if (minutes < 48 * 60) return both(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  const hours = Math.round(minutes / 60);
  return both(Math.floor(hours / 24), 'days', hours % 24, 'h');
}

function both(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

/** `10 minutes`, `90 seconds`, as strategies are configured. */
export function durationWords(seconds: number): string {
  if (seconds < 120 && seconds % 60 !== 0) return seconds === 1 ? '1 second' : `${seconds} seconds`;
  const minutes = Math.round(seconds / 6) / 10;
  return minutes === 1 ? '1 minute' : `${minutes} minutes`;
}

/** Of how many earlier ones something is told, so that nobody takes one for a rule. */
export function basisWords({ of }: Usual): string {
  return of === 1 ? 'as the last one did' : `median of the last ${of}`;
}
