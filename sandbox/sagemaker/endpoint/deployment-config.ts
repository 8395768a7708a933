import { validationException } from '../wire/aws-error.ts';
import type { InputReader } from '../wire/input-reader.ts';
import { type JsonObject, numberMember, objectMember, objectsMember, textMember } from '../wire/json-value.ts';
import type { EndpointRecord, Fleet } from './endpoint-record.ts';

const CANARY_MAX = 0.5;
const STEP_MIN = 0.1;
const BATCH_MIN = 0.05;

/** Checks a DeploymentConfig's ranges, and that it does not contradict itself. */
export function readDeploymentConfig(input: InputReader): JsonObject | undefined {
  const config = input.optionalObject('DeploymentConfig');
  if (config === undefined) return undefined;
  const blueGreen = config.optionalObject('BlueGreenUpdatePolicy');
  const routing = blueGreen?.optionalObject('TrafficRoutingConfiguration');
  routing?.text('Type', { values: ['ALL_AT_ONCE', 'CANARY', 'LINEAR'] });
  routing?.number('WaitIntervalInSeconds', { min: 0, max: 3600 });
  for (const member of ['CanarySize', 'LinearStepSize']) readCapacity(routing?.optionalObject(member));
  blueGreen?.optionalNumber('TerminationWaitInSeconds', { min: 0, max: 3600 });
  blueGreen?.optionalNumber('MaximumExecutionTimeoutInSeconds', { min: 600, max: 28_800 });
  const rolling = config.optionalObject('RollingUpdatePolicy');
  rolling?.number('WaitIntervalInSeconds', { min: 0, max: 3600 });
  rolling?.optionalNumber('MaximumExecutionTimeoutInSeconds', { min: 600, max: 28_800 });
  for (const member of ['MaximumBatchSize', 'RollbackMaximumBatchSize']) readCapacity(rolling?.optionalObject(member));
  const rollback = config.optionalObject('AutoRollbackConfiguration');
  for (const alarm of rollback?.list('Alarms', { min: 1, max: 10 }) ?? [])
    alarm.optionalText('AlarmName', { min: 1, max: 255 });
  return config.raw;
}

function readCapacity(size: InputReader | undefined): void {
  size?.text('Type', { values: ['INSTANCE_COUNT', 'CAPACITY_PERCENT'] });
  size?.number('Value', { min: 1 });
}

/** A CapacitySize in instances: a percentage is rounded down, but is one at least (a guess). */
export function instancesIn(size: JsonObject, instances: number): number {
  const value = numberMember(size, 'Value') ?? instances;
  if (textMember(size, 'Type') !== 'CAPACITY_PERCENT') return value;
  return Math.max(1, Math.floor((value * instances) / 100 + 1e-9));
}

export function instanceCount(fleet: Fleet): number {
  return fleet.variants.reduce((sum, { desiredInstanceCount }) => sum + desiredInstanceCount, 0);
}

/** Refuses what cannot be done with this fleet. The words are ours, the limits are the API's. */
export function checkDeployment(config: JsonObject, record: EndpointRecord, fleet: Fleet): void {
  const refuse = (words: string) => {
    throw validationException(`The DeploymentConfig is not valid: ${words}.`);
  };
  const rolling = config.RollingUpdatePolicy !== undefined;
  if (rolling && config.BlueGreenUpdatePolicy !== undefined)
    refuse('BlueGreenUpdatePolicy and RollingUpdatePolicy can not be given together');
  const policy = objectMember(config, rolling ? 'RollingUpdatePolicy' : 'BlueGreenUpdatePolicy');
  const routing = objectMember(policy, 'TrafficRoutingConfiguration');
  if (!rolling && config.BlueGreenUpdatePolicy !== undefined && routing.Type === undefined)
    refuse('TrafficRoutingConfiguration is required');
  if (rolling && [record.live, fleet].some((one) => one.variants.length > 1 || isServerless(one)))
    refuse('a rolling update needs one variant on instances');
  if (isServerless(fleet)) return;
  const instances = instanceCount(fleet);
  const within = (member: string, of: JsonObject, least: number, most: number) => {
    if (of[member] === undefined) refuse(`${member} is required`);
    const size = objectMember(of, member);
    const value = numberMember(size, 'Value') ?? 0;
    const share = textMember(size, 'Type') === 'CAPACITY_PERCENT' ? value / 100 : value / instances;
    if (share < least || share > most || instancesIn(size, instances) / instances > most)
      refuse(`${member} must be between ${least * 100}% and ${most * 100}% of the ${instances} instance(s)`);
  };
  if (routing.Type === 'CANARY') within('CanarySize', routing, 0, CANARY_MAX);
  if (routing.Type === 'LINEAR') within('LinearStepSize', routing, STEP_MIN, CANARY_MAX);
  if (rolling) within('MaximumBatchSize', policy, BATCH_MIN, CANARY_MAX);
  checkTime(config, policy, instances, refuse);
}

function checkTime(config: JsonObject, policy: JsonObject, instances: number, refuse: (words: string) => void): void {
  const maximum = numberMember(policy, 'MaximumExecutionTimeoutInSeconds');
  if (maximum === undefined) return;
  const waits = waitSeconds(config, instances);
  if (waits >= maximum)
    refuse(`the waits come to ${waits} seconds, and MaximumExecutionTimeoutInSeconds (${maximum}) must be more`);
}

function waitSeconds(config: JsonObject, instances: number): number {
  const rolling = objectMember(config, 'RollingUpdatePolicy');
  if (config.RollingUpdatePolicy !== undefined) {
    const batch = instancesIn(objectMember(rolling, 'MaximumBatchSize'), instances);
    return Math.ceil(instances / batch) * (numberMember(rolling, 'WaitIntervalInSeconds') ?? 0);
  }
  const policy = objectMember(config, 'BlueGreenUpdatePolicy');
  const routing = objectMember(policy, 'TrafficRoutingConfiguration');
  const wait = numberMember(routing, 'WaitIntervalInSeconds') ?? 0;
  const keep = numberMember(policy, 'TerminationWaitInSeconds') ?? 0;
  if (routing.Type === 'CANARY') return wait + keep;
  if (routing.Type !== 'LINEAR') return keep;
  return Math.ceil(instances / instancesIn(objectMember(routing, 'LinearStepSize'), instances)) * wait + keep;
}

/** Where one of AWS's exclusions holds it changes all at once, waits for nothing, looks at no alarm, and says nothing. */
export function isUnguarded(live: Fleet, target: Fleet): boolean {
  const names = (fleet: Fleet) =>
    fleet.variants
      .map(({ name }) => name)
      .sort()
      .join();
  return (
    names(live) !== names(target) ||
    isServerless(live) ||
    isServerless(target) ||
    [live, target].some(({ variants }) =>
      variants.some(
        ({ instanceType, containers }) =>
          instanceType?.startsWith('ml.inf1.') === true || containers.some(({ marketplace }) => marketplace === true),
      ),
    )
  );
}

function isServerless({ variants }: Fleet): boolean {
  return variants.some(({ serverlessConfig }) => serverlessConfig !== undefined);
}

export function rollbackAlarms(config: JsonObject | undefined): string[] {
  if (config === undefined) return [];
  return objectsMember(objectMember(config, 'AutoRollbackConfiguration'), 'Alarms').flatMap(
    (alarm) => textMember(alarm, 'AlarmName') ?? [],
  );
}

/** Milliseconds; Infinity where none is given. */
export function maximumMs(config: JsonObject | undefined): number {
  if (config === undefined) return Number.POSITIVE_INFINITY;
  const policy = config.RollingUpdatePolicy === undefined ? 'BlueGreenUpdatePolicy' : 'RollingUpdatePolicy';
  const seconds = numberMember(objectMember(config, policy), 'MaximumExecutionTimeoutInSeconds');
  return seconds === undefined ? Number.POSITIVE_INFINITY : seconds * 1000;
}
