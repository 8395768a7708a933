import type { InputReader } from '../wire/input-reader.ts';
import { type JsonObject, numberMember, objectMember } from '../wire/json-value.ts';

/** Checks a DeploymentConfig's ranges. All updates run all at once here; canary and linear steps are only stored. */
export function readDeploymentConfig(input: InputReader): JsonObject | undefined {
  const config = input.optionalObject('DeploymentConfig');
  if (config === undefined) return undefined;
  const blueGreen = config.optionalObject('BlueGreenUpdatePolicy');
  const routing = blueGreen?.optionalObject('TrafficRoutingConfiguration');
  routing?.text('Type', { values: ['ALL_AT_ONCE', 'CANARY', 'LINEAR'] });
  routing?.number('WaitIntervalInSeconds', { min: 0, max: 3600 });
  blueGreen?.optionalNumber('TerminationWaitInSeconds', { min: 0, max: 3600 });
  blueGreen?.optionalNumber('MaximumExecutionTimeoutInSeconds', { min: 600, max: 28_800 });
  const rolling = config.optionalObject('RollingUpdatePolicy');
  rolling?.number('WaitIntervalInSeconds', { min: 0, max: 3600 });
  rolling?.optionalNumber('MaximumExecutionTimeoutInSeconds', { min: 600, max: 28_800 });
  const rollback = config.optionalObject('AutoRollbackConfiguration');
  for (const alarm of rollback?.list('Alarms', { min: 1, max: 10 }) ?? [])
    alarm.optionalText('AlarmName', { min: 1, max: 255 });
  return config.raw;
}

/** How long the new fleet bakes before the old one is taken down. */
export function bakeMs(config: JsonObject | undefined): number {
  if (config === undefined) return 0;
  const seconds = numberMember(objectMember(config, 'BlueGreenUpdatePolicy'), 'TerminationWaitInSeconds') ?? 0;
  return seconds * 1000;
}
