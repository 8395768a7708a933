/** What can be asked of the emulator beside the AWS API: the same in process and over `/_control`. */
import { z } from 'zod';
import type { FleetCost } from '../endpoint/fleet-ledger.ts';
import type { Fault, FaultKind, FaultRequest } from '../faults.ts';
import type { JournalEntry } from '../journal.ts';
import type { JsonObject } from '../wire/json-value.ts';

export interface SageMakerState {
  readonly nowMs: number;
  readonly speed: number;
  /** Endpoints as DescribeEndpoint shows them (instants in epoch seconds), with their tags. */
  readonly endpoints: JsonObject[];
  readonly endpointConfigs: JsonObject[];
  readonly models: JsonObject[];
  readonly modelPackages: JsonObject[];
  readonly faults: Fault[];
  /** Requests answered, by `endpoint/config/variant`, since the emulator started. */
  readonly invocations: Record<string, number>;
  /** Alarms as DescribeAlarms shows them. */
  readonly alarms: JsonObject[];
  /** When the step is over in which each endpoint that is created or updated is now. */
  readonly stepEndsMs: Record<string, number>;
  /** Who answers each endpoint's requests now: the share of traffic by config. */
  readonly traffic: Record<string, { readonly configName: string; readonly share: number }[]>;
}

export interface FaultFilter {
  readonly id?: string | undefined;
  readonly kind?: FaultKind | undefined;
}

export interface SageMakerControl {
  state(): Promise<SageMakerState>;
  /** Entries after a sequence number (default 0: all), oldest first. */
  journal(afterSeq?: number): Promise<JournalEntry[]>;
  faults(): Promise<Fault[]>;
  setFault(request: FaultRequest): Promise<Fault>;
  /** Clears one fault, all of a kind, or all; answers how many. */
  clearFaults(filter?: FaultFilter): Promise<number>;
  /** How many times faster than at AWS endpoints move; what is under way goes on at the new speed. */
  setSpeed(speed: number): Promise<void>;
  /** Carries out an operation as a person in the AWS console would. Rejects with the AWS error's text. */
  console(operation: string, parameters: JsonObject): Promise<JsonObject>;
  /** What the instances of each fleet have come to, in seconds of AWS's time. */
  cost(): Promise<FleetCost[]>;
  /** The endpoint is OutOfService, or InService again. */
  outOfService(endpoint: string, out: boolean): Promise<void>;
  /** AWS patches the endpoint: SystemUpdating for a while, then as before. */
  systemUpdate(endpoint: string): Promise<void>;
}

/** A refusal of the control interface or of a console action. */
export class ControlRefused extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'ControlRefused';
    this.code = code;
  }
}

export const speedRequest = z.strictObject({ speed: z.number().positive().max(1_000_000) });
export const consoleRequest = z.strictObject({
  operation: z.string(),
  parameters: z.record(z.string(), z.json()),
});
export const outOfServiceRequest = z.strictObject({ endpoint: z.string(), out: z.boolean() });
export const systemUpdateRequest = z.strictObject({ endpoint: z.string() });
