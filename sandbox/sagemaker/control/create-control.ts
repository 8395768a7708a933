import { randomUUID } from 'node:crypto';
import { describedAlarm } from '../cloudwatch/alarm-operations.ts';
import type { Emulator } from '../emulator.ts';
import { describeEndpoint } from '../endpoint/describe-endpoint.ts';
import { nextStepMs, servingFleets } from '../endpoint/endpoint-phase.ts';
import { costsUntil } from '../endpoint/fleet-ledger.ts';
import { faultRequest } from '../faults.ts';
import type { Runtime } from '../invoke-endpoint.ts';
import { AwsError } from '../wire/aws-error.ts';
import { epochSeconds, type JsonObject } from '../wire/json-value.ts';
import { ControlRefused, type SageMakerControl, speedRequest } from './control-api.ts';

/** The control interface of an emulator in this process. */
export function createControl(emulator: Emulator, runtime: Runtime): SageMakerControl {
  return {
    async state() {
      emulator.settle();
      const { world } = emulator;
      const nowMs = emulator.now();
      return {
        nowMs,
        speed: emulator.speed(),
        endpoints: [...world.endpoints.values()].map((record) => ({
          ...describeEndpoint(record, nowMs),
          Tags: world.tags.get(record.arn) ?? {},
        })),
        endpointConfigs: [...world.configs.values()].map((config) => ({
          EndpointConfigName: config.name,
          EndpointConfigArn: config.arn,
          CreationTime: epochSeconds(config.createdAtMs),
          ...config.members,
        })),
        models: [...world.models.values()].map((model) => ({
          ModelName: model.name,
          ModelArn: model.arn,
          CreationTime: epochSeconds(model.createdAtMs),
          ...model.members,
        })),
        modelPackages: [...world.packages.values()].map((item) => ({
          ModelPackageArn: item.arn,
          ModelPackageGroupName: item.groupName,
          ModelPackageVersion: item.version,
          ModelApprovalStatus: item.approvalStatus,
          CreationTime: epochSeconds(item.createdAtMs),
          ...item.members,
        })),
        faults: emulator.listFaults(),
        invocations: runtime.counts(),
        alarms: [...world.alarms.values()].map(describedAlarm),
        stepEndsMs: Object.fromEntries(
          [...world.endpoints.values()].flatMap(({ name, change }) =>
            change === undefined || change.steps.length === 0 ? [] : [[name, nextStepMs(change)]],
          ),
        ),
        traffic: Object.fromEntries(
          [...world.endpoints.values()].map((record) => [
            record.name,
            servingFleets(record, nowMs).map(({ fleet, share }) => ({ configName: fleet.configName, share })),
          ]),
        ),
      };
    },
    async journal(afterSeq = 0) {
      emulator.settle();
      return emulator.journal.after(afterSeq);
    },
    faults: async () => emulator.listFaults(),
    setFault: async (request) => emulator.setFault(faultRequest.parse(request)),
    clearFaults: async (filter) => emulator.clearFaults(filter),
    setSpeed: async (speed) => emulator.setSpeed(speedRequest.parse({ speed }).speed),
    console: async (operation, input) =>
      refusedAsControl((): JsonObject => emulator.call({ operation, input, requestId: randomUUID(), by: 'console' })),
    async cost() {
      emulator.settle();
      return costsUntil(emulator.world.uses, emulator.clock, emulator.now());
    },
    outOfService: async (endpoint, out) => refusedAsControl(() => emulator.outOfService(endpoint, out)),
    systemUpdate: async (endpoint) => refusedAsControl(() => emulator.systemUpdate(endpoint)),
  };
}

function refusedAsControl<Answer>(act: () => Answer): Answer {
  try {
    return act();
  } catch (error) {
    if (error instanceof AwsError) throw new ControlRefused(error.code, error.message);
    throw error;
  }
}
