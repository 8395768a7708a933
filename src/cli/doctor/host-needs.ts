import { readFileSync } from 'node:fs';
import process from 'node:process';
import { type Need, ok, problem, skipped } from './need.ts';

/** Slack's signatures and AWS's are good for five minutes; long before that the times in the record mislead. */
const MOST_SKEW_MS = 60_000;

/** Our own clock beside that of somebody who answered just now. `dateMs` null: they did not say. */
export function clockNeed(whose: 'Slack' | 'AWS', dateMs: number | null, nowMs: number): Need {
  const name = `clock: ${whose}`;
  if (dateMs === null) return skipped(name, `${whose} did not say what time it is`);
  const seconds = Math.round((nowMs - dateMs) / 1_000);
  const apart = `${Math.abs(seconds)} s ${seconds < 0 ? 'behind' : 'ahead of'} that of ${whose}`;
  if (Math.abs(nowMs - dateMs) <= MOST_SKEW_MS) return ok(name, `this clock is within a minute of that of ${whose}`);
  return problem(name, `this clock is ${apart}`, 'Set it by NTP: signed requests are refused by their time.');
}

/** The Node that runs this, and titanic itself. */
export function versionNeeds(node = process.versions.node): readonly Need[] {
  const { version, engines } = readPackage();
  const least = /^>=(\d+)/.exec(engines.node)?.[1] ?? '';
  const enough = Number(node.split('.')[0]) >= Number(least);
  return [
    enough ? ok('node', node) : problem('node', `${node} is too old`, `Use Node ${least} or newer.`),
    ok('titanic', version),
  ];
}

interface Package {
  readonly version: string;
  readonly engines: { readonly node: string };
}

function readPackage(): Package {
  return JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
}
