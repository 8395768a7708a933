import { digest } from '../evidence/canonical.ts';
import type { Listing } from '../ports/inventory.ts';
import { ENVIRONMENTS, type Environment } from '../rollout/candidate.ts';
import {
  type CleanupTarget,
  environmentsOf,
  type PlanItem,
  type Planned,
  type ResourceKind,
} from '../rollout/cleanup.ts';
import type { ServiceState } from '../rollout/state.ts';
import { configOfAlarm } from '../rollout/strategy.ts';
import { neededByRecord, underWay } from './in-use.ts';
import { type Convention, missingTag, ownerOf } from './owner.ts';

export interface PlanInput extends Convention {
  readonly target: CleanupTarget;
  /** The service that is cleaned up. What belongs to another configured one is kept. */
  readonly service: string;
  readonly listing: Listing;
  /** Of every configured service. */
  readonly states: readonly ServiceState[];
}

const PHRASE_DIGITS = 6;
/** The plan is one entry of the log, which has room for 400 KB. */
const MOST_DELETED = 400;

/** What can be deleted and what stays, each with its reason. Pure: the same world always gives the same plan. */
export function planCleanup(input: PlanInput): Planned {
  const { target, listing } = input;
  const own = input.states.filter((state) => state.service === input.service);
  const busy = underWay(own, target);
  if (busy.length > 0) return { kind: 'busy', what: busy };

  const others = input.states.filter((state) => state.service !== input.service);
  const needs: Needs = {
    own: neededByRecord(own, input.prefix, stayingEnvironments(target)),
    others: neededByRecord(others, input.prefix),
  };
  const endpoints = mine(input, listing.endpoints, 'endpoint', (e) => keepEndpoint(input, e.name));
  const staying = listing.endpoints.filter((e) => !isDeleted(endpoints, e.name));
  const configs = mine(input, listing.configs, 'endpoint configuration', ({ name }) => {
    const user = staying.find((e) => e.configNames.includes(name));
    if (user !== undefined) return `the endpoint ${user.name} uses it`;
    return keepPart(input, name, needs);
  });
  const stayingConfigs = listing.configs.filter((c) => !isDeleted(configs, c.name));
  const alarms = mine(input, listing.alarms, 'alarm', ({ name }) => {
    const configName = configOfAlarm(name);
    if (configName === null) return 'it is no alarm of a config';
    if (stayingConfigs.some((c) => c.name === configName)) return `it guards the endpoint configuration ${configName}`;
    return keepPart(input, configName, needs);
  });
  const models = mine(input, listing.models, 'model', ({ name }) => {
    const user = stayingConfigs.find((c) => c.modelNames.includes(name));
    if (user !== undefined) return `the endpoint configuration ${user.name} uses it`;
    return keepPart(input, name, needs);
  });

  const items = atMost(MOST_DELETED, [...endpoints, ...configs, ...alarms, ...models]);
  const sum = digest({ target, items });
  const harmless = target === 'leftovers' || items.every(({ action }) => action === 'keep');
  return {
    kind: 'plan',
    target,
    items,
    digest: sum,
    phrase: harmless ? null : `delete ${target} ${sum.slice(0, PHRASE_DIGITS)}`,
  };
}

interface Needs {
  readonly own: ReadonlyMap<string, string>;
  readonly others: ReadonlyMap<string, string>;
}

/** Of what is named as titanic names things: only what carries every tag as well can be deleted. The rest is not shown. */
function mine<T extends Listing['models'][number]>(
  input: PlanInput,
  listed: readonly T[],
  kind: ResourceKind,
  keep: (one: T) => string | null,
): readonly PlanItem[] {
  return listed
    .filter(({ name }) => name.startsWith(input.prefix) || ownerOf(input.services, input.prefix, name) !== null)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map((one): PlanItem => {
      const because = foreign(input, one) ?? ofAnother(input, one.name) ?? keep(one);
      return { kind, name: one.name, arn: one.arn, action: because === null ? 'delete' : 'keep', because };
    });
}

/** Why it is not titanic's, or not known to be. */
function foreign(input: PlanInput, { name, tags }: Listing['models'][number]): string | null {
  return tags.kind === 'unknown' ? `its tags cannot be read: ${tags.why}` : missingTag(input, name, tags.value);
}

function ofAnother({ services, prefix, service, target }: PlanInput, name: string): string | null {
  const owner = ownerOf(services, prefix, name);
  if (owner === null) {
    // Another installation may have the same prefix and tags; only `all` says that everything is meant.
    return target === 'all' ? null : 'it is of no service that is configured here';
  }
  return owner.service === service ? null : `it is of the service ${owner.service}`;
}

function keepEndpoint({ target, services, prefix }: PlanInput, name: string): string | null {
  if (target === 'all') return null;
  if (target === 'leftovers') return 'it is live';
  return isOf(ownerOf(services, prefix, name)?.environment, target);
}

function keepPart({ target, services, prefix }: PlanInput, name: string, { own, others }: Needs): string | null {
  const elsewhere = others.get(name);
  if (elsewhere !== undefined) return elsewhere;
  if (target === 'all') return null;
  if (target === 'leftovers') return own.get(name) ?? null;
  // An adopted endpoint may run, or go back to, what is named as of the other environment.
  return isOf(ownerOf(services, prefix, name)?.environment, target) ?? own.get(name) ?? null;
}

/** Whose record goes on after this clean-up. */
function stayingEnvironments(target: CleanupTarget): readonly Environment[] {
  const gone = environmentsOf(target);
  return ENVIRONMENTS.filter((environment) => !gone.includes(environment));
}

function isOf(environment: Environment | undefined, target: Environment): string | null {
  return environment === target ? null : `it is not of ${target}`;
}

function isDeleted(items: readonly PlanItem[], name: string): boolean {
  return items.some((item) => item.name === name && item.action === 'delete');
}

/** What comes later in the order waits for the next clean-up, so that nothing loses what it stands on. */
function atMost(most: number, items: readonly PlanItem[]): readonly PlanItem[] {
  let left = most;
  return items.map((item): PlanItem => {
    if (item.action === 'keep') return item;
    left -= 1;
    return left >= 0 ? item : { ...item, action: 'keep', because: `only ${most} go at a time: clean up again` };
  });
}
