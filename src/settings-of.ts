import { expectationOf } from './config-checks.ts';
import type { File, FileEnvironment, FilePeople, FileReminders, FileService } from './config-schema.ts';
import { strategyOf } from './config-strategy.ts';
import type {
  AutoStageConfig,
  Capacity,
  EnvironmentConfig,
  EnvironmentName,
  People,
  ProdConfig,
  RemindersConfig,
  ServiceConfig,
  Settings,
  SmokeCase,
  StagingConfig,
} from './config-types.ts';
import type { OwnPrices } from './cost/prices.ts';

/** The checked file in the words of the program: names derived, tags merged, alternatives as unions. */
export function settingsOf(file: File): Settings {
  const { slack, aws, prefix, tags, services, freezes, recommend, prices } = file;
  const { approvers, operators } = slack;
  const { quorum, breakGlass, mandatory, reminders } = approvers;
  return {
    slack: {
      channel: slack.channel,
      approvers: {
        ...peopleOf(approvers),
        quorum,
        breakGlass,
        ...(mandatory === undefined ? {} : { mandatory: peopleOf(mandatory) }),
        ...(reminders === undefined ? {} : { reminders: remindersOf(reminders) }),
      },
      ...(operators === undefined ? {} : { operators: peopleOf(operators) }),
    },
    githubUsers: Object.fromEntries(
      Object.entries(file.github?.users ?? {}).map(([login, person]) => [login.toLowerCase(), person]),
    ),
    aws: {
      table: aws.table,
      executionRoleArn: aws.executionRoleArn,
      ...(aws.stagingRoleArn === undefined ? {} : { stagingRoleArn: aws.stagingRoleArn }),
      ...(aws.prodRoleArn === undefined ? {} : { prodRoleArn: aws.prodRoleArn }),
      describeLagSeconds: aws.describeLagSeconds,
    },
    prefix,
    tags,
    services: services.map((service) => serviceOf(service, file)),
    freezes: freezes.map(({ services: only, ...freeze }) =>
      only === undefined ? freeze : { ...freeze, services: only },
    ),
    recommend,
    ...(prices === undefined ? {} : { prices: pricesOf(prices) }),
  };
}

function pricesOf({ asOf, ...prices }: NonNullable<File['prices']>): OwnPrices {
  return asOf === undefined ? prices : { ...prices, asOf };
}

function remindersOf({ workingHours, ...often }: FileReminders): RemindersConfig {
  return workingHours === undefined ? often : { ...often, workingHours };
}

function peopleOf({ usergroup, users }: FilePeople): People {
  return usergroup === undefined ? { kind: 'users', users: users ?? [] } : { kind: 'usergroup', usergroup };
}

function serviceOf(service: FileService, file: File): ServiceConfig {
  const { name, modelPackageGroup, smoke, approvalExpiresAfterHours } = service;
  return {
    name,
    modelPackageGroup,
    staging: stagingOf(service, file),
    prod: prodOf(service, file),
    ...(service.autoStage === undefined ? {} : { autoStage: autoStageOf(service.autoStage) }),
    smoke: { ...smoke, cases: smoke.cases.map(caseOf) },
    approvalExpiresAfterHours,
  };
}

function autoStageOf({ approvedPackages, schedule }: NonNullable<FileService['autoStage']>): AutoStageConfig {
  return { approvedPackages, ...(schedule === undefined ? {} : { schedule }) };
}

function stagingOf(service: FileService, file: File): StagingConfig {
  const { onFailure, idleStop } = service.staging;
  return { ...environmentOf('staging', service, file), onFailure, ...(idleStop === undefined ? {} : { idleStop }) };
}

function prodOf(service: FileService, file: File): ProdConfig {
  const strategy = strategyOf(service.prod, service.smoke.maxP95Ms);
  return { ...environmentOf('prod', service, file), ...(strategy === undefined ? {} : { strategy }) };
}

function environmentOf(environment: EnvironmentName, service: FileService, file: File): EnvironmentConfig {
  const written: FileEnvironment = service[environment];
  const { vpc, kmsKeyId, startupTimeoutSeconds, modelDownloadTimeoutSeconds } = written;
  const resourceName = `${file.prefix}${service.name}-${environment}`;
  return {
    endpointName: written.endpointName ?? resourceName,
    resourceName,
    capacity: capacityOf(written),
    containerEnv: written.containerEnv,
    ...(vpc === undefined ? {} : { vpc }),
    ...(kmsKeyId === undefined ? {} : { kmsKeyId }),
    networkIsolation: written.networkIsolation,
    ...(startupTimeoutSeconds === undefined ? {} : { startupTimeoutSeconds }),
    ...(modelDownloadTimeoutSeconds === undefined ? {} : { modelDownloadTimeoutSeconds }),
    deadlineMinutes: written.deadlineMinutes,
    tags: { ...file.tags, ...written.tags },
  };
}

function capacityOf({ serverless, instanceType, instanceCount }: FileEnvironment): Capacity {
  if (serverless !== undefined) return { kind: 'serverless', ...serverless };
  if (instanceType === undefined || instanceCount === undefined) throw unchecked('capacity');
  return { kind: 'instance', instanceType, instanceCount };
}

function caseOf({ name, contentType, body, expect }: FileService['smoke']['cases'][number]): SmokeCase {
  const expectation = expectationOf(expect);
  if (expectation === undefined) throw unchecked('expect');
  return { name, contentType, body, expect: expectation };
}

/** The rules refuse such a file before; reaching this is a fault of the program. */
function unchecked(what: string): Error {
  return new Error(`the configuration's ${what} was not checked`);
}
