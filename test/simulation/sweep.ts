import { createChance } from './chance.ts';
import { createSingleFault, type Fault } from './faults.ts';
import type { GoldenName } from './golden-script.ts';
import { type Life, live } from './life.ts';
import { describeViolation } from './violations.ts';
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

export const GOLDENS: readonly GoldenName[] = ['rollouts', 'model and clean-up'];

/** What befell golden lives with one fault, each at another call. */
export interface Swept {
  readonly lives: number;
  /** Calls of the life that nothing befalls. */
  readonly calls: number;
  readonly violations: readonly string[];
}

/** One fault at every call of a golden life, one life each; `strikes` leaves calls out. */
export async function sweep(
  golden: GoldenName,
  fault: Fault,
  strikes: (call: number) => boolean = () => true,
): Promise<Swept> {
  const { life: quiet, calls } = await goldenLife(golden, -1, 'none');
  const violations = quiet.violations.map((v) => `without a fault: ${describeViolation(v)}`);
  let lives = 1;
  for (let call = 0; call < calls; call += 1) {
    if (!strikes(call)) continue;
    lives += 1;
    const { life } = await goldenLife(golden, call, fault);
    violations.push(...life.violations.map((v) => `${golden}, ${fault} at call ${call}: ${describeViolation(v)}`));
  }
  return { lives, calls, violations };
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
