/** DescribeEndpoint's answer from a record and an instant: pure, so a stale describe is the same view of an older time. */
import { epochSeconds, type JsonObject } from '../wire/json-value.ts';
import type { Step } from './deployment-plan.ts';
import { statusAt, stepAt } from './endpoint-phase.ts';
import type { Change, EndpointRecord, Fleet, FleetVariant } from './endpoint-record.ts';

/**
 * The full answer. While an update runs it shows the old config, and the new one as pending, as AWS does. While an
 * endpoint is being created the only fleet is the pending one, so ProductionVariants is absent (a guess).
 */
export function describeEndpoint(record: EndpointRecord, atMs: number): JsonObject {
  return {
    EndpointName: record.name,
    EndpointArn: record.arn,
    EndpointConfigName: record.live.configName,
    ProductionVariants: liveVariants(record, atMs),
    DataCaptureConfig: dataCapture(record.live),
    EndpointStatus: statusAt(record, atMs),
    FailureReason: record.failureReason,
    CreationTime: epochSeconds(record.createdAtMs),
    LastModifiedTime: epochSeconds(record.lastModifiedMs),
    LastDeploymentConfig: record.lastDeploymentConfig,
    PendingDeploymentSummary: pendingSummary(record, atMs),
  };
}

/** The config a create or update is moving to, if one is. */
export function pendingConfigName(record: EndpointRecord): string | undefined {
  const change = record.change;
  return change?.kind === 'update' || change?.kind === 'create' ? change.target.configName : undefined;
}

function liveVariants(record: EndpointRecord, atMs: number): JsonObject[] | undefined {
  const { change, live } = record;
  if (record.atRest === 'Failed' || change?.kind === 'create') return undefined;
  return live.variants.map((variant) => {
    const shown = summary(variant);
    if (change === undefined) return shown;
    switch (change.kind) {
      case 'update':
        return duringUpdate(change, variant, shown, atMs);
      case 'weights':
        return { ...shown, VariantStatus: [scaleStatus(change, variant)] };
      case 'create':
      case 'delete':
      case 'system':
        return shown;
      default:
        return change.kind satisfies never;
    }
  });
}

/** Of the old fleet: how many still run, and what is done to them. */
function duringUpdate(change: Change, variant: FleetVariant, shown: JsonObject, atMs: number): JsonObject {
  const at = stepAt(change, atMs);
  if (at === undefined || variant.serverlessConfig !== undefined) return shown;
  const { step, sinceMs } = at;
  const running = step.oldRunning === 'all' ? variant.currentInstanceCount : step.oldRunning;
  const counted = { ...shown, CurrentInstanceCount: running };
  if (change.outcome.ends === 'badly') {
    const launches = change.turnedBack !== undefined && step.phase === 'launching';
    const part = step.part?.instances ?? variant.desiredInstanceCount;
    return launches
      ? { ...counted, VariantStatus: [status('Creating', `Launching ${part} instance(s).`, sinceMs)] }
      : counted;
  }
  if (step.phase !== 'terminating') return counted;
  const ending = step.part === undefined ? running : Math.min(running, step.part.instances);
  return { ...counted, VariantStatus: [status('Deleting', `Terminating ${ending} instance(s).`, sinceMs)] };
}

function pendingSummary(record: EndpointRecord, atMs: number): JsonObject | undefined {
  const change = record.change;
  if (change?.kind !== 'update' && change?.kind !== 'create') return undefined;
  const at = stepAt(change, atMs);
  if (at === undefined) return undefined;
  const { step, sinceMs } = at;
  return {
    EndpointConfigName: change.target.configName,
    StartTime: epochSeconds(change.acceptedAtMs),
    ProductionVariants: change.target.variants.map((variant) => ({
      ...summary(variant),
      InstanceType: variant.instanceType,
      CurrentInstanceCount: variant.serverlessConfig === undefined ? pendingInstances(step, variant) : undefined,
      VariantStatus: [pendingStatus(change, variant, step, sinceMs)],
    })),
  };
}

/** Those that are there and are meant: AWS's own example shows a canary of 1 as 1 of 3. */
function pendingInstances(step: Step, variant: FleetVariant): number {
  const running = step.newRunning === 'all' ? variant.desiredInstanceCount : step.newRunning;
  if (step.part?.kind === 'batch') return step.phase === 'launching' ? running - step.part.instances : running;
  if (step.phase === 'launching') return 0;
  return step.part?.instances ?? running;
}

function summary(variant: FleetVariant): JsonObject {
  const onInstances = variant.serverlessConfig === undefined;
  return {
    VariantName: variant.name,
    DeployedImages: variant.containers.map((container) => ({
      SpecifiedImage: container.specifiedImage,
      ResolvedImage: container.resolvedImage,
      ResolutionTime: epochSeconds(variant.resolvedAtMs),
    })),
    CurrentWeight: variant.currentWeight,
    DesiredWeight: variant.desiredWeight,
    CurrentInstanceCount: onInstances ? variant.currentInstanceCount : undefined,
    DesiredInstanceCount: onInstances ? variant.desiredInstanceCount : undefined,
    CurrentServerlessConfig: variant.serverlessConfig,
    DesiredServerlessConfig: variant.serverlessConfig,
  };
}

const status = (name: string, message: string, sinceMs: number): JsonObject => ({
  Status: name,
  StatusMessage: message,
  StartTime: epochSeconds(sinceMs),
});

const instances = (variant: FleetVariant) => `${variant.desiredInstanceCount} instance(s)`;

function scaleStatus(change: Change, variant: FleetVariant): JsonObject {
  return status('Updating', `Updating to ${instances(variant)}.`, change.acceptedAtMs);
}

/** In AWS's words, as far as its documents have them. */
function pendingStatus(change: Change, variant: FleetVariant, step: Step, sinceMs: number): JsonObject {
  const { part, phase } = step;
  const capacity = part === undefined ? `full capacity of ${instances(variant)}` : partWords(part);
  if (change.turnedBack !== undefined && phase !== 'terminating')
    return status('Updating', `Rolling back to the old fleet; ${capacity} still answer.`, sinceMs);
  switch (phase) {
    case 'launching':
      return status('Creating', `Launching ${part?.instances ?? variant.desiredInstanceCount} instance(s).`, sinceMs);
    case 'activating':
      return status('ActivatingTraffic', `Activating traffic on ${capacity}.`, sinceMs);
    case 'baking': {
      // AWS's own example names the termination wait for a canary as well.
      const seconds = Math.round(step.nominalMs / 1000);
      const wait = part === undefined || part.kind === 'canary' ? 'TerminationWaitInSeconds' : 'WaitIntervalInSeconds';
      return status('Baking', `Baking for ${seconds} seconds (${wait}) with traffic enabled on ${capacity}.`, sinceMs);
    }
    case 'terminating':
      // Of a fleet that won, what is taken down is the other one, and that is shown with the live variants.
      return change.outcome.ends === 'well'
        ? status('Updating', `Running on ${capacity}.`, sinceMs)
        : status('Deleting', `Terminating ${instances(variant)}.`, sinceMs);
    default:
      return phase satisfies never;
  }
}

function partWords({ kind, instances: count }: NonNullable<Step['part']>): string {
  const name = kind === 'batch' ? 'batch' : kind === 'linear' ? 'linear step' : 'canary';
  return `${name} capacity of ${count} instance(s)`;
}

function dataCapture(fleet: Fleet): JsonObject | undefined {
  if (fleet.dataCapture === undefined) return undefined;
  const enabled = fleet.dataCapture.EnableCapture !== false;
  return {
    EnableCapture: enabled,
    CaptureStatus: enabled ? 'Started' : 'Stopped',
    CurrentSamplingPercentage: fleet.dataCapture.InitialSamplingPercentage,
    DestinationS3Uri: fleet.dataCapture.DestinationS3Uri,
    KmsKeyId: fleet.dataCapture.KmsKeyId ?? '',
  };
}
