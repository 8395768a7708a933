import type { ServiceConfig } from '../../config-types.ts';
import type { Composed } from '../compose-cli.ts';
import { type Need, ok, problem } from './need.ts';

/** What stopping a staging that nobody uses needs of CloudWatch; nothing where none is stopped. */
export async function idleNeeds(
  { fleets, clock }: Pick<Composed, 'fleets' | 'clock'>,
  { name, staging }: ServiceConfig,
): Promise<readonly Need[]> {
  const { idleStop, endpointName } = staging;
  if (idleStop === undefined) return [];
  const what = `${name}: requests of staging`;
  const since = new Date(clock.nowMs() - idleStop.afterHours * 3_600_000).toISOString();
  const seen = await fleets.requests('staging', { endpointName, since });
  if (seen.kind === 'unknown') {
    const todo =
      'Compare the permissions of these credentials with infra/. Until CloudWatch answers, staging is not stopped.';
    return [problem(what, seen.why, todo)];
  }
  return [ok(what, `${seen.value} in the last ${idleStop.afterHours} hours, by CloudWatch`)];
}
