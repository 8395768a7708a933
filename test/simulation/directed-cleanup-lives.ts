import type { EventOf } from '../../src/rollout/events.ts';
import type { DirectedLife } from './directed-life.ts';
import { APPROVERS } from './sim-slack.ts';
import type { Setting } from './world.ts';

/** Clean-ups all the time, of leftovers or (`live`) of anything. */
function manyCleanups(live: number): (own: Setting) => Partial<Setting> {
  return (own) => ({ manners: { ...own.manners, cleanupEveryMs: 150_000, cleansLive: live } });
}

/** The first config that a round deletes; null: it deletes none. */
function configIn({ deletions }: EventOf<'CleanupRoundIntended' | 'CleanupProposed'>): string | null {
  return deletions.find((d) => d.kind === 'endpoint configuration')?.name ?? null;
}

/** About clean-ups. */
export const CLEANUP_LIVES = {
  'plan-of-another-world': {
    what: 'something that a plan names is deleted in the console before anybody confirms it',
    setting: manyCleanups(0.3),
    reactTo(service, event, { chance, after, press, deletePart }) {
      if (event.type !== 'CleanupProposed') return;
      const { cleanupId, target } = event;
      const name = configIn(event);
      // What is live is not deleted in the console: that would be another story.
      if (name !== null && target === 'leftovers') after(chance.between(10, 500), () => deletePart(name));
      after(chance.between(6_000, 20_000), () =>
        press(chance.pick(APPROVERS), service, { verb: 'confirm-cleanup', cleanupId }),
      );
    },
  },
  'cleaned-again-and-again': {
    what: 'leftovers are cleaned up all the time, while versions come and go',
    setting: manyCleanups(0),
  },
  'all-gone': {
    what: 'what is live is deleted again and again, who asks wants to confirm it, and deploys come meanwhile',
    setting: manyCleanups(1),
    reactTo(service, event, { chance, after, press }) {
      if (event.type === 'CleanupProposed') {
        const { cleanupId, by } = event;
        after(chance.between(50, 2_000), () => press(by, service, { verb: 'confirm-cleanup', cleanupId }));
      }
      if (event.type === 'CleanupConfirmed') {
        after(chance.between(50, 4_000), () => press('UERIN', service, { verb: 'deploy', model: null, note: null }));
      }
    },
  },
  'in-use-by-then': {
    what: 'somebody begins to use a config that a clean-up was confirmed to delete, while SageMaker deletes nothing',
    setting: manyCleanups(0),
    reactTo(_service, event, { chance, outage, guest }) {
      const name = event.type === 'CleanupRoundIntended' && chance.happens(0.5) ? configIn(event) : null;
      if (name === null) return;
      guest(name);
      outage('aws.remove', 260_000);
    },
  },
  'asleep-with-a-deletion': {
    what: 'the machine is suspended for minutes with a deletion in its hands, and somebody begins to use the thing',
    setting: manyCleanups(0),
    fault: (name, { chance }) => (name === 'aws.remove' && chance.happens(0.4) ? 'freeze-before' : 'none'),
    freezeMs: [250_000, 900_000],
    reactTo(_service, event, { chance, after, guest }) {
      const name = event.type === 'CleanupRoundIntended' ? configIn(event) : null;
      if (name !== null) after(chance.between(500, 20_000), () => guest(name));
    },
  },
  'second-thoughts-about-a-clean-up': {
    what: 'a clean-up is stopped in the moment in which it deletes',
    setting: manyCleanups(0),
    inFlightMs: (name, { chance }) => (name === 'aws.tagsOf' ? chance.between(50, 800) : null),
    reactTo(service, event, { chance, after, press }) {
      if (event.type !== 'CleanupRoundIntended') return;
      const { cleanupId } = event;
      after(chance.between(1, 500), () => press(chance.pick(APPROVERS), service, { verb: 'stop-cleanup', cleanupId }));
    },
  },
} as const satisfies Readonly<Record<string, DirectedLife>>;
