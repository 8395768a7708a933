import type { CleanupTarget } from '../../src/rollout/cleanup.ts';
import type { Event } from '../../src/rollout/events.ts';
import type { Means } from './people.ts';
import { APPROVERS, OPERATORS, PEOPLE } from './sim-slack.ts';

/** What people do to clean up. */
export function createCleanupDeeds({ chance, time, press, soon, patienceMs, isLively }: Means, cleansLive: number) {
  function propose(service: string): void {
    const target: CleanupTarget = chance.happens(cleansLive) ? chance.pick(['staging', 'prod', 'all']) : 'leftovers';
    const person = chance.happens(0.9) ? chance.pick(APPROVERS) : chance.pick(PEOPLE);
    press(person, service, { verb: 'cleanup', target, confirm: null });
    if (chance.happens(0.1)) soon(4_000, () => press(person, service, { verb: 'cleanup', target, confirm: null }));
  }

  function confirm(service: string, cleanupId: string, proposer: string): void {
    const own = chance.happens(0.25);
    const person = own ? proposer : chance.happens(0.85) ? chance.pick(APPROVERS) : chance.pick(PEOPLE);
    press(person, service, { verb: 'confirm-cleanup', cleanupId });
  }

  function stop(service: string, cleanupId: string): void {
    const person = chance.happens(0.85) ? chance.pick(APPROVERS) : chance.pick(PEOPLE);
    press(person, service, { verb: 'stop-cleanup', cleanupId });
  }

  function deploy(service: string): void {
    press(chance.pick(OPERATORS), service, { verb: 'deploy', model: null, note: 'anew' });
  }

  return {
    propose,
    reactTo(service: string, event: Event): void {
      switch (event.type) {
        case 'CleanupProposed': {
          const { cleanupId, by } = event;
          const times = chance.below(4);
          for (let i = 0; i < times; i++) soon(patienceMs, () => confirm(service, cleanupId, by));
          // Long after it was shown, or decided.
          if (chance.happens(0.25)) {
            time.after(chance.spread(60_000, 5_400_000), () => isLively() && confirm(service, cleanupId, by));
          }
          if (chance.happens(0.1)) soon(patienceMs, () => stop(service, cleanupId));
          if (chance.happens(0.2)) soon(patienceMs, () => deploy(service));
          break;
        }
        case 'CleanupConfirmed': {
          const { cleanupId } = event;
          if (chance.happens(0.15)) soon(60_000, () => stop(service, cleanupId));
          if (chance.happens(0.3)) soon(60_000, () => deploy(service));
          if (chance.happens(0.1)) soon(30_000, () => propose(service));
          for (const environment of event.removes) {
            if (!chance.happens(0.2)) continue;
            const lock = { verb: 'lock', environment, forSeconds: 120, reason: 'wait' } as const;
            soon(20_000, () => press(chance.pick(OPERATORS), service, lock));
          }
          break;
        }
        case 'CleanupEnded':
          if (chance.happens(0.6)) soon(patienceMs, () => deploy(service));
          break;
        default:
      }
    },
  };
}
