import { isToldByItself } from './cost/recommendation-words.ts';
import type { Recommend, ServiceAdvice } from './cost/recommendations.ts';
import type { Channel, Rendered } from './ports/channel.ts';
import type { Logger } from './ports/logger.ts';
import type { TickStore } from './ports/tick-store.ts';

/** Every day at 08:43 UTC; the first bot of a month that is there then takes it. */
export const EVERY_MORNING = '43 8 * * *';

export interface MonthlyNoteDeps {
  readonly services: readonly string[];
  readonly recommend: Recommend;
  readonly ticks: TickStore;
  readonly channel: Pick<Channel, 'post'>;
  readonly render: (advice: ServiceAdvice) => Rendered;
  readonly log: Logger;
}

/**
 * Looks once a month at what each service would do with, and tells the channel where that is less than it has. The month
 * is claimed in the table before anything is told, so that however many replicas there are it is told once or, should
 * one die in between, not at all. What cannot be read is logged; the next month looks again.
 */
export function createMonthlyNote(deps: MonthlyNoteDeps): (at: Date) => Promise<void> {
  const { recommend, ticks, channel, render, log } = deps;

  async function one(service: string, month: string): Promise<void> {
    if (!(await ticks.claimTick(service, 'recommend', month))) return;
    const advice = await recommend(service);
    const isTold = isToldByItself(advice);
    log.info({ service, month, told: isTold }, 'monthly look at the size of endpoints');
    for (const unread of advice.environments) {
      if (unread.kind !== 'unknown') continue;
      log.warn({ service, environment: unread.environment, why: unread.why }, 'the use of an endpoint cannot be read');
    }
    if (!isTold) return;
    const posted = await channel.post(render(advice), null);
    if (posted.kind === 'failed') log.warn({ service, why: posted.why }, 'a recommendation could not be announced');
  }

  return async (at) => {
    const month = at.toISOString().slice(0, 7);
    for (const service of deps.services) {
      try {
        await one(service, month);
      } catch (error) {
        log.warn({ service, error: String(error) }, 'the monthly look could not be taken');
      }
    }
  };
}
