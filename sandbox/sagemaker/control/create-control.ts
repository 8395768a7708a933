import { randomUUID } from 'node:crypto';
import type { Emulator } from '../emulator.ts';
import { describeEndpoint } from '../endpoint/describe-endpoint.ts';
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
