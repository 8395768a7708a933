import { arnOf } from '../account.ts';
import { beginChange, creation, otherChange, refuseInProgress, update } from '../endpoint/begin-change.ts';
import { atOtherDigest, buildFleet, retainFrom } from '../endpoint/build-fleet.ts';
import { checkDeployment, readDeploymentConfig, rollbackAlarms } from '../endpoint/deployment-config.ts';
import type { EndpointRecord, Fleet } from '../endpoint/endpoint-record.ts';
import { checkInstanceQuota, instancesOf } from '../endpoint/instance-quota.ts';
import type { Operation, OperationContext } from '../operation.ts';
import { notFound, validationException } from '../wire/aws-error.ts';
import { readInput } from '../wire/input-reader.ts';
import { entityName } from '../wire/name-rules.ts';
import type { EndpointConfigRecord } from '../world.ts';
import { findConfig } from './endpoint-configs.ts';
import { readTags, tagNew } from './tags.ts';

/** The endpoint, or "Could not find endpoint". */
export function findEndpoint(context: OperationContext, name: string): EndpointRecord {
  const found = context.world.endpoints.get(name.toLowerCase());
  if (found === undefined) throw notFound('endpoint', arnOf(context.account, 'endpoint', name));
  return found;
}

export const createEndpoint: Operation = (context, input) => {
  const read = readInput(input);
  const name = read.text('EndpointName', entityName);
  const configName = read.text('EndpointConfigName', entityName);
  const deploymentConfig = readDeploymentConfig(read);
  const tags = readTags(read);
  read.done();
  const arn = arnOf(context.account, 'endpoint', name);
  if (context.world.endpoints.has(name.toLowerCase()))
    throw validationException(`Cannot create already existing endpoint "${arn}".`);
  const fleet = freshFleet(context, findConfig(context, configName));
  checkInstanceQuota(context, instancesOf(fleet));
  const record: EndpointRecord = {
    name,
    arn,
    createdAtMs: context.nowMs,
    lastModifiedMs: context.nowMs - 1,
    atRest: 'InService',
    live: fleet,
    failureReason: undefined,
    lastDeploymentConfig: undefined,
    change: undefined,
  };
  beginChange(context, record, creation(context, fleet, deploymentConfig));
  tagNew(context, arn, tags);
  return { EndpointArn: arn };
};

export const updateEndpoint: Operation = (context, input) => {
  const read = readInput(input);
  const name = read.text('EndpointName', entityName);
  const configName = read.text('EndpointConfigName', entityName);
  const retainAll = read.optionalFlag('RetainAllVariantProperties') === true;
  const excluded = read
    .list('ExcludeRetainedVariantProperties', { max: 3 })
    .map((item) =>
      item.text('VariantPropertyType', { values: ['DesiredInstanceCount', 'DesiredWeight', 'DataCaptureConfig'] }),
    );
  const given = readDeploymentConfig(read);
  const retainDeployment = read.optionalFlag('RetainDeploymentConfig') === true;
  read.done();
  const record = findEndpoint(context, name);
  refuseInProgress(record);
  // The wording is ours; the rule is the API's: a failed endpoint can only be deleted.
  if (record.atRest === 'Failed')
    throw validationException(`Cannot update endpoint "${record.arn}" because its status is Failed.`);
  const config = findConfig(context, configName);
  // AWS needs the old config as well while it updates.
  findConfig(context, record.live.configName);
  const fleet = retainFrom(record.live, freshFleet(context, config), {
    counts: retainAll && !excluded.includes('DesiredInstanceCount'),
    weights: retainAll && !excluded.includes('DesiredWeight'),
    dataCapture: retainAll && !excluded.includes('DataCaptureConfig'),
  });
  refuseServerlessSwitch(record.live, fleet);
  checkInstanceQuota(context, instancesOf(fleet));
  const deploymentConfig = given ?? (retainDeployment ? record.lastDeploymentConfig : undefined);
  if (deploymentConfig !== undefined) {
    checkDeployment(deploymentConfig, record, fleet);
    const unknown = rollbackAlarms(deploymentConfig).find((alarm) => !context.world.alarms.has(alarm));
    if (unknown !== undefined) throw validationException(`Could not find the alarm "${unknown}".`);
  }
  beginChange(context, record, update(context, record, fleet, deploymentConfig));
  return { EndpointArn: record.arn };
};

export const deleteEndpoint: Operation = (context, input) => {
  const read = readInput(input);
  const name = read.text('EndpointName', entityName);
  read.done();
  const record = findEndpoint(context, name);
  refuseInProgress(record);
  beginChange(context, record, otherChange(context, 'delete', record.live, context.settings.durations.deleteMs));
  return {};
};

function freshFleet(context: OperationContext, config: EndpointConfigRecord): Fleet {
  const fleet = buildFleet(context, config);
  return context.takeFault('otherDigest') === undefined ? fleet : atOtherDigest(fleet);
}

/** Instances can not become serverless by an update; the wording is ours. */
function refuseServerlessSwitch(old: Fleet, fresh: Fleet): void {
  const isServerless = (fleet: Fleet) => fleet.variants.some((variant) => variant.serverlessConfig !== undefined);
  if (!isServerless(old) && isServerless(fresh))
    throw validationException('A real-time endpoint can not be updated to a serverless endpoint.');
}
