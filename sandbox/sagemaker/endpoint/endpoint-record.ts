import type { JsonObject } from '../wire/json-value.ts';
import type { Step } from './deployment-plan.ts';
import type { Pace } from './pace.ts';

/** Who made a change: the API, or a person in the console (a change the bot knows nothing of). */
export type ChangedBy = 'api' | 'console';

export interface FleetContainer {
  readonly specifiedImage: string;
  /** The image by digest, as resolved when the fleet was built. */
  readonly resolvedImage: string;
  readonly modelDataUrl: string | undefined;
  readonly modelPackageArn: string | undefined;
  /** Bought in the AWS Marketplace. */
  readonly marketplace?: boolean;
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
  /** When its steps began: with it, or when it was turned back. */
  readonly begunMs: number;
  /** Of a create or an update; else empty. */
  readonly steps: readonly Step[];
  /** How many of them are over and noted. */
  readonly stepsOver: number;
  /** The alarms that turn it back; empty: nothing guards it. */
  readonly alarms: readonly string[];
  /** The share of its time at which SageMaker gives it up; absent: it has time enough. */
  readonly givenUpAt?: number | undefined;
  /** It goes back. */
  readonly turnedBack?: { readonly endsMixed: boolean } | undefined;
  readonly target: Fleet;
  readonly deploymentConfig: JsonObject | undefined;
  readonly outcome: ChangeOutcome;
}

/** A part of another fleet beside the live one. */
export interface MixedFleet {
  readonly fleet: Fleet;
  readonly share: number;
  readonly newRunning: number | 'all';
  readonly oldRunning: number | 'all';
}

export interface EndpointRecord {
  readonly name: string;
  readonly arn: string;
  readonly createdAtMs: number;
  readonly lastModifiedMs: number;
  /** What the endpoint is when nothing is under way. */
  readonly atRest: 'InService' | 'Failed' | 'OutOfService' | 'UpdateRollbackFailed';
  readonly live: Fleet;
  /** What is left of a new fleet that could not be taken back. */
  readonly mixed?: MixedFleet | undefined;
  /** Whether it was ever updated. */
  readonly updated?: boolean;
  readonly failureReason: string | undefined;
  readonly lastDeploymentConfig: JsonObject | undefined;
  readonly change: Change | undefined;
}
