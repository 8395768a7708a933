import { createChance } from './chance.ts';
import { createSingleFault, type Fault } from './faults.ts';
import type { GoldenName } from './golden-script.ts';
import { type Life, live } from './life.ts';
import type { Setting } from './world.ts';

/** The faults that every await of the golden life meets once. */
export const SWEPT: readonly Fault[] = ['crash-before', 'crash-after', 'reply-lost'];

/** A life in which everything happens once and nothing goes wrong: one replica, so that every call has its number. */
export function goldenSetting(own: Setting): Setting {
  return {
    ...own,
    replicas: 1,
    quorum: 1,
    approvalExpiresAfterHours: 1.5,
    deadlineMinutes: { staging: 60, prod: 60 },
    poll: { underWayMs: 5_000, atRestMs: 60_000 },
    smokeLongestMs: 60_000,
    smoke: { probes: 2, pauseMs: 1_000, inconclusive: 0 },
    temper: {
      updateMs: () => 6_000,
      deleteMs: () => 5_000,
      silentRollback: 0,
      rollbackFailed: 0,
      quotaRefusal: 0,
      stampsAtEnd: false,
    },
    outside: {
      consoleEveryMs: null,
      systemUpdateEveryMs: null,
      packageEveryMs: 1e12,
      slackBadDayEveryMs: null,
      changedPackages: 0,
      takesNames: 0,
      guestEveryMs: null,
      orphans: 0,
      meddles: 0,
      pendingPackages: 0.1,
      decidesModels: 0,
    },
    crashesPerHour: 0,
    termsPerHour: 0,
    freezesPerHour: 0,
    retriedByItself: 0,
    staleDescribes: 0.4,
    halfPrepared: 0,
    refusesDecisions: 0,
    release: null,
  };
}

const GOLDEN_SEED = 1;

/** A golden life with one fault at one call; without one, the life itself. */
export async function goldenLife(
  golden: GoldenName,
  atCall: number,
  fault: Fault,
): Promise<{ life: Life; calls: number }> {
  const faults = createSingleFault(createChance(GOLDEN_SEED, 'golden'), atCall, fault);
  const life = await live({ seed: GOLDEN_SEED, setting: goldenSetting, faults: () => faults, golden });
  return { life, calls: faults.calls };
}
