import type { Inventory, Listing, RemovalReply } from '../../src/ports/inventory.ts';
import type { ResourceKind } from '../../src/rollout/cleanup.ts';
import { known, type Reading, unknown } from '../../src/rollout/observation.ts';
import type { Chance } from './chance.ts';
import type { SageMaker } from './sagemaker.ts';
import type { CallOut } from './sim-log-store.ts';
import type { VirtualTime } from './virtual-time.ts';

/** One deletion of a clean-up, as it leaves and as it arrives. */
export interface Removal {
  readonly service: string;
  readonly round: number;
  readonly kind: ResourceKind;
  readonly name: string;
  readonly by: string;
}

export interface RemovalWatch {
  departs(removal: Removal): void;
  /** Right before its effect. */
  lands(removal: Removal): void;
}

const READ_TIMEOUT_MS = 20_000;
/** Longer than any wait of the core: whoever calls must abort. */
const SEND_TIMEOUT_MS = 600_000;
const SEND_WEIGHT = 40;
/** "A describe may be seconds old": never older than this. */
const STALEST_MS = 5_000;
const PREFIX = 'titanic-';

type Tags = Readonly<Record<string, string>>;

/** One process's view of everything that there is in SageMaker, page after page. */
export function createSimInventory(
  sagemaker: SageMaker,
  time: VirtualTime,
  chance: Chance,
  by: string,
  call: CallOut,
  watch: RemovalWatch,
  options: {
    /** How many of the descriptions of endpoints are old ones. */
    readonly staleDescribes: number;
    /** A mutant: what is too old to be acted upon is deleted all the same. */
    readonly leavesLate: boolean;
  },
): Inventory {
  function read<T>(name: string, apply: () => T): Promise<Reading<T>> {
    return call<Reading<T>>({
      name: `aws.${name}`,
      detail: '',
      weight: 4,
      timeoutMs: READ_TIMEOUT_MS,
      apply: () => known(apply()),
      lost: (why) => unknown(why),
      throttled: () => unknown('ThrottlingException'),
    });
  }

  const readEndpoints = () =>
    read('listEndpoints', () => {
      const own = [...sagemaker.endpoints.values()].flatMap((e) => {
        const staleMs = chance.happens(options.staleDescribes) ? chance.between(0, STALEST_MS) : 0;
        const { seen } = e.at(time.nowMs - staleMs);
        if (seen === null) return [];
        const configNames = [seen.configName, seen.pendingConfigName].filter((name) => name !== null);
        return [{ name: e.name, arn: e.arn, configNames }];
      });
      const guests = [...sagemaker.guests.values()].map(({ name, configName }) => ({
        name,
        arn: arnOf('endpoint', name),
        configNames: [configName],
      }));
      return [...own, ...guests];
    });
  const readConfigs = () =>
    read('listConfigs', () =>
      [...sagemaker.configs.values()].map(({ configName: name, modelName }) => ({
        name,
        arn: arnOf('endpoint configuration', name),
        modelNames: [modelName],
      })),
    );
  const readModels = () =>
    read('listModels', () => [...sagemaker.models.keys()].map((name) => ({ name, arn: arnOf('model', name) })));

  function tagsOf(arn: string): Tags | null {
    const own = [...sagemaker.endpoints.values()].find((e) => e.arn === arn);
    if (own !== undefined) return own.now.seen === null ? null : own.tags;
    const [kind = '', name = ''] = arn.split('/');
    if (kind === 'arn:model') return sagemaker.models.get(name)?.tags ?? null;
    if (kind === 'arn:endpoint-config') return sagemaker.configs.get(name)?.tags ?? null;
    return sagemaker.guests.get(name)?.tags ?? null;
  }

  function remove(removal: Removal): RemovalReply {
    const { kind, name } = removal;
    watch.lands(removal);
    const requestId = chance.hex(8);
    if (kind === 'endpoint')
      return sagemaker.deleteGuest(name) ? { kind: 'going', requestId } : { kind: 'gone', requestId };
    if (kind === 'alarm') throw new Error('nobody made an alarm');
    sagemaker.deletePart(kind, name);
    return { kind: 'gone', requestId };
  }

  return {
    async list() {
      const endpoints = await readEndpoints();
      if (endpoints.kind === 'unknown') return endpoints;
      const configs = await readConfigs();
      if (configs.kind === 'unknown') return configs;
      const models = await readModels();
      if (models.kind === 'unknown') return models;
      const tagged = await read('listTags', () => {
        const withTags = <T extends { readonly name: string; readonly arn: string }>(all: readonly T[]) =>
          all.map((one) => ({ ...one, tags: one.name.startsWith(PREFIX) ? tagsRead(one.arn) : unknown('not read') }));
        const listing: Listing = {
          endpoints: withTags(endpoints.value),
          configs: withTags(configs.value),
          // The simulated service has no guarded changes, so nobody makes any.
          alarms: [],
          models: withTags(models.value),
        };
        return listing;
      });
      return tagged;
    },

    async users(kind) {
      const users = new Map<string, string>();
      if (kind === 'endpoint' || kind === 'alarm') return known(users);
      const endpoints = await readEndpoints();
      if (endpoints.kind === 'unknown') return endpoints;
      if (kind === 'endpoint configuration') {
        for (const { name, configNames } of endpoints.value)
          for (const config of configNames) users.set(config, `the endpoint ${name}`);
        return known(users);
      }
      const configs = await readConfigs();
      if (configs.kind === 'unknown') return configs;
      for (const { name, modelNames } of configs.value)
        for (const model of modelNames) users.set(model, `the endpoint configuration ${name}`);
      return known(users);
    },

    tags: (_name, arn) => read('tagsOf', () => tagsOf(arn)),

    async remove(kind, name, permission, signal, stillFresh) {
      const named = permission.deletions.some((d) => d.kind === kind && d.name === name);
      if (!named) return { kind: 'refused', why: 'the round does not name it', retryable: false, requestId: null };
      const removal: Removal = { service: permission.service, round: permission.seq, kind, name, by };
      return call<RemovalReply>({
        name: 'aws.remove',
        detail: `${kind} ${name} ${removal.service}#${removal.round}`,
        weight: SEND_WEIGHT,
        timeoutMs: SEND_TIMEOUT_MS,
        abort: signal,
        heldBack: () => (stillFresh() || options.leavesLate ? null : { kind: 'unclear', why: 'too late to be sent' }),
        departs: () => watch.departs(removal),
        apply: () => remove(removal),
        lost: (why) => ({ kind: 'unclear', why }),
        throttled: () => ({ kind: 'refused', why: 'Rate exceeded', retryable: true, requestId: null }),
      });
    },
  };

  function tagsRead(arn: string): Reading<Tags> {
    const tags = tagsOf(arn);
    return tags === null ? unknown('it was deleted meanwhile') : known(tags);
  }
}

function arnOf(kind: ResourceKind, name: string): string {
  return `arn:${kind === 'endpoint configuration' ? 'endpoint-config' : kind}/${name}`;
}
