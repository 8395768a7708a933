import { smokeLongestMs } from './adapters/smoke-runner.ts';
import { createTicks, createWindow, createWorkingHours } from './calendar.ts';
import type {
  AutoStageConfig,
  Settings as Configured,
  EnvironmentConfig,
  FreezeConfig,
  ProdConfig,
  RemindersConfig,
  ServiceConfig,
  StagingConfig,
} from './config-types.ts';
import type { EnvironmentPlan } from './rollout/candidate.ts';
import type { AutoStage, ServiceRuntime } from './rollout/engine-deps.ts';
import type { Freeze, IdleStop, ProtocolTimes, Reminders } from './rollout/input.ts';

/** What the core needs of one configured service. `times` are the protocol's, with the configured describe lag. */
export function serviceRuntime(configured: Configured, service: ServiceConfig, times: ProtocolTimes): ServiceRuntime {
  const { staging, prod } = service;
  const { reminders } = configured.slack.approvers;
  return {
    settings: {
      service: service.name,
      prefix: configured.prefix,
      modelPackageGroup: service.modelPackageGroup,
      quorum: configured.slack.approvers.quorum,
      mandatoryGroup: configured.slack.approvers.mandatory !== undefined,
      breakGlass: configured.slack.approvers.breakGlass,
      frozen: frozenOf(configured.freezes, service.name),
      ...(reminders === undefined ? {} : { reminders: remindersOf(reminders) }),
      githubUsers: configured.githubUsers,
      approvalExpiresAfterHours: service.approvalExpiresAfterHours,
      endpointNames: { staging: staging.endpointName, prod: prod.endpointName },
      deadlineMinutes: { staging: staging.deadlineMinutes, prod: prod.deadlineMinutes },
      tags: { staging: staging.tags, prod: prod.tags },
      onStagingFailure: staging.onFailure,
      ...(staging.idleStop === undefined ? {} : { idleStop: idleStopOf(staging.idleStop) }),
      smokeLongestMs: smokeLongestMs(service.smoke),
      times: { ...times, describeLagMs: configured.aws.describeLagSeconds * 1_000 },
    },
    plans: { staging: planOf(configured, staging), prod: prodPlanOf(configured, prod) },
    ...(service.autoStage === undefined ? {} : { autoStage: autoStageOf(service.autoStage) }),
  };
}

function idleStopOf({ afterHours, whileGateOpen }: NonNullable<StagingConfig['idleStop']>): IdleStop {
  return { afterMs: afterHours * 3_600_000, whileGateOpen };
}

function remindersOf({ afterHours, most, workingHours }: RemindersConfig): Reminders {
  const within = workingHours === undefined ? {} : { within: createWorkingHours(workingHours) };
  return { afterMs: afterHours * 3_600_000, most, ...within };
}

function autoStageOf({ approvedPackages, schedule }: AutoStageConfig): AutoStage {
  const ticks = schedule === undefined ? {} : { lastTick: createTicks(schedule.cron, schedule.timeZone) };
  return { approvedPackages, ...ticks };
}

/** Of several freezes at once the one that lasts longest. */
function frozenOf(freezes: readonly FreezeConfig[], service: string): (nowMs: number) => Freeze | null {
  const windows = freezes
    .filter((freeze) => freeze.services === undefined || freeze.services.includes(service))
    .map((freeze) => ({ freeze, endOf: createWindow(freeze) }));
  return (nowMs) => {
    let longest: Freeze | null = null;
    for (const { freeze, endOf } of windows) {
      const untilMs = endOf(nowMs);
      if (untilMs === null || (longest !== null && longest.untilMs >= untilMs)) continue;
      const { name, owner, reason } = freeze;
      longest = { name, owner, reason, untilMs };
    }
    return longest;
  };
}

/** Without a strategy there is no such key either: the plan's digest is sealed, and that of old rollouts must stay. */
function prodPlanOf(configured: Configured, prod: ProdConfig): EnvironmentPlan {
  const { strategy } = prod;
  return { ...planOf(configured, prod), ...(strategy === undefined ? {} : { strategy }) };
}

/** Everything of `titanic.yml` that shapes one endpoint, and nothing else: it is sealed. */
function planOf(configured: Configured, environment: EnvironmentConfig): EnvironmentPlan {
  const { capacity, vpc, kmsKeyId, startupTimeoutSeconds, modelDownloadTimeoutSeconds } = environment;
  return {
    endpointName: environment.endpointName,
    executionRoleArn: configured.aws.executionRoleArn,
    capacity: capacity.kind === 'instance' ? { ...capacity, kind: 'instances' } : capacity,
    containerEnv: environment.containerEnv,
    networkIsolation: environment.networkIsolation,
    tags: environment.tags,
    ...(vpc === undefined ? {} : { vpc }),
    ...(kmsKeyId === undefined ? {} : { kmsKeyId }),
    ...(startupTimeoutSeconds === undefined ? {} : { startupTimeoutSeconds }),
    ...(modelDownloadTimeoutSeconds === undefined ? {} : { modelDownloadTimeoutSeconds }),
  };
}
