import type { JsonObject } from '../wire/json-value.ts';
import type { Pace } from './pace.ts';

/** Who made a change: the API, or a person in the console (a change the bot knows nothing of). */
export type ChangedBy = 'api' | 'console';

export interface FleetContainer {
  readonly specifiedImage: string;
  /** The image by digest, as resolved when the fleet was built. */
  readonly resolvedImage: string;
  readonly modelDataUrl: string | undefined;
  readonly modelPackageArn: string | undefined;
}

export interface FleetVariant {
  readonly name: string;
  readonly modelName: string;
  readonly containers: readonly FleetContainer[];
  readonly resolvedAtMs: number;
  readonly instanceType: string | undefined;
  readonly serverlessConfig: JsonObject | undefined;
  readonly currentInstanceCount: number;
  readonly desiredInstanceCount: number;
  readonly currentWeight: number;
  readonly desiredWeight: number;
}

/** What runs behind an endpoint. It lives on even if its config and models are deleted, as at AWS. */
export interface Fleet {
  readonly configName: string;
  readonly variants: readonly FleetVariant[];
  readonly dataCapture: JsonObject | undefined;
}

export type ChangeKind = 'create' | 'update' | 'weights' | 'delete' | 'system';

/** How a change will end. It is settled when the change is accepted, so that the future needs no timer. */
export type ChangeOutcome = { readonly ends: 'well' } | { readonly ends: 'badly'; readonly reason: string };

export interface Change {
  readonly kind: ChangeKind;
  readonly by: ChangedBy;
  readonly acceptedAtMs: number;
  readonly pace: Pace;
  /** The share of the time the bake takes (TerminationWaitInSeconds), 0 without one. */
  readonly bakeShare: number;
  readonly target: Fleet;
  readonly deploymentConfig: JsonObject | undefined;
  readonly outcome: ChangeOutcome;
}

export interface EndpointRecord {
  readonly name: string;
  readonly arn: string;
  readonly createdAtMs: number;
  readonly lastModifiedMs: number;
  /** What the endpoint is when nothing is under way. */
  readonly atRest: 'InService' | 'Failed';
  readonly live: Fleet;
  readonly failureReason: string | undefined;
  readonly lastDeploymentConfig: JsonObject | undefined;
  readonly change: Change | undefined;
}
