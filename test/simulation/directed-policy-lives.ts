import type { Request } from '../../src/rollout/api.ts';
import type { DirectedLife } from './directed-life.ts';

/** Open for half of the time, by the wall clock. */
const OPEN_MS = 240_000;

function openHours(ms: number): number {
  const sinceMs = ms % (2 * OPEN_MS);
  return sinceMs < OPEN_MS ? ms : ms - sinceMs + 2 * OPEN_MS;
}

/** The schedule of the lives that have one. */
const TICK_MS = 240_000;

/** About what titanic does or says by itself because its configuration says so. */
export const POLICY_LIVES = {
  'slow-approvers': {
    what: 'nobody answers for long, or for later, while prod is locked now and then and replicas die after their appends',
    setting: (own, chance) => ({
      quorum: 2,
      reminders: {
        afterMs: 120_000,
        most: 2,
        ...(chance.happens(0.5) ? { within: openHours } : {}),
      },
      manners: {
        ...own.manners,
        deployEveryMs: 1_500_000,
        pendingEveryMs: 600_000,
        lockEveryMs: chance.pick([400_000, 1e9]),
        approveAfterMs: [300_000, 2_400_000],
      },
      outside: { ...own.outside, pendingPackages: 0.5 },
    }),
    fault: (name, { chance }) =>
      name === 'store.append' && chance.happens(0.05) ? chance.pick(['crash-after', 'reply-lost'] as const) : 'none',
    reactTo(service, event, { chance, after, press, wallMs }) {
      if (event.type !== 'GateOpened' || chance.happens(0.5)) return;
      const { rolloutId } = event;
      // Decided early, and in prod long after.
      for (const person of ['UALICE', 'UBOB', 'UCAROL']) {
        after(chance.between(1_000, 100_000), () => {
          const later: Request = { verb: 'promote', rolloutId, atMs: wallMs() + chance.between(600_000, 1_800_000) };
          press(person, service, later);
        });
      }
    },
  },
  'staged-by-itself': {
    what: 'titanic rolls out what is approved, or at times, while people deploy, decide late, lock, and replicas die',
    setting: (own, chance) => ({
      autoStage: {
        approvedPackages: chance.happens(0.6),
        ...(chance.happens(0.7) ? { lastTick: (ms: number) => Math.floor(ms / TICK_MS) * TICK_MS } : {}),
      },
      manners: {
        ...own.manners,
        deployEveryMs: chance.pick([300_000, 1e9]),
        lockEveryMs: chance.pick([240_000, 1e9]),
        rollbackEveryMs: 600_000,
        approveAfterMs: chance.pick([
          [1_000, 20_000],
          [60_000, 900_000],
        ] as const),
      },
      outside: { ...own.outside, packageEveryMs: chance.pick([60_000, 240_000]), changedPackages: 0.3 },
    }),
    fault: (name, { chance }) =>
      ['store.append', 'store.claimTick'].includes(name) && chance.happens(0.04)
        ? chance.pick(['crash-before', 'crash-after', 'reply-lost', 'request-lost'] as const)
        : 'none',
  },
} satisfies Readonly<Record<string, DirectedLife>>;
