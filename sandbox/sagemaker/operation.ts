import type { Account } from './account.ts';
import type { MetricSource, MetricStore } from './cloudwatch/metric-store.ts';
import type { EmulatedClock } from './emulated-clock.ts';
import type { EmulatorSettings } from './emulator-settings.ts';
import type { ChangedBy, EndpointRecord } from './endpoint/endpoint-record.ts';
import type { Fault, FaultKind } from './faults.ts';
import type { JsonObject } from './wire/json-value.ts';
import type { World } from './world.ts';

/** What an operation may use. Operations are synchronous, so each is applied whole or not at all. */
export interface OperationContext {
  readonly world: World;
  readonly account: Account;
  readonly settings: EmulatorSettings;
  readonly nowMs: number;
  readonly speed: number;
  readonly clock: EmulatedClock;
  readonly metrics: MetricStore;
  /** All metrics to be read, those too that are computed when asked for. */
  readonly source: MetricSource;
  readonly by: ChangedBy;
  /** The fault of this kind that strikes this call, if one does; asking uses it up. */
  takeFault(kind: FaultKind): Fault | undefined;
  /** The endpoint as it was at an earlier instant, for describes that lag. */
  endpointAsOf(name: string, atMs: number): EndpointRecord | undefined;
}

/** One API operation: input as sent, output as answered; refuses by throwing an AwsError. */
export type Operation = (context: OperationContext, input: JsonObject) => JsonObject;
