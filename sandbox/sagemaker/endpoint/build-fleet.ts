import type { OperationContext } from '../operation.ts';
import { atDigest, digestOf, servedContainers } from '../operations/find-package.ts';
import { findModel } from '../operations/models.ts';
import { isJsonObject, type JsonObject, numberMember, objectsMember, textMember } from '../wire/json-value.ts';
import type { EndpointConfigRecord } from '../world.ts';
import type { Fleet, FleetContainer, FleetVariant } from './endpoint-record.ts';

/**
 * The fleet a config asks for, with its images resolved to digests now. Fails with "Could not find model" when a
 * model was deleted since the config was made.
 */
export function buildFleet(context: OperationContext, config: EndpointConfigRecord): Fleet {
  const capture = config.members.DataCaptureConfig;
  return {
    configName: config.name,
    variants: objectsMember(config.members, 'ProductionVariants').map((variant) => buildVariant(context, variant)),
    dataCapture: isJsonObject(capture) ? capture : undefined,
  };
}

function buildVariant(context: OperationContext, variant: JsonObject): FleetVariant {
  const modelName = textMember(variant, 'ModelName') ?? '';
  const { members } = findModel(context, modelName);
  const primary = members.PrimaryContainer;
  const definitions = isJsonObject(primary) ? [primary] : objectsMember(members, 'Containers');
  const serverless = variant.ServerlessConfig;
  const weight = numberMember(variant, 'InitialVariantWeight') ?? 1;
  const count = numberMember(variant, 'InitialInstanceCount') ?? 0;
  return {
    name: textMember(variant, 'VariantName') ?? '',
    modelName,
    containers: definitions.flatMap((definition) => servedContainers(context, definition)),
    resolvedAtMs: context.nowMs,
    instanceType: textMember(variant, 'InstanceType'),
    serverlessConfig: isJsonObject(serverless) ? serverless : undefined,
    currentInstanceCount: 0,
    desiredInstanceCount: count,
    currentWeight: weight,
    desiredWeight: weight,
  };
}

/** The fleet with its images at another digest, as if somebody had moved the tag. */
export function atOtherDigest(fleet: Fleet): Fleet {
  const moved = (container: FleetContainer): FleetContainer => ({
    ...container,
    resolvedImage: atDigest(container.specifiedImage, digestOf(`moved ${container.specifiedImage}`)),
  });
  return {
    ...fleet,
    variants: fleet.variants.map((variant) => ({ ...variant, containers: variant.containers.map(moved) })),
  };
}

export interface Retained {
  readonly counts: boolean;
  readonly weights: boolean;
  readonly dataCapture: boolean;
}

/** The new fleet with what an update is to keep of the old one, variant by variant of the same name. */
export function retainFrom(old: Fleet, fresh: Fleet, retained: Retained): Fleet {
  return {
    ...fresh,
    dataCapture: retained.dataCapture ? old.dataCapture : fresh.dataCapture,
    variants: fresh.variants.map((variant) => {
      const before = old.variants.find((candidate) => candidate.name === variant.name);
      if (before === undefined) return variant;
      return {
        ...variant,
        desiredInstanceCount:
          retained.counts && variant.serverlessConfig === undefined && before.serverlessConfig === undefined
            ? before.desiredInstanceCount
            : variant.desiredInstanceCount,
        currentWeight: retained.weights ? before.desiredWeight : variant.currentWeight,
        desiredWeight: retained.weights ? before.desiredWeight : variant.desiredWeight,
      };
    }),
  };
}
