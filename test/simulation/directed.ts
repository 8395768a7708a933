import type { Event } from '../../src/rollout/events.ts';
import type { Chance } from './chance.ts';
import { CLEANUP_LIVES } from './directed-cleanup-lives.ts';
import { GUARD_LIVES } from './directed-guard-lives.ts';
import type { DirectedLife, Hands } from './directed-life.ts';
import { IDLE_LIVES } from './directed-idle-lives.ts';
import { MODEL_LIVES } from './directed-model-lives.ts';
import { POLICY_LIVES } from './directed-policy-lives.ts';
import { ROLLOUT_LIVES } from './directed-rollout-lives.ts';
import { createDirectedFaults, type Fault, type Faults } from './faults.ts';
import type { Setting } from './world.ts';

const LIVES = { ...ROLLOUT_LIVES, ...MODEL_LIVES, ...CLEANUP_LIVES, ...GUARD_LIVES, ...POLICY_LIVES, ...IDLE_LIVES };

export type DirectedName = keyof typeof LIVES;

export const DIRECTED: Readonly<Record<DirectedName, DirectedLife>> = LIVES;

const QUICK_MS = [2_000, 8_000] as const;

/** Everything quick and nothing that goes wrong by itself, so that what is directed has room. */
export function calmSetting(own: Setting, chance: Chance): Setting {
  return {
    ...own,
    quorum: 1,
    approvalExpiresAfterHours: 1.5,
    deadlineMinutes: { staging: 60, prod: 60 },
    smoke: { probes: 3, pauseMs: 500, inconclusive: 0 },
    smokeLongestMs: 30_000,
    temper: {
      updateMs: () => chance.between(...QUICK_MS),
      deleteMs: () => chance.between(...QUICK_MS),
      silentRollback: 0,
      rollbackFailed: 0,
      quotaRefusal: 0,
      stampsAtEnd: chance.happens(0.5),
    },
    strategy: null,
    manners: {
      deployEveryMs: 120_000,
      rollbackEveryMs: 1_200_000,
      lockEveryMs: 1e9,
      pendingEveryMs: 1e9,
      cleanupEveryMs: 1e9,
      cleansLive: 0,
      patienceMs: 8_000,
      repeatedDelivery: 0,
    },
    outside: {
      consoleEveryMs: null,
      systemUpdateEveryMs: null,
      packageEveryMs: 300_000,
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
    halfPrepared: 0,
    refusesDecisions: 0,
    release: null,
  };
}

export function isDirectedName(name: string): name is DirectedName {
  return Object.hasOwn(DIRECTED, name);
}

/** A directed life made ready for one seed. */
export interface Directed {
  setting(own: Setting): Setting;
  readonly faults: Faults;
  reactTo(service: string, event: Event): void;
  /** Gives it its world, once there is one. */
  begin(world: Omit<Hands, 'chance' | 'outage' | 'meetsNext'> & { nowMs(): number }): void;
}

const NO_FREEZE_MS = [1_000, 2_000] as const;

export function direct(life: DirectedLife, chance: Chance): Directed {
  const outages = new Map<string, number>();
  const next = new Map<string, Fault>();
  let hands: Hands | null = null;
  let nowMs = () => 0;

  return {
    setting(own) {
      const calm = calmSetting(own, chance);
      return { ...calm, ...life.setting?.(calm, chance) };
    },
    faults: createDirectedFaults(chance, {
      fault(callName) {
        const met = next.get(callName);
        next.delete(callName);
        if (met !== undefined) return met;
        if ((outages.get(callName) ?? 0) > nowMs()) return 'throttled';
        return hands === null ? 'none' : (life.fault?.(callName, hands) ?? 'none');
      },
      inFlightMs: (callName) => (hands === null ? null : (life.inFlightMs?.(callName, hands) ?? null)),
      freezeMs: life.freezeMs ?? NO_FREEZE_MS,
    }),
    reactTo(service, event) {
      if (hands !== null) life.reactTo?.(service, event, hands);
    },
    begin(world) {
      nowMs = world.nowMs;
      hands = {
        ...world,
        chance,
        outage: (callName, forMs) => outages.set(callName, world.nowMs() + forMs),
        meetsNext: (callName, fault) => next.set(callName, fault),
      };
    },
  };
}
