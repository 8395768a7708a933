import type { Endpoints } from '../ports/endpoints.ts';
import type { ModelRegistry } from '../ports/model-registry.ts';
import { type ChainSeen, type EndpointSeen, known, type PackageSeen, type Reading } from '../rollout/observation.ts';
import type { Running } from './running.ts';

type Tags = Readonly<Record<string, string>>;

/** What AWS says about one environment. */
export interface Sight {
  readonly endpoint: Reading<EndpointSeen | null>;
  /** Of the live config, or of the one that a stopped endpoint comes back with; null: there is none. */
  readonly chain: Reading<ChainSeen | null>;
  /** Of the recorded package; null: none is recorded, or it is gone. */
  readonly modelPackage: Reading<PackageSeen | null>;
  readonly tags: readonly { readonly what: string; readonly tags: Reading<Tags> }[];
  /** The chain of the config that a rollback would go to; null: it is gone, or there is nothing to go back to. */
  readonly back: Reading<ChainSeen | null>;
}

export interface SightDeps {
  readonly endpoints: Pick<Endpoints, 'describe' | 'chain' | 'tags'>;
  readonly registry: Pick<ModelRegistry, 'byArn'>;
}

/** Reads what the checks of one environment need. Never throws: what cannot be read is unknown. */
export async function seeEnvironment(deps: SightDeps, running: Running, endpointName: string): Promise<Sight> {
  const { endpoints, registry } = deps;
  const { environment, target, back, parts } = running;
  const packageArn = target?.packageArn ?? null;
  const [endpoint, modelPackage, backChain] = await Promise.all([
    endpoints.describe(environment, endpointName),
    packageArn === null ? known(null) : registry.byArn(packageArn),
    back === null ? known(null) : endpoints.chain(environment, back.configName),
  ]);
  const seen = endpoint.kind === 'known' ? endpoint.value : null;
  const tagged = [...(seen === null ? [] : [{ what: 'endpoint', arn: seen.arn }]), ...(seen === null ? [] : parts)];
  const [chain, tags] = await Promise.all([
    chainOf(endpoints, running, endpoint),
    Promise.all(tagged.map(async ({ what, arn }) => ({ what, tags: await endpoints.tags(environment, arn) }))),
  ]);
  return { endpoint, chain, modelPackage, tags, back: backChain };
}

async function chainOf(
  endpoints: SightDeps['endpoints'],
  { environment, target, state }: Running,
  endpoint: Reading<EndpointSeen | null>,
): Promise<Reading<ChainSeen | null>> {
  if (endpoint.kind === 'unknown') return endpoint;
  const kept = state.stopped === null ? null : (target?.configName ?? null);
  const configName = endpoint.value?.configName ?? kept;
  return configName === null ? known(null) : endpoints.chain(environment, configName);
}
