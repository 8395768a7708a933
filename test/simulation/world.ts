import type { Environment, EnvironmentPlan } from '../../src/rollout/candidate.ts';
import type { AutoStage, ServiceRuntime } from '../../src/rollout/engine-deps.ts';
import { type IdleStop, PROTOCOL_TIMES, type Reminders } from '../../src/rollout/input.ts';
import type { Strategy } from '../../src/rollout/strategy.ts';
import type { Chance } from './chance.ts';
import type { Mutant } from './mutants.ts';
import type { OutsideTemper } from './outside.ts';
import type { Manners } from './people.ts';
import type { ReleaseTimes } from './release.ts';
import type { Temper } from './sagemaker.ts';
import { GITHUB_USERS } from './sim-slack.ts';
import type { SmokeShape } from './sim-smoke.ts';
import { drawStrategy } from './strategies.ts';

export const SERVICES = ['survival', 'fares'] as const;

/** What one life is like, drawn once from its seed. */
export interface Setting {
  readonly replicas: number;
  readonly quorum: number;
  /** Whether one approver alone may go past what stands in the way; absent: not. */
  readonly breakGlass?: boolean;
  /** Approvers are called again; absent: never. */
  readonly reminders?: Reminders;
  /** What is rolled out to staging that nobody asks for; absent: nothing. */
  readonly autoStage?: AutoStage;
  /** staging is stopped when nobody uses it; absent: never. */
  readonly idleStop?: IdleStop;
  /** How far apart its uses are, on average; absent: nobody ever uses it. */
  readonly usesEveryMs?: number;
  readonly approvalExpiresAfterHours: number;
  readonly deadlineMinutes: Readonly<Record<Environment, number>>;
  readonly poll: { readonly underWayMs: number; readonly atRestMs: number };
  readonly onStagingFailure: 'keep' | 'delete';
  readonly smokeLongestMs: number;
  readonly smoke: SmokeShape;
  readonly temper: Temper;
  /** How prod is changed; null: at once, and nothing guards it. */
  readonly strategy: Strategy | null;
  readonly manners: Manners;
  readonly outside: OutsideTemper;
  readonly crashesPerHour: number;
  readonly termsPerHour: number;
  readonly freezesPerHour: number;
  readonly retriedByItself: number;
  /** How many of the describes show what was up to 5 s ago. */
  readonly staleDescribes: number;
  /** How often only a part of what a deployment needs is made at first. */
  readonly halfPrepared: number;
  /** How often the Model Registry says no to a decision for good. */
  readonly refusesDecisions: number;
  /** null: the same version all the time. */
  readonly release: ReleaseTimes | null;
}

/** `guard` is for the strategy alone, so that it shifts nothing else. */
export function drawSetting(chance: Chance, guard: Chance): Setting {
  const pace = chance.pick(['fast', 'fast', 'slow', 'mixed'] as const);
  const updateMs = () => {
    const slow = pace === 'slow' || (pace === 'mixed' && chance.happens(0.4));
    return slow ? chance.spread(5 * 60_000, 45 * 60_000) : chance.spread(3_000, 60_000);
  };
  const pauseMs = chance.spread(300, 8_000);
  const probes = 3 + chance.below(5);
  return {
    replicas: 3,
    quorum: chance.happens(0.5) ? 1 : 2,
    approvalExpiresAfterHours: chance.pick([0.1, 0.5, 1.5]),
    deadlineMinutes: { staging: chance.pick([5, 20, 60]), prod: chance.pick([5, 20, 60]) },
    poll: chance.pick([
      { underWayMs: 2_000, atRestMs: 15_000 },
      { underWayMs: 5_000, atRestMs: 30_000 },
    ]),
    onStagingFailure: chance.pick(['keep', 'delete']),
    smokeLongestMs: Math.round(probes * pauseMs * chance.between(1.2, 3) + 5_000),
    smoke: { probes, pauseMs, inconclusive: chance.pick([0, 0.05, 0.3]) },
    temper: {
      updateMs,
      deleteMs: () => chance.spread(2_000, 60_000),
      silentRollback: chance.pick([0, 0.05, 0.2]),
      rollbackFailed: chance.pick([0, 0, 0.05]),
      quotaRefusal: chance.pick([0, 0, 0.05]),
      stampsAtEnd: chance.happens(0.5),
    },
    strategy: drawStrategy(guard),
    manners: {
      deployEveryMs: chance.spread(60_000, 15 * 60_000),
      rollbackEveryMs: chance.spread(4 * 60_000, 60 * 60_000),
      lockEveryMs: chance.spread(8 * 60_000, 60 * 60_000),
      pendingEveryMs: chance.spread(3 * 60_000, 30 * 60_000),
      cleanupEveryMs: chance.spread(2 * 60_000, 40 * 60_000),
      cleansLive: chance.pick([0, 0.1, 0.3]),
      patienceMs: chance.spread(3_000, 5 * 60_000),
      repeatedDelivery: chance.pick([0, 0.2, 0.5]),
    },
    outside: {
      consoleEveryMs: chance.happens(0.5) ? null : chance.spread(5 * 60_000, 60 * 60_000),
      systemUpdateEveryMs: chance.happens(0.6) ? null : chance.spread(10 * 60_000, 60 * 60_000),
      slackBadDayEveryMs: chance.pick([null, 2_400_000]),
      packageEveryMs: chance.spread(3 * 60_000, 20 * 60_000),
      changedPackages: chance.pick([0, 0.2, 1]),
      takesNames: chance.pick([0, 0, 0.1]),
      guestEveryMs: chance.pick([null, null, 1_200_000]),
      orphans: 0.3,
      meddles: chance.pick([0, 0.1, 0.4]),
      pendingPackages: chance.pick([0.1, 0.1, 0.4]),
      decidesModels: chance.pick([0, 0.1, 0.3]),
    },
    crashesPerHour: chance.pick([0, 2, 10]),
    termsPerHour: chance.pick([0, 2, 6]),
    freezesPerHour: chance.pick([0, 2, 8]),
    retriedByItself: chance.pick([0, 0.5]),
    staleDescribes: 0.4,
    halfPrepared: chance.pick([0, 0.1]),
    refusesDecisions: chance.pick([0, 0, 0.05]),
    release: chance.happens(0.3)
      ? { fromMs: chance.between(60_000, 2_400_000), everyMs: chance.spread(20_000, 600_000) }
      : null,
  };
}

export function endpointNameOf(service: string, environment: Environment): string {
  return `titanic-${service}-${environment}`;
}

export function groupOf(service: string): string {
  return `titanic-${service}`;
}

/** What all that titanic makes carries. */
export const TAGS: Readonly<Record<string, string>> = { project: 'titanic-sagemaker' };

/** The configuration as the product gets it; a mutant may have bent it. */
export function runtimeOf(service: string, setting: Setting, mutant: Mutant): ServiceRuntime {
  const endpointNames = { staging: endpointNameOf(service, 'staging'), prod: endpointNameOf(service, 'prod') };
  return {
    settings: {
      service,
      prefix: 'titanic-',
      modelPackageGroup: groupOf(service),
      quorum: mutant.quorum ?? setting.quorum,
      breakGlass: setting.breakGlass ?? false,
      ...(setting.idleStop === undefined ? {} : { idleStop: setting.idleStop }),
      ...(setting.reminders === undefined ? {} : { reminders: setting.reminders }),
      githubUsers: GITHUB_USERS,
      approvalExpiresAfterHours: mutant.approvalExpiresAfterHours ?? setting.approvalExpiresAfterHours,
      endpointNames,
      deadlineMinutes: setting.deadlineMinutes,
      tags: { staging: TAGS, prod: TAGS },
      onStagingFailure: setting.onStagingFailure,
      smokeLongestMs: setting.smokeLongestMs,
      times: { ...PROTOCOL_TIMES, ...mutant.times },
      ...(mutant.leavesOut === undefined ? {} : { mutations: new Set(mutant.leavesOut) }),
    },
    plans: { staging: planOf(endpointNames.staging, 1), prod: prodPlan(endpointNames.prod, setting) },
    ...(setting.autoStage === undefined ? {} : { autoStage: setting.autoStage }),
  };
}

function prodPlan(endpointName: string, { strategy }: Setting): EnvironmentPlan {
  const plan = planOf(endpointName, 2);
  return strategy === null ? plan : { ...plan, strategy };
}

function planOf(endpointName: string, instanceCount: number): EnvironmentPlan {
  return {
    endpointName,
    executionRoleArn: 'arn:aws:iam::123456789012:role/titanic-sagemaker-execution',
    capacity: { kind: 'instances', instanceType: 'ml.m5.large', instanceCount },
    containerEnv: {},
    networkIsolation: false,
    tags: {},
  };
}
