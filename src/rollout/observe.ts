import type { Environment } from './candidate.ts';
import type { EngineDeps, ServiceRuntime } from './engine-deps.ts';
import {
  type EndpointLook,
  known,
  type ModelLook,
  type Observation,
  type ObservationNeeds,
  type Reading,
  type SealSeen,
  unknown,
} from './observation.ts';
import { seal, sealDifferences } from './seal.ts';
import type { ServiceState } from './state.ts';

type Ports = Pick<EngineDeps, 'endpoints' | 'alarms' | 'fleets' | 'registry' | 'clock'>;

/** While prod goes back, every other reading has this long; then it is unknown for this pass. Milliseconds. */
const OTHERS_WITHIN_MS = 2_000;

/** Reads what the state needs of AWS, all at once; what could not be read is unknown. Never throws. */
export async function observe(
  ports: Ports,
  runtime: ServiceRuntime,
  state: ServiceState,
  needs: ObservationNeeds,
  agesMs: Readonly<Record<number, number>>,
): Promise<Observation> {
  const { rollback, deployment } = state.environments.prod;
  const goesBack = rollback !== null || deployment?.kind === 'rollback';
  const patience = new AbortController();
  // A slow staging must not make what prod showed too old to be acted upon.
  const soon = async <T>(reading: Promise<T> | T, otherwise: T): Promise<T> =>
    goesBack
      ? Promise.race([reading, ports.clock.sleep(OTHERS_WITHIN_MS, patience.signal).then(() => otherwise)])
      : reading;
  const [staging, prod, seals, models] = await Promise.all([
    soon(needed(ports, runtime, needs, 'staging'), unknown('prod goes back first')),
    needed(ports, runtime, needs, 'prod'),
    Promise.all(
      needs.seals.map(async (id) => [
        id,
        await soon(readSeal(ports, runtime, state, id), unknown('prod goes back first')),
      ]),
    ),
    soon(readModels(ports, runtime, needs), {}),
  ]);
  patience.abort('read');
  return { endpoints: { staging, prod }, seals: Object.fromEntries(seals), approvers: null, models, agesMs };
}

async function needed(
  ports: Ports,
  runtime: ServiceRuntime,
  needs: ObservationNeeds,
  environment: Environment,
): Promise<Reading<EndpointLook> | null> {
  const need = needs.endpoints[environment];
  if (need === null) return null;
  const [look, alarms, fleets, requests] = await Promise.all([
    lookAt(ports, runtime, environment, need),
    need.alarms === undefined ? undefined : ports.alarms.read(environment, need.alarms),
    need.fleets === undefined ? undefined : ports.fleets.compare(environment, need.fleets),
    need.requests === undefined ? undefined : ports.fleets.requests(environment, need.requests),
  ]);
  if (look.kind === 'unknown') return look;
  return known({
    ...look.value,
    ...(alarms === undefined ? {} : { alarms }),
    ...(fleets === undefined ? {} : { fleets }),
    ...(requests === undefined ? {} : { requests }),
  });
}

/** One endpoint and, where asked, what it leads to. The describe comes first: the rest belongs to what it showed. */
export async function lookAt(
  ports: Pick<EngineDeps, 'endpoints'>,
  runtime: ServiceRuntime,
  environment: Environment,
  need: NonNullable<ObservationNeeds['endpoints'][Environment]>,
): Promise<Reading<EndpointLook>> {
  const { endpoints } = ports;
  const described = await endpoints.describe(environment, runtime.settings.endpointNames[environment]);
  if (described.kind === 'unknown') return described;
  const endpoint = described.value;
  const [chain, tags, target] = await Promise.all([
    need.chain && endpoint !== null ? endpoints.chain(environment, endpoint.configName) : null,
    need.tags && endpoint !== null ? endpoints.tags(environment, endpoint.arn) : null,
    need.targetConfig === null ? null : endpoints.chain(environment, need.targetConfig),
  ]);
  return known({
    endpoint,
    chain,
    ours:
      tags === null
        ? null
        : tags.kind === 'unknown'
          ? tags
          : known(carries(tags.value, runtime.settings.tags[environment])),
    targetPresent: target === null ? null : target.kind === 'unknown' ? target : known(target.value !== null),
  });
}

function carries(tags: Readonly<Record<string, string>>, wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([key, value]) => tags[key] === value);
}

async function readModels(
  ports: Ports,
  runtime: ServiceRuntime,
  { models }: ObservationNeeds,
): Promise<NonNullable<Observation['models']>> {
  const looks = Object.entries(models).map(async ([id, arn]): Promise<[string, Reading<ModelLook | null>]> => {
    const found = await ports.registry.byArn(arn);
    if (found.kind === 'unknown' || found.value === null) return [id, found.kind === 'unknown' ? found : known(null)];
    return [id, known({ approval: found.value.approval, sealing: seal(found.value, runtime.plans) })];
  });
  return Object.fromEntries(await Promise.all(looks));
}

async function readSeal(
  ports: Ports,
  runtime: ServiceRuntime,
  state: ServiceState,
  rolloutId: string,
): Promise<Reading<SealSeen>> {
  const rollout = state.rollouts.find((r) => r.id === rolloutId);
  if (rollout === undefined) return unknown('its rollout is over');
  const found = await ports.registry.byArn(rollout.candidate.packageArn);
  if (found.kind === 'unknown') return found;
  const differences = sealDifferences(rollout.candidate, found.value, runtime.plans);
  return known({ differences, approval: found.value?.approval ?? null });
}
