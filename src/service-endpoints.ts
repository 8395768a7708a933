import type { ServiceConfig } from './config-types.ts';
import type { Environment } from './rollout/candidate.ts';

/** The endpoint of a service in an environment. Throws for a service that is not configured. */
export function endpointNameOf(services: readonly ServiceConfig[], name: string, environment: Environment): string {
  const service = services.find((s) => s.name === name);
  if (service === undefined) throw new Error(`no service ${name} is configured`);
  return service[environment].endpointName;
}

/** Which environment's identity an endpoint is changed with. */
export function environmentsByEndpoint(services: readonly ServiceConfig[]): (endpointName: string) => Environment {
  const known = new Map<string, Environment>();
  for (const service of services) {
    known.set(service.staging.endpointName, 'staging');
    known.set(service.prod.endpointName, 'prod');
  }
  return (endpointName) => {
    const environment = known.get(endpointName);
    if (environment === undefined) throw new Error(`no endpoint ${endpointName} is configured`);
    return environment;
  };
}
