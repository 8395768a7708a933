/** DescribeEndpoint's answer from a record and an instant: pure, so a stale describe is the same view of an older time. */
import { epochSeconds, type JsonObject } from '../wire/json-value.ts';
import { type Phase, phaseAt, statusAt } from './endpoint-phase.ts';
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
        return isRetiring(change, atMs) ? { ...shown, VariantStatus: [retireStatus(change, variant, atMs)] } : shown;
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

function pendingSummary(record: EndpointRecord, atMs: number): JsonObject | undefined {
  const change = record.change;
  if (change?.kind !== 'update' && change?.kind !== 'create') return undefined;
  const { phase, sinceMs } = phaseAt(change, atMs);
  return {
    EndpointConfigName: change.target.configName,
    StartTime: epochSeconds(change.acceptedAtMs),
    ProductionVariants: change.target.variants.map((variant) => ({
      ...summary(variant),
      InstanceType: variant.instanceType,
      CurrentInstanceCount:
        variant.serverlessConfig !== undefined ? undefined : phase === 'launching' ? 0 : variant.desiredInstanceCount,
      VariantStatus: [pendingStatus(change, variant, phase, sinceMs)],
    })),
  };
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

function launchStatus(change: Change, variant: FleetVariant): JsonObject {
  return status('Creating', `Launching ${instances(variant)}.`, change.acceptedAtMs);
}

function scaleStatus(change: Change, variant: FleetVariant): JsonObject {
  return status('Updating', `Updating to ${instances(variant)}.`, change.acceptedAtMs);
}

function isRetiring(change: Change, atMs: number): boolean {
  return change.outcome.ends === 'well' && phaseAt(change, atMs).phase === 'terminating';
}

function retireStatus(change: Change, variant: FleetVariant, atMs: number): JsonObject {
  return status('Deleting', `Terminating ${instances(variant)}.`, phaseAt(change, atMs).sinceMs);
}

function pendingStatus(change: Change, variant: FleetVariant, phase: Phase, sinceMs: number): JsonObject {
  switch (phase) {
    case 'launching':
      return launchStatus(change, variant);
    case 'activating':
      return status('ActivatingTraffic', `Activating traffic on full capacity of ${instances(variant)}.`, sinceMs);
    case 'baking':
      return status(
        'Baking',
        `Baking for ${bakeSeconds(change)} seconds (TerminationWaitInSeconds) with traffic enabled on full capacity of ${instances(variant)}.`,
        sinceMs,
      );
    case 'terminating':
      // Of a fleet that won, what is taken down is the other one, and that is shown with the live variants.
      return change.outcome.ends === 'well'
        ? status('Updating', `Running on full capacity of ${instances(variant)}.`, sinceMs)
        : status('Deleting', `Terminating ${instances(variant)}.`, sinceMs);
    default:
      return phase satisfies never;
  }
}

function bakeSeconds(change: Change): number {
  return Math.round((change.bakeShare * change.pace.nominalMs) / 1000);
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
