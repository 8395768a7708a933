import type { Logger } from './ports/logger.ts';
import type { Readiness } from './ports/readiness.ts';
import { openSince } from './rollout/open-since.ts';
import type { ServiceState } from './rollout/state.ts';

export const EVERY_MINUTE = '* * * * *';

/** What one line of the log says of this replica. Alarms count these lines (infra/modules/bot), so names do not change. */
export interface Pulse {
  readonly ready: boolean;
  /** Why not; or, beside `ready`, what somebody has to look at all the same. */
  readonly trouble: readonly string[];
  /** Of the oldest call to SageMaker without an outcome, of all services; 0: none is open. */
  readonly oldestOpenIntentSeconds: number;
  /** How many entries Slack does not show yet, of the service that is furthest behind. */
  readonly announcerBehindEntries: number;
}

interface PulseDeps {
  readonly readiness: () => Promise<Readiness>;
  readonly states: () => readonly ServiceState[];
  readonly behind: (service: string) => number;
  readonly nowMs: () => number;
  readonly log: Logger;
}

/** One line a minute by which somebody who reads only the log knows how the bot is, and that it is there. Never throws. */
export function createPulse({ readiness, states, behind, nowMs, log }: PulseDeps): () => Promise<void> {
  return async () => {
    // What cannot be found out is not fine.
    const { ok, trouble } = await readiness().catch(() => ({ ok: false, trouble: ['unknown'] }));
    const services = states();
    const ages = services.map((state) => {
      const since = openSince(state);
      return since === null ? 0 : Math.max(0, Math.round((nowMs() - Date.parse(since)) / 1_000));
    });
    const pulse: Pulse = {
      ready: ok,
      trouble,
      oldestOpenIntentSeconds: Math.max(0, ...ages),
      announcerBehindEntries: Math.max(0, ...services.map(({ service }) => behind(service))),
    };
    log.info({ ...pulse }, 'pulse');
  };
}
