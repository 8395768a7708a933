/**
 * Everything the emulated account holds. Records are replaced, never changed in place, so that a describe can answer
 * from an earlier record and a written state is always a whole one.
 */
import type { AlarmRecord } from './cloudwatch/alarm-record.ts';
import type { EndpointRecord } from './endpoint/endpoint-record.ts';
import type { InstanceUse } from './endpoint/fleet-ledger.ts';
import type { JsonObject } from './wire/json-value.ts';

export interface GroupRecord {
  readonly name: string;
  readonly arn: string;
  readonly description: string | undefined;
  readonly createdAtMs: number;
  /** The last version given out; numbers are never used twice, even after a delete. */
  readonly lastVersion: number;
}

export interface PackageRecord {
  readonly arn: string;
  /** Absent for packages outside a group. */
  readonly groupName: string | undefined;
  readonly version: number | undefined;
  readonly name: string;
  readonly createdAtMs: number;
  readonly lastModifiedMs: number | undefined;
  readonly approvalStatus: string | undefined;
  /** The remaining members as given: InferenceSpecification, ModelMetrics, CustomerMetadataProperties and so on. */
  readonly members: JsonObject;
}

export interface ModelRecord {
  readonly name: string;
  readonly arn: string;
  readonly createdAtMs: number;
  readonly members: JsonObject;
}

export interface EndpointConfigRecord {
  readonly name: string;
  readonly arn: string;
  readonly createdAtMs: number;
  readonly members: JsonObject;
}

/** What a ClientToken was first used for, so that a repeated request does nothing a second time. */
export interface TokenRecord {
  readonly token: string;
  readonly fingerprint: string;
  readonly reply: JsonObject;
}

/**
 * Maps are keyed by lower-case name (names are case-insensitive), alarms by name as it is, packages and tags by ARN,
 * tokens by token.
 */
export interface World {
  readonly groups: Map<string, GroupRecord>;
  readonly packages: Map<string, PackageRecord>;
  readonly models: Map<string, ModelRecord>;
  readonly configs: Map<string, EndpointConfigRecord>;
  readonly endpoints: Map<string, EndpointRecord>;
  readonly tags: Map<string, Record<string, string>>;
  readonly tokens: Map<string, TokenRecord>;
  readonly alarms: Map<string, AlarmRecord>;
  /** By their own id. */
  readonly uses: Map<string, InstanceUse>;
}

/** An account with nothing in it. */
export function emptyWorld(): World {
  return {
    groups: new Map(),
    packages: new Map(),
    models: new Map(),
    configs: new Map(),
    endpoints: new Map(),
    tags: new Map(),
    tokens: new Map(),
    alarms: new Map(),
    uses: new Map(),
  };
}
