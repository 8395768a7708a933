import type { Inventory, Listing } from '../ports/inventory.ts';
import { ENVIRONMENTS, type Environment } from '../rollout/candidate.ts';
import { known, type Reading, unknown } from '../rollout/observation.ts';
import { configOfAlarm, ownAlarmsOf } from '../rollout/strategy.ts';
import type { CloudWatchClients, SageMakerClients } from './aws-clients.ts';
import { mapFew } from './few-at-once.ts';
import { type InAccount, listAccount, listConfigNames, listConfigs, listEndpoints } from './list-account.ts';
import { alarmsBeginning, alarmTags, isAlarm } from './read-alarms.ts';
import { readTagsIfThere } from './read-tags.ts';
import { removeAlarm } from './remove-alarm.ts';
import { removeResource } from './remove-resource.ts';

export interface InventoryDeps {
  readonly clients: Readonly<Record<Environment, SageMakerClients>>;
  /** Prod's: no other environment has alarms of titanic's. */
  readonly alarms: CloudWatchClients;
  /** The configuration guards prod of some service, so that there may be alarms. */
  readonly guarded: boolean;
  /** What every name of titanic's begins with. */
  readonly prefix: string;
  /** With a role for each environment there may be two accounts, and each is listed with its own. */
  readonly separate: boolean;
  /** Whether a name may be titanic's: only then tags are read, and a config is looked into. */
  readonly isOurName: (name: string) => boolean;
  /** Whose identity something of this name is changed with. */
  readonly environmentOf: (name: string) => Environment;
}

/** Everything there is, through the SDK. What is seen with both identities is one thing. */
export function createSageMakerInventory(deps: InventoryDeps): Inventory {
  const looking: readonly Environment[] = deps.separate ? ENVIRONMENTS : ['staging'];
  const clientFor = (name: string): SageMakerClients => deps.clients[deps.environmentOf(name)];

  async function accounts(): Promise<Reading<InAccount>> {
    const readings = await Promise.all(
      looking.map((environment) => listAccount(deps.clients[environment].repeatable, deps.isOurName)),
    );
    const merged: {
      endpoints: InAccount['endpoints'][number][];
      configs: InAccount['configs'][number][];
      models: InAccount['models'][number][];
    } = { endpoints: [], configs: [], models: [] };
    for (const reading of readings) {
      if (reading.kind === 'unknown') return reading;
      merged.endpoints.push(...unseen(merged.endpoints, reading.value.endpoints));
      merged.configs.push(...unseen(merged.configs, reading.value.configs));
      merged.models.push(...unseen(merged.models, reading.value.models));
    }
    return known(merged);
  }

  function readTagsOf(name: string, arn: string): Promise<Reading<Readonly<Record<string, string>> | null>> {
    return isAlarm(arn) ? alarmTags(deps.alarms.repeatable, arn) : readTagsIfThere(clientFor(name).repeatable, arn);
  }

  /** What is gone since it was listed has no tags any more, and is not deleted by this plan. */
  async function tagsOf(name: string, arn: string): Promise<Reading<Readonly<Record<string, string>>>> {
    const tags = await readTagsOf(name, arn);
    if (tags.kind === 'unknown') return tags;
    return tags.value === null ? unknown('it was deleted meanwhile') : known(tags.value);
  }

  /**
   * Where nothing is guarded, nothing depends on CloudWatch: if it cannot be asked there, alarms of earlier days stay, and
   * everything else can be cleaned up all the same.
   */
  async function alarmsThere(): ReturnType<typeof alarmsBeginning> {
    const found = await alarmsBeginning(deps.alarms.repeatable, deps.prefix);
    return found.kind === 'unknown' && !deps.guarded ? known([]) : found;
  }

  return {
    async list() {
      const found = await accounts();
      if (found.kind === 'unknown') return found;
      const alarms = await alarmsThere();
      if (alarms.kind === 'unknown') return alarms;
      const tagged = <T extends { readonly name: string; readonly arn: string }>(all: readonly T[]) =>
        mapFew(all, async (one) => ({
          ...one,
          tags: deps.isOurName(one.name) ? await tagsOf(one.name, one.arn) : unknown('they were not read'),
        }));
      const listing: Listing = {
        endpoints: await tagged(found.value.endpoints),
        configs: await tagged(found.value.configs),
        // Others begin so as well: those that Terraform makes are named by endpoint, not by config.
        alarms: await tagged(alarms.value.filter(({ name }) => configOfAlarm(name) !== null)),
        models: await tagged(found.value.models),
      };
      return known(listing);
    },

    async users(kind) {
      const users = new Map<string, string>();
      if (kind === 'endpoint') return known(users);
      // A round waits for this: what cannot use it is not read.
      for (const environment of looking) {
        const client = deps.clients[environment].repeatable;
        if (kind === 'alarm') {
          const configs = await listConfigNames(client);
          if (configs.kind === 'unknown') return configs;
          for (const { name } of configs.value)
            for (const alarm of ownAlarmsOf(name)) users.set(alarm, `the endpoint configuration ${name}`);
          continue;
        }
        const endpoints = await listEndpoints(client);
        if (endpoints.kind === 'unknown') return endpoints;
        if (kind === 'endpoint configuration') {
          for (const { name, configNames } of endpoints.value)
            for (const config of configNames) users.set(config, `the endpoint ${name}`);
        } else {
          const configs = await listConfigs(client, endpoints.value, deps.isOurName);
          if (configs.kind === 'unknown') return configs;
          for (const { name, modelNames } of configs.value)
            for (const model of modelNames) users.set(model, `the endpoint configuration ${name}`);
        }
      }
      return known(users);
    },

    tags: readTagsOf,

    async remove(kind, name, permission, signal, stillFresh) {
      const named = permission.deletions.some((d) => d.kind === kind && d.name === name);
      if (!named) return { kind: 'refused', why: 'the round does not name it', retryable: false, requestId: null };
      if (kind === 'alarm') return removeAlarm(deps.alarms.once, name, signal, stillFresh);
      const client = clientFor(name).once(() => !signal.aborted && stillFresh());
      try {
        return await removeResource(client, kind, name, signal, stillFresh);
      } finally {
        client.destroy();
      }
    },
  };
}

function unseen<T extends { readonly arn: string }>(known: readonly T[], more: readonly T[]): readonly T[] {
  const arns = new Set(known.map(({ arn }) => arn));
  return more.filter(({ arn }) => !arns.has(arn));
}
