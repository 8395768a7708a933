import type { SmokeResult } from './events.ts';

/** What one check of a smoke run found, as people say it: `error rate 10.0 %, at most 1.0 %`. */
export function findingWords({ check, measured, threshold }: SmokeResult['findings'][number]): string {
  if (threshold === 'passed') return `${check}: ${measured}`;
  if (check === 'variant') return `answered by variant ${measured} instead of ${threshold}`;
  if (check === 'error rate') return `${check} ${percent(measured)}, at most ${percent(threshold)}`;
  const [, name, unit] = /^(.*) (ms)$/.exec(check) ?? [];
  return name === undefined || !Number.isFinite(Number(measured))
    ? `${check}: ${measured}, limit ${threshold}`
    : `${name} ${measured} ${unit}, at most ${threshold} ${unit}`;
}

/** A share of 1 as a percentage; what is not a number stays as it is. */
export function percent(rate: number | string): string {
  const share = Number(rate);
  if (!Number.isFinite(share)) return String(rate);
  return `${(share * 100).toFixed(share > 0 && share < 0.001 ? 2 : 1)} %`;
}
