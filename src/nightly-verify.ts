import type { Channel, Rendered } from './ports/channel.ts';
import type { Logger } from './ports/logger.ts';
import type { TickStore } from './ports/tick-store.ts';
import type { Check } from './verify-live/check.ts';

/** Every night at 03:17 UTC: away from the full hour, when everybody else's jobs run. */
export const NIGHTLY = '17 3 * * *';

export interface NightlyVerifyDeps {
  readonly services: readonly string[];
  readonly verify: (service: string) => Promise<readonly Check[]>;
  readonly ticks: TickStore;
  readonly channel: Pick<Channel, 'post'>;
  readonly render: (service: string, checks: readonly Check[]) => Rendered;
  readonly log: Logger;
}

/**
 * Compares what runs with the record, once a night however many replicas there are, and tells the channel only where
 * something differs. What could not be read is logged; the next night asks again.
 */
export function createNightlyVerify(deps: NightlyVerifyDeps): (at: Date) => Promise<void> {
  const { verify, ticks, channel, render, log } = deps;

  async function one(service: string, instant: string): Promise<void> {
    if (!(await ticks.claimTick(service, 'nightly-verify', instant))) return;
    const checks = await verify(service);
    const differing = checks.filter((check) => check.status === 'different');
    const unknown = checks.filter((check) => check.status === 'unknown');
    log.info(
      { service, checks: checks.length, different: differing.length, unknown: unknown.length },
      'nightly verify',
    );
    if (differing.length === 0) return;
    const posted = await channel.post(render(service, checks), null);
    if (posted.kind === 'failed') log.warn({ service, why: posted.why }, 'a difference could not be announced');
  }

  return async (at) => {
    const instant = at.toISOString().slice(0, 16);
    for (const service of deps.services) {
      try {
        await one(service, instant);
      } catch (error) {
        log.warn({ service, error: String(error) }, 'nightly verify could not be done');
      }
    }
  };
}
