import type { CleanupTarget } from '../command-types.ts';
import { digest } from '../evidence/canonical.ts';
import { ENVIRONMENTS, type Environment } from '../rollout/candidate.ts';
import type { ServiceState } from '../rollout/state.ts';
import { neededByRecord, underWay } from './in-use.ts';
import type { Kind, Listing } from './listing.ts';

export interface PlanItem {
  readonly kind: Kind;
  readonly name: string;
  readonly arn: string;
  readonly action: 'delete' | 'keep';
  /** null: it is deleted. */
  readonly because: string | null;
}

/** What would be deleted, in the order in which AWS allows it: endpoints, then configs, then models. */
export interface Plan {
  readonly kind: 'plan';
  readonly target: CleanupTarget;
  readonly items: readonly PlanItem[];
  /** Of exactly these items: what is carried out is what was shown, or nothing. */
  readonly digest: string;
  /** To be typed before anything live is deleted; null: nothing live is. */
  readonly phrase: string | null;
}

export type Planned =
  | Plan
  /** Endpoints are being changed or measured: nothing is planned until that is over. */
  | { readonly kind: 'busy'; readonly what: readonly string[] };

export interface PlanInput {
  readonly target: CleanupTarget;
  readonly listing: Listing;
  /** Of every configured service. */
  readonly states: readonly ServiceState[];
  readonly services: readonly {
    readonly name: string;
    readonly endpointNames: Readonly<Record<Environment, string>>;
  }[];
  readonly prefix: string;
  readonly tags: Readonly<Record<string, string>>;
}

const PHRASE_DIGITS = 6;

/** What can be deleted and what stays, each with its reason. Pure: the same world always gives the same plan. */
export function planCleanup(input: PlanInput): Planned {
  const { target, listing, states } = input;
  const busy = underWay(states, environmentsOf(target));
  if (busy.length > 0) return { kind: 'busy', what: busy };

  const record = neededByRecord(states, input.prefix);
  const endpoints = mine(input, listing.endpoints, 'endpoint', (e) => keepEndpoint(input, e.name));
  const staying = listing.endpoints.filter((e) => !isDeleted(endpoints, e.name));
  const configs = mine(input, listing.configs, 'endpoint configuration', ({ name }) => {
    const user = staying.find((e) => e.configNames.includes(name));
    if (user !== undefined) return `the endpoint ${user.name} uses it`;
    return keepPart(input, name, record);
  });
  const stayingConfigs = listing.configs.filter((c) => !isDeleted(configs, c.name));
  const models = mine(input, listing.models, 'model', ({ name }) => {
    const user = stayingConfigs.find((c) => c.modelNames.includes(name));
    if (user !== undefined) return `the endpoint configuration ${user.name} uses it`;
    return keepPart(input, name, record);
  });

  const items = [...endpoints, ...configs, ...models];
  const sum = digest({ target, items });
  const live = endpoints.filter(({ action }) => action === 'delete').length;
  const phrase = live === 0 ? null : `delete ${target} ${sum.slice(0, PHRASE_DIGITS)}`;
  return { kind: 'plan', target, items, digest: sum, phrase };
}

function environmentsOf(target: CleanupTarget): readonly Environment[] {
  return target === 'staging' || target === 'prod' ? [target] : ENVIRONMENTS;
}

/** Of what has the prefix: only what carries every tag as well can be deleted. What lacks the prefix is not shown. */
function mine<T extends Listing['models'][number]>(
  { prefix, tags }: PlanInput,
  listed: readonly T[],
  kind: Kind,
  keep: (one: T) => string | null,
): readonly PlanItem[] {
  return listed
    .filter(({ name }) => name.startsWith(prefix))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map((one): PlanItem => {
      const because = foreign(tags, one) ?? keep(one);
      return { kind, name: one.name, arn: one.arn, action: because === null ? 'delete' : 'keep', because };
    });
}

/** Why it is not titanic's, or not known to be. */
function foreign(wanted: PlanInput['tags'], { tags }: Listing['models'][number]): string | null {
  if (tags.kind === 'unknown') return `its tags cannot be read: ${tags.why}`;
  const missing = Object.keys(wanted).find((key) => tags.value[key] !== wanted[key]);
  return missing === undefined ? null : `it lacks the tag ${missing}=${wanted[missing]}`;
}

function keepEndpoint({ target, services }: PlanInput, name: string): string | null {
  if (target === 'all') return null;
  if (target === 'leftovers') return 'it is live';
  const of = services.some((service) => service.endpointNames[target] === name);
  return of ? null : `it is not the ${target} endpoint of a service`;
}

function keepPart(
  { target, services, prefix }: PlanInput,
  name: string,
  record: ReadonlyMap<string, string>,
): string | null {
  if (target === 'all') return null;
  if (target === 'leftovers') return record.get(name) ?? null;
  const of = services.some((service) => name.startsWith(`${prefix}${service.name}-${target}-`));
  return of ? null : `it is not of ${target}`;
}

function isDeleted(items: readonly PlanItem[], name: string): boolean {
  return items.some((item) => item.name === name && item.action === 'delete');
}
