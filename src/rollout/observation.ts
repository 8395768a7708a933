import type { FleetsSeen } from './analysis.ts';
import type { Environment } from './candidate.ts';
import type { Baseline, VariantSeen } from './events.ts';
import type { Sealing } from './seal.ts';

/** A reading of the outside. `unknown` is neither good nor bad, and never the same as "absent". */
export type Reading<T> =
  | { readonly kind: 'known'; readonly value: T }
  | { readonly kind: 'unknown'; readonly why: string };

export function known<T>(value: T): Reading<T> {
  return { kind: 'known', value };
}

export function unknown(why: string): Reading<never> {
  return { kind: 'unknown', why };
}

/** SageMaker's EndpointStatus. Open-ended, because AWS may add one; what we don't know is waited for. */
export type EndpointStatus =
  | 'Creating'
  | 'Updating'
  | 'SystemUpdating'
  | 'RollingBack'
  | 'InService'
  | 'OutOfService'
  | 'Deleting'
  | 'Failed'
  | 'UpdateRollbackFailed'
  | (string & {});

export interface EndpointSeen {
  readonly arn: string;
  readonly status: EndpointStatus;
  /** ISO 8601 with milliseconds. */
  readonly lastModified: string;
  readonly configName: string;
  readonly pendingConfigName: string | null;
  readonly failureReason: string | null;
  readonly variants: readonly VariantSeen[];
  /** Resolved images (with digest) of what is live. */
  readonly images: readonly string[];
  /** SageMaker's own words for what it is doing, from the variants' status messages. */
  readonly words: string | null;
  /** Since when the old fleet is kept behind all traffic on the new one (ISO 8601); absent: it is not. */
  readonly keptSince?: string;
}

/** Endpoint config → model → package, three immutable things. */
export interface ChainSeen {
  readonly configName: string;
  readonly modelName: string | null;
  readonly packageArn: string | null;
  /** Of the only variant; null for serverless or several variants. */
  readonly initialInstanceCount: number | null;
}

export interface PackageSeen {
  readonly arn: string;
  /** null: unversioned. */
  readonly group: string | null;
  readonly version: number | null;
  readonly approval: 'Approved' | 'Rejected' | 'PendingManualApproval' | (string & {});
  readonly status: 'Pending' | 'InProgress' | 'Completed' | 'Failed' | 'Deleting' | (string & {});
  readonly description: string | null;
  readonly about?: {
    readonly createdBy: string | null;
    readonly createdAt: string | null;
    readonly commit: string | null;
    readonly repository: string | null;
    readonly metrics: Readonly<Record<string, string>>;
  };
  readonly containers: readonly {
    readonly image: string;
    readonly imageDigest: string | null;
    readonly modelDataUrl: string | null;
    readonly modelDataEtag: string | null;
  }[];
  /** The inference specification as plain JSON, to be digested. */
  readonly inferenceSpec: unknown;
}

/** An alarm of CloudWatch, as it was read. */
export interface AlarmSeen {
  readonly name: string;
  readonly state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA' | 'missing' | (string & {});
  /** Why, in CloudWatch's words, cut; null: it says nothing. */
  readonly why: string | null;
  /** ISO 8601; null: not said. */
  readonly since: string | null;
}

export interface EndpointLook {
  /** null: there is no endpoint of that name. */
  readonly endpoint: EndpointSeen | null;
  /** Of the live config; null where it was not asked for or there is no endpoint. */
  readonly chain: Reading<ChainSeen | null> | null;
  /** It carries every tag that titanic sets; null where it was not asked for. */
  readonly ours: Reading<boolean> | null;
  /** Whether the config that a rollback goes to is still there; null where it was not asked for. */
  readonly targetPresent: Reading<boolean> | null;
  /** The alarms of a guarded change, in the order asked; absent where none were asked for. */
  readonly alarms?: Reading<readonly AlarmSeen[]>;
  /** Both fleets of a guarded change; absent where they were not asked for. */
  readonly fleets?: Reading<FleetsSeen>;
  /** How many requests it had since a moment; absent where it was not asked for. */
  readonly requests?: Reading<number>;
}

export interface SealSeen {
  /** Names of sealed fields that differ now; empty: equal. */
  readonly differences: readonly string[];
  /** Approval status of the sealed package; null: it is gone. */
  readonly approval: string | null;
}

/** What one pass saw. Parts that the state did not need are null: not looked at. */
export interface Observation {
  readonly endpoints: Readonly<Record<Environment, Reading<EndpointLook> | null>>;
  /** By rollout: its sealed package as it is now. A rollout that is not there was not looked at. */
  readonly seals: Readonly<Record<string, Reading<SealSeen>>>;
  /** For each open approval its package; null: it is gone. */
  readonly models?: Readonly<Record<string, Reading<ModelLook | null>>>;
  /** Slack ids of those who may approve, read fresh; null: nothing depends on them alone, so nobody asked. */
  readonly approvers: Reading<readonly string[]> | null;
  /** Those of whom one must have approved, read with them; absent where no such group is configured. */
  readonly mandatory?: Reading<readonly string[]>;
  /**
   * For entries that waits count from (open intents, last outcomes, smoke claims): milliseconds by this replica's own
   * clock from when the load that first showed the entry replied until this observation began.
   */
  readonly agesMs: Readonly<Record<number, number>>;
}

/** A package as an open approval sees it now. */
export interface ModelLook {
  readonly approval: string;
  readonly sealing: Sealing;
}

/** Whose numbers are compared. Instants are ISO 8601. */
export interface FleetsNeed {
  readonly endpointName: string;
  /** The config of the new fleet. */
  readonly configName: string;
  /** Of the old one; null: not known. */
  readonly oldConfigName: string | null;
  /** When SageMaker had the call that brings it; what served before is looked at up to here. */
  readonly since: string;
  /** Answers above this are slow, milliseconds; null: latency is not compared. */
  readonly slowMs: number | null;
}

/** Whose requests are counted, and from when on (ISO 8601). */
export interface RequestsNeed {
  readonly endpointName: string;
  readonly since: string;
}

/** What an observation must contain for the present state; see `needs.ts`. */
export interface ObservationNeeds {
  readonly endpoints: Readonly<
    Record<
      Environment,
      {
        readonly chain: boolean;
        readonly tags: boolean;
        readonly targetConfig: string | null;
        readonly alarms?: readonly string[];
        readonly fleets?: FleetsNeed;
        readonly requests?: RequestsNeed;
      } | null
    >
  >;
  /** Rollouts whose seals are to be compared. */
  readonly seals: readonly string[];
  /** Packages of open approvals, by the approval's id. */
  readonly models: Readonly<Record<string, string>>;
}

export function baselineOf(endpoint: EndpointSeen | null): Baseline {
  if (endpoint === null) return { present: false };
  const { status, lastModified, configName, pendingConfigName, variants } = endpoint;
  return { present: true, status, lastModified, configName, pendingConfigName, variants };
}
