import type { SageMakerState } from '../sagemaker/control/control-api.ts';
import { isJsonObject, type JsonObject, objectsOf, stringOf } from '../slack/json.ts';
import { ENDPOINTS } from './names.ts';
import type { PageEndpoint } from './wire.ts';

/** The service's endpoints, each with the version that its chain of config, model and package leads to. */
export function readEndpoints(state: SageMakerState): readonly PageEndpoint[] {
  return ENDPOINTS.map(({ name, environment }) => {
    const found = state.endpoints.find((endpoint) => endpoint.EndpointName === name);
    return found === undefined ? absent(name, environment) : present(found, name, environment, state);
  });
}

/** The package version behind an endpoint config; null where the chain ends earlier. */
export function versionOf(state: SageMakerState, configName: string): number | null {
  const config = state.endpointConfigs.find((one) => one.EndpointConfigName === configName);
  const modelName = objectsOf(config?.ProductionVariants)[0]?.ModelName;
  const model = state.models.find((one) => one.ModelName === modelName);
  const primary = isJsonObject(model?.PrimaryContainer) ? model.PrimaryContainer : undefined;
  const container = objectsOf(model?.Containers)[0] ?? primary;
  const version = /\/(\d+)$/.exec(stringOf(container?.ModelPackageName) ?? '')?.[1];
  return version === undefined ? null : Number(version);
}

function absent(name: string, environment: PageEndpoint['environment']): PageEndpoint {
  const nothing = { status: null, config: null, version: null, pending: null, failureReason: null, modifiedMs: null };
  return { name, environment, ...nothing, answered: 0 };
}

function present(
  found: JsonObject,
  name: string,
  environment: PageEndpoint['environment'],
  state: SageMakerState,
): PageEndpoint {
  const config = String(found.EndpointConfigName);
  const serves = objectsOf(found.ProductionVariants).length > 0;
  return {
    name,
    environment,
    status: String(found.EndpointStatus),
    config,
    version: serves ? versionOf(state, config) : null,
    pending: pendingOf(name, found, state),
    failureReason: stringOf(found.FailureReason) ?? null,
    modifiedMs: Number(found.LastModifiedTime) * 1000,
    answered: answeredBy(state, `${name}/${config}/`),
  };
}

function pendingOf(name: string, found: JsonObject, state: SageMakerState): PageEndpoint['pending'] {
  const summary = found.PendingDeploymentSummary;
  if (!isJsonObject(summary)) return null;
  const config = String(summary.EndpointConfigName);
  const status = objectsOf(objectsOf(summary.ProductionVariants)[0]?.VariantStatus)[0];
  return {
    config,
    version: versionOf(state, config),
    sinceMs: Number(summary.StartTime) * 1000,
    words: stringOf(status?.StatusMessage) ?? '',
    stepEndsMs: state.stepEndsMs[name] ?? null,
    fleets: (state.traffic[name] ?? []).map(({ configName, share }) => ({
      version: versionOf(state, configName),
      percent: Math.round(share * 100),
    })),
    alarms: state.alarms
      .map(({ AlarmName, StateValue }) => ({ name: String(AlarmName), state: String(StateValue) }))
      .filter((alarm) => alarm.name.startsWith(`${config}-`))
      .map((alarm) => ({ ...alarm, name: alarm.name.slice(config.length + 1) })),
  };
}

function answeredBy(state: SageMakerState, prefix: string): number {
  return Object.entries(state.invocations)
    .filter(([key]) => key.startsWith(prefix))
    .reduce((sum, [, count]) => sum + count, 0);
}
